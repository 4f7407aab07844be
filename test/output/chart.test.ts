import { expect, test } from "vitest";
import { drawChart, shortNumber, type ChartLook } from "../../src/output/chart.ts";
import { loadPalette, PLAIN } from "../../src/output/colour.ts";
import { render } from "../../src/output/render.ts";
import type { Bar, Chart, ChartSeries, View } from "../../src/output/view.ts";
import { ESC, options, sample } from "./sample.ts";

const WIDE: ChartLook = { columns: 60, ascii: false, palette: PLAIN };
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 21);

function series(
  label: string,
  values: readonly (number | null)[],
  more: Partial<ChartSeries> = {},
): ChartSeries {
  const points = values.flatMap((value, index) =>
    value === null ? [] : [{ at: START + index * HOUR, value }],
  );
  return { label, measure: "Errors", points, ...more };
}

async function draw(all: ChartSeries | ChartSeries[], look: Partial<ChartLook> = {}): Promise<string[]> {
  return drawChart({ kind: "series", series: [all].flat() }, { ...WIDE, ...look });
}

async function bars(all: readonly Bar[], look: Partial<ChartLook> = {}, more = 0): Promise<string[]> {
  return drawChart({ kind: "bars", measure: "Errors", bars: all, more }, { ...WIDE, ...look });
}

test("time goes to the right, a cell for each step, with its ends, step and heights below", async () => {
  expect(await draw(series("shop-api", [0, 1, 2, 3, 4, 5, 6, 7, 8]))).toEqual([
    "shop-api  ▁▁▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇████████  0 to 8",
    "          2026-11-21T00:00:00Z to 2026-11-21T08:00:00Z",
    "one step is 1h; heights: Errors 0 to 8",
  ]);
});

test("the ends are below the first and the last cell where there is room", async () => {
  const [plot = "", axis = ""] = await draw(series("a", Array<number>(24).fill(1)), { columns: 120 });

  expect(axis).toMatch(/^ {3}2026-11-21T00:00:00Z +2026-11-21T23:00:00Z$/);
  expect(axis).toHaveLength(plot.indexOf("  1"));
});

test("a gap is a gap and zero is the lowest height", async () => {
  const [plot] = await draw(series("a", [8, null, 0, null, null, 8]), { columns: 24 });

  expect(plot).toBe("a  ██  ▁▁    ██  0 to 8");
});

test("a step is what all times have in common, not the shortest time between two", async () => {
  const [plot, , caption] = await draw(series("a", [8, null, 8, null, null, 8]), { columns: 22 });

  expect(plot).toBe("a  ██  ██    ██  8");
  expect(caption).toContain("one step is 1h");
});

test("series of one measure have one scale, and another measure has its own", async () => {
  const [first, second, third, , caption] = await draw(
    [series("a", [1, 8]), series("b", [80, 40]), series("c", [1, 0.5], { measure: "Share" })],
    { columns: 24 },
  );

  expect([first, second, third]).toEqual([
    "a  ▁▁▁▁▁▁▁▁  1 to 8",
    "b  ████▅▅▅▅  40 to 80",
    "c  ████▅▅▅▅  0.5 to 1",
  ]);
  expect(caption).toBe("one step is 1h; heights: Errors 0 to 80, Share 0 to 1");
});

test("below zero the heights begin at the least value", async () => {
  const [plot, , caption] = await draw(series("a", [-4, 0, 4]), { columns: 24 });
  const [below, , ofAll] = await draw(series("a", [-4, -2]), { columns: 24 });

  expect(plot).toBe("a  ▁▁▁▁▅▅▅▅████  -4 to 4");
  expect(caption).toContain("heights: Errors -4 to 4");
  expect(below).toBe("a  ▁▁▁▁▅▅▅▅  -4 to -2");
  expect(ofAll).toContain("heights: Errors -4 to 0");
});

test("one point, and nothing but zeros, are drawn", async () => {
  expect(await draw(series("a", [5]))).toEqual([
    "a  ████  5",
    "   2026-11-21T00:00:00Z",
    "heights: Errors 0 to 5",
  ]);
  expect((await draw(series("a", [0, 0])))[0]).toBe("a  ▁▁▁▁▁▁▁▁  0");
});

test("10,000 points become the largest of each cell, which is said, and a lone peak is not lost", async () => {
  const values = Array.from({ length: 10_000 }, (_, index) => (index === 4321 ? 1000 : 1));
  const lines = await draw(series("a", values));

  expect(lines[0]?.match(/█/g)).toHaveLength(1);
  expect(lines[0]!.length).toBeLessThanOrEqual(60);
  expect(lines[2]).toMatch(
    /^one step is \d.*d; the largest of up to 218 points each; heights: Errors 0 to 1000$/,
  );
});

test("points of one moment are one cell", async () => {
  const points = [1, 9, 3].map((value) => ({ at: START, value }));

  expect((await draw(series("a", [], { points }))).join("\n")).toContain(
    "the largest of up to 3 points each",
  );
});

test("a narrow terminal has the drawing and not the numbers beside it, and nothing is wider", async () => {
  const label = "a name that is much too long for this terminal";
  const lines = await draw(series(label, [987_654, ...Array<number>(29).fill(123_456)]), { columns: 32 });

  expect(lines[0]).toBe(`a nam…minal  █${"▁".repeat(18)}`);
  expect(lines[1]).toBe("2026-11-21T00:00:00Z to 2026-11-22T05:00:00Z");
});

