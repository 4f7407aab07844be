import { expect, test } from "vitest";
import { AzureError } from "../../src/azure/azure-error.ts";
import { createFakeArm, step, type FakeArm } from "./fake-arm.ts";
import { busy, changes, elapsed, lost, PATH, refused, runStep } from "./run-step.ts";

test("a step that takes effect is done, after one read before and one after", async () => {
  const arm = createFakeArm();

  expect(await runStep(arm)).toEqual({ status: "done" });
  expect(arm.events).toEqual(["read a", "begin a", "end a", "read a"]);
});

test("what already is as asked is not sent", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 1 });

  expect(await runStep(arm)).toEqual({ status: "done", note: "was already so" });
  expect(arm.events).toEqual(["read a"]);
});

test("a lost answer is looked up, and the change is not sent twice", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: true, error: lost() }]);

  expect(await runStep(arm)).toEqual({
    status: "done",
    note: "the answer was lost; the state shows it took effect",
  });
  expect(changes(arm)).toBe(1);
});

test("a lost request is sent again, later and later", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [
    { acts: false, error: lost() },
    { acts: false, error: lost() },
  ]);

  expect(await runStep(arm)).toEqual({ status: "done" });
  expect(changes(arm)).toBe(3);
  expect(elapsed(arm)).toBe(3 * 1 + 2 + 4);
});

test("a request that is lost five times is given up", async () => {
  const arm = createFakeArm();
  arm.script.set(
    "a",
    Array.from({ length: 9 }, () => ({ acts: false, error: lost() })),
  );

  expect(await runStep(arm)).toEqual({
    status: "failed",
    failure: {
      code: undefined,
      message: "the answer was lost",
      hint: undefined,
      kind: "failed",
      trouble: "unsure",
    },
  });
  expect(changes(arm)).toBe(5);
});

test("a change that is accepted and does nothing is not applied, after four looks in 14 seconds", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 0 });
  arm.script.set("a", [{ acts: false }]);

  expect(await runStep(arm)).toEqual({
    status: "failed",
    failure: {
      code: "NotApplied",
      message: "the service accepted it, but value is 0 instead of 1",
      hint: "run the command again; if it stays so, ask Azure support",
      kind: "failed",
    },
  });
  expect(arm.events.filter((event) => event === "read a")).toHaveLength(1 + 4);
  expect(elapsed(arm)).toBe(1 + 14);
});

test("a refusal is final", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: false, error: refused() }]);

  expect(await runStep(arm)).toEqual({
    status: "failed",
    failure: { code: "AllocationFailed", message: "no room", hint: "wait", kind: "failed" },
  });
  expect(changes(arm)).toBe(1);
});

test("a busy resource is asked again every ten seconds, five times at most", async () => {
  const arm = createFakeArm();
  arm.script.set(
    "a",
    Array.from({ length: 9 }, () => ({ acts: false, error: busy() })),
  );

  expect(await runStep(arm)).toMatchObject({ status: "failed", failure: { code: "Conflict" } });
  expect(changes(arm)).toBe(5);
  expect(elapsed(arm)).toBe(5 * 1 + 4 * 10);
});

test("a busy resource that becomes free is changed", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: false, error: busy() }]);

  expect(await runStep(arm)).toEqual({ status: "done" });
});

test("an answer that leads to a foreign host is final", async () => {
  const arm = createFakeArm();
  const error = new AzureError("failed", "refused to send a token to attacker.example", {
    code: "ForeignHost",
  });
  arm.script.set("a", [{ acts: false, error }]);

  expect(await runStep(arm, step("a", { mustFollow: "b" }))).toMatchObject({
    status: "failed",
    failure: { code: "ForeignHost" },
  });
  expect(changes(arm)).toBe(1);
});

