import { expect, test } from "vitest";
import { ask, table, value } from "./kql.ts";

test.for<[string, unknown]>([
  // Missing values.
  ["long(null) == 1", false],
  ["long(null) != 1", true],
  ["long(null) == long(null)", null],
  ["long(null) > 1", null],
  ["long(null) + 1", null],
  ["bool(null) or true", true],
  ["bool(null) and true", null],
  ["not(bool(null))", null],
  ["isnull('')", false],
  ["isempty('')", true],
  ["isempty(long(null))", true],
  ["tostring(long(null))", ""],
  ["coalesce('', 'b')", "b"],
  ["coalesce(long(null), 2)", 2],
  ["toint('x')", null],
  ["long(null) in (1, 2)", false],
  ["long(null) !in (1, 2)", true],
  // Case.
  ["'a' == 'A'", false],
  ["'a' =~ 'A'", true],
  ["'a' !~ 'A'", false],
  ["'Fabrikam' contains 'BRIK'", true],
  ["'Fabrikam' contains_cs 'BRIK'", false],
  ["'Fabrikam' !contains 'xyz'", true],
  ["'Fabrikam' startswith 'fab'", true],
  ["'Fabrikam' startswith_cs 'fab'", false],
  ["'Fabrikam' endswith 'KAM'", true],
  ["'Fabrikam' !endswith_cs 'KAM'", true],
  ["'a' in ('A')", false],
  ["'a' in~ ('A')", true],
  ["'a' !in~ ('A')", false],
  ["'a' in (dynamic(['a', 'b']))", true],
  // Terms.
  ["'North America' has 'america'", true],
  ["'North America' has 'merica'", false],
  ["'North America' has 'north am'", false],
  ["'North America' has 'North America'", true],
  ["'North America' has_cs 'north'", false],
  ["'North America' !has 'amer'", true],
  ["'North America' hasprefix 'ame'", true],
  ["'North America' hassuffix 'rica'", true],
  ["'id=web-1;x' has 'web'", true],
  ["'error: [Errno 111] Connection refused' has '[Errno 111]'", true],
  ["'one two' has_any ('three', 'TWO')", true],
  ["'one two' has_all ('one', 'three')", false],
  ["'one two' has_all (dynamic(['two', 'one']))", true],
  ["'2026-11-21 OOMKilled' matches regex '(?i)oomkilled$'", true],
  ["'abc' matches regex '^b'", false],
  // Numbers.
  ["5 / 2", 2],
  ["-5 / 2", -2],
  ["5 / 2.0", 2.5],
  ["1 / 0", null],
  ["5 % 3", 2],
  ["1 + 2 * 3 - -4", 11],
  ["toint('12') + tolong(3.9)", 15],
  ["todouble('1.5e2')", 150],
  ["tolong('1.5')", 1],
  ["round(2.345, 2)", 2.35],
  ["bin(7, 5)", 5],
  ["bin(-1, 5)", -5],
  ["3 between (1 .. 3)", true],
  ["4 !between (1 .. 3)", true],
  // Times.
  ["datetime(2026-11-21) - 1d", "2026-11-20T00:00:00Z"],
  ["datetime(2026-11-21 10:00) - datetime(2026-11-20)", "1.10:00:00"],
  ["datetime(2026-11-21T10:00:00+02:00)", "2026-11-21T08:00:00Z"],
  ["now()", "2026-11-21T12:00:00Z"],
  ["now(-1h) == ago(60m)", true],
  ["bin(datetime(2026-11-21T10:07:59.1234567Z), 5m)", "2026-11-21T10:05:00Z"],
  ["bin(1h + 7m, 30m)", "01:00:00"],
  ["1h / 2m", 30],
  ["1h * 1.5", "01:30:00"],
  ["-1h", "-01:00:00"],
  ["tostring(1.5h + 100ms)", "01:30:00.1000000"],
  ["tostring(datetime(2026-11-21))", "2026-11-21T00:00:00.0000000Z"],
  ["todatetime('2026-11-21T08:00:00.5Z')", "2026-11-21T08:00:00.5Z"],
  ["todatetime('Sat, 21 Nov 2026 08:00:00 GMT')", "2026-11-21T08:00:00Z"],
  ["todatetime('2026-02-30')", null],
  ["totimespan('1.02:03:04')", "1.02:03:04"],
  ["startofday(datetime(2026-11-21T10:07Z), -1)", "2026-11-20T00:00:00Z"],
  ["startofweek(datetime(2026-11-21))", "2026-11-15T00:00:00Z"],
  ["startofmonth(datetime(2026-01-31), 1)", "2026-02-01T00:00:00Z"],
  ["datetime_diff('hour', datetime(2026-11-21T10:01Z), datetime(2026-11-21T09:59Z))", 1],
  ["datetime_diff('month', datetime(2026-01-01), datetime(2025-11-30))", 2],
  [
    "format_datetime(datetime(2026-11-21T15:04:05.678Z), 'yyyy-MM-dd hh:mm:ss.fff tt')",
    "2026-11-21 03:04:05.678 PM",
  ],
  ["datetime(2026-11-21) between (datetime(2026-11-20) .. 1d)", true],
  ["datetime(2026-11-21) == '2026-11-21'", true],
  // Text.
  ["strlen('üñ👍')", 3],
  ["substring('abcdef', 1, 3)", "bcd"],
  ["substring('abcdef', -2)", "ef"],
  ["strcat('a', 1, true, 1h)", "a1true01:00:00"],
  ["split('a,b,,c', ',')", ["a", "b", "", "c"]],
  ["split('a,b', ',', 1)", ["b"]],
  ["trim(@'\\s+', '  a b  ')", "a b"],
  ["trim_end('/', 'a//')", "a/"],
  ["replace_string('a.b.c', '.', '$&')", "a$&b$&c"],
  ["replace_regex('k=v', @'(\\w)=(\\w)', @'\\2=\\1')", "v=k"],
  ["extract(@'port (\\d+)', 1, 'on port 8080', typeof(long))", 8080],
  ["extract('x', 0, 'abc')", ""],
  ["indexof('abc', 'c')", 2],
  // Dynamic.
  ['parse_json(\'{"a": {"b": [1, 2]}}\').a.b[1]', 2],
  ["parse_json('no json')", "no json"],
  ["dynamic({'a': 1}).a == 1", true],
  ["dynamic({'a': '1'}).a == 1", true],
  ["dynamic({'a': 1}).b", null],
  ["dynamic([1, 2])[-1]", 2],
  ["tostring(dynamic({'a': [true, null]}))", '{"a":[true,null]}'],
  ["array_length(dynamic([1, 2]))", 2],
  ["pack('t', 1h, 'n', 1)", { t: "01:00:00", n: 1 }],
  // Choices and addresses.
  ["iff(1 > 2, 'a', 'b')", "b"],
  ["iff(bool(null), 1, 2.5)", 2.5],
  ["case(false, 'a', true, 'b', 'c')", "b"],
  ["parse_ipv4('10.0.0.1')", 167772161],
  ["ipv4_is_private('172.20.1.1')", true],
  ["ipv4_is_private('nope')", null],
  ["ipv4_is_in_range('10.1.2.3', '10.1.0.0/16')", true],
])("%s is %j", async ([expression, expected]) => {
  expect(await value(expression)).toEqual(expected);
});

