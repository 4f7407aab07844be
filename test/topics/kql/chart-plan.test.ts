import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/json.ts";
import { planChart, type ChartPlan } from "../../../src/topics/kql/run/chart-plan.ts";

const HOURS = ["2026-11-21T00:00:00Z", "2026-11-21T01:00:00Z", "2026-11-21T02:00:00.5Z"];
const AT = HOURS.map((time) => new Date(time).getTime());

/** Columns as "Time:datetime n:long". */
function plan(columns: string, rows: readonly JsonObject[]): ChartPlan {
  const named = columns.split(" ").map((each) => {
    const [name = "", type = ""] = each.split(":");
    return { name, type };
  });
  return planChart({ columns: named, rows });
}

test("one column of times and one of numbers is one series, in the order of the rows", () => {
  const rows = [
    { Time: HOURS[1]!, n: 2 },
    { Time: HOURS[0]!, n: 1 },
  ];

  expect(plan("Time:datetime n:long", rows)).toEqual({
    chart: {
      kind: "series",
      series: [
        {
          label: "n",
          measure: "n",
          points: [
            { at: AT[1], value: 2 },
            { at: AT[0], value: 1 },
          ],
        },
      ],
    },
    left: 0,
    without: [],
  });
});

test("texts name the series, and numbers are series of their own measure", () => {
  const rows = [
    { App: "api", Ok: true, Time: HOURS[0]!, n: 1, ms: 2.5 },
    { App: "web", Ok: true, Time: HOURS[0]!, n: 3, ms: null },
  ];
  expect(plan("App:string Ok:bool Time:datetime n:long ms:real", rows)).toMatchObject({
    without: ["Ok"],
    chart: {
      series: [
        { label: "api n", measure: "n", points: [{ value: 1 }] },
        { label: "api ms", measure: "ms", points: [{ value: 2.5 }] },
        { label: "web n", measure: "n", points: [{ value: 3 }] },
        { label: "web ms", measure: "ms", points: [] },
      ],
    },
  });
});

test("where one number is measured, the text alone is the label, and an empty one leaves the measure", () => {
  const rows = [
    { App: "api", Time: HOURS[0]!, n: 1 },
    { App: "", Time: HOURS[0]!, n: 1 },
  ];

  expect(plan("App:string Time:datetime n:long", rows)).toMatchObject({
    chart: { series: [{ label: "api" }, { label: "n" }] },
  });
});

test("null is a gap; what is no number, or at no time, is left out and counted; decimals are text", () => {
  const rows = [
    { Time: HOURS[0]!, n: null },
    { Time: HOURS[0]!, n: "NaN" },
    { Time: HOURS[0]!, n: "Infinity" },
    { Time: null, n: 1 },
    { Time: HOURS[2]!, n: "2.5" },
  ];

  expect(plan("Time:datetime n:decimal", rows)).toEqual({
    chart: { kind: "series", series: [{ label: "n", measure: "n", points: [{ at: AT[2], value: 2.5 }] }] },
    left: 3,
    without: [],
  });
});

test("text and one number are bars, no more than 40, and a bar may have no value", () => {
  const rows = Array.from({ length: 50 }, (_, index) => ({
    App: `a${index}`,
    Kind: "x",
    n: index === 1 ? null : index,
  }));
  const bars = rows.slice(0, 40).map(({ App, n }) => ({ label: `${App} x`, value: n }));

  expect(bars[1]).toEqual({ label: "a1 x", value: null });
  expect(plan("App:string Kind:guid n:int", rows)).toEqual({
    chart: { kind: "bars", measure: "n", bars, more: 10 },
    left: 0,
    without: [],
  });
});

test("what is true or false names series and bars only where nothing else tells them apart", () => {
  const rows = HOURS.flatMap((Time, hour) => [
    { Time, Ok: true, Above: hour > 1, n: hour },
    { Time, Ok: false, Above: hour > 1, n: hour },
  ]);

  expect(plan("Time:datetime Ok:bool Above:bool n:long", rows)).toMatchObject({
    chart: { series: [{ label: "true" }, { label: "false" }] },
    without: ["Above"],
  });
  expect(plan("Ok:bool n:long", rows.slice(0, 2))).toMatchObject({
    chart: { kind: "bars", bars: [{ label: "true" }, { label: "false" }] },
  });
});

test("lists are left out, and so is an example that makes each row a series of its own", () => {
  const rows = HOURS.map((Time, hour) => ({
    Server: "pg",
    Time,
    n: hour,
    All: ["x"],
    Example: `at ${hour}`,
  }));
  const columns = "Server:string Time:datetime n:long All:dynamic Example:string";

  expect(plan(columns, rows)).toMatchObject({
    chart: { series: [{ label: "pg", points: [{ value: 0 }, { value: 1 }, { value: 2 }] }] },
    without: ["Example", "All"],
  });
  expect(plan("Server:string n:long All:dynamic", rows)).toMatchObject({ without: ["All"] });
});

test("a text that tells rows of one time apart stays, however many series it makes", () => {
  const rows = ["a", "b"].map((Rule) => ({ Server: "pg", Rule, Time: HOURS[0]!, n: 1 }));

  expect(plan("Server:string Rule:string Time:datetime n:long", rows)).toMatchObject({
    chart: { series: [{ label: "pg a" }, { label: "pg b" }] },
    without: [],
  });
});

test("whole numbers at the beginning, each another, are what bars are of", () => {
  const rows = [3, 0].map((DaysAgo) => ({ DaysAgo, Failures: 5 + DaysAgo, Runs: 2, Last: HOURS[0]! }));
  const columns = "DaysAgo:int Failures:long Runs:long Last:datetime";
  const bars = [
    { label: "3", value: 8 },
    { label: "0", value: 5 },
  ];

  expect(plan(columns, rows)).toEqual({
    chart: { kind: "bars", measure: "Failures", bars, more: 0 },
    left: 0,
    without: ["Runs", "Last"],
  });
  expect(
    plan(
      `workspace:string ${columns}`,
      rows.map((row) => ({ ...row, workspace: "w" })),
    ),
  ).toMatchObject({
    chart: { bars: [{ label: "w 3" }, { label: "w 0" }] },
  });
  expect(plan(columns, [...rows, ...rows])).toMatchObject({ chart: { kind: "series" } });
});

test.each<[string, string, JsonObject[]]>([
  ["there is no row", "Time:datetime n:long", []],
  ["column Took is timespan", "App:string Took:timespan", [{}]],
  ["2 of times, 1 of numbers and 0 of text", "A:datetime B:datetime n:long", [{}]],
  ["0 of times, 2 of numbers and 1 of text", "App:string n:long m:long", [{}]],
  ["0 of times, 1 of numbers and 0 of text", "n:long", [{}]],
  ["1 of times, 0 of numbers and 1 of text", "Time:datetime App:string", [{}]],
  ["no row has a time and a number", "Time:datetime n:long", [{ Time: HOURS[0]!, n: null }]],
  [
    "there are more than 8 series",
    "Time:datetime App:string n:long",
    Array.from({ length: 9 }, (_, index) => ({ Time: HOURS[0]!, App: String(index), n: 1 })),
  ],
])("no chart: %s", (why, columns, rows) => {
  expect(plan(columns, rows)).toEqual({ why: expect.stringContaining(why) });
});
