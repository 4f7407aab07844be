import type { Json, JsonObject } from "../../../json.ts";
import { dateOf, parseDatetime } from "../../../kql/values.ts";
import type { Bar, Chart, ChartSeries } from "../../../output/view.ts";

/** Columns by name and type, and rows by name. */
export interface Drawable {
  columns: readonly { name: string; type: string }[];
  rows: readonly JsonObject[];
}

/** What to draw, how many values are no numbers or at no time, and which columns are not drawn; or why nothing can be. */
export type ChartPlan = { chart: Chart; left: number; without: readonly string[] } | { why: string };

export const MOST_SERIES = 8;
export const MOST_BARS = 40;

const WHOLES = new Set(["int", "long"]);
const NUMBERS = new Set([...WHOLES, "real", "decimal"]);
const TEXTS = new Set(["string", "guid"]);

interface Columns {
  times: string[];
  numbers: string[];
  texts: string[];
  flags: string[];
  /** Neither drawn nor names of what is. */
  mute: string[];
}

/**
 * A time series has one datetime column, bars have none and one of numbers; what names them is text. Of an answer that
 * begins with whole numbers, each another, and goes on with numbers, the first are what its rows are of.
 */
export function planChart({ columns, rows }: Drawable): ChartPlan {
  const named = (fits: (type: string) => boolean): string[] =>
    columns.filter(({ type }) => fits(type)).map(({ name }) => name);
  const times = named((type) => type === "datetime");
  const numbers = named((type) => NUMBERS.has(type));
  const texts = named((type) => TEXTS.has(type));
  const flags = named((type) => type === "bool");
  const mute = named((type) => type === "dynamic");
  const all = { times, numbers, texts, flags, mute };
  const other = columns.find(({ name }) => !Object.values(all).flat().includes(name));
  if (rows.length === 0) return { why: "there is no row" };
  if (other) return { why: `column ${other.name} is ${other.type}` };
  const numbered = planNumbered({ columns, rows });
  if (numbered) return numbered;
  if (times.length === 1 && numbers.length > 0) return planSeries(rows, all);
  if (times.length === 0 && numbers.length === 1 && texts.length + flags.length > 0) {
    const names = [...texts, ...tellingFlags(rows, texts, flags)];
    const without = [...flags.filter((each) => !names.includes(each)), ...mute];
    return planBars(rows, { measure: numbers[0] ?? "", names, without });
  }
  const has = `${times.length} of times, ${numbers.length} of numbers and ${texts.length + flags.length} of text`;
  return {
    why: `it takes one column of times and some of numbers, or text and one of numbers, and here are ${has}`,
  };
}

/** Bars of the second column by the first, as of failures by how many days ago they were. */
function planNumbered({ columns, rows }: Drawable): ChartPlan | undefined {
  // It stands before the columns of the answer where there are several.
  const workspace = columns.filter(({ name }) => name === "workspace").map(({ name }) => name);
  const [first, second, ...rest] = columns.filter(({ name }) => !workspace.includes(name));
  if (!first || !second || !WHOLES.has(first.type) || !NUMBERS.has(second.type)) return undefined;
  const names = [...workspace, first.name];
  if (kindsOf(rows, names) < rows.length) return undefined;
  return planBars(rows, { measure: second.name, names, without: rest.map(({ name }) => name) });
}

/**
 * Texts that name series. Where they make too many, or hardly two rows are of one, as an example in each row does, those
 * alone, from the first on, that tell rows of one time apart.
 */
function namesOf(rows: readonly JsonObject[], time: string, texts: readonly string[]): readonly string[] {
  const series = kindsOf(rows, texts);
  if (series <= MOST_SERIES && series * 2 <= rows.length) return texts;
  const most = kindsOf(rows, [time, ...texts]);
  const last = texts.findIndex((_, index) => kindsOf(rows, [time, ...texts.slice(0, index + 1)]) === most);
  return texts.slice(0, last + 1);
}

/** What is true or false of a row is mostly made from its numbers; it names something only where nothing else does. */
function tellingFlags(
  rows: readonly JsonObject[],
  others: readonly string[],
  flags: readonly string[],
): string[] {
  return flags.filter((flag) => kindsOf(rows, [...others, flag]) > kindsOf(rows, others));
}

/** How many combinations of values these columns have. */
function kindsOf(rows: readonly JsonObject[], names: readonly string[]): number {
  return new Set(rows.map((row) => JSON.stringify(names.map((name) => row[name] ?? "")))).size;
}

function planSeries(
  rows: readonly JsonObject[],
  { times: [time = ""], numbers, texts, flags, mute }: Columns,
): ChartPlan {
  const named = namesOf(rows, time, texts);
  const names = [...named, ...tellingFlags(rows, [time, ...named], flags)];
  const series = new Map<string, ChartSeries & { points: { at: number; value: number }[] }>();
  let left = 0;
  for (const row of rows) {
    const at = timeOf(row[time]);
    const name = labelOf(row, names);
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
  const without = [...[...texts, ...flags].filter((each) => !names.includes(each)), ...mute];
  return { chart: { kind: "series", series: all }, left, without };
}

function planBars(
  rows: readonly JsonObject[],
  { measure, names, without }: { measure: string; names: readonly string[]; without: readonly string[] },
): ChartPlan {
  let left = 0;
  const bars = rows.slice(0, MOST_BARS).map((row): Bar => {
    const value = numberOf(row[measure]);
    if (value === undefined) left += 1;
    return { label: labelOf(row, names), value: value ?? null };
  });
  return { chart: { kind: "bars", measure, bars, more: rows.length - bars.length }, left, without };
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
