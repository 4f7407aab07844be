import * as z from "zod";
import { AppError } from "../../errors.ts";
import { parseTimespan, TICKS_PER_SECOND } from "../../kql/values.ts";
import type { CatalogueQuery } from "./catalogue/catalogue-query.ts";
import type { Given } from "./catalogue/fill-query.ts";

const TICKS_PER_MS = TICKS_PER_SECOND / 1000n;

/** What is asked about: two absolute times. */
export interface Window {
  from: Date;
  until: Date;
}

/** A time, or how long before now. */
export type Moment = { at: Date } | { agoMs: number };

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const ISO_LENGTH = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** `30m`, `24h`, `7d`, `PT30M`, or an ISO time, which is UTC when it says nothing else. */
export const Moment = z.string().transform((text, context): Moment => {
  const moment = readMoment(text);
  if (moment !== undefined) return moment;
  context.addIssue({ code: "custom", message: complaint(text) });
  return z.NEVER;
});

function readMoment(text: string): Moment | undefined {
  const short = /^(\d{1,6})([smhdw])$/.exec(text);
  if (short) return { agoMs: Number(short[1]) * (UNITS[short[2] ?? ""] ?? 0) };
  const long = ISO_LENGTH.exec(text);
  if (long && /\d/.test(text)) {
    const lengths = long.slice(1).map((each) => Number(each ?? 0));
    return { agoMs: ["w", "d", "h", "m", "s"].reduce(sumOf(lengths), 0) };
  }
  const time = ISO_TIME.exec(text);
  if (!time) return undefined;
  const isUtcUnsaid = text.includes("T") && time[1] === undefined;
  const at = new Date(isUtcUnsaid ? `${text}Z` : text);
  return Number.isNaN(at.getTime()) ? undefined : { at };
}

function sumOf(lengths: readonly number[]) {
  return (sum: number, unit: string, index: number): number =>
    sum + (lengths[index] ?? 0) * (UNITS[unit] ?? 0);
}

/** Months are no length that anybody means here, and mostly minutes were meant. */
function complaint(text: string): string {
  const months = /^P(?:\d+Y)?(\d+)M/i.exec(text)?.[1];
  if (months !== undefined) {
    return `"${text}" reads as ${months} months, and is mostly meant as ${months} minutes: type ${months}m (or PT${months}M) for minutes, ${Number(months) * 30}d for months`;
  }
  return `"${text}" is neither a length such as 30m, 24h, 7d or PT30M, nor a time such as 2026-11-20T08:00Z`;
}

const USUAL_MS = 24 * 3_600_000;

/** What was typed of a window. */
export interface Typed {
  since?: Moment | undefined;
  until?: Moment | undefined;
}

/** Throws AppError "usage" for a window that has no length. */
export function windowOf({ since, until }: Typed, now: Date, usualMs = USUAL_MS): Window {
  const end = until === undefined ? now : timeOf(until, now);
  const from =
    since === undefined ? new Date(end.getTime() - usualMs) : timeOf(since, "at" in since ? now : end);
  if (from.getTime() < end.getTime()) return { from, until: end };
  throw new AppError(
    "usage",
    `the window ends before it begins: ${from.toISOString()} to ${end.toISOString()}`,
    {
      hint: "give --since a time or length before --until",
    },
  );
}

function timeOf(moment: Moment, now: Date): Date {
  // No log is older than 1970, and no address takes a year below one.
  return "at" in moment ? moment.at : new Date(Math.max(0, now.getTime() - moment.agoMs));
}

/**
 * The window of a query of the catalogue: its own where nothing is typed. Throws AppError "usage" for one that has not
 * both of the periods that the query compares.
 */
export function windowOfQuery({ query, given }: Filled, typed: Typed, now: Date): Window {
  const period = periodOf(query, given);
  if (period === undefined) return windowOf(typed, now, lengthOf(query.window));
  const window = windowOf(typed, now, 2 * period.ms);
  if (window.until >= now && window.from.getTime() <= now.getTime() - 2 * period.ms) return window;
  throw new AppError(
    "usage",
    `${query.name} compares the last ${period.typed} with the ${period.typed} before, so the window has to have both`,
    {
      hint: `leave --since and --until away, or give another length with --param ${query.compares ?? ""}=12h`,
    },
  );
}

interface Filled {
  query: CatalogueQuery;
  given: Given;
}

function periodOf(
  { compares, parameters }: CatalogueQuery,
  given: Given,
): { typed: string; ms: number } | undefined {
  const parameter = parameters.find(({ name }) => name === compares);
  if (!parameter) return undefined;
  const typed = given.get(parameter.name) ?? parameter.default;
  return { typed, ms: Number((parseTimespan(typed) ?? 0n) / TICKS_PER_MS) };
}

/** The window of a query is written as a person types it. */
function lengthOf(text: string): number {
  const moment = readMoment(text);
  return moment !== undefined && "agoMs" in moment ? moment.agoMs : USUAL_MS;
}
