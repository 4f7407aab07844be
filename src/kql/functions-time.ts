import { known, type CallContext, type Functions, type KqlFunction } from "./function.ts";
import { QueryError } from "./syntax.ts";
import {
  dateOf,
  floorDivide,
  formatDatetime,
  TICKS_PER_DAY,
  TICKS_PER_SECOND,
  ticksOf,
  type Value,
} from "./values.ts";

const HOUR = 3600n * TICKS_PER_SECOND;
const MINUTE = 60n * TICKS_PER_SECOND;

/** The beginning of a unit, and of one some units away. */
function start(floor: (ticks: bigint, offset: number) => bigint): KqlFunction {
  return {
    least: 1,
    most: 2,
    takes: ["datetime", "number"],
    type: "datetime",
    apply: ([value = null, offset = 0]) =>
      typeof value === "bigint" && typeof offset === "number" ? floor(value, offset) : null,
  };
}

function floorTo(ticks: bigint, unit: bigint, offset = 0): bigint {
  return (floorDivide(ticks, unit) + BigInt(offset)) * unit;
}

/** Year 1 began on a Monday, and weeks begin on Sunday. */
function floorWeek(ticks: bigint, offset: number): bigint {
  return floorTo(ticks + TICKS_PER_DAY, 7n * TICKS_PER_DAY, offset) - TICKS_PER_DAY;
}

function floorMonth(ticks: bigint, offset: number): bigint {
  const date = dateOf(ticks);
  return ticksOf(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1)));
}

function floorYear(ticks: bigint, offset: number): bigint {
  return ticksOf(new Date(Date.UTC(dateOf(ticks).getUTCFullYear() + offset, 0, 1)));
}

/** Which unit since year 1, or of the calendar, a time is in. */
const UNITS: Readonly<Record<string, (ticks: bigint) => bigint>> = {
  year: (ticks) => BigInt(dateOf(ticks).getUTCFullYear()),
  quarter: (ticks) => floorDivide(months(ticks), 3n),
  month: months,
  week: (ticks) => floorDivide(ticks + TICKS_PER_DAY, 7n * TICKS_PER_DAY),
  day: (ticks) => floorDivide(ticks, TICKS_PER_DAY),
  hour: (ticks) => floorDivide(ticks, HOUR),
  minute: (ticks) => floorDivide(ticks, MINUTE),
  second: (ticks) => floorDivide(ticks, TICKS_PER_SECOND),
  millisecond: (ticks) => floorDivide(ticks, 10_000n),
  microsecond: (ticks) => floorDivide(ticks, 10n),
  nanosecond: (ticks) => ticks * 100n,
};

function months(ticks: bigint): bigint {
  const date = dateOf(ticks);
  return BigInt(date.getUTCFullYear() * 12 + date.getUTCMonth());
}

/** How many borders of a unit lie between two times. */
const difference: KqlFunction = {
  least: 3,
  most: 3,
  takes: ["string", "datetime", "datetime"],
  type: "long",
  apply: ([unit, left = null, right = null], { place }) => {
    const indexOf = UNITS[String(unit).toLowerCase()];
    if (!indexOf) throw new QueryError(`'${String(unit)}' is no unit of datetime_diff`, place);
    return typeof left === "bigint" && typeof right === "bigint"
      ? Number(indexOf(left) - indexOf(right))
      : null;
  },
};

const add: KqlFunction = {
  least: 3,
  most: 3,
  takes: ["string", "number", "datetime"],
  type: "datetime",
  apply: ([unit, count = null, value = null], { place }) => {
    const size = SIZES[String(unit).toLowerCase()];
    if (!size) throw new QueryError(`'${String(unit)}' is no unit of datetime_add here`, place);
    return typeof value === "bigint" && typeof count === "number" ? value + size * BigInt(count) : null;
  },
};

const SIZES: Readonly<Record<string, bigint>> = {
  week: 7n * TICKS_PER_DAY,
  day: TICKS_PER_DAY,
  hour: HOUR,
  minute: MINUTE,
  second: TICKS_PER_SECOND,
  millisecond: 10_000n,
  microsecond: 10n,
};

const LETTERS = /d{1,8}|f{1,7}|F{1,7}|h{1,2}|H{1,2}|m{1,2}|M{1,2}|s{1,2}|yyyy|yy|tt|[^]/g;
const BETWEEN = new Set([" ", "/", "-", ":", ",", ".", "_", "[", "]"]);

