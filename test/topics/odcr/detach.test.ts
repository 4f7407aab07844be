import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { find, GROUP, list, MACHINE, powerOf, RESERVATION } from "../../../src/sandbox/bodies.ts";
import type { FaultName, World } from "../../../src/sandbox/world.ts";
import { detach } from "../../../src/topics/odcr/detach.ts";
import { createTestHost, loadWorld, openDriver, runCli, type Driver } from "../../harness.ts";
import type { Allowed } from "../../sandbox/invariants.ts";
import { end, settle, stateOf, stepsOf, watch, type Ended } from "./attach-world.ts";

const CLEAR = { group: "crg-shop", release: true, deleteEmpty: true, apply: true };
const ALLOWED: Allowed = { verb: "detach", release: true, deleteEmpty: true };
/** Lower, two VMs, the reservation, the group. */
const CHANGES = 5;

async function clear({ ctx }: Driver, input: object = CLEAR): Promise<Ended> {
  return end(detach, input, ctx);
}

function powers(world: World): Record<string, string | undefined> {
  return Object.fromEntries(list(world, MACHINE).map((machine) => [machine.name, powerOf(machine)]));
}

function isGone(world: World): boolean {
  return [...list(world, GROUP), ...list(world, RESERVATION)].every(({ id }) => !id.includes("/crg-shop"));
}

function wherePath({ properties }: { properties: object }): unknown {
  return (properties as { capacityReservation?: unknown }).capacityReservation;
}

test("a group is cleared while its VMs run: units, VMs, reservation, group", async () => {
  const before = await loadWorld();
  const driver = await openDriver();

  const { exit } = await clear(driver);

  const { open } = driver;
  // Deletions are asked for again while the books lag.
  const sent = new Set(open.changes().map(({ method, path }) => `${method} ${path.split("/").at(-1)}`));
  expect([...sent]).toEqual([
    "PATCH Zone1_E8s_v5",
    "PATCH shop-search-01",
    "PATCH shop-search-02",
    "DELETE Zone1_E8s_v5",
    "DELETE crg-shop",
  ]);
  expect({ exit, gone: isGone(open.world), powers: powers(open.world) }).toEqual({
    exit: EXIT.ok,
    gone: true,
    powers: powers(before),
  });
  for (const name of ["shop-search-01", "shop-search-02"]) {
    const machine = list(open.world, MACHINE).find((each) => each.name === name);
    expect(machine && wherePath(machine)).toBeUndefined();
  }
});

test("a deletion waits for Azure's books", async () => {
  const driver = await openDriver((world) => {
    world.settings.associationLagMs = 3 * 60_000;
    world.settings.nestedLagMs = 4 * 60_000;
  });

  const { exit } = await clear(driver);

  expect({ exit, gone: isGone(driver.open.world) }).toEqual({ exit: EXIT.ok, gone: true });
});

test("books that do not catch up end it as partial, and the same command then ends it", async () => {
  const driver = await openDriver((world) => {
    world.settings.nestedLagMs = 30 * 60_000;
  });

  const { exit, report } = await clear(driver);

  expect(exit).toBe(EXIT.partial);
  expect(stepsOf(report).map(({ status }) => status)).toEqual(["done", "done", "done", "done", "failed"]);
  await driver.open.sandbox.sleep(31 * 60_000);
  const again = await openDriver(undefined, { host: driver.host, world: driver.open.world });
  expect((await clear(again)).exit).toBe(EXIT.ok);
  expect(isGone(driver.open.world)).toBe(true);
});

test.each(["throttle", "lost-before", "lost-after", "server-error", "not-json"] as const)(
  "%s at any one change is overcome",
  async (name) => {
    for (let skip = 0; skip < CHANGES; skip += 1) {
      const driver = await openWith(name, skip);
      const violations = watch(driver.open, ALLOWED);
      const ended = await clear(driver);
      const worse = violations(ended);
      const gone = isGone(driver.open.world);
      expect({ skip, exit: ended.exit, gone, worse }).toEqual({ skip, exit: EXIT.ok, gone: true, worse: [] });
    }
  },
);

test.each(["silent-no-op", "foreign-poll"] as const)(
  "%s at any one change stops no VM, and the same command then ends it",
  async (name) => {
    for (let skip = 0; skip < CHANGES; skip += 1) {
      const driver = await openWith(name, skip);
      const violations = watch(driver.open, ALLOWED);
      const ended = await clear(driver);
      await settle(driver.open);
      expect(violations(ended)).toEqual([]);
      const again = await openDriver(undefined, { host: driver.host, world: driver.open.world });
      await clear(again).catch(() => undefined);
      expect({ skip, gone: isGone(driver.open.world) }).toEqual({ skip, gone: true });
    }
  },
);

