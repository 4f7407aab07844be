import { expect, test } from "vitest";
import { EXIT, type ExitCode } from "../../../src/errors.ts";
import type { FaultName } from "../../../src/sandbox/world.ts";
import { openDriver, type Driver } from "../../harness.ts";
import {
  ALLOWED,
  applyAttach,
  CLEAN_CHANGES,
  cleanState,
  settle,
  stateOf,
  stepsOf,
  untruths,
  watch,
  type Ended,
} from "./attach-world.ts";

interface Place {
  method: string;
  /** Changes of that method that pass first. */
  skip: number;
}

const ALL_CHANGES = places(CLEAN_CHANGES);
/** Creations and raises of reservations, and starts of VMs: what can fail for want of hardware. */
const HARDWARE_CHANGES = places({ PUT: 4, PATCH: 4, POST: 2 });

function places(counts: Record<string, number>): Place[] {
  return Object.entries(counts).flatMap(([method, count]) =>
    Array.from({ length: count }, (_, skip) => ({ method, skip })),
  );
}

async function openWith(name: FaultName, { method, skip }: Place): Promise<Driver> {
  return openDriver((world) => world.faults.push({ name, match: { method }, times: 1, skip }));
}

/** Failed when nothing at all was done, else partial; and never 0 when a step is not done. */
function exitThatFits({ statuses }: Ended): ExitCode {
  if (statuses.every((status) => status === "done")) return EXIT.ok;
  return statuses.includes("done") ? EXIT.partial : EXIT.failed;
}

test("a clean run makes the changes that the faults below are put into", async () => {
  const { open, ctx } = await openDriver();

  const ended = await applyAttach(ctx);

  const methods = open.changes().map(({ method }) => method);
  const count = (method: string): number => methods.filter((each) => each === method).length;
  expect({ PUT: count("PUT"), PATCH: count("PATCH"), POST: count("POST") }).toEqual(CLEAN_CHANGES);
  expect(ended.exit).toBe(EXIT.ok);
  expect(untruths(ended, open.world)).toEqual([]);
});

test.each([
  "throttle",
  "throttle-no-retry-after",
  "lost-before",
  "lost-after",
  "server-error",
  "not-json",
  "claims-challenge",
] as const)("%s at any one change is overcome", async (name) => {
  const results = ALL_CHANGES.map(async (place) => {
    const { open, ctx } = await openWith(name, place);
    const { exit, statuses } = await applyAttach(ctx);
    const isDone = statuses.every((status) => status === "done");
    return { place, exit, isDone, faultsLeft: open.world.faults, state: stateOf(open.world) };
  });

  const state = await cleanState();
  const wanted = { exit: EXIT.ok, isDone: true, faultsLeft: [], state };
  expect(await Promise.all(results)).toEqual(ALL_CHANGES.map((place) => ({ place, ...wanted })));
});

test.each([
  ["foreign-poll", ALL_CHANGES],
  ["silent-no-op", ALL_CHANGES],
  ["allocation-failed", HARDWARE_CHANGES],
  ["zonal-allocation-failed", HARDWARE_CHANGES],
  ["overconstrained", HARDWARE_CHANGES],
  ["quota", HARDWARE_CHANGES],
  ["sku-not-available", HARDWARE_CHANGES],
] as const)(
  "%s at any one change makes nothing worse, and the same command then ends it",
  async (name, at) => {
    const results = at.map(async (place) => {
      const { open, ctx, host } = await openWith(name, place);
      const { world } = open;
      const violations = watch(open, ALLOWED);
      const ended = await applyAttach(ctx);
      await settle(open);
      const first = {
        worse: violations(ended),
        untruths: untruths(ended, world),
        exitFits: exitThatFits(ended) === ended.exit,
        faultsLeft: world.faults,
      };
      const again = await openDriver(undefined, { host, world });
      const { exit } = await applyAttach(again.ctx);
      return { place, ...first, exit, state: stateOf(world) };
    });

    const first = { worse: [], untruths: [], exitFits: true, faultsLeft: [] };
    const wanted = { ...first, exit: EXIT.ok, state: await cleanState() };
    expect(await Promise.all(results)).toEqual(at.map((place) => ({ place, ...wanted })));
  },
);

test("a VM is started again although its start is refused at first, whatever the refusal", async () => {
  for (const name of ["allocation-failed", "quota", "sku-not-available", "silent-no-op"] as const) {
    const { open, ctx } = await openDriver((world) =>
      world.faults.push({ name, match: { method: "POST", path: "shop-legacy-01/start" }, times: 3, skip: 0 }),
    );

    const ended = await applyAttach(ctx);

    expect(ended.exit).toBe(EXIT.ok);
    expect(stateOf(open.world)).toEqual(await cleanState());
  }
});

test("a raise that leaves its reservation Failed is taken back, and the same command then ends it", async () => {
  const { open, ctx, host } = await openDriver((world) => {
    world.settings.failedRaiseLeavesFailed = true;
    const match = { method: "PATCH", path: "Zone1_D4s_v5" };
    world.faults.push({ name: "allocation-failed", match, times: 1, skip: 0 });
  });
  const violations = watch(open, ALLOWED);

  const ended = await applyAttach(ctx);

  const raise = stepsOf(ended.report).find(({ id }) => /^raise .*\/zone1_d4s_v5 /.test(id));
  expect(raise).toMatchObject({
    status: "failed",
    error: { code: "AllocationFailed" },
    note: "Zone1_D4s_v5 was left Failed and got its old quantity back: 0",
  });
  expect(ended.exit).toBe(EXIT.partial);
  expect(violations(ended)).toEqual([]);
  await applyAttach((await openDriver(undefined, { host, world: open.world })).ctx);
  expect(stateOf(open.world)).toEqual(await cleanState());
});

test("a time limit shorter than a restart leaves no VM stopped, and the same command then ends it", async () => {
  const { open, ctx, host } = await openDriver(undefined, { timeout: "30s" });
  const violations = watch(open, ALLOWED);

  const ended = await applyAttach(ctx);
  await settle(open);

  const failed = stepsOf(ended.report).filter(({ status }) => status === "failed");
  expect(failed.map(({ id }) => id)).toEqual([
    "deallocate shop-legacy-01 rg-shop-prod",
    "start shop-legacy-01 rg-shop-prod",
  ]);
  expect(ended.exit).toBe(EXIT.partial);
  expect(violations(ended)).toEqual([]);
  await applyAttach((await openDriver(undefined, { host, world: open.world })).ctx);
  expect(stateOf(open.world)).toEqual(await cleanState());
});

test("when the state cannot be read back, what was done is still reported", async () => {
  const { open, ctx } = await openDriver();
  open.intercept((request, pass) => {
    const isOver = open.changes().some(({ path }) => path.endsWith("shop-legacy-02/start"));
    const isReadBack = request.url.includes("Zone1_D4s_v5") && !request.url.includes("expand");
    if (isOver && isReadBack) throw new Error("socket hang up");
    return pass(request);
  });

  const { report } = await applyAttach(ctx);

  expect(report).toMatchObject({ exit: EXIT.partial, unread: expect.stringContaining("was lost") });
});