/** `format_datetime` and `format_timespan`: letters for parts, and what may stand between them. */
function format(show: (letters: string, value: bigint) => string | undefined): KqlFunction["apply"] {
  return ([value = null, pattern = null], { place }: CallContext): Value => {
    if (typeof value !== "bigint" || typeof pattern !== "string") return "";
    return pattern.replaceAll(LETTERS, (letters) => {
      const shown = BETWEEN.has(letters) ? letters : show(letters, value);
      if (shown === undefined) throw new QueryError(`'${letters}' is no part of a format here`, place);
      return shown;
    });
  };
}

function digits(count: number, value: number | bigint): string {
  return String(value).padStart(count, "0");
}

function fractionOf(letters: string, iso: string): string {
  const part = iso.slice(0, letters.length);
  return letters.startsWith("f") ? part : part.replace(/0+$/, "");
}

function showDatePart(letters: string, ticks: bigint): string | undefined {
  const text = formatDatetime(ticks);
  const { length } = letters;
  const hour = Number(text.slice(11, 13));
  switch (letters.charAt(0)) {
    case "y":
      return length === 4 ? text.slice(0, 4) : digits(length, Number(text.slice(2, 4)));
    case "M":
      return digits(length, Number(text.slice(5, 7)));
    case "d":
      return length > 2 ? undefined : digits(length, Number(text.slice(8, 10)));
    case "H":
      return digits(length, hour);
    case "h":
      return digits(length, hour % 12 || 12);
    case "m":
      return digits(length, Number(text.slice(14, 16)));
    case "s":
      return digits(length, Number(text.slice(17, 19)));
    case "f":
    case "F":
      return fractionOf(letters, text.slice(20, 27));
    default:
      return letters === "tt" ? (hour < 12 ? "AM" : "PM") : undefined;
  }
}

function showSpanPart(letters: string, ticks: bigint): string | undefined {
  const size = ticks < 0n ? -ticks : ticks;
  const { length } = letters;
  switch (letters.charAt(0)) {
    case "d":
      return digits(length, size / TICKS_PER_DAY);
    case "h":
    case "H":
      return digits(length, (size / HOUR) % 24n);
    case "m":
      return digits(length, (size / MINUTE) % 60n);
    case "s":
      return digits(length, (size / TICKS_PER_SECOND) % 60n);
    case "f":
    case "F":
      return fractionOf(letters, digits(7, size % TICKS_PER_SECOND));
    default:
      return undefined;
  }
}

const fromClock = (apply: KqlFunction["apply"], most: number): KqlFunction => ({
  least: most === 1 ? 0 : 1,
  most: 1,
  takes: ["timespan"],
  type: "datetime",
  apply,
});

export const TIMES: Functions = {
  now: fromClock(([offset = 0n], { now }) => (typeof offset === "bigint" ? now + offset : null), 1),
  ago: fromClock(([span = null], { now }) => (typeof span === "bigint" ? now - span : null), 2),
  startofday: start((ticks, offset) => floorTo(ticks, TICKS_PER_DAY, offset)),
  startofweek: start(floorWeek),
  startofmonth: start(floorMonth),
  startofyear: start(floorYear),
  endofday: start((ticks, offset) => floorTo(ticks, TICKS_PER_DAY, offset + 1) - 1n),
  hourofday: known("datetime", "int", (value) => dateOf(value as bigint).getUTCHours()),
  getyear: known("datetime", "int", (value) => dateOf(value as bigint).getUTCFullYear()),
  getmonth: known("datetime", "int", (value) => dateOf(value as bigint).getUTCMonth() + 1),
  dayofmonth: known("datetime", "int", (value) => dateOf(value as bigint).getUTCDate()),
  dayofweek: known(
    "datetime",
    "timespan",
    (value) => BigInt(dateOf(value as bigint).getUTCDay()) * TICKS_PER_DAY,
  ),
  datetime_diff: difference,
  datetime_add: add,
  format_datetime: {
    least: 2,
    most: 2,
    takes: ["datetime", "string"],
    type: "string",
    apply: format(showDatePart),
  },
  format_timespan: {
    least: 2,
    most: 2,
    takes: ["timespan", "string"],
    type: "string",
    apply: format(showSpanPart),
  },
};
