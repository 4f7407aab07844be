import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/json.ts";
import type { View } from "../../../src/output/view.ts";
import { find, list, PRIVATE_ENDPOINT, REGISTRY } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { ipPlan } from "../../../src/topics/acr/ip-plan.ts";
import {
  createTestHost,
  openDriver,
  OTHER_SUBSCRIPTION,
  runCli,
  SUBSCRIPTION,
  type CliResult,
  type Driver,
} from "../../harness.ts";
import { leaveFree, NETWORK, NEW, REGISTRY_VERSION, SHOPREGISTRY } from "../../sandbox/registries.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";
import { makeDynamic, tangle, twin } from "./endpoint-world.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };

interface Printed {
  addresses: unknown;
  privateEndpoints: { id: string; verdict: string; short: number; reason: string | null }[];
  subnets: unknown[];
}

async function runJson(
  change: (world: World) => void,
  ...argv: string[]
): Promise<CliResult & { json: Printed }> {
  const result = await runCli(await hostWith(change), "acr", "ip-plan", "-o", "json", ...argv);
  return { ...result, json: JSON.parse(result.stdout) as Printed };
}

async function viewOf({ ctx }: Driver, input: object = {}): Promise<View> {
  return ipPlan.view(await ipPlan.run(ipPlan.input.parse({ registry: "shopregistry", ...input }), ctx));
}