/** The fault meets the change after that many others; polls and reads pass. */
async function openWith(name: FaultName, skip: number): Promise<Driver> {
  return openDriver((world) => {
    const at = [
      { method: "PATCH", skip: 0 },
      { method: "PATCH", skip: 1 },
      { method: "PATCH", skip: 2 },
      { method: "DELETE", skip: 0 },
      { method: "DELETE", skip: 1 },
    ][skip];
    world.faults.push({ name, match: { method: at?.method ?? "" }, times: 1, skip: at?.skip ?? 0 });
  });
}

test("with --allow-restart one VM leaves, runs again, and the other keeps its unit", async () => {
  const driver = await openDriver();
  const violations = watch(driver.open, { verb: "detach", restart: true });

  const ended = await clear(driver, { vm: ["shop-search-01"], allowRestart: true, apply: true });

  const { machines, reservations } = stateOf(driver.open.world) as {
    machines: { name: string; power: string; group: string | null }[];
    reservations: { id: string; quantity: number }[];
  };
  expect([ended.exit, violations(ended)]).toEqual([EXIT.ok, []]);
  expect(machines.filter(({ name }) => name.startsWith("shop-search"))).toEqual([
    { name: "shop-search-01", power: "running", group: null },
    { name: "shop-search-02", power: "running", group: "crg-shop" },
  ]);
  expect(reservations.find(({ id }) => id.includes("/crg-shop/"))?.quantity).toBe(4);
});

test("a quantity that somebody changed meanwhile is not lowered", async () => {
  const driver = await openDriver();
  const { open, ctx } = driver;
  const reservation = list(open.world, RESERVATION).find(({ id }) => id.includes("/crg-shop/"));
  const changing = {
    ...ctx,
    confirmOrStop: async () => {
      const found = reservation && find(open.world, RESERVATION, reservation.id);
      if (found) found.sku.capacity = 5;
      return false;
    },
  };

  const { exit, report } = await end(detach, CLEAR, changing);

  expect(exit).toBe(EXIT.changes);
  expect(stepsOf(report)[0]).toMatchObject({ status: "failed", error: { code: "NotReady" } });
  expect(open.changes()).toEqual([]);
});

test("a VM that joined meanwhile keeps its unit", async () => {
  const driver = await openDriver();
  const { open, ctx } = driver;
  const joining = {
    ...ctx,
    confirmOrStop: async () => {
      const sample = list(open.world, MACHINE).find(({ name }) => name === "shop-search-01")!;
      const id = sample.id.replace("shop-search-01", "joined-99");
      open.world.resources[id.toLowerCase()] = { ...structuredClone(sample), id, name: "joined-99" };
      return false;
    },
  };

  const { report } = await end(detach, CLEAR, joining);

  expect(stepsOf(report)[0]).toMatchObject({ status: "failed", error: { code: "NotReady" } });
  expect(open.changes()).toEqual([]);
});

test.each([
  ["a group", ["--group", "crg-shop", "--release", "--delete-empty"]],
  ["a resource group", ["--resource-group", "rg-shop-prod"]],
])("no names on standard input are not all VMs of %s", async (_, flags) => {
  const { exit, stderr } = await runCli(createTestHost(), "odcr", "detach", ...flags, "--vm", "-");

  expect([exit, stderr]).toEqual([2, expect.stringContaining("error: no VM is named on standard input")]);
});

const PROGRESS = new RegExp(`\\r[^\\r\\n]*?${String.fromCodePoint(27)}\\[K`, "g");
const GOLDEN = "../../../fixtures/golden/odcr";

test.each([
  ["detach-plan", ["odcr", "detach", "--group", "crg-shop", "--release", "--delete-empty"]],
  ["detach-left-alone", ["odcr", "detach", "--vm", "shop-search-01", "--vm", "shop-web-01"]],
])("%s looks right on a terminal and in a pipe", async (name, argv) => {
  const looks = { tty: true, columns: 140, env: { NO_COLOR: "1" } };
  for (const [place, host] of [
    ["tty", createTestHost(looks)],
    ["pipe", createTestHost()],
  ] as const) {
    const { exit, stdout, stderr } = await runCli(host, ...argv);
    const text = `exit ${exit}\n--- stdout\n${stdout}--- stderr\n${stderr}`.replaceAll(PROGRESS, "");
    await expect(text).toMatchFileSnapshot(`${GOLDEN}/${name}.${place}.txt`);
  }
});

test.each([
  [
    "a group that does not exist",
    ["--group", "crg-nope"],
    'error: there is no capacity reservation group "crg-nope" here',
  ],
  [
    "a VM that is elsewhere",
    ["--group", "crg-shop", "--vm", "shop-web-01"],
    'error: "shop-web-01" is not in group crg-shop',
  ],
  ["no selection", [], "error: no VM is selected"],
])("%s is refused", async (_, flags, said) => {
  const { exit, stderr } = await runCli(createTestHost(), "odcr", "detach", ...flags);

  expect([exit, stderr]).toEqual([2, expect.stringContaining(said)]);
});
