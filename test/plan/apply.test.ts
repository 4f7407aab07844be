import { expect, test } from "vitest";
import * as z from "zod";
import { listRuns } from "../../src/plan/journal.ts";
import { applyPlan, exitOf } from "../../src/plan/apply.ts";
import type { StepOutcome } from "../../src/plan/execute.ts";
import type { StepFailure } from "../../src/plan/execute-step.ts";
import { outcomeNotes } from "../../src/plan/report-view.ts";
import { createGroup } from "../../src/topics/odcr/plan-steps.ts";
import { isChange, openDriver } from "../harness.ts";
import { planOf, step } from "./fake-arm.ts";
import { CRG_SHOP } from "./saved-plan.ts";

const done: StepOutcome = { step: step("a"), status: "done" };
const left: StepOutcome = { step: step("b"), status: "not tried" };
const failed = (kind: StepFailure["kind"]): StepOutcome => ({
  step: step("c"),
  status: "failed",
  failure: { code: undefined, message: "no", hint: undefined, kind },
});
const refusedRaise: StepOutcome = {
  step: { ...step("d"), kind: "raise" },
  status: "failed",
  failure: { code: "ZonalAllocationFailed", message: "no", hint: undefined, kind: "failed" },
};
const mismatch = { path: "/subscriptions/s/a", field: "value", expected: 1, actual: 0 };

test.each([
  { what: "everything done", outcomes: [done, done], exit: 0 },
  { what: "everything done although the user asked to stop", outcomes: [done], interrupted: true, exit: 0 },
  { what: "an interrupt with steps left", outcomes: [done, left], interrupted: true, exit: 130 },
  { what: "an interrupt before the first step", outcomes: [left], interrupted: true, exit: 130 },
  { what: "a failure after something was done", outcomes: [done, failed("failed"), left], exit: 6 },
  { what: "an interrupt and a failure", outcomes: [done, failed("failed")], interrupted: true, exit: 6 },
  { what: "nothing but a failure", outcomes: [failed("failed"), left], exit: 1 },
  { what: "nothing but a refused sign-in", outcomes: [failed("auth"), left], exit: 4 },
  { what: "nothing but a raise that is refused for capacity", outcomes: [refusedRaise], exit: 6 },
  { what: "nothing but a timeout", outcomes: [failed("timeout"), left], exit: 7 },
  { what: "nothing but drift", outcomes: [failed("changes"), left], exit: 3 },
  { what: "a difference at the end", outcomes: [done], mismatches: [mismatch], exit: 6 },
  { what: "a state that could not be read back", outcomes: [done], unread: "lost", exit: 6 },
  { what: "steps left without any reason", outcomes: [done, left], exit: 6 },
])("$what exits $exit", ({ outcomes, mismatches = [], unread, interrupted = false, exit }) => {
  expect(exitOf({ outcomes, mismatches, unread, interrupted })).toBe(exit);
});

const plan = planOf(createGroup(`${CRG_SHOP}-2`, "eastus2", []));

test("a plan that was applied is reported with its run", async () => {
  const { ctx } = await openDriver();

  const report = await applyPlan(plan, ctx, { mayHaveDrifted: true });

  expect(report).toEqual({
    runId: expect.stringMatching(/^20261121T080000-/),
    plan,
    outcomes: [{ step: plan.steps[0], status: "done" }],
    mismatches: [],
    unread: undefined,
    interrupted: false,
    exit: 0,
  });
});

test.each([
  { what: "two steps of one id", steps: [...plan.steps, ...plan.steps] },
  { what: "a step that builds on none", steps: plan.steps.map((each) => ({ ...each, dependsOn: ["x"] })) },
])("a plan with $what is not begun, whoever made it", async ({ steps }) => {
  const { ctx, open } = await openDriver();

  await expect(applyPlan({ ...plan, steps }, ctx, { mayHaveDrifted: false })).rejects.toThrow(z.ZodError);

  expect([open.changes(), await listRuns(ctx.folders.state)]).toEqual([[], []]);
});