test.each([
  ["ip-plan", () => {}, ["shopregistry"]],
  ["ip-plan-change", () => {}, ["shopregistry", "--add", "centralus", "--enable", "regional"]],
  ["ip-plan-tangle", tangle, ["shopregistry", "--add", "centralus"]],
  ["ip-plan-numbers", () => {}, ["--replicas", "3", "--regional"]],
] as const)("%s looks right on a terminal and in a pipe", async (name, change, argv) => {
  const terminal = await runCli(await hostWith(change, TERMINAL), "acr", "ip-plan", ...argv);
  const pipe = await runCli(await hostWith(change), "acr", "ip-plan", ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each(["json", "md"])("ip-plan as %s is one document, live and from numbers", async (format) => {
  const live = await runCli(
    createTestHost(),
    "acr",
    "ip-plan",
    "shopregistry",
    "--add",
    "uksouth",
    "-o",
    format,
  );
  const numbers = await runCli(
    createTestHost(),
    "acr",
    "ip-plan",
    "--replicas",
    "14",
    "--regional",
    "-o",
    format,
  );

  await expect(golden(live)).toMatchFileSnapshot(`${GOLDEN}/ip-plan.${format}.txt`);
  await expect(golden(numbers)).toMatchFileSnapshot(`${GOLDEN}/ip-plan-numbers.${format}.txt`);
});

test("from numbers nobody is asked: without any target it works just as well", async () => {
  const host = createTestHost({ env: { AZWISE_CLOUD: undefined } });

  const { exit, stdout, stderr } = await runCli(host, "acr", "ip-plan", "--replicas", "3", "--regional");

  expect(exit).toBe(0);
  expect(stdout).toMatch(/^3\tyes\t1\t3\t3\t7\t/);
  expect(stderr).not.toContain("target:");
});

const CHANGES = [
  [{ add: ["centralus"] }, "PUT", NEW, { location: "centralus", properties: {} }],
  [{ enable: "regional" }, "PATCH", SHOPREGISTRY, { properties: { regionalEndpoints: "Enabled" } }],
] as const;

test.each(CHANGES)("%j takes what the sandbox has after that change", async (input, method, path, body) => {
  const driver = await openDriver((world) => {
    makeDynamic(world);
    leaveFree(world, 3);
  });
  const { network, arm } = driver.open.azure;

  const { data, exit } = await viewOf(driver, input);
  await arm.change({ method, path, apiVersion: REGISTRY_VERSION, body: structuredClone(body) as JsonObject });
  const nic = `${NETWORK}/networkInterfaces/shopregistry-pe-westeurope-nic`;
  const after = (await network.listAddresses(nic))!.length;

  expect(exit).toBe(0);
  expect(data["privateEndpoints"]).toMatchObject([{ after }, { after }]);
  expect((await viewOf(driver)).data["privateEndpoints"]).toMatchObject([{ now: after }, { now: after }]);
});

test("regional endpoints are counted before and after, and so is a replica that is still being created", async () => {
  const argv = [
    "platformimages",
    "--subscription",
    OTHER_SUBSCRIPTION,
    "--add",
    "uksouth",
    "--add",
    "uksouth",
  ];
  const { exit, json, stdout } = await runJson(() => {}, ...argv);

  expect(exit).toBe(0);
  expect(json.addresses).toMatchObject({ before: { total: 7 }, after: { total: 9 } });
  expect(json.privateEndpoints).toMatchObject([{ verdict: "enough", now: 5, after: 9, free: 22 }]);
  expect(stdout).toContain(
    "the replica in northeurope is Creating: counted, whether or not it has its addresses yet",
  );
});

test("two private endpoints in one subnet add up", async () => {
  const change = (world: World): void => {
    makeDynamic(world);
    const { privateEndpointConnections } = find(world, REGISTRY, SHOPREGISTRY)!.properties;
    const copy = structuredClone(privateEndpointConnections[1]!);
    copy.properties.privateEndpoint.id = copy.properties.privateEndpoint.id.replace(
      /[^/]+$/,
      "shopregistry-pe-twin",
    );
    privateEndpointConnections.push(copy);
    twin(world);
  };

  const one = await runJson(change, "shopregistry", "--add", "centralus");
  const two = await runJson(change, "shopregistry", "--add", "centralus", "--add", "uksouth");

  expect(one.json.privateEndpoints.map(({ verdict }) => verdict)).toEqual(["enough", "enough", "enough"]);
  expect(one.exit).toBe(0);
  expect(two.json.privateEndpoints.map(({ short }) => short)).toEqual([0, 1, 1]);
  expect(two.exit).toBe(3);
});

test("a private endpoint of a subscription that was not given is not asked about, and says what to add", async () => {
  const driver = await openDriver((world) => {
    makeDynamic(world);
    const [east] = find(world, REGISTRY, SHOPREGISTRY)!.properties.privateEndpointConnections;
    const { privateEndpoint } = east!.properties;
    privateEndpoint.id = privateEndpoint.id.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION);
  });

  const view = await viewOf(driver);

  expect(view.exit).toBe(6);
  expect(view.data["privateEndpoints"]).toMatchObject([
    {
      verdict: "cannot tell",
      now: null,
      free: null,
      reason: `its subscription was not given; add --subscription ${OTHER_SUBSCRIPTION}`,
    },
    { verdict: "enough" },
  ]);
  expect(driver.open.requests.filter(({ path }) => path.includes(OTHER_SUBSCRIPTION))).toEqual([]);
  expect(driver.open.changes()).toEqual([]);
});

test.each([
  [
    "privateEndpoints/shopregistry-pe-westeurope",
    403,
    "AuthorizationFailed",
    "not allowed to read the private endpoint or its subnet",
  ],
  [
    "networkInterfaces/shopregistry-pe-westeurope-nic",
    403,
    "AuthorizationFailed",
    "not allowed to read the private endpoint or its subnet",
  ],
  [
    "virtualNetworks/shop-weu-vnet",
    403,
    "AuthorizationFailed",
    "not allowed to read the private endpoint or its subnet",
  ],
  [
    "privateEndpoints/shopregistry-pe-westeurope",
    404,
    "SubscriptionNotFound",
    "the private endpoint or its subnet: the service answered SubscriptionNotFound",
  ],
])("%s that answers %i %s cannot be told, and the others can", async (path, status, code, reason) => {
  const driver = await openDriver(makeDynamic);
  driver.open.intercept(async (request, pass) =>
    request.url.includes(path)
      ? {
          request,
          status,
          headers: createHttpHeaders(),
          bodyAsText: JSON.stringify({ error: { code, message: "no" } }),
        }
      : pass(request),
  );

  const view = await viewOf(driver);

  expect(view.exit).toBe(6);
  expect(view.data["privateEndpoints"]).toMatchObject([
    { verdict: "enough" },
    { verdict: "cannot tell", now: null, reason },
  ]);
});

test.each([
  ["subnet", "virtualNetworks/shop-weu-vnet", "its subnet is not found"],
  ["network interface", "networkInterfaces/shopregistry-pe-westeurope", "its network interface is not found"],
])("a private endpoint whose %s is not found cannot be told", async (_, path, reason) => {
  const { exit, json } = await runJson((world) => {
    makeDynamic(world);
    for (const key of Object.keys(world.resources)) {
      if (key.includes(path.toLowerCase())) delete world.resources[key];
    }
  }, "shopregistry");

  expect(exit).toBe(6);
  expect(json.privateEndpoints[1]).toMatchObject({ verdict: "cannot tell", reason });
});

test("a subnet of a subscription that was not given is not asked about either", async () => {
  const driver = await openDriver((world) => {
    makeDynamic(world);
    const endpoint = list(world, PRIVATE_ENDPOINT).find(({ name }) => name === "shopregistry-pe-eastus2")!;
    endpoint.properties.subnet.id = endpoint.properties.subnet.id.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION);
  });

  const { data, exit } = await viewOf(driver);

  expect(exit).toBe(6);
  expect(data["privateEndpoints"]).toMatchObject([
    { verdict: "cannot tell", now: null },
    { verdict: "enough" },
  ]);
  expect(driver.open.requests.filter(({ path }) => path.includes(OTHER_SUBSCRIPTION))).toEqual([]);
});

test("a registry that does not tell of regional endpoints is not guessed about", async () => {
  const driver = await openDriver();
  driver.open.intercept(async (request, pass) => {
    const response = await pass(request);
    const bodyAsText = response.bodyAsText?.replace('"regionalEndpoints":"Disabled",', "") ?? "";
    return { ...response, bodyAsText };
  });

  await expect(viewOf(driver)).rejects.toMatchObject({
    kind: "partial",
    message: "cannot tell whether regional endpoints of shopregistry are enabled",
  });
});

test("a private endpoint whose read fails is one of which nothing can be told, with the reason", async () => {
  const host = createTestHost();
  await runCli(host, "sandbox", "fault", "not-json", "--path", "privateEndpoints", "--times", "99");

  const { exit, stdout } = await runCli(host, "acr", "ip-plan", "shopregistry", "-o", "json");

  const { privateEndpoints } = JSON.parse(stdout) as Printed;
  expect([exit, privateEndpoints[0]?.verdict]).toEqual([6, "cannot tell"]);
  expect(privateEndpoints[0]?.reason).toMatch(/^the private endpoint or its subnet: .*502/);
});

test("a registry without private endpoints concerns no subnet", async () => {
  const { exit, json, stdout } = await runJson(
    (world) => (find(world, REGISTRY, SHOPREGISTRY)!.properties.privateEndpointConnections = []),
    "shopregistry",
    "--enable",
    "regional",
  );

  expect([exit, json.privateEndpoints, json.subnets]).toEqual([0, [], []]);
  expect(stdout).toContain(
    "there is none, so no subnet is concerned; each private endpoint takes 4 addresses (1 global, 3 data), and then 7",
  );
});
