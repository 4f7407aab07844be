import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/json.ts";
import { planChart, type ChartPlan } from "../../../src/topics/kql/chart-plan.ts";

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
  });
});

test("texts name the series, and numbers are series of their own measure", () => {
  const rows = [
    { App: "api", Ok: true, Time: HOURS[0]!, n: 1, ms: 2.5 },
    { App: "web", Ok: true, Time: HOURS[0]!, n: 3, ms: null },
  ];
  const { chart } = plan("App:string Ok:bool Time:datetime n:long ms:real", rows) as { chart: unknown };

  expect(chart).toMatchObject({
    series: [
      { label: "api true n", measure: "n", points: [{ value: 1 }] },
      { label: "api true ms", measure: "ms", points: [{ value: 2.5 }] },
      { label: "web true n", measure: "n", points: [{ value: 3 }] },
      { label: "web true ms", measure: "ms", points: [] },
    ],
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
  });
});

test.each<[string, string, JsonObject[]]>([
  ["there is no row", "Time:datetime n:long", []],
  ["column Tags is dynamic", "Time:datetime n:long Tags:dynamic", [{}]],
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
