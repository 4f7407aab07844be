export type KqlType =
  "bool" | "int" | "long" | "real" | "decimal" | "string" | "datetime" | "timespan" | "guid" | "dynamic";

/**
 * What a cell holds, by type: datetime and timespan are bigints in ticks of 100 ns (datetime since year 1),
 * all numbers are doubles, dynamic is what JSON can say. Null stands for missing; a string is never missing.
 */
export type Value =
  null | boolean | number | bigint | string | readonly unknown[] | { readonly [name: string]: unknown };

/** The values of one row, in the order of the columns. */
export type Row = readonly Value[];

export interface Column {
  name: string;
  type: KqlType;
}

const NUMBERS: ReadonlySet<KqlType> = new Set(["int", "long", "real", "decimal"]);

export function isNumber(type: KqlType): boolean {
  return NUMBERS.has(type);
}

/** What stands where there is no value. */
export function missing(type: KqlType): Value {
  return type === "string" ? "" : null;
}

export const TICKS_PER_SECOND = 10_000_000n;
const TICKS_PER_MS = 10_000n;
export const TICKS_PER_DAY = 86_400n * TICKS_PER_SECOND;
/** Ticks from year 1 to 1970. */
const EPOCH = 621_355_968_000_000_000n;

export function ticksOf(date: Date): bigint {
  return BigInt(date.getTime()) * TICKS_PER_MS + EPOCH;
}

/** Loses what is below a millisecond. */
export function dateOf(ticks: bigint): Date {
  return new Date(Number(floorDivide(ticks - EPOCH, TICKS_PER_MS)));
}

export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by !== 0n && value < 0n !== by < 0n ? quotient - 1n : quotient;
}

const DATE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|GMT|[+-]\d{2}:?\d{2})?$/i;

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const CLOCK_PART = "(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?";
/** As mail writes it (RFC 822, RFC 850 and later): a day's name, blanks or hyphens, two or four digits. */
const MAIL = new RegExp(
  `^(?:[A-Z][a-z]{2,8}, ?)?(\\d{1,2})([ -])(${MONTHS.join("|")})\\2(\\d{4}|\\d{2}) ${CLOCK_PART}(?: GMT)?$`,
  "i",
);
const AMERICAN = new RegExp(`^(\\d{1,2})/(\\d{1,2})/(\\d{4})(?: ${CLOCK_PART})?$`);

/** A date in one of the forms that the service reads, in UTC unless it says otherwise; null when it is none. */
export function parseDatetime(text: string): bigint | null {
  const trimmed = text.trim();
  const iso = DATE.exec(trimmed);
  if (iso) return dateTicks(iso.slice(1));
  const american = AMERICAN.exec(trimmed);
  if (american) {
    const [month, day, year, ...clock] = american.slice(1);
    return dateTicks([year, month, day, ...clock]);
  }
  const [, day, , name = "", years = "", ...clock] = MAIL.exec(trimmed) ?? [];
  if (day === undefined) return null;
  const month = MONTHS.findIndex((each) => each.toLowerCase() === name.toLowerCase()) + 1;
  return dateTicks([fullYear(years), String(month), day, ...clock]);
}

/** Two digits are of this century up to 49, as RFC 2822 has it. */
function fullYear(digits: string): string {
  if (digits.length === 4) return digits;
  return `${Number(digits) < 50 ? "20" : "19"}${digits}`;
}

/** Of year, month, day, hour, minute, second, digits of its fraction, and a zone. */
function dateTicks(parts: readonly (string | undefined)[]): bigint | null {
  const [year, month, day, hour, minute, second] = Array.from({ length: 6 }, (_, index) =>
    Number(parts[index] ?? 0),
  ) as Six;
  if (hour > 23 || minute > 59 || second > 59 || year === 0) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  date.setUTCHours(hour, minute, second);
  return ticksOf(date) + fraction(parts[6]) - offsetOf(parts[7]);
}

type Six = [number, number, number, number, number, number];

function fraction(digits = ""): bigint {
  return BigInt(digits.slice(0, 7).padEnd(7, "0"));
}

function offsetOf(zone = "Z"): bigint {
  if (/^(?:Z|GMT)$/i.test(zone)) return 0n;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return BigInt(zone.startsWith("-") ? -minutes : minutes) * 60n * TICKS_PER_SECOND;
}

const CLOCK = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/;
const SHORT = /^(-?\d+(?:\.\d+)?)\s*(d|h|m|s|ms|(?:millisecond|microsecond|tick|minute|second|hour|day)s?)$/i;

const SECONDS: Record<string, number> = {
  d: 86_400,
  day: 86_400,
  h: 3600,
  hour: 3600,
  m: 60,
  minute: 60,
  s: 1,
  second: 1,
  ms: 1e-3,
  millisecond: 1e-3,
  microsecond: 1e-6,
  tick: 1e-7,
};

