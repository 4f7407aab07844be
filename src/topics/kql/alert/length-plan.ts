import { AppError } from "../../../errors.ts";

/** A length that a rule may have. */
export interface RuleLength {
  ms: number;
  /** As one types it. */
  short: string;
  iso: string;
}

const MINUTE = 60_000;

function length(count: number, unit: "M" | "H" | "D"): RuleLength {
  const ms = count * { M: MINUTE, H: 60 * MINUTE, D: 1440 * MINUTE }[unit];
  return { ms, short: `${count}${unit.toLowerCase()}`, iso: `P${unit === "D" ? "" : "T"}${count}${unit}` };
}

const MINUTES = [5, 10, 15, 30, 45].map((count) => length(count, "M"));
const HOURS = [1, 2, 3, 4, 5, 6].map((count) => length(count, "H"));
const ONE_MINUTE = length(1, "M");
const FREQUENCIES = [ONE_MINUTE, ...MINUTES, ...HOURS, length(1, "D")];
const WINDOWS = [ONE_MINUTE, ...MINUTES, ...HOURS, length(1, "D"), length(2, "D")];
const LONGEST_EVERY_MINUTE_MS = 360 * MINUTE;

/** Throws AppError (usage) for a length that no window has. */
export function windowOf(ms: number): RuleLength {
  return allowed("--window", ms, WINDOWS);
}

/** Throws AppError (usage) for a length that no frequency has. */
export function frequencyOf(ms: number): RuleLength {
  return allowed("--frequency", ms, FREQUENCIES);
}

export function lengthOfIso(iso: string): number | undefined {
  return WINDOWS.find((each) => each.iso === iso)?.ms;
}

function allowed(flag: string, ms: number, lengths: readonly RuleLength[]): RuleLength {
  const found = lengths.find((each) => each.ms === ms);
  if (found) return found;
  throw new AppError("usage", `${flag}: a rule has none of that length`, {
    hint: `one of ${lengths.map(({ short }) => short).join(", ")}`,
    because: ["azure-wire/alert-lengths"],
  });
}

/** Throws AppError (usage) for a frequency that the window does not go with. */
export function requireFitting(window: RuleLength, frequency: RuleLength): void {
  const because = ["azure-wire/alert-lengths"];
  if (frequency.ms > window.ms) {
    throw new AppError(
      "usage",
      `every ${frequency.short} over ${window.short}: what is between two windows is never looked at`,
      {
        hint: `use --frequency ${nearest(window.ms).short} or less, or a longer --window`,
        because,
      },
    );
  }
  if (frequency === ONE_MINUTE && window.ms > LONGEST_EVERY_MINUTE_MS) {
    throw new AppError(
      "usage",
      `every minute goes with a window of six hours at most, and not with ${window.short}`,
      {
        hint: "use --frequency 5m, or --window 6h",
        because,
      },
    );
  }
}

function nearest(ms: number): RuleLength {
  return FREQUENCIES.filter((each) => each.ms <= ms).at(-1) ?? ONE_MINUTE;
}
