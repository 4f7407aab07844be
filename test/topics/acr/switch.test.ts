import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { World } from "../../../src/sandbox/world.ts";
import {
  createTestHost,
  openDriver,
  OTHER_SUBSCRIPTION,
  runCli,
  SUBSCRIPTION,
  type Driver,
} from "../../harness.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";
import { refuse } from "../refuse.ts";
import {
  applyChange,
  having,
  open as withoutEndpoints,
  roomy,
  stateIn,
  unseen,
  type Words,
} from "./change-world.ts";
import { SHOP } from "./route-world.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 140, env: { NO_COLOR: "1" } };
const ENABLE = ["acr", "regional", "enable", "shopregistry"];

function withoutRun(text: string): string {
  return text.replaceAll(/\d{8}T\d{6}-[0-9a-f]+/g, "RUN");
}

test("the plan of enabling looks right on a terminal and in a pipe", async () => {
  const terminal = golden(await runCli(await hostWith(roomy, TERMINAL), ...ENABLE));
  const pipe = golden(await runCli(await hostWith(roomy), ...ENABLE));

  await expect(terminal).toMatchFileSnapshot(`${GOLDEN}/regional-enable.tty.txt`);
  await expect(pipe).toMatchFileSnapshot(`${GOLDEN}/regional-enable.pipe.txt`);
});

test.each(["json", "md"])("the plan of enabling looks right as %s", async (format) => {
  const text = golden(await runCli(await hostWith(roomy), ...ENABLE, "-o", format));

  await expect(text).toMatchFileSnapshot(`${GOLDEN}/regional-enable.${format}.txt`);
});

test("a subnet that is short is named, and nothing is planned", async () => {
  const text = golden(await runCli(createTestHost(TERMINAL), ...ENABLE));

  await expect(text).toMatchFileSnapshot(`${GOLDEN}/regional-short.tty.txt`);
});

test("once applied the hosts are those of the service, and enabling again is nothing to do", async () => {
  const host = await hostWith(roomy, TERMINAL);

  const applied = golden(await runCli(host, ...ENABLE, "--apply", "--yes"));
  const again = await runCli(host, ...ENABLE);

  await expect(withoutRun(applied)).toMatchFileSnapshot(`${GOLDEN}/regional-applied.tty.txt`);
  expect([again.exit, again.stderr]).toEqual([EXIT.ok, expect.stringContaining("nothing to change")]);
});

test("the plan of disabling data endpoints looks right", async () => {
  const host = await hostWith(withoutEndpoints, TERMINAL);

  const text = golden(await runCli(host, "acr", "data-endpoints", "disable", "shopregistry"));

  await expect(text).toMatchFileSnapshot(`${GOLDEN}/data-endpoints-disable.tty.txt`);
});

const SENT: [Words, (world: World) => void, object][] = [
  [["regional", "enable"], roomy, { properties: { regionalEndpoints: "Enabled" } }],
  [["regional", "disable"], having(true, true), { properties: { regionalEndpoints: "Disabled" } }],
  [["data-endpoints", "enable"], having(false, false), { properties: { dataEndpointEnabled: true } }],
  [["data-endpoints", "disable"], withoutEndpoints, { properties: { dataEndpointEnabled: false } }],
];

test.each(SENT)("%j is one PATCH on the wire with exactly that body", async (words, change, body) => {
  const driver = await openDriver(change);
  const bodies: unknown[] = [];
  driver.open.intercept(async (request, pass) => {
    if (request.method === "PATCH") bodies.push(request.body);
    return pass(request);
  });

  const { exit } = await applyChange(driver.ctx, words);

  expect([exit, bodies]).toEqual([EXIT.ok, [JSON.stringify(body)]]);
  expect(driver.open.changes()).toEqual([{ method: "PATCH", path: SHOP, body }]);
});

/** As the service would answer a body that it does not understand: 200, and nothing has changed. */
function ignoreChanges({ open }: Driver): void {
  open.intercept(async (request, pass) => {
    if (request.method !== "PATCH") return pass(request);
    return { request, status: 200, headers: createHttpHeaders(), bodyAsText: "{}" };
  });
}

test.each(SENT)("%j that answers 200 and changes nothing is a failure", async (words, change) => {
  const driver = await openDriver(change);
  ignoreChanges(driver);

  const { exit, statuses, report } = await applyChange(driver.ctx, words);

  expect([exit, statuses]).toEqual([EXIT.failed, ["failed"]]);
  expect(JSON.stringify(report)).toContain("the service accepted it, but");
});

test("a switch without the host of a region is a failure", async () => {
  const driver = await openDriver(roomy);
  driver.open.intercept(async (request, pass) => {
    const response = await pass(request);
    const lost = response.bodyAsText?.replace('"shopregistry.westeurope.geo.azurecr.io"', '""');
    return lost === undefined ? response : { ...response, bodyAsText: lost };
  });

  const { exit, report } = await applyChange(driver.ctx, ["regional", "enable"]);

  expect([exit, JSON.stringify(report)]).toEqual([EXIT.failed, expect.stringContaining(".westeurope.")]);
});

