import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { JsonObject } from "../../../src/json.ts";
import { GROUP, list, RESERVATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { acquire } from "../../../src/topics/odcr/acquire.ts";
import { checkInvariants } from "../../sandbox/invariants.ts";
import { loadWorld, openDriver, type Driver, type TestHost } from "../../harness.ts";
import { quantities, refuseRaises } from "./acquire-world.ts";
import { end, resumeRun, type Ended } from "./attach-world.ts";

const SLOT = { size: "D4s_v5", location: "eastus2", quantity: "2", group: "crg-shop", apply: true };
const IN_ZONE_1 = { ...SLOT, zone: "1" };
/** Nothing is free there. */
const IN_ZONE_2 = { ...SLOT, zone: "2" };

interface Pursued {
  end: string;
  until: string;
  tries: number;
  choices: { name: string; result: string; tries: number; cause: string | null }[];
}

function pursuitOf({ report }: Ended): Pursued {
  return (report as JsonObject)["pursuit"] as unknown as Pursued;
}

function triesIn({ output }: TestHost): string[] {
  return output.stderr.split("\n").filter((line) => / try \d+: /.test(line));
}

async function onlyRun(host: TestHost): Promise<string> {
  const [file = ""] = await readdir(join(host.state, "runs"));
  return file.slice(0, -".jsonl".length);
}

test("it asks again until the reservation is granted, with a line for each try", async () => {
  const { open, ctx, host } = await openDriver((world) => refuseRaises(world, "zonal-allocation-failed", 2));

  const ended = await end(acquire, IN_ZONE_1, ctx);

  expect([ended.exit, quantities(open.world)]).toEqual([EXIT.ok, { Zone1_D4s_v5: 2, Zone1_E8s_v5: 4 }]);
  expect(pursuitOf(ended)).toMatchObject({ end: "acquired", tries: 3 });
  expect(open.changes().map(({ method }) => method)).toEqual(["PUT", "PATCH", "PATCH", "PATCH"]);
  const refused =
    /^2026-11-21T08:\d\d:\d\dZ try [12]: 2 x Standard_D4s_v5 in eastus2 zone 1: ZonalAllocationFailed \(no free hardware\); next at 08:\d\d:\d\dZ$/;
  expect(triesIn(host)).toEqual([
    expect.stringMatching(refused),
    expect.stringMatching(refused),
    expect.stringMatching(/try 3: 2 x Standard_D4s_v5 in eastus2 zone 1: acquired$/),
  ]);
});

test("an alternative that is granted ends it, and one that was not tried leaves nothing behind", async () => {
  const { open, ctx } = await openDriver();

  const ended = await end(acquire, { ...IN_ZONE_2, or: ["zone=1", "zone=3"] }, ctx);

  expect([ended.exit, pursuitOf(ended).choices.map(({ result }) => result)]).toEqual([
    EXIT.ok,
    ["refused", "acquired", "not tried"],
  ]);
  expect(quantities(open.world)).toEqual({ Zone1_D4s_v5: 2, Zone1_E8s_v5: 4, Zone2_D4s_v5: 0 });
  expect(list(open.world, GROUP).some(({ name }) => name === "crg-shop-eastus2-zonal")).toBe(false);
});

test.each([
  ["quota", "quota"],
  ["sku-not-available", "size not offered"],
] as const)("%s stops it at once, and says so", async (fault, cause) => {
  const { open, ctx } = await openDriver((world) => refuseRaises(world, fault, 1));

  const ended = await end(acquire, IN_ZONE_1, ctx);

  expect(ended.exit).toBe(EXIT.partial);
  expect(pursuitOf(ended)).toMatchObject({ end: "ruled out", tries: 1, choices: [{ cause }] });
  expect(open.world.clockOffsetMs).toBeLessThan(60_000);
});

test("quota that is used up for real is named, and the alternative is still tried", async () => {
  const { ctx } = await openDriver((world) => {
    for (const key of Object.keys(world.quota)) if (/DSv5/.test(key)) world.quota[key] = 1;
  });

  const ended = await end(acquire, { ...IN_ZONE_1, or: ["size=E8s_v5,zone=2"], quantity: "4" }, ctx);

  expect([ended.exit, pursuitOf(ended).choices]).toMatchObject([
    EXIT.ok,
    [
      { result: "ruled out", cause: "quota", tries: 1 },
      { result: "acquired", tries: 1 },
    ],
  ]);
});

test("when the time is up it exits 7 and lowers nothing", async () => {
  const before = await loadWorld();
  const { open, ctx } = await openDriver((world) => {
    world.settings.failedRaiseLeavesFailed = true;
  });

  const ended = await end(acquire, { ...IN_ZONE_2, for: "3h" }, ctx);

  expect([ended.exit, pursuitOf(ended).end]).toEqual([EXIT.timeout, "time up"]);
  expect(pursuitOf(ended).tries).toBeGreaterThan(13);
  expect(checkInvariants(before, open.world, { verb: "acquire" })).toEqual([]);
  expect(quantities(open.world)).toEqual({ Zone1_E8s_v5: 4, Zone2_D4s_v5: 0 });
});

/** Ctrl-C in the first pause. */
async function interrupted(): Promise<Driver & { until: string }> {
  const driver = await openDriver();
  const ctx = {
    ...driver.ctx,
    progress: (text: string | undefined) => void (text?.startsWith("next try at") && driver.host.interrupt()),
  };
  const ended = await end(acquire, { ...IN_ZONE_2, or: ["zone=1,size=E8s_v5"], quantity: "9" }, ctx);
  expect([ended.exit, pursuitOf(ended).end]).toEqual([EXIT.interrupted, "interrupted"]);
  return { ...driver, until: pursuitOf(ended).until };
}

test("Ctrl-C in a pause ends it at once, and resume goes on with the same deadline", async () => {
  const { host, open, until } = await interrupted();
  for (const key of Object.keys(open.world.capacity)) open.world.capacity[key] = 50;
  const again = await openDriver(undefined, { host, world: open.world });

  const ended = await resumeRun(await onlyRun(host), again.ctx);

  expect([ended.exit, pursuitOf(ended)]).toMatchObject([
    EXIT.ok,
    { end: "acquired", until, tries: 3, choices: [{ tries: 2 }, { tries: 1 }] },
  ]);
  expect(again.open.changes().map(({ method }) => method)).toEqual(["PATCH"]);
  expect(quantities(open.world)).toEqual({ Zone1_E8s_v5: 4, Zone2_D4s_v5: 9 });
});

test("a run that is resumed after its deadline asks and tries nothing, and names what does", async () => {
  const { host, open } = await interrupted();
  open.world.clockOffsetMs += 25 * 3_600_000;
  const again = await openDriver(undefined, { host, world: open.world });

  const ended = await resumeRun(await onlyRun(host), again.ctx);

  expect([ended.exit, again.open.changes()]).toEqual([EXIT.timeout, []]);
  expect([ended.error?.message, ended.error?.hint]).toEqual([
    expect.stringMatching(/^the time of this run was up at 2026-11-2/),
    expect.stringMatching(/^for more time, with a longer --for: .* --apply$/),
  ]);
});

test("what was ruled out is not asked for again by resume", async () => {
  const driver = await openDriver((world) => refuseRaises(world, "quota", 1));
  const ctx = {
    ...driver.ctx,
    progress: (text: string | undefined) => void (text?.startsWith("next try at") && driver.host.interrupt()),
  };
  await end(acquire, { ...IN_ZONE_1, or: ["zone=2"], for: "1h" }, ctx);
  const { host, open } = driver;
  const again = await openDriver(undefined, { host, world: open.world });

  const ended = await resumeRun(await onlyRun(host), again.ctx);

  expect([ended.exit, pursuitOf(ended).choices[0]]).toMatchObject([
    EXIT.timeout,
    { result: "ruled out", tries: 1, cause: "quota" },
  ]);
  expect(again.open.changes().every(({ path }) => path.endsWith("/Zone2_D4s_v5"))).toBe(true);
});

/** What happens to the reservation of a driver in its first pause. */
function inPause({ open, ctx }: Driver, change: (world: World) => void): Driver["ctx"] {
  const progress = (text: string | undefined): void => {
    if (text?.startsWith("next try at")) change(open.world);
  };
  return { ...ctx, progress };
}

test("units that somebody else reserved in a pause are not lowered", async () => {
  const driver = await openDriver();
  const ctx = inPause(driver, (world) => {
    list(world, RESERVATION).find(({ name }) => name === "Zone2_D4s_v5")!.sku.capacity = 7;
  });

  const ended = await end(acquire, IN_ZONE_2, ctx);

  expect([ended.exit, pursuitOf(ended).tries, quantities(driver.open.world)["Zone2_D4s_v5"]]).toEqual([
    EXIT.ok,
    2,
    7,
  ]);
  expect(driver.open.changes().filter(({ method }) => method === "PATCH")).toHaveLength(1);
});

test("an alternative that is not as it was planned for stops it", async () => {
  const driver = await openDriver((world) => (world.capacity["eastus2|1|Standard_E8s_v5"] = 0));
  const ctx = inPause(driver, () => {});
  const own = (): { sku: { capacity: number } } =>
    list(driver.open.world, RESERVATION).find(({ name }) => name === "Zone1_E8s_v5")!;
  const late = {
    ...ctx,
    confirmOrStop: async () => {
      own().sku.capacity = 3;
      return false;
    },
  };

  const view = await end(acquire, { ...IN_ZONE_2, or: ["size=E8s_v5,zone=1"], quantity: "9" }, late);

  expect([view.exit, pursuitOf(view).end, own().sku.capacity]).toEqual([EXIT.partial, "stopped", 3]);
});

test("hours that do not come before the time is up end it at once", async () => {
  const { ctx, open } = await openDriver((world) => (world.clockOffsetMs += 2 * 86_400_000 + 6 * 3_600_000));

  const ended = await end(acquire, { ...IN_ZONE_1, offHours: "20-6", for: "2h" }, ctx);

  expect([ended.exit, pursuitOf(ended).tries, open.changes()]).toEqual([EXIT.timeout, 0, []]);
});

test("a choice is left alone in the business hours of its region", async () => {
  // Saturday in the sandbox; two days later it is Monday morning there.
  const { ctx, host } = await openDriver((world) => (world.clockOffsetMs += 2 * 86_400_000 + 6 * 3_600_000));

  const ended = await end(acquire, { ...IN_ZONE_1, offHours: true }, ctx);

  expect(ended.exit).toBe(EXIT.ok);
  expect(host.output.stderr).toContain(
    "2026-11-23T14:00:00Z outside the off-hours; first try at 2026-11-23T23:00:00Z",
  );
  expect(triesIn(host)).toEqual([expect.stringMatching(/^2026-11-23T23:00:\d\dZ try 1: .*: acquired$/)]);
});

test("a creation and a raise that outlast the time limit are looked at again before anything else is tried", async () => {
  const { open, ctx } = await openDriver(undefined, { timeout: "2s" });

  const ended = await end(acquire, { ...IN_ZONE_1, or: ["zone=3"] }, ctx);

  expect([ended.exit, pursuitOf(ended).choices]).toMatchObject([
    EXIT.ok,
    [
      { result: "acquired", tries: 3 },
      { result: "not tried", tries: 0 },
    ],
  ]);
  expect(open.changes().filter(({ method }) => method === "PATCH")).toHaveLength(1);
});
