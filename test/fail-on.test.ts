import { expect, test } from "vitest";
import { isGated, type FailOn } from "../src/fail-on.ts";

test.each<[FailOn, string[]]>([
  ["error", ["error"]],
  ["warning", ["error", "warning"]],
  ["info", ["error", "warning", "info"]],
  ["none", []],
])("at or above %s are %j; what is no severity never is", (failOn, gated) => {
  const words = ["error", "warning", "cannot tell", "info", "ok", "none"];

  expect(words.filter((word) => isGated(word, failOn))).toEqual(gated);
});
