import { expect, test } from "vitest";
import { finishedSteps } from "../../src/plan/resume.ts";
import { planOf, step } from "./fake-arm.ts";

const plan = planOf(
  step("raise"),
  step("stop", { dependsOn: ["raise"] }),
  step("join", { dependsOn: ["stop"] }),
  step("start", { dependsOn: ["join"], mustFollow: "stop" }),
);

test.each([
  { done: [], finished: [] },
  { done: ["raise"], finished: ["raise"] },
  { done: ["raise", "stop"], finished: ["raise", "stop"] },
  { done: ["raise", "stop", "join"], finished: ["raise", "stop", "join"] },
  { done: ["raise", "stop", "join", "start"], finished: ["raise", "stop", "join", "start"] },
])("an unbroken $done need not be run again", ({ done, finished }) => {
  expect(finishedSteps(plan, new Set(done))).toEqual(new Set(finished));
});

test("a VM that was started again before it joined is stopped once more", () => {
  expect(finishedSteps(plan, new Set(["raise", "stop", "start"]))).toEqual(new Set(["raise"]));
});

test("a VM that could not be stopped and still runs is stopped as planned", () => {
  expect(finishedSteps(plan, new Set(["raise", "start"]))).toEqual(new Set(["raise"]));
});
