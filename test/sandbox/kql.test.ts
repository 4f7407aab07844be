import { expect, test } from "vitest";
import { runQuery } from "../../src/sandbox/kql/run.ts";
import { QueryError } from "../../src/kql/syntax.ts";

const COLUMNS = ["name", "zones", "properties", "tags"];
const ROWS = [
  {
    name: "Web",
    zones: ["1"],
    properties: { size: "D4", n: 4, on: true, inner: { a: "x" } },
    tags: { env: "prod" },
  },
  { name: "db", zones: null, properties: { size: "E8", n: 8, on: false }, tags: null },
  { name: "jobs", zones: ["2"], properties: { size: "", n: 4 }, tags: { env: "TEST" } },
];

function names(query: string): unknown[] {
  return runQuery(query, COLUMNS, ROWS).rows.map((row) => row["name"]);
}

function values(expression: string): unknown[] {
  return runQuery(`resources | project v = ${expression}`, COLUMNS, ROWS).rows.map((row) => row["v"]);
}

test.for([
  ["name == 'Web'", ["Web"]],
  ["name == 'web'", []],
  ["name =~ 'web'", ["Web"]],
  ["name != 'Web'", ["db", "jobs"]],
  ["name !~ 'web'", ["db", "jobs"]],
  ["name in ('db', 'web')", ["db"]],
  ["name in~ ('db', 'web')", ["Web", "db"]],
  ["name !in~ ('db', 'web')", ["jobs"]],
  ["name contains 'E'", ["Web"]],
  ["name !contains 'e'", ["db", "jobs"]],
  ["name startswith 'w'", ["Web"]],
  ["name == 'Web' or name == 'db' and properties.on == true", ["Web"]],
  ["(name == 'Web' or name == 'db') and properties.on == false", ["db"]],
  ["not(name == 'Web')", ["db", "jobs"]],
  ["isempty(properties.size)", ["jobs"]],
  ["isnotempty(zones)", ["Web", "jobs"]],
  ["isnull(zones)", ["db"]],
  ["isnotnull(zones)", ["Web", "jobs"]],
  ["properties.n == 4", ["Web", "jobs"]],
  ["properties.n > 4", ["db"]],
  ["properties['inner'].a == \"x\"", ["Web"]],
  ["zones[0] == '1'", ["Web"]],
  ["array_length(zones) == 1", ["Web", "jobs"]],
  ["tags.env =~ 'test'", ["jobs"]],
] as const)("where %s", ([condition, expected]) => {
  expect(names(`resources | where ${condition}`)).toEqual(expected);
});

test("a missing value differs from every value but not from another missing one", () => {
  expect(names("resources | where tags.env != 'prod'")).toEqual(["db", "jobs"]);
  expect(names("resources | where tags.env == tags.none")).toEqual([]);
  expect(names("resources | where not(tags.none == tags.other)")).toEqual([]);
});

test.for([
  ["tostring(zones[0])", ["1", "", "2"]],
  ["tostring(zones)", ['["1"]', "", '["2"]']],
  ["tolower(name)", ["web", "db", "jobs"]],
  ["toupper(tags.env)", ["PROD", "", "TEST"]],
  ["tobool('True')", [true, true, true]],
  ["coalesce(tags.env, properties.size, 'none')", ["prod", "E8", "TEST"]],
  ["iff(isnull(zones), 'regional', 'zonal')", ["zonal", "regional", "zonal"]],
  ["array_length(tags)", [null, null, null]],
  [String.raw`'it\'s'`, ["it's", "it's", "it's"]],
  [String.raw`@'C:\x'`, ["C:\\x", "C:\\x", "C:\\x"]],
] as const)("%s", ([expression, expected]) => {
  expect(values(expression)).toEqual(expected);
});

test("extend adds columns that later steps can use", () => {
  const { columns, rows } = runQuery(
    "resources | extend zone = tostring(zones[0]) | where zone != '' | project name, zone",
    COLUMNS,
    ROWS,
  );

  expect(columns).toEqual(["name", "zone"]);
  expect(rows).toEqual([
    { name: "Web", zone: "1" },
    { name: "jobs", zone: "2" },
  ]);
});

test("unnamed columns are called after their path", () => {
  const { columns } = runQuery(
    "resources | project name, properties.inner.a, zones[0], tostring(tags.env), isnull(tags)",
    COLUMNS,
    ROWS,
  );

  expect(columns).toEqual(["name", "properties_inner_a", "zones_0", "tags_env", "Column5"]);
});

test("order is descending unless it says asc, and missing values come first in ascending order", () => {
  expect(names("resources | order by name")).toEqual(["jobs", "db", "Web"]);
  expect(names("resources | sort by name asc")).toEqual(["Web", "db", "jobs"]);
  expect(names("resources | order by zones asc, name asc")).toEqual(["db", "Web", "jobs"]);
  expect(names("resources | order by properties.n desc, name asc")).toEqual(["db", "Web", "jobs"]);
});

test("summarize counts, by columns or in all", () => {
  const by = runQuery("resources | summarize count() by n = properties.n", COLUMNS, ROWS);
  const all = runQuery("resources | where name == 'none' | summarize total = count()", COLUMNS, ROWS);

  expect(by.rows).toEqual([
    { n: 4, count_: 2 },
    { n: 8, count_: 1 },
  ]);
  expect(all.rows).toEqual([{ total: 0 }]);
});

test("take cuts the rows", () => {
  expect(names("resources | take 1")).toEqual(["Web"]);
  expect(names("Resources // all of them\n| limit 2")).toEqual(["Web", "db"]);
});

test.for([
  ["computeresources", 1, 1, "computeresources"],
  ["resources | wher name == 'x'", 1, 13, "wher"],
  ["resources\n| where nmae == 'x'", 2, 9, "nmae"],
  ["resources | where name ==", 1, 26, "<EOF>"],
  ["resources | join (resources) on name", 1, 13, "join"],
  ["resources | project strcat(name)", 1, 21, "strcat"],
  ["resources | project constructor(name)", 1, 21, "constructor"],
  ["resources | project iff(name)", 1, 21, "iff"],
  ["resources | where name has 'x'", 1, 24, "has"],
  ["resources | project-away name", 1, 20, "-"],
  ["resources | project name | where tags.env == 'prod'", 1, 34, "tags"],
  ["resources | summarize max(name)", 1, 23, "max"],
  ["resources; resources", 1, 10, ";"],
] as const)("%j is refused at its place", ([query, line, column, text]) => {
  let thrown: unknown;
  try {
    runQuery(query, COLUMNS, ROWS);
  } catch (error) {
    thrown = error;
  }

  expect(thrown).toBeInstanceOf(QueryError);
  expect((thrown as QueryError).place).toMatchObject({ line, column, text });
});
