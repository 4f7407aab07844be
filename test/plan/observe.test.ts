import { expect, test } from "vitest";
import type { Json } from "../../src/json.ts";
import { differences } from "../../src/plan/observe.ts";

function isSame(expected: Json, actual: Json): boolean {
  const observation = {
    path: "/subscriptions/s/a",
    apiVersion: "1",
    exists: true,
    fields: { value: expected },
  };
  return differences(observation, { value: actual }).length === 0;
}

test.each<[string, Json, Json]>([
  ["ids", "/subscriptions/S/a", "/Subscriptions/s/A"],
  ["sizes", "Standard_D4s_v5", "STANDARD_D4S_V5"],
  ["states", "PowerState/running", "powerstate/Running"],
  ["strings inside other values", [{ id: "A" }], [{ id: "a" }]],
])("%s compare without regard to case", (_, expected, actual) => {
  expect(isSame(expected, actual)).toBe(true);
});

test("lists compare without regard to order, and every entry counts", () => {
  expect(isSame(["/a", "/B", 1], [1, "/b", "/A"])).toBe(true);
  expect(isSame({ ids: ["a"] }, { ids: ["A"] })).toBe(true);
  expect(isSame(["a"], ["a", "a"])).toBe(false);
  expect(isSame(["a", "b"], ["a,b"])).toBe(false);
});

test.each<[Json, Json]>([
  ["a", "b"],
  [1, "1"],
  [{ Name: 1 }, { name: 1 }],
  [null, "null"],
])("%j is not %j", (expected, actual) => {
  expect(isSame(expected, actual)).toBe(false);
});
