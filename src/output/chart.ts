import { PLAIN, type Palette } from "./colour.ts";
import { stripControl } from "./text.ts";
import type { Bar, Chart, ChartSeries } from "./view.ts";
import { padding, truncateMiddle, type Width, widthFor } from "./width.ts";

export interface ChartLook {
  /** Width of the terminal; undefined when unknown. */
  columns: number | undefined;
  /** Nothing but ASCII can be shown. */
  ascii: boolean;
  palette: Palette;
}

/** How a page has it, whatever the terminal is. */
export const ON_A_PAGE: ChartLook = { columns: undefined, ascii: false, palette: PLAIN };

const USUAL_COLUMNS = 80;
const LEAST_ROOM = 10;
/** Of the width, for what stands left of the drawing. */
const LABEL_PART = 0.35;
const GAP = "  ";

interface Drawing extends ChartLook {
  width: Width;
  room: number;
}

/** A chart as lines of text, each as wide as the terminal at most. */
export async function drawChart(chart: Chart, look: ChartLook): Promise<string[]> {
  const labels = (chart.kind === "bars" ? chart.bars : chart.series).map(({ label }) => stripControl(label));
  const width = await widthFor(labels);
  const room = look.columns ?? USUAL_COLUMNS;
  const mark = look.ascii ? "~" : "…";
  const shown = labels.map((text) => truncateMiddle(text, Math.floor(room * LABEL_PART), { width, mark }));
  const most = Math.max(0, ...shown.map(width));
  const padded = shown.map((text) => text + padding(text, most, width));
  const drawing = { ...look, width, room: room - most - GAP.length };
  return chart.kind === "bars"
    ? barLines(chart, padded, drawing)
    : seriesLines(chart.series, padded, drawing);
}

// Series: time goes to the right, one cell is one stretch of it.

const HEIGHTS = { unicode: "▁▂▃▄▅▆▇█", ascii: ".:-=+*#@" };
const WIDEST_MARK = 4;

interface Grid {
  from: number;
  until: number;
  cells: number;
  /** Of one cell, in milliseconds. */
  length: number;
  cellOf(at: number): number;
}

function seriesLines(series: readonly ChartSeries[], labels: readonly string[], drawing: Drawing): string[] {
  const texts = series.map(rangeText);
  const beside = drawing.room - GAP.length - Math.max(...texts.map(({ length }) => length));
  // A drawing says more than its numbers, where there is room for one of them alone.
  const ranges = beside < LEAST_ROOM ? [] : texts;
  const room = Math.max(LEAST_ROOM, ranges.length > 0 ? beside : drawing.room);
  const grid = layGrid(series, room);
  const mark = Math.min(WIDEST_MARK, Math.max(1, Math.floor(room / grid.cells)));
  const drawn = series.map((each) => cellsOf(each, grid));
  const { dim } = drawing.palette;
  const lines = series.map((each, at) => {
    const scale = scaleOf(each.measure, series);
    const plot = (drawn[at]?.cells ?? []).map((value) => glyph(value, scale, drawing).repeat(mark)).join("");
    const range = ranges[at];
    return `${labels[at] ?? ""}${GAP}${plot}${range === undefined ? "" : GAP + dim(range)}`.trimEnd();
  });
  const crowded = Math.max(...drawn.map(({ most }) => most));
  const axis = axisText(grid, grid.cells * mark);
  const indent = drawing.width(labels[0] ?? "") + GAP.length;
  const fits = axis.length <= drawing.room;
  return [...lines, (fits ? " ".repeat(indent) : "") + dim(axis), dim(caption(series, { grid, crowded }))];
}

