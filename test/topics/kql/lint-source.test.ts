import { beforeAll, expect, test } from "vitest";
import { loadParser, type Parser } from "../../../src/kql/official.ts";
import { queriesIn, regionsIn } from "../../../src/topics/kql/lint/source.ts";

let parser: Parser;

beforeAll(async () => {
  parser = await loadParser();
});

const A = "AppRequests | take 1";
const B = "requests | count";

test.each<[string, string[]]>([
  [A, [A]],
  [`${A}\n\n${B}`, [`${A}\n\n`, B]],
  [`${A}\r\n \t\r\n\r\n${B}\r\n`, [`${A}\r\n \t\r\n\r\n`, `${B}\r\n`]],
  [
    `// one\n\n${A}\n\n// two\n${B}\n\n// end`,
    [`// one\n\n${A}\n\n// two\n`.replace("// two\n", ""), `// two\n${B}\n\n// end`],
  ],
  [`let a = 1;\n\nAppRequests\n\n| where Name == a\n\n// note\n\n| take 1`, ["whole"]],
  [`let a = 1;\n\n${A}\n\n${B}`, [`let a = 1;\n\n${A}\n\n`, B]],
  [`AppRequests | where Name in (\n\n"a",\n\n"b") |\n\ntake 1`, ["whole"]],
  ["print ```one\n\ntwo```", ["whole"]],
  [`print "a // b"\n\n${B}`, [`print "a // b"\n\n`, B]],
  ["AppRequests\n| where\n\n| take 1", ["whole"]],
  ["AppRequests | where\n\nrequests | where", ["whole"]],
  [`AppRequests | where (\n\n)`, ["whole"]],
  [`${A} where\n\n${B}`, [`${A} where\n\n`, B]],
])("%j is %j", (text, expected) => {
  const pieces = queriesIn(text, parser);

  expect(pieces.map((piece) => piece.text)).toEqual(expected[0] === "whole" ? [text] : expected);
  for (const piece of pieces) expect(text.slice(piece.start).startsWith(piece.text)).toBe(true);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
});

test.each<[string, string, [number, number, number, number]]>([
  ["abc", "abc", [1, 1, 1, 4]],
  ["a\nb\nxy", "xy", [3, 1, 3, 3]],
  ["a\r\nb\r\n  xy\r\n", "xy", [3, 3, 3, 5]],
  ["a\rxy", "xy", [2, 1, 2, 3]],
  // Two code units each.
  ["😀😀 xy", "xy", [1, 6, 1, 8]],
  // These end a comment in the language, and no line in an editor.
  ["a\u2028xy", "xy", [1, 3, 1, 5]],
  ["xy\nz", "y\nz", [1, 2, 2, 2]],
  ["xy \r\nz", " \r\n", [1, 3, 1, 3]],
])("in %j the place of %j is %j", (text, part, [line, column, endLine, endColumn]) => {
  const start = text.indexOf(part);

  expect(regionsIn(text)(start, start + part.length)).toEqual({ line, column, endLine, endColumn });
});

test("the end of a text is a place, too", () => {
  expect(regionsIn("a\n")(2, 2)).toEqual({ line: 2, column: 1, endLine: 2, endColumn: 1 });
  expect(regionsIn("")(0, 0)).toEqual({ line: 1, column: 1, endLine: 1, endColumn: 1 });
});