test("a timeout is not sent again, and the state is read once more only", async () => {
  const arm = createFakeArm();
  const error = new AzureError("timeout", "not ended after 60 s", { uncertain: true });
  const leaves = { properties: { provisioningState: "Updating" } };
  arm.script.set("a", [{ acts: true, error, leaves }]);

  expect(await runStep(arm)).toEqual({
    status: "failed",
    failure: {
      code: undefined,
      message: "not ended after 60 s",
      hint: undefined,
      kind: "timeout",
      trouble: "unsure",
    },
  });
  expect(arm.events).toEqual(["read a", "begin a", "end a", "read a"]);
});

test("a timeout whose change shows up in the one read is done", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: true, error: new AzureError("timeout", "late", { uncertain: true }) }]);

  expect(await runStep(arm)).toMatchObject({ status: "done" });
});

test("a resource that never stops being changed is not as asked", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: true, leaves: { properties: { provisioningState: "Updating" } } }]);

  expect(await runStep(arm)).toMatchObject({
    status: "failed",
    failure: {
      code: "NotApplied",
      message:
        'the service accepted it, but properties.provisioningState is "Updating" instead of "Succeeded"',
    },
  });
});

test("a step that must follow another is sent again whatever the refusal", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [
    { acts: false, error: refused() },
    { acts: false },
    { acts: false, error: refused() },
  ]);

  expect(await runStep(arm, step("a", { mustFollow: "b" }))).toEqual({ status: "done" });
  expect(changes(arm)).toBe(4);
});

function unreadable(
  arm: FakeArm,
  from: number,
  error = new AzureError("failed", "the answer of arm was lost"),
): void {
  const read = arm.read.bind(arm);
  let reads = 0;
  arm.read = async (request, options) => {
    reads += 1;
    if (reads >= from) throw error;
    return read(request, options);
  };
}

test("a step whose state cannot be read is not sent", async () => {
  const arm = createFakeArm();
  unreadable(arm, 1);

  expect(await runStep(arm)).toMatchObject({
    status: "failed",
    failure: { message: "the answer of arm was lost" },
    note: "nothing was sent: the state could not be read",
  });
  expect(changes(arm)).toBe(0);
});

test("a step whose effect cannot be read has failed and says that it may have taken effect", async () => {
  const arm = createFakeArm();
  unreadable(arm, 2);

  expect(await runStep(arm)).toMatchObject({
    status: "failed",
    note: "the state could not be read, so it may have taken effect",
  });
});

test("whoever may not read any more cannot tell whether what was sent took effect", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: true, error: lost() }]);
  unreadable(arm, 2, new AzureError("auth", "no", { status: 403 }));

  expect(await runStep(arm)).toMatchObject({ status: "failed", failure: { trouble: "unsure" } });
});

test("when time has passed a step is not sent unless everything is as it saw it", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 7 });
  const saw = [{ path: PATH, apiVersion: "1", exists: true, fields: { value: 0 } }];

  expect(await runStep(arm, step("a", { saw }), { mayHaveMoved: true })).toEqual({
    status: "failed",
    failure: {
      code: "Drifted",
      message: "the plan no longer fits: /subscriptions/s/a value was 0, is 7",
      hint: "make a new plan for what is left",
      kind: "changes",
    },
    note: "nothing was sent",
  });
  expect(changes(arm)).toBe(0);
});

test("anything thrown that is not Azure's own refusal is passed on", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: false, error: new TypeError("bug") }]);

  await expect(runStep(arm)).rejects.toThrow(new TypeError("bug"));
});

test.each([
  ["PATCH", "gone for good", false, { status: "done", note: "not needed: its resource is gone" }, 0],
  ["PATCH", "back at the second look", true, { status: "done" }, 1],
  ["PUT", "to be made", false, { status: "done" }, 1],
] as const)(
  "what has to follow another by %s, of a resource that is %s",
  async (method, _, comesBack, result, sent) => {
    const arm = createFakeArm();
    const follower = step("a", { mustFollow: "out", request: { ...step("a").request, method } });
    if (comesBack) void arm.clock.sleep(5000).then(() => arm.resources.set(PATH, { value: 0 }));

    expect(await runStep(arm, follower)).toEqual(result);
    expect(changes(arm)).toBe(sent);
  },
);
