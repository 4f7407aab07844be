import { expect, test } from "vitest";
import { AzureError } from "../../src/azure/azure-error.ts";
import { createFakeArm, step, type FakeArm } from "./fake-arm.ts";
import { busy, changes, elapsed, lost, PATH, refused, runStep, seeing, throttled } from "./run-step.ts";

const raise = step("a", {
  restore: {
    when: seeing({ state: "Failed" }),
    keep: "value",
    request: { method: "PATCH", path: PATH, apiVersion: "1", body: { value: 0, state: "Succeeded" } },
    title: "a was left Failed and got its old value back",
  },
});

test("a resource that a failed change leaves Failed gets its old value back, and the note says so", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 0, state: "Succeeded" });
  arm.script.set("a", [{ acts: true, leaves: { state: "Failed" }, error: refused() }]);

  expect(await runStep(arm, raise)).toMatchObject({
    status: "failed",
    failure: { code: "AllocationFailed" },
    note: "a was left Failed and got its old value back: 0",
  });
  expect(arm.resources.get(PATH)).toEqual({ value: 0, state: "Succeeded" });
});

test("a failed change that leaves the resource usable is not taken back", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 0, state: "Succeeded" });
  arm.script.set("a", [{ acts: false, error: refused() }]);

  expect(await runStep(arm, raise)).not.toHaveProperty("note");
  expect(changes(arm)).toBe(1);
});

test("when putting the old value back is refused, too, the note says that", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 0 });
  arm.script.set("a", [
    { acts: false, leaves: { state: "Failed" }, error: refused() },
    { acts: false, error: new AzureError("failed", "not now") },
  ]);

  expect(await runStep(arm, raise)).toMatchObject({
    failure: { code: "AllocationFailed" },
    note: "the old value could not be put back: not now",
  });
});

const BY_HAND = { ...raise.restore!, byHand: "set a --to" };

test.each([
  ["is refused", new AzureError("failed", "not now"), "the old value could not be put back: not now"],
  ["does nothing", undefined, "the old value was sent, but the resource still reads as failed"],
])("when putting the old value back %s, the note tells the command that does it", async (_, error, said) => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 3 });
  arm.script.set("a", [
    { acts: false, leaves: { state: "Failed" }, error: refused() },
    { acts: false, ...(error ? { error } : {}) },
  ]);

  expect(await runStep(arm, { ...raise, restore: BY_HAND })).toMatchObject({
    note: `${said}; put it back with: set a --to 3`,
  });
});

test("when putting the old value back does nothing, the note says that", async () => {
  const arm = createFakeArm();
  arm.resources.set(PATH, { value: 0 });
  arm.script.set("a", [{ acts: false, leaves: { state: "Failed" }, error: refused() }, { acts: false }]);

  expect(await runStep(arm, raise)).toMatchObject({
    note: "the old value was sent, but the resource still reads as failed",
  });
});

test("what is put back is the value that was there right before the send, not the planned one", async () => {
  const arm = createFakeArm();
  const nested = step("a", {
    request: { method: "PATCH", path: PATH, apiVersion: "1", body: { sku: { capacity: 9 } } },
    expect: seeing({ "sku.capacity": 9, state: "Succeeded" }),
    restore: {
      when: seeing({ state: "Failed" }),
      keep: "sku.capacity",
      request: {
        method: "PATCH",
        path: PATH,
        apiVersion: "1",
        body: { sku: { name: "D4", capacity: 1 }, state: "Succeeded" },
      },
      title: "a got its old quantity back",
    },
  });
  arm.resources.set(PATH, { sku: { name: "D4", capacity: 1 }, state: "Succeeded" });
  arm.script.set("a", [
    { acts: false, leaves: { sku: { name: "D4", capacity: 3 } }, error: busy() },
    { acts: true, leaves: { state: "Failed" }, error: refused() },
  ]);

  expect(await runStep(arm, nested)).toMatchObject({ note: "a got its old quantity back: 3" });
  expect(arm.resources.get(PATH)).toEqual({ sku: { name: "D4", capacity: 3 }, state: "Succeeded" });
});

test("what a lost send left Failed does not count as the old value", async () => {
  const arm = createFakeArm();
  const each = { ...raise, expect: seeing({ value: 1, state: "Succeeded" }) };
  arm.resources.set(PATH, { value: 0, state: "Succeeded" });
  arm.script.set("a", [
    { acts: true, leaves: { state: "Failed" }, error: lost() },
    { acts: true, leaves: { state: "Failed" }, error: refused() },
  ]);

  expect(await runStep(arm, each)).toMatchObject({ note: expect.stringMatching(/old value back: 0$/) });
  expect(arm.resources.get(PATH)).toEqual({ value: 0, state: "Succeeded" });
});

test("where no old value was there, none is put back", async () => {
  const arm = createFakeArm();
  arm.script.set("a", [{ acts: false, leaves: { state: "Failed" }, error: refused() }]);

  expect(await runStep(arm, raise)).toMatchObject({
    note: "the old value is not known, so it was not put back",
  });
  expect(changes(arm)).toBe(1);
});

function failing(arm: FakeArm, ...errors: AzureError[]): void {
  arm.resources.set(PATH, { value: 0, state: "Succeeded" });
  arm.script.set("a", [
    { acts: true, leaves: { state: "Failed" }, error: refused() },
    ...errors.map((error) => ({ acts: false, error })),
  ]);
}

test("putting back waits as long as it is throttled, busy or lost", async () => {
  const arm = createFakeArm();
  failing(arm, throttled(), busy(), lost());
  const told: (string | undefined)[] = [];

  const result = await runStep(arm, raise, { onProgress: (text) => told.push(text) });

  expect(result).toMatchObject({ note: "a was left Failed and got its old value back: 0" });
  expect(elapsed(arm)).toBe(5 * 1 + 20 + 10 + 4);
  expect(told).toContain("a was left Failed and got its old value back: throttled, waiting 20 s");
});

test("nothing is put back into a resource that became usable during a pause", async () => {
  const arm = createFakeArm();
  failing(arm);
  arm.script.get("a")?.push({ acts: false, leaves: { value: 5, state: "Succeeded" }, error: throttled() });

  expect(await runStep(arm, raise)).not.toHaveProperty("note");
  expect(arm.resources.get(PATH)).toEqual({ value: 5, state: "Succeeded" });
});

test("a restore that is throttled eight times is given up", async () => {
  const arm = createFakeArm();
  failing(arm, ...Array.from({ length: 9 }, () => throttled()));

  expect(await runStep(arm, raise)).toMatchObject({
    note: "the old value could not be put back: too many requests",
  });
  expect(changes(arm)).toBe(1 + 8);
});
