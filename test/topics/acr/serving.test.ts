import { expect, test } from "vitest";
import { find, list, REGISTRY, REPLICATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, openDriver, runCli } from "../../harness.ts";
import { serving } from "../../../src/topics/acr/serving.ts";
import { SHOPREGISTRY } from "../../sandbox/registries.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };

test.each([
  ["serving", ["shopregistry", "shop/web:1.4.2"]],
  ["serving-unknown", ["legacyapp"]],
])("%s looks right on a terminal and in a pipe", async (name, argv) => {
  const terminal = await runCli(createTestHost(TERMINAL), "acr", "serving", ...argv);
  const pipe = await runCli(createTestHost(), "acr", "serving", ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each(["json", "md"])("serving as %s is one document", async (format) => {
  const result = await runCli(createTestHost(), "acr", "serving", "shopregistry", "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/serving.${format}.txt`);
});

interface Told {
  exit: number;
  region: string | null;
  image: string | null;
  unknown: string | null;
  stderr: string;
}

async function ask(change: (world: World) => void, ...argv: string[]): Promise<Told> {
  const host = await hostWith(change);
  const { exit, stdout, stderr } = await runCli(
    host,
    "acr",
    "serving",
    "shopregistry",
    ...argv,
    "-o",
    "json",
  );
  const { region, image, unknown } = JSON.parse(stdout || "{}") as Omit<Told, "exit" | "stderr">;
  return { exit, region, image, unknown, stderr };
}

test("it follows the routing: the closest replica, and the next one once that is taken out or down", async () => {
  const close = (world: World): void => void (world.settings.closestRegion = "westeurope");
  const out = (world: World): void => {
    close(world);
    const west = list(world, REPLICATION).find(({ id }) => id === `${SHOPREGISTRY}/replications/westeurope`)!;
    west.properties.regionEndpointEnabled = false;
  };

  expect(await ask(close)).toMatchObject({ exit: 0, region: "westeurope" });
  expect(await ask(out)).toMatchObject({ exit: 0, region: "eastus2" });
  expect(await ask((world) => void (world.settings.downRegions = ["eastus2"]))).toMatchObject({
    region: "northeurope",
  });
});

test("without a name the newest tag of the first repository is taken, and of a repository its newest", async () => {
  expect(await ask(() => {})).toMatchObject({ image: "shop/api:2.0.0" });
  expect(await ask(() => {}, "shop/web")).toMatchObject({ image: "shop/web:stable" });
  const digest = "sha256:2c84fe57108ccaee09bb45cd7e7a87d7d415a9497d4b821113d9ee9df6270f19";
  expect(await ask(() => {}, `shop/api@${digest}`)).toMatchObject({ exit: 0, image: `shop/api@${digest}` });
});

test("no layer is downloaded and nothing is changed", async () => {
  const { open, ctx } = await openDriver();

  await serving.run({ registry: "shopregistry" }, ctx);

  expect(open.requests.filter(({ path }) => path.includes("/docker/registry/"))).toEqual([]);
  expect(open.changes()).toEqual([]);
});

test("without data hosts no registry is asked, and the way to them is said", async () => {
  const { open, ctx } = await openDriver((world) => {
    find(world, REGISTRY, SHOPREGISTRY)!.properties.dataEndpointEnabled = false;
  });

  const view = serving.view(await serving.run({ registry: "shopregistry" }, ctx));

  expect(view.exit).toBe(6);
  expect(view.notes[0]?.text).toContain("enable them with azwise acr data-endpoints enable shopregistry");
  expect(open.requests.filter(({ path }) => !path.startsWith("/subscriptions/"))).toEqual([]);
});

test("a registry without a tag, and a layer that is missing, leave it open", async () => {
  expect(await ask((world) => void (world.images = {}))).toMatchObject({
    exit: 6,
    region: null,
    unknown: "no repository has a tag, so there is nothing to ask for",
  });
  const { open, ctx } = await openDriver();
  open.intercept(async (request, pass) => {
    const response = await pass(request);
    return request.url.includes("/blobs/") ? { ...response, status: 404 } : response;
  });
  const result = await serving.run(
    { registry: "shopregistry", image: { repository: "shop/web", reference: "1.4.2" } },
    ctx,
  );
  const { data, exit } = serving.view(result);
  expect(exit).toBe(6);
  expect(data["unknown"]).toMatch(
    /^the replica that answers has shop\/web:1\.4\.2 without its configuration sha256:/,
  );
});

test("a host that is none of the registry's data hosts tells no region", async () => {
  const { open, ctx } = await openDriver();
  open.intercept(async (request, pass) => {
    const response = await pass(request);
    if (request.url.includes("/blobs/"))
      response.headers.set("location", "https://x.blob.core.windows.net/y?sig=z");
    return response;
  });

  const { data, exit } = serving.view(await serving.run({ registry: "shopregistry" }, ctx));

  expect(exit).toBe(6);
  expect(data).toMatchObject({
    region: null,
    dataHost: "x.blob.core.windows.net",
    unknown: "the configuration is at x.blob.core.windows.net, which is none of the registry's data hosts",
  });
});

test.each([
  ["shop/web:9", 2, "the replica that answers for shopregistry.azurecr.io has no shop/web:9"],
  ["shop/none", 2, "the replica that answers for shopregistry.azurecr.io has no shop/none"],
  ["Shop/Web", 2, '"Shop/Web" is no image: use REPO, REPO:TAG or REPO@sha256:…, without a host'],
  ["shop/web?x", 2, "is no image"],
  ["../shop/web", 2, "is no image"],
])("%s is refused", async (image, exit, message) => {
  const told = await ask(() => {}, image);

  expect(told.exit).toBe(exit);
  expect(told.stderr).toContain(message);
});

test("who may not pull, and who is not let in, is told so", async () => {
  const forbid = (world: World): void => {
    const notActions = ["Microsoft.ContainerRegistry/registries/pull/read"];
    world.settings.permissions = [{ scope: "/", actions: ["*"], notActions }];
  };
  const outside = (world: World): void => {
    world.settings.clientIsPrivate = false;
    world.settings.clientAddress = "198.51.100.7";
  };

  const forbidden = await ask(forbid);
  expect(forbidden.exit).toBe(4);
  expect(forbidden.stderr).toContain("ask for a role that may pull from this registry, such as AcrPull");
  const denied = await ask(outside);
  expect(denied.exit).toBe(4);
  expect(denied.stderr).toContain("client with IP '198.51.100.7' is not allowed access");
  expect(denied.stderr).toContain("ask from inside its network");
});
