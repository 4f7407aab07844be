import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { LiteralError, toLiteral, type ParameterType } from "../../src/kql/literal.ts";
import { loadParser, type Parser, type Tree } from "../../src/kql/official.ts";
import { fill, slotsOf } from "../../src/kql/places.ts";
import { readExpression } from "../../src/kql/read-expression.ts";
import { QueryError } from "../../src/kql/syntax.ts";
import { toJson } from "../../src/kql/values.ts";
import { HOSTILE } from "./hostile.ts";

const PIECES = [
  "'",
  '"',
  "\\",
  "@",
  "h",
  "```",
  "~~~",
  "|",
  "\n",
  "\r",
  "//",
  ";",
  ")",
  "\u2028",
  "\uD800",
  "\0",
  "a",
];

const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((each) => each.join("")),
);

let parser: Parser;

beforeAll(async () => {
  parser = await loadParser();
});

/** The tree with everything but what the literal brings: kinds, texts of tokens, and the names of parts. */
function shapeOf(tree: Tree, isLiteral: (tree: Tree) => boolean): unknown {
  if (isLiteral(tree)) return "LITERAL";
  const inner = Object.entries(tree.parts).map(([name, each]) => [name, shapeOf(each, isLiteral)]);
  const unnamed = inner.length > 0 ? [] : tree.children.map((each) => shapeOf(each, isLiteral));
  return [tree.kind, tree.children.length === 0 ? tree.text : "", inner, unnamed];
}

function find(tree: Tree, isLiteral: (tree: Tree) => boolean): Tree[] {
  if (isLiteral(tree)) return [tree];
  return tree.children.flatMap((each) => find(each, isLiteral));
}

const TEXT =
  "T // who?\n| where App == {app} and Other has 'x'\n| summarize n = count() by bin(Time, 5m) // {\n| take 5";

/** What stands in the place of a text, after the official parser read it; fails when anything else changed. */
function landed(value: unknown, type: ParameterType): unknown {
  const literal = toLiteral(value, type);
  const filled = fill(TEXT, new Map([["app", literal]]));
  const start = TEXT.indexOf("{app}");
  const isLiteral = (tree: Tree): boolean =>
    tree.start === start && tree.end === start + literal.length && tree.kind.endsWith("Expression");
  const plainText = TEXT.replace("{app}", "'a'");
  const isPlain = (tree: Tree): boolean => tree.start === start && tree.kind === "StringLiteralExpression";
  const plain = parser.parse(plainText);
  const { root, diagnostics } = parser.parse(filled);
  expect(diagnostics).toEqual([]);
  expect(shapeOf(root, isLiteral)).toEqual(shapeOf(plain.root, isPlain));
  const [found, ...more] = find(root, isLiteral);
  expect(more).toEqual([]);
  const expression = readExpression(found as Tree);
  if (expression.kind !== "literal") throw new Error(`${filled} has no literal in its place`);
  return toJson(expression.value, expression.type);
}

test.for(HOSTILE)("%j changes no query and arrives as it is", (value) => {
  expect(landed(value, "string")).toBe(value);
  expect(landed([value, "x", value], "dynamic")).toEqual([value, "x", value]);
});

test("no text changes a query", () => {
  fc.assert(
    fc.property(anyText, (value) => {
      expect(landed(value, "string")).toBe(value);
      expect(landed([value], "dynamic")).toEqual([value]);
    }),
    { numRuns: 300 },
  );
});

test("what is no visible character of its own is escaped", () => {
  const literal = toLiteral(HOSTILE.join(""), "string");
  expect(literal).not.toMatch(/[^\P{C}]|[\u2028\u2029]/u);
  expect(toLiteral("ünï 漢 'x'", "string")).toBe("\"ünï 漢 'x'\"");
});

test.for<[unknown, ParameterType, unknown]>([
  [5, "int", 5],
  [-5, "int", -5],
  [-(2 ** 40), "long", -(2 ** 40)],
  [1.5, "real", 1.5],
  [-1e300, "real", -1e300],
  [1e-7, "real", 1e-7],
  [true, "bool", true],
  [new Date("2026-11-21T08:00:00.5Z"), "datetime", "2026-11-21T08:00:00.5Z"],
  ["2026-11-21T08:00:00.1234567+01:00", "datetime", "2026-11-21T07:00:00.1234567Z"],
  ["30m", "timespan", "00:30:00"],
  ["-1.02:03:04.5", "timespan", "-1.02:03:04.5000000"],
  ["74be27de-1e4e-49d9-b579-fe0b331d3642", "guid", "74be27de-1e4e-49d9-b579-fe0b331d3642"],
  [[], "dynamic", []],
])("%j as %s", ([value, type, expected]) => {
  expect(landed(value, type)).toEqual(expected);
});

