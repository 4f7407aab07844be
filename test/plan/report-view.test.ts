import { expect, test } from "vitest";
import type { Report } from "../../src/plan/apply.ts";
import type { StepOutcome } from "../../src/plan/execute.ts";
import { outcomeNotes } from "../../src/plan/report-view.ts";
import { planOf, step } from "./fake-arm.ts";

const VM = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-1";
const WARNING = `vm-1 is stopped now: start it with az vm start --ids ${VM}`;
const stop = step("stop", { kind: "stop", resource: VM });
const start = step("start", { kind: "start", resource: VM, mustFollow: "stop" });
const failure = { code: undefined, message: "no", hint: undefined, kind: "failed" } as const;

function firstNote(...outcomes: StepOutcome[]): string | undefined {
  const plan = planOf(...outcomes.map((each) => each.step));
  const rest = { mismatches: [], unread: undefined, interrupted: false };
  const report: Report = { runId: "20261121T080000-00000000", plan, outcomes, ...rest, exit: 6 };
  return outcomeNotes(report)[0]?.text;
}

const started: Omit<StepOutcome, "step">[] = [{ status: "failed", failure }, { status: "not tried" }];

test.each(started)("a VM that was stopped and whose start is $status is named first", (outcome) => {
  expect(firstNote({ step: stop, status: "done" }, { step: start, ...outcome })).toBe(WARNING);
});

test.each(started)("so is one whose stop failed after it was sent, its start $status", (outcome) => {
  expect(firstNote({ step: stop, status: "failed", failure }, { step: start, ...outcome })).toBe(WARNING);
});

test("so is one that an earlier run began to stop", () => {
  const resumed = { step: start, status: "failed", failure } as const;

  expect(firstNote({ step: stop, status: "not tried" }, resumed)).toBe(WARNING);
});

test.each<{ what: string; outcomes: StepOutcome[] }>([
  { what: "was not stopped yet", outcomes: [{ step: stop, status: "not tried" }] },
  { what: "need not be stopped", outcomes: [{ step: stop, status: "done", note: "not needed" }] },
  {
    what: "was not sent its stop",
    outcomes: [{ step: stop, status: "failed", failure, note: "nothing was sent" }],
  },
])("a VM that $what is not said to be stopped", ({ outcomes }) => {
  expect(firstNote(...outcomes, { step: start, status: "not tried" })).not.toBe(WARNING);
});

test("a VM that was started again is not said to be stopped", () => {
  const text = firstNote({ step: stop, status: "done" }, { step: start, status: "done" });

  expect(text).toBe("every step was read back and is as asked");
});
