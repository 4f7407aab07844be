import * as z from "zod";
import { AppError } from "../../errors.ts";

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

/** Throws AppError "usage" for a window that has no length. */
export function windowOf(
  { since, until }: { since?: Moment | undefined; until?: Moment | undefined },
  now: Date,
): Window {
  const end = until === undefined ? now : timeOf(until, now);
  const from =
    since === undefined ? new Date(end.getTime() - USUAL_MS) : timeOf(since, "at" in since ? now : end);
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
  return "at" in moment ? moment.at : new Date(now.getTime() - moment.agoMs);
}
