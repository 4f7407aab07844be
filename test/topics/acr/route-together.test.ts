import type { PipelineRequest } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { createTestHost, openDriver, type Driver } from "../../harness.ts";
import { stepsOf, type Ended } from "../odcr/attach-world.ts";
import { applyRoute, onlyIn, regionsIn, watchPool } from "./route-world.ts";

const WEST = { way: "out", region: "westeurope" } as const;
const HOME = { way: "out", region: "eastus2" } as const;

type Sent = Pick<PipelineRequest, "method">;

interface Gate {
  reached: Promise<void>;
  open(): void;
}

/** Holds one request of a run back until the gate is opened: before it is sent, or before its answer arrives. */
function hold({ open }: Driver, moment: "before" | "after", isIt: (request: Sent) => boolean): Gate {
  const [[reached, reach], [opened, release]] = [later(), later()];
  let isHeld = false;
  open.intercept(async (request, pass) => {
    if (isHeld || !isIt(request)) return pass(request);
    isHeld = true;
    const answer = moment === "after" ? await pass(request) : undefined;
    reach();
    await opened;
    return answer ?? pass(request);
  });
  return { reached, open: release };
}

function isChange({ method }: Sent): boolean {
  return method !== "GET";
}

function nth(wanted: number): (request: Sent) => boolean {
  let seen = 0;
  return () => (seen += 1) === wanted;
}

function later(): [Promise<void>, () => void] {
  let resolve = (): void => {};
  return [new Promise<void>((done) => (resolve = done)), () => resolve()];
}

/** Two processes on one registry of which two replicas are in routing. */
async function openTwo(): Promise<[Driver, Driver]> {
  const first = await openDriver(onlyIn("eastus2", "westeurope"));
  return [first, await openDriver(undefined, { host: createTestHost(), world: first.open.world })];
}

function stepsSaid({ report }: Ended): unknown[] {
  return stepsOf(report).map(({ id, status, ...rest }) => {
    const { note, error } = rest as { note?: string | null; error?: { code: string } | null };
    return [id, status, error?.code ?? note ?? null];
  });
}

test("a run that begins and ends between another's look and its change: the later change is put back", async () => {
  const [west, home] = await openTwo();
  const empty = watchPool(west.open.world);
  const held = hold(west, "before", isChange);

  const slow = applyRoute(west, WEST);
  await held.reached;
  const quick = await applyRoute(home, HOME);
  held.open();
  const ended = await slow;

  expect([quick.exit, stepsSaid(quick)]).toEqual([
    EXIT.ok,
    [
      ["route out eastus2", "done", null],
      ["put back eastus2", "done", "not needed"],
    ],
  ]);
  expect([ended.exit, stepsSaid(ended)]).toEqual([
    EXIT.partial,
    [
      ["route out westeurope", "done", null],
      ["put back westeurope", "done", null],
    ],
  ]);
  expect(regionsIn(west.open.world)).toEqual(["westeurope"]);
  // This is what cannot be closed: for these requests none was in routing.
  expect(empty()).not.toEqual([]);
});

test("a change that meets another one is refused, waits, looks again, and is not sent", async () => {
  const [west, home] = await openTwo();
  const empty = watchPool(west.open.world);
  const before = hold(home, "before", isChange);
  const after = hold(west, "after", isChange);

  const second = applyRoute(home, HOME);
  await before.reached;
  const first = applyRoute(west, WEST);
  await after.reached;
  before.open();
  const refused = await second;
  after.open();
  const ended = await first;

  expect([ended.exit, regionsIn(west.open.world), empty()]).toEqual([EXIT.ok, ["eastus2"], []]);
  expect([refused.exit, stepsSaid(refused)]).toEqual([
    EXIT.partial,
    [
      ["route out eastus2", "failed", "NotReady"],
      ["put back eastus2", "done", "was already so"],
    ],
  ]);
  expect(home.open.changes().length).toBe(1);
});

/** The one run goes up to a request, the other up to one of its own, then the first ends, then the other. */
async function cross(ofWest: number, ofHome: number): Promise<string[]> {
  const [west, home] = await openTwo();
  const gates = [hold(west, "before", nth(ofWest)), hold(home, "before", nth(ofHome))] as const;
  const first = applyRoute(west, WEST);
  await Promise.race([gates[0].reached, first]);
  const second = applyRoute(home, HOME);
  await Promise.race([gates[1].reached, second]);
  gates[0].open();
  await first;
  gates[1].open();
  await second;
  return regionsIn(west.open.world);
}

test("wherever two runs cross, a replica is in routing in the end", async () => {
  const requests = 16;
  const none: string[] = [];
  for (let ofWest = 1; ofWest <= requests; ofWest += 1) {
    for (let ofHome = 1; ofHome <= requests; ofHome += 1) {
      if ((await cross(ofWest, ofHome)).length === 0) none.push(`${ofWest} and ${ofHome}`);
    }
  }

  expect(none).toEqual([]);
}, 60_000);

test("a Ctrl-C while a replica goes out does not keep the look after it from being made", async () => {
  const driver = await openDriver(onlyIn("eastus2", "westeurope"));
  const held = hold(driver, "after", isChange);

  const run = applyRoute(driver, WEST);
  await held.reached;
  driver.host.interrupt();
  held.open();
  const ended = await run;

  expect(stepsSaid(ended)).toEqual([
    ["route out westeurope", "done", null],
    ["put back westeurope", "done", "not needed"],
  ]);
});

test("a replica that left after the plan was shown is noticed before anything is sent", async () => {
  const [west, home] = await openTwo();
  const asked = {
    ...west.ctx,
    confirmOrStop: async () => {
      await applyRoute(home, HOME);
      return false;
    },
  };

  const ended = await applyRoute({ host: west.host, ctx: asked }, WEST);

  expect(stepsSaid(ended)[0]).toEqual(["route out westeurope", "failed", "NotReady"]);
  expect([west.open.changes(), regionsIn(west.open.world)]).toEqual([[], ["westeurope"]]);
});