const VALUES = table("k:string, n:long, t:datetime, r:real", [
  ["a", 1, "2026-11-21T10:00:00Z", 1.5],
  ["a", 3, "2026-11-21T12:00:00Z", null],
  ["b", null, "2026-11-21T11:00:00Z", 2.5],
  ["", 5, null, 4],
]);

test.for<[string, unknown]>([
  ["count()", 4],
  ["countif(n > 1)", 2],
  ["dcount(k)", 3],
  ["dcount(n)", 3],
  ["sum(n)", 9],
  ["sumif(n, k == 'a')", 4],
  ["avg(n)", 3],
  ["avg(t)", "2026-11-21T11:00:00Z"],
  ["min(n)", 1],
  ["max(t)", "2026-11-21T12:00:00Z"],
  ["max(t) - min(t)", "02:00:00"],
  ["percentile(n, 50)", 3],
  ["percentile(n, 95)", 5],
  ["percentile(n, 0)", 1],
  ["stdev(n)", 2],
  ["variance(n)", 4],
  ["make_list(n)", [1, 3, 5]],
  ["make_set(k)", ["a", "b", ""]],
  ["make_list(t, 1)", ["2026-11-21T10:00:00.0000000Z"]],
  ["any(r)", 1.5],
  ["round(100.0 * countif(n > 1) / count(), 1)", 50],
])("%s over all rows is %j", async ([aggregate, expected]) => {
  const { rows } = await ask(`T | summarize x = ${aggregate}`, { T: VALUES });
  expect(rows).toEqual([[expected]]);
});

