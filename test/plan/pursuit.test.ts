import { expect, test } from "vitest";
import { Plan } from "../../src/plan/plan.ts";
import { planOf, step } from "./fake-arm.ts";
import { leaves } from "./pursue-rig.ts";

const steps = ["a", "b"].flatMap((name) => [
  step(`${name}-make`),
  step(`${name}-raise`, { dependsOn: [`${name}-make`] }),
]);
const choices = ["a", "b"].map((name) => ({ name, steps: [`${name}-make`, `${name}-raise`], leaves }));

test.each([
  ["a choice without what its steps build on", [{ ...choices[0], steps: ["a-raise"] }, choices[1]]],
  ["a step that is in no choice", [choices[0]]],
  ["a name that is there twice", [choices[0], { ...choices[1], name: "a" }]],
  ["a step that is not there", [choices[0], { ...choices[1], steps: ["b-make", "b-raise", "c"] }]],
  [
    "one step that two choices are for",
    [choices[0], { ...choices[1], steps: ["b-make", "b-raise", "a-make", "a-raise"] }],
  ],
])("a plan with %s is refused", (_, wrong) => {
  const pursuit = { everyMs: 60_000, forMs: 60_000, because: [], look: "look", choices };

  const plan = { ...planOf(...steps), formatVersion: 2, pursuit };
  expect(Plan.safeParse(plan).success).toBe(true);
  expect(Plan.safeParse({ ...plan, pursuit: { ...pursuit, choices: wrong } }).success).toBe(false);
});