/** One cell for each stretch that all times are whole numbers of, where there is room for that: the bin, mostly. */
function layGrid(series: readonly ChartSeries[], room: number): Grid {
  const times = series.flatMap(({ points }) => points.map(({ at }) => at));
  const from = times.reduce((first, at) => Math.min(first, at), Infinity);
  const until = times.reduce((last, at) => Math.max(last, at), -Infinity);
  const step = times.reduce((each, at) => commonDivisor(each, at - from), 0);
  if (step === 0) return { from, until, cells: 1, length: 0, cellOf: () => 0 };
  const wanted = (until - from) / step + 1;
  if (wanted <= room) {
    return { from, until, cells: wanted, length: step, cellOf: (at) => (at - from) / step };
  }
  const length = (until - from) / room;
  const cellOf = (at: number): number => Math.min(room - 1, Math.floor((at - from) / length));
  return { from, until, cells: room, length, cellOf };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** The largest value of each cell, null where there is no point, and how many points one cell has at most. */
function cellsOf(
  { points }: ChartSeries,
  { cells: count, cellOf }: Grid,
): { cells: (number | null)[]; most: number } {
  const cells = Array<number | null>(count).fill(null);
  const counts = Array<number>(count).fill(0);
  for (const { at, value } of points) {
    const cell = cellOf(at);
    counts[cell] = (counts[cell] ?? 0) + 1;
    cells[cell] = Math.max(cells[cell] ?? -Infinity, value);
  }
  return { cells, most: counts.reduce((a, b) => Math.max(a, b), 0) };
}

function glyph(value: number | null, [least, most]: Range, { ascii }: Drawing): string {
  if (value === null) return " ";
  const heights = ascii ? HEIGHTS.ascii : HEIGHTS.unicode;
  const part = most === least ? 0 : (value - least) / (most - least);
  return heights.charAt(Math.min(heights.length - 1, Math.floor(part * heights.length)));
}

type Range = readonly [least: number, most: number];

/** Always with zero, so that a height is an amount. */
function scaleOf(measure: string, series: readonly ChartSeries[]): Range {
  const values = series.filter((each) => each.measure === measure).map(rangeOf);
  return [
    values.reduce((least, [from]) => Math.min(least, from), 0),
    values.reduce((most, [, until]) => Math.max(most, until), 0),
  ];
}

function rangeOf({ points }: ChartSeries): Range {
  return points.reduce<Range>(
    ([least, most], { value }) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
}

function rangeText(series: ChartSeries): string {
  const [least, most] = rangeOf(series);
  if (series.points.length === 0) return "no value";
  return least === most ? shortNumber(least) : `${shortNumber(least)} to ${shortNumber(most)}`;
}

/** The first and the last moment, below what they belong to where both fit. */
function axisText({ from, until }: Grid, width: number): string {
  const [first, last] = [timeText(from), timeText(until)];
  if (from === until) return first;
  const between = width - first.length - last.length;
  return between > 0 ? first + " ".repeat(between) + last : `${first} to ${last}`;
}

function caption(series: readonly ChartSeries[], { grid, crowded }: { grid: Grid; crowded: number }): string {
  const measures = [...new Set(series.map(({ measure }) => measure))];
  const scales = measures.map((measure) => {
    const [least, most] = scaleOf(measure, series);
    return `${stripControl(measure)} ${shortNumber(least)} to ${shortNumber(most)}`;
  });
  const length = grid.length > 0 ? [`one step is ${lengthText(grid.length)}`] : [];
  const largest = crowded > 1 ? [`the largest of up to ${crowded} points each`] : [];
  return [...length, ...largest, `heights: ${scales.join(", ")}`].join("; ");
}

// Bars: one a row.

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

function barLines(
  { bars, more, measure }: Chart & { kind: "bars" },
  labels: readonly string[],
  drawing: Drawing,
): string[] {
  const { dim } = drawing.palette;
  const values = bars.map(({ value }) => (value === null ? "-" : shortNumber(value)));
  const widest = Math.max(0, ...values.map(({ length }) => length));
  const room = Math.max(LEAST_ROOM, drawing.room - widest - GAP.length);
  const [least, most] = bars.reduce<Range>(
    ([a, b], { value }) => [Math.min(a, value ?? 0), Math.max(b, value ?? 0)],
    [0, 0],
  );
  // A line at zero only where there is something on both its sides.
  const unit = (least < 0 ? room - 1 : room) / (most - least || 1);
  const left = least < 0 ? Math.max(1, Math.floor(-least * unit)) : 0;
  const right = least < 0 ? room - left - 1 : room;
  const lines = bars.map((bar, at) =>
    `${labels[at] ?? ""}${GAP}${(values[at] ?? "").padStart(widest)}${GAP}${barText(bar, { unit, left, right, drawing })}`.trimEnd(),
  );
  const rest = more > 0 ? `, the first ${bars.length} of ${bars.length + more} rows` : "";
  return [...lines, dim(stripControl(measure) + rest)];
}

function barText(
  { value }: Bar,
  { unit, left, right, drawing }: { unit: number; left: number; right: number; drawing: Drawing },
): string {
  const { ascii, palette } = drawing;
  const full = ascii ? "#" : "█";
  const zero = left > 0 ? palette.dim(ascii ? "|" : "│") : "";
  if (value === null || value === 0) return " ".repeat(left) + zero;
  if (value < 0) {
    const cells = Math.min(left, Math.max(1, Math.round(-value * unit)));
    return " ".repeat(left - cells) + full.repeat(cells) + zero;
  }
  // What is not nothing is seen.
  const eighths = Math.min(right * 8, Math.max(1, Math.round(value * unit * 8)));
  const bar = ascii
    ? full.repeat(Math.max(1, Math.round(eighths / 8)))
    : full.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
  return " ".repeat(left) + zero + bar;
}

// Words.

/** Four digits, with K, M, B or T where it is large. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toExponential(2);
  if (size < 10_000) return String(Number(value.toPrecision(4)));
  return new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 }).format(value);
}

const UNITS: readonly [unit: string, ms: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
];

function lengthText(ms: number): string {
  const [unit, size] = UNITS.find((each) => ms >= each[1]) ?? ["ms", 1];
  return `${shortNumber(ms / size)}${unit}`;
}

function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.000Z$/, "Z");
}