/** `1.02:03:04.5`, `02:03`, `5m` or a number of days; null when it is none. */
export function parseTimespan(text: string): bigint | null {
  const trimmed = text.trim();
  const clock = CLOCK.exec(trimmed);
  if (clock) return clockTicks(clock);
  const short = SHORT.exec(trimmed);
  if (short)
    return secondsToTicks(
      Number(short[1]) * (SECONDS[(short[2] ?? "").toLowerCase().replace(/(?<=..)s$/, "")] ?? 0),
    );
  return /^-?\d+$/.test(trimmed) ? BigInt(trimmed) * TICKS_PER_DAY : null;
}

function clockTicks([, sign, days = "0", hours, minutes, seconds = "0", digits]: RegExpExecArray):
  bigint | null {
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const whole = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const ticks = BigInt(whole) * TICKS_PER_SECOND + fraction(digits);
  return sign ? -ticks : ticks;
}

export function secondsToTicks(seconds: number): bigint | null {
  const ticks = Math.round(seconds * Number(TICKS_PER_SECOND));
  return Number.isFinite(ticks) ? BigInt(ticks) : null;
}

/** As the service writes it: seven digits. */
export function formatDatetime(ticks: bigint): string {
  const digits = String(((ticks % TICKS_PER_SECOND) + TICKS_PER_SECOND) % TICKS_PER_SECOND).padStart(7, "0");
  return `${dateOf(ticks).toISOString().slice(0, 19)}.${digits}Z`;
}

/** As the service writes it: `1.02:03:04.5000000`, without days and fraction where there are none. */
export function formatTimespan(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const seconds = Number(size / TICKS_PER_SECOND);
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const part = size % TICKS_PER_SECOND;
  const text = clock.map((each) => String(each).padStart(2, "0")).join(":");
  const rest = part === 0n ? "" : `.${String(part).padStart(7, "0")}`;
  return `${ticks < 0n ? "-" : ""}${days > 0 ? `${days}.` : ""}${text}${rest}`;
}

/** A value as text; what is missing becomes the empty string. */
export function toText(value: Value, type: KqlType): string {
  if (value === null) return "";
  if (typeof value === "bigint") return type === "datetime" ? formatDatetime(value) : formatTimespan(value);
  if (typeof value === "string") return value;
  if (typeof value === "object") return JSON.stringify(value);
  if (type === "real" && Number.isInteger(value)) return Number(value).toFixed(1);
  return String(value);
}

/** A value as an answer of the service says it in JSON: a datetime without digits that say nothing. */
export function toJson(value: Value, type: KqlType): Exclude<Value, bigint> {
  return typeof value === "bigint" && type === "datetime"
    ? formatDatetime(value).replace(/\.?0*Z$/, "Z")
    : toDynamic(value, type);
}

/** A value as a part of a dynamic one: times become text, and numbers that JSON has not. */
export function toDynamic(value: Value, type: KqlType): Exclude<Value, bigint> {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return typeof value === "bigint" ? toText(value, type) : value;
}

/** A value that came as JSON or as text, in its type; what does not fit is missing. */
export function fromJson(json: unknown, type: KqlType): Value {
  if (json === null || json === undefined) return missing(type);
  switch (type) {
    case "string":
    case "guid":
      return typeof json === "string" ? json : toText(json as Value, "dynamic");
    case "datetime":
      return typeof json === "string" ? parseDatetime(json) : null;
    case "timespan":
      return typeof json === "string" ? parseTimespan(json) : null;
    case "bool":
      return toBool(json);
    case "dynamic":
      return json as Value;
    default:
      return toNumber(json, type);
  }
}

function toBool(json: unknown): boolean | null {
  if (typeof json === "boolean") return json;
  if (typeof json === "number") return json !== 0;
  const text = String(json).trim().toLowerCase();
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : null;
}

function toNumber(json: unknown, type: KqlType): number | null {
  if (typeof json === "boolean") return Number(json);
  if (typeof json !== "number" && (typeof json !== "string" || json.trim() === "")) return null;
  const value = Number(json);
  if (Number.isNaN(value)) return type === "real" && json === "NaN" ? value : null;
  if (type === "real" || type === "decimal") return value;
  const whole = Math.trunc(value);
  return type === "int" && (whole | 0) !== whole ? null : whole;
}

/** Ascending, missing values first, then what is no number; values of one type, or of dynamic. */
export function compareValues(left: Value, right: Value): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  const [isLeftNaN, isRightNaN] = [Number.isNaN(left), Number.isNaN(right)];
  if (isLeftNaN || isRightNaN) return Number(isRightNaN) - Number(isLeftNaN);
  if (typeof left === typeof right && typeof left !== "object") {
    return left < right ? -1 : Number(left > right);
  }
  const [first, second] = [toText(left, "dynamic"), toText(right, "dynamic")];
  return first < second ? -1 : Number(first > second);
}

/** Equal for equal values of the same types, and else different. */
export function keyOf(values: readonly Value[]): string {
  return JSON.stringify(
    values.map((each) => {
      const isOdd = typeof each === "bigint" || (typeof each === "number" && !Number.isFinite(each));
      return isOdd ? String(each) : each;
    }),
  );
}
