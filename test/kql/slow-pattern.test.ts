import { expect, test } from "vitest";
import { slowGroup } from "../../src/kql/slow-pattern.ts";
import { refusal } from "./kql.ts";

test.each([
  ["^(a+)+$", "(a+)+"],
  ["x(?:(?P<n>a*)b?){2,}", "(?:(?P<n>a*)b?){2,}"],
  ["((a|a))*", "((a|a))*"],
  ["(.|\\s)+?", "(.|\\s)+?"],
  ["(\\w|_)*", "(\\w|_)*"],
  ["(a|A)*", "(a|A)*"],
  ["(a|)*", "(a|)*"],
  ["(a?){50}", "(a?){50}"],
  ["(?i)(\\\\+[)]*)+", "(\\\\+[)]*)+"],
  ["([]a+]*x{1,3}){9}", "([]a+]*x{1,3}){9}"],
])("%s has several ways to match the same text", (pattern, group) => {
  expect(slowGroup(pattern)).toBe(group);
});

test.each([
  "^(.+)-[^-]+-[^-]+$",
  "(\\d{1,3}\\.){3}\\d{1,3}",
  "(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}",
  "(GET|POST)+",
  "([+*]|a)?",
  "(\\.|-)*",
  "[(a+)+]*",
  "\\(a+\\)+",
  "(,\\d{3})*",
  "\\p{L}{2,}\\s+",
  "(a|b+)?c)",
])("%s is asked", (pattern) => {
  expect(slowGroup(pattern)).toBeUndefined();
});

test.each([
  "x matches regex '^(a+)+$'",
  "extract('^(a+)+$', 0, x)",
  "replace_regex(x, '^(a+)+$', '')",
  "trim('(a+)+', x)",
])("%s is refused with its place before it runs for ever", async (expression) => {
  const text = `datatable(x: string)["${"a".repeat(60)}!"]\n| extend y = ${expression}`;

  expect(await refusal(text)).toMatchObject({
    message: expect.stringContaining("a repeated group that varies, (a+)+, is not spoken here"),
    line: 2,
  });
});
