import { expect, test } from "vitest";
import { Plan } from "../../src/plan/plan.ts";
import { planOf, step } from "./fake-arm.ts";

const steps = ["a", "b"].flatMap((name) => [
  step(`${name}-make`),
  step(`${name}-raise`, { dependsOn: [`${name}-make`] }),
]);
const leaves = { subject: "s", text: "nothing", because: [] };
const choices = ["a", "b"].map((name) => ({ name, steps: [`${name}-make`, `${name}-raise`], leaves }));

test.each([
  ["a choice without what its steps build on", [{ ...choices[0], steps: ["a-raise"] }, choices[1]]],
  ["a step that is in no choice", [choices[0]]],
  ["a name that is there twice", [choices[0], { ...choices[1], name: "a" }]],
  ["a step that is not there", [choices[0], { ...choices[1], steps: ["b-make", "b-raise", "c"] }]],
])("a plan with %s is refused", (_, wrong) => {
  const pursuit = { everyMs: 60_000, forMs: 60_000, choices };

  expect(Plan.safeParse({ ...planOf(...steps), pursuit }).success).toBe(true);
  expect(Plan.safeParse({ ...planOf(...steps), pursuit: { ...pursuit, choices: wrong } }).success).toBe(
    false,
  );
});
