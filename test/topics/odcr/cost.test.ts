import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { findCloud } from "../../../src/azure/clouds.ts";
import { find, MACHINE, RESERVATION } from "../../../src/sandbox/bodies.ts";
import { cost } from "../../../src/topics/odcr/cost.ts";
import { createTestHost, openDriver, runCli, SUBSCRIPTION, type Driver } from "../../harness.ts";
import { addReplicas, hostWith, runJson, view, VMS } from "./cost-world.ts";
import { refuse } from "../refuse.ts";
import { golden } from "../golden.ts";

const GOLDEN = "../../../fixtures/golden/odcr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };

test.each([
  ["cost", () => {}, []],
  ["cost-twice", addReplicas, []],
  ["cost-no-prices", () => {}, ["crg-shop", "--no-prices"]],
] as const)("%s looks right on a terminal and in a pipe", async (name, change, argv) => {
  const terminal = await runCli(await hostWith(change, TERMINAL), "odcr", "cost", ...argv);
  const pipe = await runCli(await hostWith(change), "odcr", "cost", ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each(["json", "md"])("cost as %s is one document", async (format) => {
  const result = await runCli(await hostWith(addReplicas), "odcr", "cost", "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/cost.${format}.txt`);
});

test.each([
  [["--fail-on", "idle"], 3],
  [["--fail-on", "duplicate"], 0],
  [["--fail-on", "none"], 0],
  [["crg-platform", "--fail-on", "idle"], 0],
])("%j exits %i, as only what is ours is a finding", async (argv, exit) => {
  expect((await runCli(createTestHost(), "odcr", "cost", ...argv)).exit).toBe(exit);
});

test.each([
  ["lost-before", "the answer of prices.sandbox.invalid was lost"],
  ["server-error", "prices.sandbox.invalid answered 500"],
  ["not-json", "prices.sandbox.invalid answered 502"],
])("when the price list meets %s, the quantities stand alone, and nothing failed", async (fault, reason) => {
  const host = createTestHost();
  await runCli(host, "sandbox", "fault", fault, "--path", "/retail/prices");

  const { exit, json } = await runJson(host);

  expect([exit, json.prices]).toEqual([0, { reason }]);
  expect(json.reservations[0]).toMatchObject({ idle: 2, pricePerHour: null, idlePerMonth: null });
  expect(json.total).toEqual({ idle: 2, perHour: null, perMonth: null, isComplete: true });
});

test("a currency that the list does not know leaves quantities only", async () => {
  const { exit, json } = await runJson(createTestHost(), "--currency", "xyz");

  expect(exit).toBe(0);
  expect(json.prices).toEqual({ reason: "prices.sandbox.invalid answered 400; check --currency" });
});

test("another currency is for reference only", async () => {
  const { json } = await runJson(createTestHost(), "--currency", "eur");

  expect(json.reservations[0]).toMatchObject({ pricePerHour: 0.504, idlePerHour: 1.008 });
  expect(JSON.stringify(json.notes)).toContain("EUR is for reference, Microsoft prices in USD");
});

test.each([
  [["--currency", "euro"], "--currency: a currency is three letters, such as EUR"],
  [["--fail-on", "cheap"], "--fail-on: use none, or any of idle,duplicate"],
  [["crg-nowhere"], 'there is no capacity reservation group "crg-nowhere" here'],
])("%j is a usage error", async (argv, message) => {
  const { exit, stderr } = await runCli(createTestHost(), "odcr", "cost", ...argv);

  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});

test("with --no-prices nobody is asked for prices; otherwise each size is asked for once, and nothing changes", async () => {
  const asked = await openDriver();
  const spared = await openDriver();

  await view(asked);
  await view(spared, { prices: false });

  const pricesOf = ({ open }: Driver): number =>
    open.requests.filter(({ path }) => path.startsWith("/api/")).length;
  expect([pricesOf(asked), pricesOf(spared)]).toEqual([1, 0]);
  expect(asked.open.changes()).toEqual([]);
});

test("once the list has failed, it is not asked for the other sizes", async () => {
  const driver = await openDriver(
    (world) => {
      const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-shop`;
      const sample = find(world, RESERVATION, `${group}/capacityReservations/Zone1_E8s_v5`)!;
      for (const size of ["D2s_v5", "D4s_v5"]) {
        const [name, sku] = [`Zone1_${size}`, { name: `Standard_${size}`, capacity: 1 }];
        const id = `${group}/capacityReservations/${name}`;
        world.resources[id.toLowerCase()] = { ...structuredClone(sample), id, name, sku };
      }
    },
    { concurrency: "1" },
  );
  let asked = 0;
  driver.open.intercept(async (request, pass) => {
    if (!request.url.includes("/retail/prices")) return pass(request);
    asked += 1;
    return { request, status: 503, headers: createHttpHeaders(), bodyAsText: "" };
  });

  const { data } = await view(driver);

  expect(asked).toBe(1);
  expect(data["reservations"]).toHaveLength(4);
});

test.each(["usgov", "china"])("cloud %s has no price list that we know of", async (cloud) => {
  const { ctx } = await openDriver();
  const azure = await ctx.azure();
  const there = { ...azure, prices: undefined, target: { ...azure.target, cloud } };

  const result = cost.view(await cost.run(cost.input.parse({}), { ...ctx, azure: async () => there }));

  expect(findCloud(cloud, {}).prices).toBeUndefined();
  expect(result.data["prices"]).toEqual({
    reason: `azwise knows of no public price list for cloud ${cloud}`,
  });
  expect(result.exit).toBe(0);
});

test("a custom cloud has no price list, and the public one has Azure's", () => {
  const rig = { resourceManager: "https://arm.example", authority: "https://login.example" };

  expect(findCloud("rig", { rig }).prices).toBeUndefined();
  expect(findCloud("public", {}).prices).toBe("https://prices.azure.com");
});

test.each([
  ["crg-shop", 6],
  ["crg-platform", 0],
])("when %s may not be read the exit is %i: another's group costs its owner", async (name, exit) => {
  const driver = await openDriver();
  refuse(driver, `/${name}`, 403);

  const { tables, data, exit: actual } = await view(driver);

  expect(actual).toBe(exit);
  expect(data["unread"]).toMatchObject([{ shared: exit === 0, reason: "not allowed to read it" }]);
  expect(tables[0]?.rows.at(-1)?.cells.at(-1)).toEqual({
    text: "cannot tell: not allowed to read it",
    tone: "warn",
  });
});

test("where nothing is ours there is no sum, and no price is asked for", async () => {
  const { open, ctx } = await openDriver();
  const result = await cost.run(cost.input.parse({ group: "crg-platform" }), ctx);
  const { notes, data } = cost.view(result);

  const [first] = notes;
  expect(first?.text).toMatch(/^groups shared into these subscriptions are paid by their owners/);
  expect(notes.filter(({ text }) => /idle unit|list prices|quantities only/.test(text))).toEqual([]);
  expect(data["prices"]).toEqual({ reason: "nothing here is ours to pay at a list price" });
  expect(data["total"]).toMatchObject({ idle: 0, perHour: null, perMonth: null });
  expect(open.requests.filter(({ path }) => path.includes("/retail/prices"))).toEqual([]);
});

test("without any group there is nothing to pay, and that is said", async () => {
  const host = await hostWith((world) => {
    for (const [key, { type }] of Object.entries(world.resources)) {
      if (/capacityReservationGroups/i.test(type)) delete world.resources[key];
    }
    for (const name of ["shop-search-01", "shop-search-02"]) {
      delete find(world, MACHINE, `${VMS}/${name}`)!.properties.capacityReservation;
    }
  });

  const { exit, stdout, stderr } = await runCli(host, "odcr", "cost");

  expect([exit, stdout]).toEqual([0, ""]);
  expect(stderr).toContain("no capacity reservation group is visible in these subscriptions, own or shared");
});

test("a gate for idle units exits 6 when it cannot be told what a reservation holds", async () => {
  const host = await hostWith((world) => {
    const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-shop`;
    const { properties } = find(world, RESERVATION, `${group}/capacityReservations/Zone1_E8s_v5`)!;
    properties.provisioningState = "Failed";
  });

  expect((await runCli(host, "odcr", "cost", "--fail-on", "idle")).exit).toBe(6);
  expect((await runCli(host, "odcr", "cost")).exit).toBe(0);
});
