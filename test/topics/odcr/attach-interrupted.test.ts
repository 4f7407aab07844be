import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { checkInvariants } from "../../../src/sandbox/invariants.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { isChange, loadWorld, openDriver, type Driver, type TestHost } from "../../harness.ts";
import { applyAttach, CLEAN_CHANGES, cleanState, resumeRun, settle, stateOf } from "./attach-world.ts";

const HOW_MANY = CLEAN_CHANGES.PUT + CLEAN_CHANGES.PATCH + CLEAN_CHANGES.POST;
const CHANGES = Array.from({ length: HOW_MANY }, (_, index) => index + 1);

type Moment = "before" | "after";

/** Lets something happen just before or just after the nth change reaches the service. */
function atChange({ open }: Driver, [nth, moment]: [number, Moment], happen: () => void): void {
  let seen = 0;
  open.intercept(async (request, pass) => {
    const isIt = isChange(request) && (seen += 1) === nth;
    if (isIt && moment === "before") happen();
    const response = await pass(request);
    if (isIt && moment === "after") happen();
    return response;
  });
}

/** The process is gone: no request leaves, no answer arrives and nobody wakes up any more. */
function killAt({ open }: Driver, [nth, moment]: [number, Moment]): Promise<void> {
  const forever = new Promise<never>(() => {});
  const { sandbox } = open;
  const sleep = sandbox.sleep.bind(sandbox);
  let [seen, dead] = [0, false];
  sandbox.sleep = (ms, signal) => (dead ? forever : sleep(ms, signal));
  return new Promise((killed) => {
    open.intercept(async (request, pass) => {
      if (dead) return forever;
      const isIt = isChange(request) && (seen += 1) === nth;
      if (isIt && moment === "before") dead = true;
      const response = dead ? undefined : await pass(request);
      if (isIt) dead = true;
      if (isIt) killed();
      return dead || response === undefined ? forever : response;
    });
  });
}

async function onlyRun(host: TestHost): Promise<string> {
  const files = await readdir(join(host.state, "runs"));
  expect(files).toEqual([expect.stringMatching(/^\d{8}T\d{6}-[0-9a-f]{8}\.jsonl$/)]);
  return files[0]!.slice(0, -".jsonl".length);
}

async function goOn(host: TestHost, world: World): Promise<Driver> {
  const driver = await openDriver(undefined, { host, world });
  const id = await onlyRun(host);
  expect(await resumeRun(id, driver.ctx)).toMatchObject({ exit: EXIT.ok });
  return driver;
}

describe.each(["before", "after"] as const)("killed just %s a change", (moment) => {
  test.each(CHANGES)("number %i: resume ends it and sends nothing twice", async (nth) => {
    const driver = await openDriver();
    const killed = killAt(driver, [nth, moment]);

    void applyAttach(driver.ctx);
    await killed;
    const resumed = await goOn(driver.host, driver.open.world);

    expect(stateOf(driver.open.world)).toEqual(await cleanState());
    expect(driver.open.changes().length + resumed.open.changes().length).toBe(HOW_MANY);
  });
});

describe.each(["before", "after"] as const)("Ctrl-C twice just %s a change", (moment) => {
  test.each(CHANGES)("number %i: exit 130 names the run, and resume ends it", async (nth) => {
    const driver = await openDriver();
    atChange(driver, [nth, moment], () => {
      driver.host.interrupt();
      driver.host.interrupt();
    });

    const ended = await applyAttach(driver.ctx);
    const id = await onlyRun(driver.host);
    const resumed = await goOn(driver.host, driver.open.world);

    expect([ended.exit, ended.error?.hint]).toEqual([EXIT.interrupted, `azwise runs resume ${id}`]);
    expect(stateOf(driver.open.world)).toEqual(await cleanState());
    expect(driver.open.changes().length + resumed.open.changes().length).toBe(HOW_MANY);
  });
});

describe("Ctrl-C once at a change", () => {
  test.each(CHANGES)("number %i: no VM stays stopped, and resume ends it", async (nth) => {
    const before = await loadWorld();
    const driver = await openDriver();
    atChange(driver, [nth, "after"], () => driver.host.interrupt());

    const ended = await applyAttach(driver.ctx);
    await settle(driver.open);
    const isDone = ended.statuses.every((status) => status === "done");

    expect(ended.exit).toBe(isDone ? EXIT.ok : EXIT.interrupted);
    expect(checkInvariants(before, driver.open.world)).toEqual([]);
    if (!isDone) await goOn(driver.host, driver.open.world);
    expect(stateOf(driver.open.world)).toEqual(await cleanState());
  });
});

test("a VM that was started again without having joined is restarted once more by resume", async () => {
  const driver = await openDriver((world) =>
    world.faults.push({
      name: "quota",
      match: { method: "PATCH", path: "/shop-legacy-01" },
      times: 1,
      skip: 0,
    }),
  );

  const ended = await applyAttach(driver.ctx);
  const resumed = await goOn(driver.host, driver.open.world);

  expect(ended.exit).toBe(EXIT.partial);
  const powerActions = resumed.open.changes().filter(({ method }) => method === "POST");
  expect(powerActions.map(({ path }) => path.split("/").slice(-2).join(" "))).toEqual([
    "shop-legacy-01 deallocate",
    "shop-legacy-01 start",
    "shop-legacy-02 deallocate",
    "shop-legacy-02 start",
  ]);
  expect(stateOf(driver.open.world)).toEqual(await cleanState());
});
