import { expect, test } from "vitest";
import type { Json } from "../../../src/json.ts";
import { kindOf, typeOf } from "../../../src/topics/kql/run/data-types.ts";

function inferred(values: readonly Json[], isTexts = false): string {
  const kinds = values.map((value) => kindOf(value, isTexts)).filter((kind) => kind !== undefined);
  return typeOf(new Set(kinds), isTexts);
}

test.each<[string, Json[]]>([
  ["bool", [true, null, false]],
  ["long", [1, -2, null]],
  ["real", [1, 2.5]],
  ["datetime", ["2026-11-21T08:00:00Z", "2026-11-21T08:00:00.1234567Z", ""]],
  ["string", ["2026-11-21T08:00:00Z", "soon"]],
  ["string", ["2026-11-21", "2026-11-22"]],
  ["string", ["2026-99-21T08:00:00Z"]],
  ["string", ["1", "true"]],
  ["string", ["", ""]],
  ["dynamic", [{ a: 1 }, [1]]],
  ["dynamic", [1, "a"]],
  ["dynamic", [true, 1]],
  ["dynamic", [1, 2.5, "a"]],
  ["dynamic", [null]],
])("%s is the type of %j", (type, values) => {
  expect(inferred(values)).toBe(type);
});

test.each<[string, Json[]]>([
  ["bool", ["True", "False"]],
  ["long", ["1", "-20", ""]],
  ["real", ["1", "2.5", "1e-7"]],
  ["datetime", ["2026-11-21T08:00:00Z"]],
  ["dynamic", ['{"a":1}', "[1]"]],
  ["string", ["{a}", "[1"]],
  ["string", ["007"]],
  ["string", ["1", "none"]],
  ["string", ["1", '{"a":1}']],
])("where every value is a text, %s is the type of %j", (type, values) => {
  expect(inferred(values, true)).toBe(type);
});