test.for<[unknown, ParameterType]>([
  [5, "string"],
  ["5", "long"],
  [1.5, "int"],
  [2 ** 31, "int"],
  [2 ** 53, "long"],
  [NaN, "real"],
  ["true", "bool"],
  ["yesterday", "datetime"],
  ["2026-13-01", "datetime"],
  ["2026-01-01) or datetime(null", "datetime"],
  ["soon", "timespan"],
  ["1h) | take 5 //", "timespan"],
  ["74be27de", "guid"],
  ["a", "dynamic"],
  [[1], "dynamic"],
])("%j is no %s", ([value, type]) => {
  expect(() => toLiteral(value, type)).toThrow(LiteralError);
});

test.for([
  ["T | where a == '{app}'", 1, 17],
  ['T | where a == "x {app}"', 1, 19],
  ["T | where a == @'\\{app}'", 1, 19],
  ["T | where a == ```\n{app}\n```", 2, 1],
  ["T | where a == ~~~{app}~~~", 1, 19],
  ["T\n| take 5 // {app}", 2, 13],
  ["T | where a > datetime({app})", 1, 24],
  ["T | where a > long( {app} )", 1, 21],
  ["T | where a in (dynamic([{app}]))", 1, 26],
  ["T | where a == h{app}", 1, 17],
  ["T | where a == @{app}", 1, 17],
  ["T | where a == 'x'{app}", 1, 19],
  ["T | where a == {app}'x'", 1, 16],
  ["T{app} | take 1", 1, 2],
  ["T | where a[{app}] == 1", 1, 13],
  ["T | where a == {app}{app}", 1, 16],
  ["T | where a == {none}", 1, 16],
  ["T | where a == 'x\n and b == {app}", 1, 16],
  ["T | where a == '\\q' and b == {app}", 1, 16],
  ["T | where a == datetime(2026 and b == {app}", 1, 16],
] as const)("%j is refused", ([text, line, column]) => {
  let thrown: unknown;
  try {
    fill(text, new Map([["app", '"x"']]));
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(QueryError);
  expect((thrown as QueryError).place).toMatchObject({ line, column });
});

test("a text is filled in one go", () => {
  const literals = new Map([
    ["a", toLiteral("{b}", "string")],
    ["b", toLiteral("$&", "string")],
  ]);
  expect(fill("T | where x =~ {a} and y in ({b},{a}) // '", literals)).toBe(
    'T | where x =~ "{b}" and y in ("$&","{b}") // \'',
  );
  expect(slotsOf("T | where t between ({a}..{b}) and f({ a })").map(({ name }) => name)).toEqual(["a", "b"]);
});

test("what counts as string and comment is what the official lexer counts", () => {
  const odd = [
    "datetime(",
    "long (",
    "timespan(",
    "dynamic(",
    "'x\\",
    "\\'",
    "\u2029",
    "H@",
    "''",
    '""',
    "T",
  ];
  const pieces = [...PIECES, ...odd, " {p} ", "({p})", " {p},"];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 2, maxLength: 6 }), (chosen) => {
      const text = `T | where a == ${chosen.join("")}`;
      let slots;
      try {
        slots = slotsOf(text);
      } catch (error) {
        if (error instanceof QueryError) return;
        throw error;
      }
      // Each place is three tokens for the official lexer: a brace, a name and a brace.
      const { root } = parser.parse(text);
      const starts = new Set(tokens(root).map(({ start, kind }) => `${start} ${kind}`));
      for (const { start } of slots) {
        expect(starts).toContain(`${start} OpenBraceToken`);
        expect(starts).toContain(`${start + 1} IdentifierToken`);
      }
    }),
    { numRuns: 1500 },
  );
});

function tokens(tree: Tree): Tree[] {
  return tree.children.length === 0 ? [tree] : tree.children.flatMap(tokens);
}
