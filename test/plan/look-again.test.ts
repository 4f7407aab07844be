import { expect, test } from "vitest";
import { AzureError } from "../../src/azure/azure-error.ts";
import { createFakeArm, step } from "./fake-arm.ts";
import { busy, changes, elapsed, lost, PATH, refused, runStep, seeing, throttled } from "./run-step.ts";

const raise = step("a", {
  request: { method: "PATCH", path: PATH, apiVersion: "1", body: { value: 1 } },
  expect: seeing({ "value >= `1`": true }),
});

test.each([
  ["busy", busy, "was already so"],
  ["throttled", throttled, "was already so"],
  ["lost", lost, "the answer was lost; the state shows it took effect"],
])("a quantity raised further while a %s change waits is not lowered", async (_, error, note) => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 0 });
  arm.script.set("a", [{ acts: false, error: error() }]);
  const { clock } = arm;
  const sleep = clock.sleep.bind(clock);
  clock.sleep = async (ms, signal) => {
    await sleep(ms, signal);
    if (ms > 1000) arm.resources.set(PATH, { value: 7 });
  };

  expect(await runStep(arm, raise)).toEqual({ status: "done", note });
  expect(changes(arm)).toBe(1);
  expect(arm.resources.get(PATH)).toEqual({ value: 7 });
});

test("a throttled change waits as long as asked, says so, and looks before it is sent again", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: false, error: throttled() }]);
  const told: (string | undefined)[] = [];

  expect(await runStep(arm, step("a"), { onProgress: (text) => told.push(text) })).toEqual({
    status: "done",
  });
  expect(told).toEqual(["Set a: throttled, waiting 20 s", "Set a"]);
  expect(arm.events).toEqual(["read a", "begin a", "end a", "read a", "begin a", "end a", "read a"]);
  expect(elapsed(arm)).toBe(2 * 1 + 20);
});

test("a change is given up after eight throttled tries", async () => {
  const arm = createFakeArm();
  arm.script.set(
    "a",
    Array.from({ length: 9 }, () => ({ acts: false, error: throttled() })),
  );

  expect(await runStep(arm)).toMatchObject({ status: "failed", failure: { code: "TooManyRequests" } });
  expect(changes(arm)).toBe(8);
});

test("throttled tries do not count against the five others", async () => {
  const arm = createFakeArm();
  const errors = [...Array.from({ length: 7 }, () => throttled()), busy(), busy(), busy(), busy()];
  arm.script.set(
    "a",
    errors.map((error) => ({ acts: false, error })),
  );

  expect(await runStep(arm)).toEqual({ status: "done" });
  expect(changes(arm)).toBe(12);
});

test("a pause that nobody asked for doubles, up to a minute", async () => {
  const arm = createFakeArm();
  arm.script.set(
    "a",
    Array.from({ length: 7 }, () => ({ acts: false, error: throttled({ ms: 2000, guessed: true }) })),
  );

  expect(await runStep(arm)).toEqual({ status: "done" });
  expect(elapsed(arm)).toBe(8 * 1 + 2 + 4 + 8 + 16 + 32 + 60 + 60);
});

test("a request that nobody can have received is sent five times", async () => {
  const arm = createFakeArm();
  const pause = { ms: 2000, reason: "no answer", guessed: true, mostMs: 1_800_000 } as const;
  const error = new AzureError("failed", "cannot reach arm", { code: "ECONNREFUSED", pause });
  arm.script.set(
    "a",
    Array.from({ length: 9 }, () => ({ acts: false, error })),
  );

  expect(await runStep(arm)).toMatchObject({ failure: { code: "ECONNREFUSED" } });
  expect(changes(arm)).toBe(5);
  expect(elapsed(arm)).toBe(5 * 1 + 2 + 4 + 8 + 16);
});

test("the pauses of one change together may not exceed the time limit", async () => {
  const arm = createFakeArm();
  const error = throttled({ ms: 25_000, mostMs: 60_000 });
  arm.script.set(
    "a",
    Array.from({ length: 9 }, () => ({ acts: false, error })),
  );

  expect(await runStep(arm, step("a", { mustFollow: "b" }))).toEqual({
    status: "failed",
    failure: {
      code: "TooManyRequests",
      message: "the service throttles and asks for a pause of 25 s",
      hint: "try again later, or allow the pause with --timeout 75s",
      kind: "timeout",
      trouble: "passing",
    },
  });
  expect(changes(arm)).toBe(3);
});

test("a refusal that a must-follow step meets is looked up after the pause, too", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: false, leaves: { value: 1 }, error: refused() }]);

  expect(await runStep(arm, step("a", { mustFollow: "b" }))).toEqual({
    status: "done",
    note: "was already so",
  });
  expect(changes(arm)).toBe(1);
});

test("a quantity that somebody raised further and left Failed is not lowered either", async () => {
  const arm = createFakeArm();
  const request = { ...raise.request, body: { value: 4 } };
  const restore = { when: seeing({ state: "Failed" }), keep: "value", request, title: "a" };
  const expects = seeing({ "value >= `4`": true, state: "Succeeded" });
  arm.resources.set(PATH, { value: 7, state: "Failed" });

  expect(await runStep(arm, { ...raise, kind: "raise", request, restore, expect: expects })).toMatchObject({
    status: "failed",
    failure: {
      code: "Drifted",
      message: "the plan no longer fits: /subscriptions/s/a has 7 by now, which is not lowered",
    },
    note: "nothing was sent",
  });
  expect(changes(arm)).toBe(0);
});

test("a throttled change that took effect all the same is not sent again, nor waited for", async () => {
  const arm = createFakeArm();
  const error = new AzureError("failed", "unavailable", {
    status: 503,
    uncertain: true,
    pause: throttled().pause!,
  });
  arm.script.set("a", [{ acts: true, error }]);

  expect(await runStep(arm)).toMatchObject({ status: "done" });
  expect([changes(arm), elapsed(arm)]).toEqual([1, 1]);
});
