import { test, type TestContext } from "vitest";
import { list, REGISTRY as TYPE } from "../../src/sandbox/bodies.ts";
import type { World } from "../../src/sandbox/world.ts";
import { ATTACKER, openDouble, REGIONAL, REGISTRY, type Double, type DoubleOptions } from "./azure-double.ts";
import { runCli } from "./cli.ts";

async function open({ onTestFinished }: TestContext, options: DoubleOptions = {}): Promise<Double> {
  const double = await openDouble(options);
  onTestFinished(() => double.close());
  return double;
}

const requestsTo = ({ seen }: Double, host: string): string[] =>
  seen
    .filter((each) => each.host === host)
    .map(({ method, path, status }) => `${method} ${path.replace(/sha256:\w+/, "<digest>")} ${status}`);

test.concurrent("serving signs in to the registry once and follows no redirect", async (context) => {
  const { expect } = context;
  const double = await open(context);

  const finished = await runCli(double, ["acr", "serving", "shopregistry", "shop/web:1.4.2", "--verbose"]);

  expect(finished.exit).toBe(0);
  expect(finished.stdout.split("\t").slice(0, 3)).toEqual([
    REGISTRY,
    "eastus2",
    "shopregistry.eastus2.data.azurecr.io",
  ]);
  expect(requestsTo(double, REGISTRY)).toEqual([
    "GET /v2/shop/web/manifests/1.4.2 401",
    "POST /oauth2/exchange 200",
    "POST /oauth2/token 200",
    "GET /v2/shop/web/manifests/1.4.2 200",
    "GET /v2/shop/web/manifests/<digest> 200",
    "GET /v2/shop/web/blobs/<digest> 307",
  ]);
  expect(double.connects.filter((host) => host.includes(".data."))).toEqual([]);
  expect(finished.stderr).toContain(`POST ${REGISTRY}/oauth2/exchange 200`);
});

test.concurrent("a challenge that leads elsewhere gets no token", async (context) => {
  const { expect } = context;
  const header = `Bearer realm="https://${ATTACKER}/oauth2/token",service="${REGISTRY}"`;
  const double = await open(context, {
    before: async ({ url }) =>
      url.startsWith(`https://${REGISTRY}/`)
        ? { status: 401, headers: { "www-authenticate": header }, body: "{}" }
        : undefined,
  });

  const finished = await runCli(double, ["acr", "serving", "shopregistry", "shop/web:1.4.2"]);

  expect(finished.exit).toBe(1);
  expect(finished.stderr).toContain(`${REGISTRY} asks for a sign-in elsewhere`);
  expect(double.attacks).toBe(0);
  expect(requestsTo(double, REGISTRY)).toHaveLength(1);
});

function enable(world: World): void {
  list(world, TYPE).find(({ name }) => name === "shopregistry")!.properties.regionalEndpoints = "Enabled";
}

test.concurrent(
  "pick gives up on a host that does not answer in time, and prints the next one",
  async (context) => {
    const { expect } = context;
    const double = await open(context, {
      edit: enable,
      before: async ({ url }) => (url.startsWith(`https://${REGIONAL}/`) ? new Promise(() => {}) : undefined),
    });

    const argv = [
      "acr",
      "pick",
      "shopregistry",
      "--prefer",
      "westeurope,global",
      "--timeout",
      "1s",
      "-o",
      "json",
    ];
    const finished = await runCli(double, argv);

    const { loginServer, tried } = JSON.parse(finished.stdout) as {
      loginServer: string;
      tried: { host: string; answer: string; ms: number }[];
    };
    expect([finished.exit, loginServer]).toEqual([0, REGISTRY]);
    expect(tried[0]).toMatchObject({ host: REGIONAL, answer: "no answer" });
    expect(tried[0]?.ms).toBeLessThan(4000);
    expect(requestsTo(double, REGISTRY)).toEqual(["GET /v2/ 401"]);
  },
);

test.concurrent(
  "wait asks a regional host for each layer's place, and follows no redirect",
  async (context) => {
    const { expect } = context;
    const double = await open(context, { edit: enable });

    const argv = [
      "acr",
      "wait",
      "shopregistry/shop/web:1.4.2",
      "--regions",
      "westeurope",
      "--from",
      "westeurope",
    ];
    const finished = await runCli(double, argv);

    expect(finished).toMatchObject({ exit: 0, stdout: "westeurope\tcan be pulled\t\t\n" });
    const requests = requestsTo(double, REGIONAL);
    expect(requests.slice(0, 4)).toEqual([
      "GET /v2/shop/web/manifests/1.4.2 401",
      "POST /oauth2/exchange 200",
      "POST /oauth2/token 200",
      "GET /v2/shop/web/manifests/1.4.2 200",
    ]);
    // Two images of a list, each with a configuration of its own, and two layers that they share.
    expect(requests.filter((each) => each === "HEAD /v2/shop/web/blobs/<digest> 307")).toHaveLength(4);
    expect(double.connects.filter((host) => host.includes(".data."))).toEqual([]);
    expect(requestsTo(double, REGISTRY)).toEqual([]);
  },
);

test.concurrent("a region that does not answer ends with the time of acr wait", async (context) => {
  const { expect } = context;
  const double = await open(context, {
    edit: enable,
    before: async ({ url }) => (url.startsWith(`https://${REGIONAL}/`) ? new Promise(() => {}) : undefined),
  });

  const digest = `sha256:${"0".repeat(64)}`;
  const argv = [
    "acr",
    "wait",
    `shopregistry/shop/web@${digest}`,
    "--regions",
    "westeurope",
    "--timeout",
    "2s",
  ];
  const finished = await runCli(double, argv);

  expect(finished).toMatchObject({ exit: 7, stdout: "westeurope\tdid not answer in time\t\t\n" });
});
