import fc from "fast-check";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { createTestHost, openDriver, type Driver } from "../../harness.ts";
import { stepsOf, type Ended } from "../odcr/attach-world.ts";
import { applyRoute, onlyIn, regionsIn, watchPool } from "./route-world.ts";

const WEST = { way: "out", region: "westeurope" } as const;
const HOME = { way: "out", region: "eastus2" } as const;

interface Gate {
  reached: Promise<void>;
  open(): void;
}

/** Holds a run's first change back until the gate is opened: before it is sent, or before its answer arrives. */
function holdChange({ open }: Driver, moment: "before" | "after"): Gate {
  const [[reached, reach], [opened, release]] = [later(), later()];
  let isHeld = false;
  open.intercept(async (request, pass) => {
    if (isHeld || request.method === "GET") return pass(request);
    isHeld = true;
    const answer = moment === "after" ? await pass(request) : undefined;
    reach();
    await opened;
    return answer ?? pass(request);
  });
  return { reached, open: release };
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
  const held = holdChange(west, "before");

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
  const before = holdChange(home, "before");
  const after = holdChange(west, "after");

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

test("however the requests of two runs fall together, a replica is in routing in the end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const two = await openTwo();
      for (const { open } of two) {
        open.intercept(async (request, pass) => {
          await scheduler.schedule(Promise.resolve(), `${request.method} ${request.url}`);
          return pass(request);
        });
      }

      const runs = Promise.all([applyRoute(two[0], WEST), applyRoute(two[1], HOME)]);
      await scheduler.waitFor(runs);

      expect(regionsIn(two[0].open.world).length).toBeGreaterThan(0);
    }),
    { numRuns: 40 },
  );
});

test("a Ctrl-C while a replica goes out does not keep the look after it from being made", async () => {
  const driver = await openDriver(onlyIn("eastus2", "westeurope"));
  const held = holdChange(driver, "after");

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
