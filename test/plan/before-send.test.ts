import { expect, test } from "vitest";
import { createFakeArm, step } from "./fake-arm.ts";
import { busy, changes, PATH, runStep, seeing } from "./run-step.ts";

const seenAbsent = step("a", { saw: [{ path: PATH, apiVersion: "1", exists: false, fields: {} }] });

test("a creation never overwrites what appeared meanwhile, not even of a fresh plan", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 5 });

  expect(await runStep(arm, seenAbsent)).toEqual({
    status: "failed",
    failure: {
      code: "Drifted",
      message: "the plan no longer fits: /subscriptions/s/a exists was false, is true",
      hint: "make a new plan for what is left",
      kind: "changes",
    },
    note: "nothing was sent",
  });
  expect(arm.resources.get(PATH)).toEqual({ value: 5 });
});

test("a creation does not overwrite what appeared while it had to wait", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: false, leaves: { value: 5 }, error: busy() }]);

  expect(await runStep(arm, seenAbsent)).toMatchObject({
    status: "failed",
    failure: { code: "Drifted" },
    note: "it was not sent again",
  });
  expect(arm.resources.get(PATH)).toEqual({ value: 5 });
});

test("a creation that finds what it was to make is done", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 1 });

  expect(await runStep(arm, seenAbsent)).toEqual({ status: "done", note: "was already so" });
});

test("a creation of what is still absent is sent", async () => {
  const arm = createFakeArm();

  expect(await runStep(arm, seenAbsent)).toEqual({ status: "done" });
  expect(changes(arm)).toBe(1);
});

test("a step that is not needed is done before anything else is looked at", async () => {
  const arm = createFakeArm();
  arm.resources.set("/subscriptions/s/vm", { group: "crg" });
  const unless = seeing({ group: "CRG" }, "/subscriptions/s/vm");

  expect(await runStep(arm, step("a", { unless }))).toEqual({ status: "done", note: "not needed" });
  expect(arm.events).toEqual(["read vm"]);
});

test("a step becomes unneeded while it waits", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { group: "none" });
  arm.script.set("a", [{ acts: false, leaves: { group: "crg" }, error: busy() }]);

  expect(await runStep(arm, step("a", { unless: seeing({ group: "crg" }) }))).toEqual({
    status: "done",
    note: "not needed",
  });
  expect(changes(arm)).toBe(1);
});

const NEEDS = seeing({ "free >= `1`": true }, "/subscriptions/s/pool");

test("a step whose needs are not met fails unsent and says what is missing", async () => {
  const arm = createFakeArm();
  arm.resources.set("/subscriptions/s/pool", { free: 0 });

  expect(await runStep(arm, step("a", { needs: NEEDS }))).toEqual({
    status: "failed",
    failure: {
      code: "NotReady",
      message: "/subscriptions/s/pool: free >= `1` is false instead of true",
      hint: "make a new plan for what is left",
      kind: "changes",
    },
    note: "nothing was sent",
  });
  expect(changes(arm)).toBe(0);
});

test("a step whose needs are met is sent, after they were looked at last", async () => {
  const arm = createFakeArm();
  arm.resources.set("/subscriptions/s/pool", { free: 1 });

  expect(await runStep(arm, step("a", { needs: NEEDS }))).toEqual({ status: "done" });
  expect(arm.events.slice(0, 3)).toEqual(["read a", "read pool", "begin a"]);
});

test("needs are looked at again after a pause", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { free: 1 });
  arm.script.set("a", [{ acts: false, leaves: { free: 0 }, error: busy() }]);

  expect(await runStep(arm, step("a", { needs: seeing({ free: 1 }) }))).toMatchObject({
    status: "failed",
    failure: { code: "NotReady" },
  });
  expect(changes(arm)).toBe(1);
});

test("what already is as asked needs nothing", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 1 });

  expect(await runStep(arm, step("a", { needs: NEEDS }))).toEqual({ status: "done", note: "was already so" });
});
