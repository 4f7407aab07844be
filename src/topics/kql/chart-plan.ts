import type { Json, JsonObject } from "../../json.ts";
import { dateOf, parseDatetime } from "../../kql/values.ts";
import type { Bar, Chart, ChartSeries } from "../../output/view.ts";

/** Columns by name and type, and rows by name. */
export interface Drawable {
  columns: readonly { name: string; type: string }[];
  rows: readonly JsonObject[];
}

/** What to draw, and how many values are no numbers or at no time; or why nothing can be drawn. */
export type ChartPlan = { chart: Chart; left: number } | { why: string };

export const MOST_SERIES = 8;
export const MOST_BARS = 40;

const NUMBERS = new Set(["int", "long", "real", "decimal"]);
const TEXTS = new Set(["string", "bool", "guid"]);

interface Columns {
  times: string[];
  numbers: string[];
  texts: string[];
}

/** A time series has one datetime column, bars have none and one of numbers; what names them is text. */
export function planChart({ columns, rows }: Drawable): ChartPlan {
  const named = (fits: (type: string) => boolean): string[] =>
    columns.filter(({ type }) => fits(type)).map(({ name }) => name);
  const times = named((type) => type === "datetime");
  const numbers = named((type) => NUMBERS.has(type));
  const texts = named((type) => TEXTS.has(type));
  const other = columns.find(({ name }) => ![...times, ...numbers, ...texts].includes(name));
  if (rows.length === 0) return { why: "there is no row" };
  if (other) return { why: `column ${other.name} is ${other.type}` };
  if (times.length === 1 && numbers.length > 0) return planSeries(rows, { times, numbers, texts });
  if (times.length === 0 && numbers.length === 1 && texts.length > 0) {
    return planBars(rows, { times, numbers, texts });
  }
  const has = `${times.length} of times, ${numbers.length} of numbers and ${texts.length} of text`;
  return {
    why: `it takes one column of times and some of numbers, or text and one of numbers, and here are ${has}`,
  };
}

function planSeries(rows: readonly JsonObject[], { times: [time = ""], numbers, texts }: Columns): ChartPlan {
  const series = new Map<string, ChartSeries & { points: { at: number; value: number }[] }>();
  let left = 0;
  for (const row of rows) {
    const at = timeOf(row[time]);
    const name = labelOf(row, texts);
    for (const measure of numbers) {
      const label = [name, ...(name === "" || numbers.length > 1 ? [measure] : [])].filter(
        (each) => each !== "",
      );
      const key = JSON.stringify([name, measure]);
      const own = series.get(key) ?? { label: label.join(" "), measure, points: [] };
      series.set(key, own);
      if (series.size > MOST_SERIES) return { why: `there are more than ${MOST_SERIES} series` };
      const value = numberOf(row[measure]);
      if (value === null) continue;
      if (value === undefined || at === undefined) left += 1;
      else own.points.push({ at, value });
    }
  }
  const all = [...series.values()];
  if (all.every(({ points }) => points.length === 0)) return { why: "no row has a time and a number" };
  return { chart: { kind: "series", series: all }, left };
}

function planBars(rows: readonly JsonObject[], { numbers: [measure = ""], texts }: Columns): ChartPlan {
  let left = 0;
  const bars = rows.slice(0, MOST_BARS).map((row): Bar => {
    const value = numberOf(row[measure]);
    if (value === undefined) left += 1;
    return { label: labelOf(row, texts), value: value ?? null };
  });
  return { chart: { kind: "bars", measure, bars, more: rows.length - bars.length }, left };
}

function labelOf(row: JsonObject, texts: readonly string[]): string {
  return texts
    .map((name) => String(row[name] ?? ""))
    .join(" ")
    .trim();
}

/** Null where there is no value, undefined for what is no number that can be drawn; decimals come as text. */
function numberOf(value: Json | undefined): number | null | undefined {
  if (value === null || value === undefined || value === "") return null;
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function timeOf(value: Json | undefined): number | undefined {
  const ticks = typeof value === "string" ? parseDatetime(value) : null;
  return ticks === null ? undefined : dateOf(ticks).getTime();
}
