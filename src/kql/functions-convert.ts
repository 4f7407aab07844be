import { deepLine } from "./json-depth.ts";
import { known, one, type Functions, type KqlFunction } from "./function.ts";
import {
  fromJson,
  isNumber,
  secondsToTicks,
  ticksOf,
  toDynamic,
  toText,
  type KqlType,
  type Value,
} from "./values.ts";

const SECONDS_A_DAY = 86_400;

/** A value in another type; what cannot be is missing. */
function to(type: KqlType): KqlFunction {
  return one("any", type, (value, { types: [from = "dynamic"] }) => convert(value, from, type));
}

function convert(value: Value, from: KqlType, type: KqlType): Value {
  if (value === null || from === type) return value;
  if (type === "string") return toText(value, from);
  if (type === "timespan" && typeof value === "number") return secondsToTicks(value * SECONDS_A_DAY);
  if (typeof value === "bigint") return isNumber(type) && type !== "int" ? Number(value) : null;
  if (isNumber(type) && typeof value === "string") return numberOf(value, type);
  return fromJson(value, type);
}

/** A text as a number; hexadecimal is read, and a fraction is cut from whole numbers. */
function numberOf(text: string, type: KqlType): number | null {
  return /^\s*(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|0x[\da-f]+)\s*$/i.test(text)
    ? (fromJson(text.trim(), type) as number | null)
    : null;
}

/** A text that is no JSON, or nested too deep, stays a text. */
function parseJson(value: Value): Value {
  if (typeof value !== "string") return value;
  try {
    const parsed = JSON.parse(value) as Value;
    return deepLine(value) === undefined ? parsed : value;
  } catch {
    return value;
  }
}

const parseDynamic = one("any", "dynamic", (value, { types: [from = "dynamic"] }) =>
  from === "string" ? (value === "" ? null : parseJson(value)) : toDynamic(value, from),
);

const pack: KqlFunction = {
  least: 2,
  most: 64,
  type: (types) => (types.length % 2 === 0 ? "dynamic" : undefined),
  apply: (args, { types }) =>
    Object.fromEntries(
      args.flatMap((value, index) =>
        index % 2 === 1
          ? [[toText(args[index - 1] ?? null, "string"), toDynamic(value, types[index] ?? "dynamic")]]
          : [],
      ),
    ),
};

const packArray: KqlFunction = {
  least: 1,
  most: 64,
  type: "dynamic",
  apply: (args, { types }) => args.map((value, index) => toDynamic(value, types[index] ?? "dynamic")),
};

function epochTicks(milliseconds: number): bigint | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : ticksOf(date);
}

/** The first address of `10.0.0.0/8`, and how many there are; an address alone is one. */
function ipRange(text: string): { start: number; size: number } | null {
  const [address = "", bits = "32", ...more] = text.split("/");
  const parts = address.split(".");
  if (parts.length !== 4 || !parts.every((each) => /^\d{1,3}$/.test(each) && Number(each) < 256)) return null;
  if (more.length > 0 || !/^\d+$/.test(bits) || Number(bits) > 32) return null;
  const size = 2 ** (32 - Number(bits));
  const whole = parts.reduce((sum, each) => sum * 256 + Number(each), 0);
  return { start: whole - (whole % size), size };
}

/** Whether an address, or the first one of a range, is in a range; null where one of them is none. */
function isInRange(address: string, range: string): boolean | null {
  const [wanted, within] = [ipRange(address), ipRange(range)];
  if (!wanted || !within) return null;
  return wanted.start >= within.start && wanted.start < within.start + within.size;
}

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

export const CONVERSIONS: Functions = {
  tostring: one("any", "string", (value, { types: [from = "dynamic"] }) => toText(value, from)),
  toint: to("int"),
  tolong: to("long"),
  toreal: to("real"),
  todouble: to("real"),
  todecimal: to("decimal"),
  tobool: to("bool"),
  toboolean: to("bool"),
  toguid: to("guid"),
  todatetime: to("datetime"),
  totimespan: to("timespan"),
  unixtime_seconds_todatetime: known("number", "datetime", (value) => epochTicks(Number(value) * 1000)),
  unixtime_milliseconds_todatetime: known("number", "datetime", (value) => epochTicks(Number(value))),
  parse_json: parseDynamic,
  todynamic: parseDynamic,
  toobject: parseDynamic,
  pack,
  bag_pack: pack,
  pack_array: packArray,
  parse_ipv4: known("string", "long", (value) => ipRange(String(value))?.start ?? null),
  ipv4_is_private: known("string", "bool", (value) => {
    const found = PRIVATE.map((range) => isInRange(String(value), range));
    return found.includes(null) ? null : found.includes(true);
  }),
  ipv4_is_in_range: {
    least: 2,
    most: 2,
    takes: ["string"],
    type: "bool",
    apply: ([address = null, range = null]) => isInRange(String(address), String(range)),
  },
};
