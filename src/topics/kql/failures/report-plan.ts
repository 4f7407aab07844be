import type { Json, JsonObject } from "../../../json.ts";

/** 24 hours, counted back from now, and as many in the period before. */
export interface Day {
  /** How many days ago these 24 hours ended. */
  daysAgo: number;
  failures: number;
  before: number;
}

/** Rows of `pipeline-failures-by-day` over two periods, as one row for each day of the last one, newest first. */
export function compareDays(rows: readonly JsonObject[], days: number): Day[] {
  const counts = new Map<number, number>();
  for (const row of rows) {
    // The service's now is a little later than ours, so its oldest day may be one more.
    const ago = Math.min(Math.max(numberOf(row["DaysAgo"]), 0), 2 * days - 1);
    counts.set(ago, (counts.get(ago) ?? 0) + numberOf(row["Failures"]));
  }
  return Array.from({ length: days }, (_, daysAgo) => ({
    daysAgo,
    failures: counts.get(daysAgo) ?? 0,
    before: counts.get(daysAgo + days) ?? 0,
  }));
}

export function sum(days: readonly Day[], of: "failures" | "before"): number {
  return days.reduce((total, day) => total + day[of], 0);
}

export interface Resolution {
  /** Of outages that have an end; undefined where none has, so that it cannot be told. */
  meanSeconds: number | undefined;
  longestSeconds: number | undefined;
  outages: number;
  open: number;
}

/** One figure for all rows of `pipeline-time-to-resolve`; open outages have no end, so they are not in the mean. */
export function resolve(rows: readonly JsonObject[]): Resolution {
  const ended = rows.map((row) => ({
    count: numberOf(row["Outages"]) - numberOf(row["Open"]),
    mean: secondsOf(row["MeanTimeToResolve"]),
    longest: secondsOf(row["Longest"]),
  }));
  const known = ended.filter(({ count, mean }) => count > 0 && mean !== undefined);
  const total = known.reduce((sum, { count }) => sum + count, 0);
  const seconds = known.reduce((sum, { count, mean }) => sum + count * (mean ?? 0), 0);
  const longest = known.map((each) => each.longest ?? 0);
  return {
    meanSeconds: total === 0 ? undefined : seconds / total,
    longestSeconds: total === 0 ? undefined : Math.max(...longest),
    outages: rows.reduce((sum, row) => sum + numberOf(row["Outages"]), 0),
    open: rows.reduce((sum, row) => sum + numberOf(row["Open"]), 0),
  };
}

export function numberOf(value: Json | undefined): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

/** A time span as answers have it: 1.02:03:04.5. Undefined for none. */
export function secondsOf(value: Json | undefined): number | undefined {
  const found = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(String(value ?? ""));
  if (!found) return undefined;
  const [days, hours, minutes, seconds] = found.slice(1).map((each) => Number(each ?? 0));
  return (days ?? 0) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}

/** As people say it, in its two largest units. */
export function tellSeconds(seconds: number): string {
  const units: [string, number][] = [
    ["d", 86_400],
    ["h", 3600],
    ["m", 60],
    ["s", 1],
  ];
  const whole = Math.round(seconds);
  const first = units.findIndex(([, size]) => whole >= size);
  if (first < 0) return "0s";
  const told = units.slice(first, first + 2).map(([unit, size], at) => {
    const above = at === 0 ? whole : whole % (units[first]?.[1] ?? 1);
    return [Math.floor(above / size), unit] as const;
  });
  return told
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(" ");
}