test("labels that begin alike are told apart on a narrow terminal", async () => {
  const all = ["shop-web AverageCores", "shop-web AverageMemoryMiB", "shop-web MaximumCores"].map((label) =>
    series(label, [1, 2]),
  );
  const labels = (await draw(all, { columns: 40 })).slice(0, 3).map((line) => line.slice(0, 14));

  expect(labels).toEqual(["shop-w…geCores", "shop-w…moryMiB", "shop-w…umCores"]);
});

test("a series without a value is a line without one", async () => {
  expect((await draw([series("a", [1, 2]), series("b", [])], { columns: 30 }))[1]).toBe(
    "b            no value",
  );
});

test("bars have their numbers in a column, and what is not nothing is seen", async () => {
  const all = [
    { label: "shop-api", value: 1000 },
    { label: "shop-web", value: 502 },
    { label: "quiet", value: 0 },
    { label: "rare", value: 0.001 },
    { label: "unknown", value: null },
  ];

  expect(await bars(all, { columns: 40 })).toEqual([
    `shop-api   1000  ${"█".repeat(23)}`,
    `shop-web    502  ${"█".repeat(11)}▌`,
    "quiet         0",
    "rare      0.001  ▏",
    "unknown       -",
    "Errors",
  ]);
});

test("negative bars go to the left of zero", async () => {
  const all = [
    { label: "a", value: -5 },
    { label: "b", value: 10 },
    { label: "c", value: 0 },
  ];

  expect(await bars(all, { columns: 24 })).toEqual([
    "a  -5  █████│",
    "b  10       │██████████▋",
    "c   0       │",
    "Errors",
  ]);
});

test.each([
  [-5.5, 10.5],
  [-0.001, 10],
  [-10, 0.001],
])("bars of %d and %d are no wider than the terminal, and both are seen", async (least, most) => {
  const all = [
    { label: "a", value: least },
    { label: "b", value: most },
  ];
  const lines = await bars(all, { columns: 40 });

  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(lines[0]).toContain("█│");
  expect(lines[1]).toMatch(/│[█▏]/);
});

test("rows that are not drawn are counted", async () => {
  expect(await bars([{ label: "a", value: 1 }], {}, 59)).toContain("Errors, the first 1 of 60 rows");
});

test("without UTF-8 everything that is drawn is ASCII", async () => {
  const isAscii = /^[ -~]*$/;
  const lines = await draw(series("a-name-that-is-far-too-long-for-it", [0, 1, null, 8]), { ascii: true });
  const rows = await bars(
    [
      { label: "b", value: -3 },
      { label: "c", value: 7 },
    ],
    { ascii: true },
  );

  expect(lines[0]).toMatch(/^a-name-tha~ong-for-it {2}\.\.\.\.:::: {4}@@@@ {2}0 to 8$/);
  expect([...lines, ...rows].filter((line) => !isAscii.test(line))).toEqual([]);
  expect(rows[0]).toMatch(/^b {2}-3 {2}#+\|$/);
});

test("wide characters keep the drawings in one column", async () => {
  const lines = await draw([series("日本", [1]), series("abcd", [1])]);

  expect(lines[0]).toBe("日本  ████  1");
  expect(lines[1]).toBe("abcd  ████  1");
});

test("colour is for what is beside the drawing, and labels bring none", async () => {
  const palette = await loadPalette(true);
  const [plot = ""] = await draw(series(`a${ESC}[31mb`, [1]), { palette });

  expect(plot).toBe(`ab  ████  ${ESC}[2m1${ESC}[22m`);
});

test("names of columns bring no control character, either", async () => {
  const measure = `n${ESC}[2J`;
  const drawn = await draw(series("a", [1], { measure }));
  const rows = await drawChart({ kind: "bars", measure, bars: [{ label: "a", value: 1 }], more: 0 }, WIDE);

  expect([...drawn, ...rows].join("\n")).not.toContain(ESC);
});

test.each([
  [0, "0"],
  [-1.23456, "-1.235"],
  [9999, "9999"],
  [12_345_678, "12.35M"],
  [-2_500_000_000, "-2.5B"],
  [4e12, "4T"],
  [1.5e21, "1.50e+21"],
  [0.00001234, "1.23e-5"],
])("%d is %s", (value, text) => {
  expect(shortNumber(value)).toBe(text);
});

const chart: Chart = { kind: "series", series: [series("a", [1, 2])] };
const view: View = { ...sample, chart };

test("a terminal has the chart in place of the first table, Markdown has both", async () => {
  const terminal = (await render(view, options({ columns: 60 }))).stdout;
  const page = (await render(view, options({ format: "md", ascii: true }))).stdout;

  expect(terminal).toContain("a  ▅▅▅▅████  1 to 2");
  expect(terminal).not.toContain("web-1");
  expect(terminal).toContain("heights: Errors 0 to 2\n\nZONE\n");
  expect(page).toContain("```text\na  ▅▅▅▅████  1 to 2\n");
  expect(page).toContain("| web-1 |");
});

test.each(["json", "yaml", "tsv", "ndjson"] as const)("%s has no chart", async (format) => {
  expect(await render(view, options({ format }))).toEqual(await render(sample, options({ format })));
});