test.for<[string, unknown]>([
  ["count()", 0],
  ["dcount(k)", 0],
  ["sum(n)", 0],
  ["stdev(n)", 0],
  ["make_set(n)", []],
  ["avg(n)", "NaN"],
  ["avg(t)", null],
  ["isnan(avg(n))", true],
  ["max(k)", ""],
  ["percentile(n, 50)", null],
])("%s over no rows is %j", async ([aggregate, expected]) => {
  const { rows } = await ask(`T | where false | summarize x = ${aggregate}`, { T: VALUES });
  expect(rows).toEqual([[expected]]);
});

test("arg_max keeps the row of the largest value", async () => {
  const query = "T | where isnotempty(k) | summarize arg_max(n, t, r) by k | order by k asc";
  expect((await ask(query, { T: VALUES })).rows).toEqual([
    ["a", 3, "2026-11-21T12:00:00Z", null],
    ["b", null, "2026-11-21T11:00:00Z", 2.5],
  ]);
});

test.for<[string, unknown[][]]>([
  [
    "with 'port ' port:long '/' rest",
    [
      ["port 80/a", 80, "a"],
      ["port x/b", null, ""],
      ["none", null, ""],
    ],
  ],
  [
    "with * ' ' port:long '/' *",
    [
      ["port 80/a", 80],
      ["port x/b", null],
      ["none", null],
    ],
  ],
])("parse s %s", async ([pattern, expected]) => {
  const lines = table("s:string", [["port 80/a"], ["port x/b"], ["none"]]);
  const { rows } = await ask(`L | parse s ${pattern}`, { L: lines });
  expect(rows).toEqual(expected);
});

test("parse into a column that is there takes its place", async () => {
  const lines = table("s:string, n:long", [["port 80", 1]]);
  expect(await ask("L | parse s with s ' ' n:long", { L: lines })).toEqual({
    columns: ["s:string", "n:long"],
    rows: [["port", 80]],
  });
});

test("mv-expand makes a row of each member", async () => {
  const bags = table("k:string, d:dynamic", [
    ["a", [1, 2]],
    ["b", { x: 1, y: 2 }],
    ["c", null],
  ]);
  expect((await ask("T | mv-expand d", { T: bags })).rows).toEqual([
    ["a", 1],
    ["a", 2],
    ["b", { x: 1 }],
    ["b", { y: 2 }],
    ["c", null],
  ]);
  expect((await ask("T | mv-expand n = d to typeof(long) limit 1 | project k, n", { T: bags })).rows).toEqual(
    [
      ["a", 1],
      ["b", null],
      ["c", null],
    ],
  );
});

test("rows are read only as far as they are wanted", async () => {
  let read = 0;
  const rows = {
    *[Symbol.iterator]() {
      for (;;) {
        read += 1;
        yield [read] as const;
      }
    },
  };
  const endless = { columns: [{ name: "n", type: "long" as const }], rows };
  const query = "T | where n % 2 == 0 | extend m = n * 10 | project m | union (T | take 1) | take 3";
  expect((await ask(query, { T: endless })).rows).toEqual([
    [20, null],
    [40, null],
    [60, null],
  ]);
  expect(read).toBe(6);
});
