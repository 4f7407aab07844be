import { describe, expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { checkInvariants } from "../../../src/sandbox/invariants.ts";
import type { FaultName } from "../../../src/sandbox/world.ts";
import { loadWorld, openDriver } from "../../harness.ts";
import { applyAttach, settle, stateOf, untruths, type Ended } from "./attach-world.ts";

const METHODS = ["PUT", "PATCH", "POST"] as const;
const CLEAN_CHANGES = { PUT: 6, PATCH: 8, POST: 4 };

/** Every single change of a clean run, as a fault finds it: the nth request of a method. */
const PLACES = METHODS.flatMap((method) =>
  Array.from({ length: CLEAN_CHANGES[method] }, (_, skip) => ({ method, skip })),
);

const DOCUMENTED: number[] = [EXIT.ok, EXIT.failed, EXIT.auth, EXIT.partial, EXIT.timeout];

/** These pass by themselves, or the run finds its own way round them. */
const HARMLESS: readonly FaultName[] = [
  "throttle",
  "throttle-no-retry-after",
  "lost-before",
  "lost-after",
  "server-error",
  "not-json",
  "claims-challenge",
];
const FATAL: readonly FaultName[] = [
  "foreign-poll",
  "allocation-failed",
  "zonal-allocation-failed",
  "overconstrained",
  "silent-no-op",
  "quota",
  "sku-not-available",
];

test("a clean run makes the changes that the faults below are put into", async () => {
  const { open, ctx } = await openDriver();

  const ended = await applyAttach(ctx);

  const counts = METHODS.map((method) => [
    method,
    open.changes().filter((each) => each.method === method).length,
  ]);
  expect(Object.fromEntries(counts)).toEqual(CLEAN_CHANGES);
  expect(ended.exit).toBe(EXIT.ok);
  expect(untruths(ended, open.world)).toEqual([]);
});

describe.each([...HARMLESS, ...FATAL])("%s at any one change", (name) => {
  test.each(PLACES)("$method number $skip: nothing gets worse, and the same command ends it", async (place) => {
    const before = await loadWorld();
    const { open, ctx, host } = await openDriver((world) => {
      const match = { method: place.method, path: "/subscriptions/" };
      world.faults.push({ name, match, times: 1, skip: place.skip });
    });

    const ended = await applyAttach(ctx);
    await settle(open);

    expect(open.world.faults).toEqual([]);
    expect(checkInvariants(before, open.world)).toEqual([]);
    expect(untruths(ended, open.world)).toEqual([]);
    expect(DOCUMENTED).toContain(ended.exit);
    expect(ended.exit === EXIT.ok).toBe(allDone(ended));
    if (HARMLESS.includes(name)) expect(ended.exit).toBe(EXIT.ok);

    const again = await openDriver(undefined, { host, world: open.world });
    await applyAttach(again.ctx);
    expect(stateOf(open.world)).toEqual(await cleanState());
  });
});

function allDone({ report }: Ended): boolean {
  const steps = report?.["steps"] as { status: string }[] | undefined;
  return steps?.every(({ status }) => status === "done") === true;
}

let clean: Promise<object> | undefined;

/** The state that a run without any fault ends in. */
function cleanState(): Promise<object> {
  clean ??= openDriver().then(async ({ open, ctx }) => {
    await applyAttach(ctx);
    return stateOf(open.world);
  });
  return clean;
}
