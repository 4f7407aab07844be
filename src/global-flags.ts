import { AppError } from "./errors.ts";
import { FORMATS, OWN_FORMATS, STREAMED, type Format } from "./output/format.ts";

/** The flags of every verb, as typed. */
export interface GlobalFlags {
  output: Format | undefined;
  query: string | undefined;
  cloud: string | undefined;
  tenant: string | undefined;
  subscriptions: string[];
  auth: string | undefined;
  /** Access tokens may be kept on disk between runs. */
  tokenCache: boolean;
  timeout: string | undefined;
  concurrency: string | undefined;
  yes: boolean;
  showIds: boolean;
  verbose: boolean;
  color: boolean;
}

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };
const DEFAULT_TIMEOUT_MS = 30 * 60_000;
const DEFAULT_CONCURRENCY = 8;
const MOST_CONCURRENCY = 64;

export function checkFormat(text: string | undefined): Format | undefined {
  if (text === undefined) return undefined;
  const format = ([...FORMATS, STREAMED, ...OWN_FORMATS] as const).find((each) => each === text);
  if (format) return format;
  throw new AppError("usage", `unknown output format "${text}"`, { hint: `use -o ${FORMATS.join("|")}` });
}

/** "90s", "30m" or "2h" in milliseconds. */
export function parseTimeout(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TIMEOUT_MS;
  const match = /^([1-9]\d{0,5})([smh])$/.exec(text);
  const unit = UNITS[match?.[2] ?? ""];
  if (match && unit !== undefined) return Number(match[1]) * unit;
  throw new AppError("usage", `--timeout "${text}" is not a duration`, {
    hint: "use seconds, minutes or hours: 90s, 30m, 2h",
  });
}

export function parseConcurrency(text: string | undefined): number {
  if (text === undefined) return DEFAULT_CONCURRENCY;
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MOST_CONCURRENCY) return number;
  throw new AppError("usage", `--concurrency "${text}" is not usable`, {
    hint: `use a number from 1 to ${MOST_CONCURRENCY}`,
  });
}
