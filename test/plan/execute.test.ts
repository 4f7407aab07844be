import { expect, test } from "vitest";
import { AzureError } from "../../src/azure/azure-error.ts";
import { AppError } from "../../src/errors.ts";
import { executePlan, type ExecuteOptions, type StepOutcome } from "../../src/plan/execute.ts";
import type { Step } from "../../src/plan/plan.ts";
import { createFakeArm, memoryJournal, planOf, step, type FakeArm } from "./fake-arm.ts";

const chain: Step[] = [
  step("stop"),
  step("join", { dependsOn: ["stop"] }),
  step("start", { dependsOn: ["join"], mustFollow: "stop" }),
];

function run(arm: FakeArm, steps: Step[], more: Partial<ExecuteOptions> = {}): Promise<StepOutcome[]> {
  return executePlan(planOf(...steps), {
    arm,
    clock: arm.clock,
    journal: memoryJournal(arm.events),
    concurrency: 8,
    signal: new AbortController().signal,
    stopRequested: () => false,
    onProgress: () => {},
    ...more,
  });
}

function noted(arm: FakeArm): string[] {
  return arm.events.filter((event) => /^(sent|done|failed) /.test(event));
}

function statuses(outcomes: StepOutcome[]): string[] {
  return outcomes.map(({ step: { id }, status }) => `${id} ${status}`);
}

test("a step that throws something unexpected ends the run only after the others have ended", async () => {
  const arm = createFakeArm();
  arm.durationMs = (id) => (id === "slow" ? 9000 : 1000);
  arm.script.set("bad", [{ acts: false, error: new TypeError("bug") }]);
  const steps = [step("bad"), step("slow"), step("next", { dependsOn: ["slow"] })];

  await expect(run(arm, steps)).rejects.toThrow(new TypeError("bug"));
  expect(noted(arm)).toEqual(["sent bad", "sent slow", "done slow"]);
});

test("a stopped VM is started again also when what comes between throws something unexpected", async () => {
  const arm = createFakeArm();
  arm.script.set("join", [{ acts: false, error: new TypeError("bug") }]);

  await expect(run(arm, chain)).rejects.toThrow(new TypeError("bug"));
  expect(noted(arm)).toEqual(["sent stop", "done stop", "sent join", "sent start", "done start"]);
});

test("a stopped VM is started again also when its state could not be read after the stop", async () => {
  const arm = createFakeArm();
  const read = arm.read.bind(arm);
  arm.read = async (request) => {
    if (arm.events.at(-1) === "end stop") throw new AzureError("failed", "the answer was lost");
    return read(request);
  };

  expect(statuses(await run(arm, chain))).toEqual(["stop failed", "join not tried", "start done"]);
});

test("a start waits for the stop that is still under way when another branch fails", async () => {
  const arm = createFakeArm();
  arm.durationMs = (id) => (id === "stop" ? 9000 : 1000);
  arm.script.set("other", [{ acts: false, error: new AzureError("failed", "no") }]);

  const outcomes = await run(arm, [...chain, step("other")]);

  expect(statuses(outcomes)).toEqual(["stop done", "join not tried", "start done", "other failed"]);
  expect(arm.events.indexOf("sent start")).toBeGreaterThan(arm.events.indexOf("done stop"));
});

test("steps that an earlier run finished are not run again and are reported as done", async () => {
  const arm = createFakeArm();

  const outcomes = await run(arm, [step("a"), step("b", { dependsOn: ["a"] })], { finished: new Set(["a"]) });

  expect(outcomes.map(({ status, note }) => [status, note])).toEqual([
    ["done", "done in an earlier run"],
    ["done", undefined],
  ]);
  expect(noted(arm)).toEqual(["sent b", "done b"]);
});

test("a start whose stop was sent by an earlier run is run even when the rest is stopped at once", async () => {
  const arm = createFakeArm();

  const outcomes = await run(arm, chain, { begun: new Map([["stop", null]]), stopRequested: () => true });

  expect(statuses(outcomes)).toEqual(["stop not tried", "join not tried", "start done"]);
});

test("a resumed run sends a step it never sent only where everything is as the step saw it", async () => {
  const arm = createFakeArm();
  const moved = (id: string): Step =>
    step(id, {
      saw: [{ path: `/subscriptions/s/${id}`, apiVersion: "1", exists: true, fields: { value: 0 } }],
    });

  const outcomes = await run(arm, [moved("sent"), moved("unsent")], { begun: new Map([["sent", null]]) });

  expect(outcomes.map(({ status, failure }) => [status, failure?.code])).toEqual([
    ["done", undefined],
    ["failed", "Drifted"],
  ]);
});

test("a step that was not sent has no line that says so, and one that is sent has it before", async () => {
  const arm = createFakeArm();
  const saw = [{ path: `/subscriptions/s/moved`, apiVersion: "1", exists: true, fields: { value: 0 } }];
  arm.resources.set("/subscriptions/s/same", { value: 1 });

  await run(arm, [step("same"), step("sent"), step("moved", { saw })], { begun: new Map(), concurrency: 1 });

  expect(arm.events).toEqual([
    "read same",
    "done same",
    "read sent",
    "sent sent",
    "begin sent",
    "end sent",
    "read sent",
    "done sent",
    "read moved",
    "read moved",
    "failed moved",
  ]);
});

test("after an abort nothing is begun, not even a start", async () => {
  const arm = createFakeArm();
  const controller = new AbortController();
  arm.script.set("join", [{ acts: false, error: new DOMException("gone", "AbortError") }]);
  const change = arm.change.bind(arm);
  arm.change = async (request) => {
    if (request.path.endsWith("join")) controller.abort();
    await change(request);
  };

  await expect(run(arm, chain, { signal: controller.signal })).rejects.toThrow("gone");
  expect(noted(arm)).toEqual(["sent stop", "done stop", "sent join"]);
});

test("a bug met during an abort is what is thrown", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: false, error: new DOMException("gone", "AbortError") }]);
  arm.script.set("b", [{ acts: false, error: new TypeError("bug") }]);

  await expect(run(arm, [step("a"), step("b")])).rejects.toThrow(new TypeError("bug"));
});

test("a step whose line cannot be written is not sent", async () => {
  const arm = createFakeArm();
  const journal = {
    ...memoryJournal(),
    append: () => Promise.reject(new AppError("failed", "cannot write the journal")),
  };

  await expect(run(arm, [step("a")], { journal })).rejects.toThrow("cannot write the journal");
  expect(arm.events).toEqual(["read a"]);
});

test("a stopped VM is started again even when the journal can no longer be written", async () => {
  const arm = createFakeArm();
  const inner = memoryJournal(arm.events);
  const journal: typeof inner = {
    ...inner,
    async append(entry) {
      if (arm.events.includes("end stop")) throw new AppError("failed", "cannot write the journal");
      await inner.append(entry);
    },
  };

  await expect(run(arm, chain, { journal })).rejects.toThrow("cannot write the journal");
  expect(arm.events).toContain("end start");
  expect(arm.events).not.toContain("begin join");
});
