import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { find, REPLICATION } from "../../../src/sandbox/bodies.ts";
import { createTestHost, openDriver, OTHER_SUBSCRIPTION, runCli } from "../../harness.ts";
import { NEW } from "../../sandbox/registries.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";
import { applyChange, having, roomy, stateIn, stuckInWest } from "./change-world.ts";
import { onlyIn, SHOP } from "./route-world.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 140, env: { NO_COLOR: "1" } };
const ADD = ["acr", "replica", "add", "shopregistry", "--region", "centralus"];
const REMOVE = ["acr", "replica", "remove", "shopregistry", "--region", "westeurope"];
const WEST = `${SHOP}/replications/westeurope`;

function withoutRun(text: string): string {
  return text.replaceAll(/\d{8}T\d{6}-[0-9a-f]+/g, "RUN");
}

test.each([
  ["replica-add", ADD, roomy],
  ["replica-remove", [...REMOVE, "--keep-regional"], having(true, true)],
] as const)("%s: the plan looks right on a terminal and in a pipe", async (name, argv, change) => {
  const terminal = golden(await runCli(await hostWith(change, TERMINAL), ...argv));
  const pipe = golden(await runCli(await hostWith(change), ...argv));

  await expect(terminal).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(pipe).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each(["json", "md"])("the plan of adding looks right as %s", async (format) => {
  const text = golden(await runCli(await hostWith(roomy), ...ADD, "-o", format));

  await expect(text).toMatchFileSnapshot(`${GOLDEN}/replica-add.${format}.txt`);
});

test("a static address is refused with the fact", async () => {
  const text = golden(await runCli(createTestHost(TERMINAL), ...ADD));

  await expect(text).toMatchFileSnapshot(`${GOLDEN}/replica-static.tty.txt`);
});

test("added and removed again, both look right, and the world is as it was", async () => {
  const host = await hostWith(roomy, TERMINAL);
  const drop = ["acr", "replica", "remove", "shopregistry", "--region", "centralus", "--apply", "--yes"];

  const added = golden(
    await runCli(host, ...ADD, "--zone-redundant", "--out-of-routing", "--apply", "--yes"),
  );
  const shown = await runCli(
    host,
    "acr",
    "show",
    "shopregistry",
    "--query",
    "replicas[].region",
    "-o",
    "json",
  );
  const removed = golden(await runCli(host, ...drop));
  const left = await runCli(
    host,
    "acr",
    "show",
    "shopregistry",
    "--query",
    "replicas[].region",
    "-o",
    "json",
  );

  await expect(withoutRun(added)).toMatchFileSnapshot(`${GOLDEN}/replica-added.tty.txt`);
  await expect(withoutRun(removed)).toMatchFileSnapshot(`${GOLDEN}/replica-removed.tty.txt`);
  expect(shown.stdout).toContain("centralus");
  expect(left.stdout).not.toContain("centralus");
});

test("what is sent to add one is a PUT with exactly that body, and to remove one a DELETE without any", async () => {
  const driver = await openDriver(roomy);

  await applyChange(driver.ctx, ["replica", "add", "centralus"], { zoneRedundant: true, outOfRouting: true });
  await applyChange(driver.ctx, ["replica", "remove", "centralus"]);

  const properties = { zoneRedundancy: "Enabled", regionEndpointEnabled: false };
  expect(driver.open.changes()).toEqual([
    { method: "PUT", path: NEW, body: { location: "centralus", properties } },
    { method: "DELETE", path: NEW, body: undefined },
  ]);
});

test("the remedy works: one that is stuck is removed at once, and can be added again", async () => {
  const driver = await openDriver((world) => {
    roomy(world);
    stuckInWest(world);
  });
  const before = driver.open.sandbox.now().getTime();

  const removed = await applyChange(driver.ctx, ["replica", "remove", "westeurope"]);
  const minutes = (driver.open.sandbox.now().getTime() - before) / 60_000;
  const added = await applyChange(driver.ctx, ["replica", "add", "westeurope"]);

  expect([removed.exit, added.exit]).toEqual([EXIT.ok, EXIT.ok]);
  expect(minutes).toBeLessThan(2);
  expect(stateIn(driver.open.world).replicas).toEqual(["northeurope Succeeded", "westeurope Succeeded"]);
});

test("another one that is in routing is looked at right before one is removed", async () => {
  const driver = await openDriver(onlyIn("eastus2", "westeurope"));
  driver.open.intercept(async (request, pass) => {
    const response = await pass(request);
    const isLast = request.url.includes("/permissions");
    if (isLast) onlyIn("westeurope")(driver.open.world);
    return response;
  });

  const { exit, report } = await applyChange(driver.ctx, ["replica", "remove", "westeurope"]);

  expect([exit, JSON.stringify(report)]).toEqual([EXIT.changes, expect.stringContaining("NotReady")]);
  expect(driver.open.changes()).toEqual([]);
});

test("a DELETE that is accepted and polled to its end leaves nothing there", async () => {
  const driver = await openDriver();
  const polls = new Set<string>();
  driver.open.intercept(async (request, pass) => {
    if (request.url.includes("/operationResults/")) polls.add(request.url);
    return pass(request);
  });

  const { exit } = await applyChange(driver.ctx, ["replica", "remove", "westeurope"]);

  expect([exit, find(driver.open.world, REPLICATION, WEST)]).toEqual([EXIT.ok, undefined]);
  expect(polls.size).toBeGreaterThan(2);
});

test("a 403 of the service is said as such", async () => {
  const driver = await openDriver();
  driver.open.intercept(async (request, pass) => {
    if (request.method !== "DELETE") return pass(request);
    const bodyAsText = '{"error":{"code":"AuthorizationFailed","message":"a deny assignment"}}';
    return { request, status: 403, headers: createHttpHeaders(), bodyAsText };
  });

  expect((await applyChange(driver.ctx, ["replica", "remove", "westeurope"])).exit).toBe(EXIT.auth);
});

test("a saved plan of adding is refused when the replica is there by then", async () => {
  const host = await hostWith(roomy);
  await runCli(host, ...ADD, "--out", "plan.json");
  await runCli(host, ...ADD, "--apply", "--yes");

  const { exit, stderr } = await runCli(host, "apply", "plan.json", "--yes");

  expect([exit, stderr]).toEqual([EXIT.changes, expect.stringContaining("replications/centralus")]);
});

test.each([
  ["another word", ["drop", "shopregistry", "--region", "westus"], 2, '"drop" is neither add nor remove'],
  ["no region", ["add", "shopregistry"], 2, "--region: say where: --region <region>"],
  ["blanks", ["add", "shopregistry", "--region", "West US"], 2, "--region: a region is written like"],
  [
    "a flag of adding",
    ["remove", "shopregistry", "--region", "westeurope", "--out-of-routing"],
    2,
    "--out-of-routing: goes with acr replica add",
  ],
  [
    "a flag of removing",
    ["add", "shopregistry", "--region", "westus", "--keep-regional"],
    2,
    "--keep-regional: goes with acr replica remove",
  ],
  ["a Basic registry", ["add", "legacyapp", "--region", "westus"], 2, "registry legacyapp is Basic"],
  ["the home region", ["remove", "shopregistry", "--region", "eastus2"], 2, "eastus2 is the home region"],
  ["one that is there", ["add", "shopregistry", "--region", "westeurope"], 2, "westeurope has a replica"],
  ["none there", ["remove", "shopregistry", "--region", "westus"], 2, "has no replica in westus"],
  [
    "another one in between",
    ["remove", "platformimages", "--subscription", OTHER_SUBSCRIPTION, "--region", "westeurope"],
    3,
    "the replica in northeurope is Creating",
  ],
])("%s is refused", async (_, args, exit, said) => {
  const result = await runCli(createTestHost(), "acr", "replica", ...args);

  expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(said)]);
});