test("what does not last until the end is a mismatch", async () => {
  const { ctx, open } = await openDriver();
  const read = open.azure.arm.read.bind(open.azure.arm);
  let reads = 0;
  open.azure.arm.read = async (...request) => ((reads += 1) > 3 ? undefined : read(...request));

  const { exit, mismatches } = await applyPlan(plan, ctx, { mayHaveDrifted: false });

  expect({ exit, mismatches }).toEqual({
    exit: 6,
    mismatches: [{ path: `${CRG_SHOP}-2`, field: "exists", expected: true, actual: false }],
  });
});

test("a step that was not needed is not read back", async () => {
  const { ctx } = await openDriver();
  const [create] = plan.steps;
  const unless = { ...create!.expect, path: CRG_SHOP };
  const skipping = { ...plan, steps: [{ ...create!, unless }] };

  const { exit, mismatches, outcomes } = await applyPlan(skipping, ctx, { mayHaveDrifted: false });

  expect({ exit, mismatches, note: outcomes[0]?.note }).toEqual({
    exit: 0,
    mismatches: [],
    note: "not needed",
  });
});

test("a Ctrl-C before the first step begins ends the run as interrupted, with nothing changed", async () => {
  const { ctx, host, open } = await openDriver();
  host.interrupt();

  const report = await applyPlan(plan, ctx, { mayHaveDrifted: false });

  expect([report.exit, report.interrupted, open.changes()]).toEqual([130, true, []]);
  expect(outcomeNotes(report).map(({ text }) => text)).toEqual([
    "interrupted before the first step; nothing was changed",
    `1 of 1 steps not done; go on with: azwise runs resume ${report.runId}`,
  ]);
});

test("the second Ctrl-C names the steps that are left under way, and how to go on", async () => {
  const { ctx, host, open } = await openDriver();
  const groups = ["a", "b"].map((name) => createGroup(`${CRG_SHOP}-${name}`, "eastus2", []));
  const later = { ...createGroup(`${CRG_SHOP}-c`, "eastus2", []), dependsOn: groups.map(({ id }) => id) };
  let sent = 0;
  const bothSent = new Promise<void>((resolve) => {
    open.intercept(async (request, pass) => {
      if (!isChange(request)) return pass(request);
      if ((sent += 1) === 2) {
        host.interrupt();
        host.interrupt();
        resolve();
      }
      await bothSent;
      throw ctx.signal.reason;
    });
  });

  await expect(applyPlan(planOf(...groups, later), ctx, { mayHaveDrifted: false })).rejects.toMatchObject({
    kind: "interrupted",
    message:
      "interrupted; left where they are: Create capacity reservation group crg-shop-a (regional), " +
      "Create capacity reservation group crg-shop-b (regional)",
    hint: expect.stringMatching(/^azwise runs resume 2026/),
  });
});

test("the second Ctrl-C after the last step says that nothing is under way", async () => {
  const { ctx, host, open } = await openDriver();
  open.intercept(async (request, pass) => {
    ctx.signal.throwIfAborted();
    return pass(request);
  });
  const progress = (text: string | undefined): void => {
    if (text !== "reading the state back") return;
    host.interrupt();
    host.interrupt();
  };

  await expect(applyPlan(plan, { ...ctx, progress }, { mayHaveDrifted: false })).rejects.toMatchObject({
    kind: "interrupted",
    message: "interrupted; no step was under way",
  });
});

test("a fault in azwise is not put down to the user who interrupted twice", async () => {
  const { ctx, host, open } = await openDriver();
  open.intercept(async (request, pass) => {
    if (!isChange(request)) return pass(request);
    host.interrupt();
    host.interrupt();
    throw new TypeError("bug");
  });

  await expect(applyPlan(plan, ctx, { mayHaveDrifted: false })).rejects.toThrow(new TypeError("bug"));
});