test("permissions that may not be read are a warning, and the change goes on", async () => {
  const driver = await openDriver(roomy);
  refuse(driver, "/permissions", 403);

  const { exit } = await applyChange(driver.ctx, ["regional", "enable"]);

  expect([exit, stateIn(driver.open.world).regional]).toEqual([EXIT.ok, "Enabled"]);
});

test("who may not change the private endpoints is refused before anything is sent", async () => {
  const driver = await openDriver((world) => {
    roomy(world);
    world.settings.permissions = [
      { scope: "/", actions: ["*"], notActions: ["Microsoft.Network/privateEndpoints/*"] },
      { scope: "/", actions: ["Microsoft.Network/*/read"], notActions: [] },
    ];
  });

  const { exit, error } = await applyChange(driver.ctx, ["regional", "enable"]);

  expect([exit, error?.message]).toEqual([
    EXIT.auth,
    "you may not do Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write at shopregistry-pe-eastus2",
  ]);
  expect(driver.open.changes()).toEqual([]);
});

test("addresses that cannot be told are refused with exit 6, and accepted with --accept-risk", async () => {
  const host = await hostWith(unseen);

  const refused = await runCli(host, ...ENABLE);
  const accepted = await runCli(host, ...ENABLE, "--accept-risk");

  expect([refused.exit, refused.stderr]).toEqual([
    EXIT.partial,
    expect.stringContaining("cannot tell whether its subnet has the addresses: not found, though"),
  ]);
  expect([accepted.exit, accepted.stderr]).toEqual([
    EXIT.changes,
    expect.stringContaining(`its subscription was not given; add --subscription ${OTHER_SUBSCRIPTION}`),
  ]);
});

test("a further subscription is given to read private endpoints there", async () => {
  const host = await hostWith(unseen);

  const both = ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION];
  const { stderr } = await runCli(host, ...ENABLE, "--accept-risk", ...both);

  expect(stderr).not.toContain("its subscription was not given");
});

test("disabling asks for no address and no permission at a private endpoint", async () => {
  const driver = await openDriver(having(true, true));

  await applyChange(driver.ctx, ["regional", "disable"], { apply: false });

  const paths = driver.open.requests.map(({ path }) => path).join("\n");
  expect(paths).toContain("/registries/shopregistry/providers/Microsoft.Authorization/permissions");
  expect(paths).not.toContain("/privateEndpoints/");
});

test("hosts that cannot be read once it is done do not hide that it is done", async () => {
  const driver = await openDriver(roomy);
  const { open, host } = driver;
  let reads = 0;
  open.intercept(async (request, pass) => {
    const isRead = request.method === "GET" && new URL(request.url).pathname === SHOP;
    // The last read of a run is the one for the hosts.
    if (isRead && open.changes().length > 0 && (reads += 1) > 2) {
      return { request, status: 403, headers: createHttpHeaders(), bodyAsText: '{"error":{"code":"No"}}' };
    }
    return pass(request);
  });

  const { exit, statuses } = await applyChange(driver.ctx, ["regional", "enable"]);

  expect([exit, statuses, reads]).toEqual([EXIT.ok, ["done"], 3]);
  expect(host.output.stderr).not.toContain("error");
});

test("another change of the registry is waited for", async () => {
  const driver = await openDriver(roomy);
  let busy = 2;
  driver.open.intercept(async (request, pass) => {
    if (request.method !== "PATCH" || (busy -= 1) < 0) return pass(request);
    const bodyAsText = '{"error":{"code":"RegistryStatusConflict","message":"busy"}}';
    return { request, status: 409, headers: createHttpHeaders(), bodyAsText };
  });

  expect((await applyChange(driver.ctx, ["regional", "enable"])).exit).toBe(EXIT.ok);
});

test.each([
  ["another word", ["regional", "on", "shopregistry"], 2, '"on" is neither enable nor disable'],
  ["an unknown registry", ["regional", "enable", "nosuch"], 2, 'there is no container registry "nosuch"'],
  [
    "a risk where there is none",
    ["regional", "disable", "shopregistry", "--accept-risk"],
    2,
    "goes with acr regional enable",
  ],
  ["a Basic registry", ["data-endpoints", "enable", "legacyapp"], 2, "registry legacyapp is Basic"],
  [
    "a flag of another verb",
    ["data-endpoints", "enable", "shopregistry", "--accept-risk"],
    2,
    "unknown option",
  ],
  [
    "data endpoints with private ones",
    ["data-endpoints", "disable", "shopregistry"],
    2,
    "turn dedicated data",
  ],
  [
    "a replica that is stuck",
    ["regional", "disable", "platformimages", "--subscription", OTHER_SUBSCRIPTION],
    3,
    `one that is stuck is removed by: azwise acr replica remove platformimages --subscription ${OTHER_SUBSCRIPTION} --region northeurope`,
  ],
])("%s is refused", async (_, args, exit, said) => {
  const result = await runCli(createTestHost(), "acr", ...args);

  expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(said)]);
});
