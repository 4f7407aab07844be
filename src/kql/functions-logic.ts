import { equality } from "./binary.ts";
import { one, known, type Functions, type KqlFunction } from "./function.ts";
import { floorDivide, isNumber, type KqlType, type Value } from "./values.ts";

/** The one type that all of these can be. */
function commonType(types: readonly KqlType[]): KqlType | undefined {
  const distinct = [...new Set(types)];
  if (distinct.length === 1) return distinct[0];
  if (distinct.every(isNumber)) {
    return (["decimal", "real", "long"] as const).find((each) => distinct.includes(each));
  }
  return distinct.includes("dynamic") ? "dynamic" : undefined;
}

const choose: KqlFunction = {
  least: 3,
  most: 3,
  takes: ["bool", "any"],
  type: ([, yes = "dynamic", no = "dynamic"]) => commonType([yes, no]),
  apply: ([condition, yes = null, no = null]) => (condition === true ? yes : no),
};

function isEmpty(value: Value): boolean {
  return value === null || value === "";
}

function real(apply: (value: number) => number): KqlFunction {
  return known("number", "real", (value) => apply(Number(value)));
}

/** `bin(value, size)`: down to a multiple of the size, for times counted from year 1. */
const bin: KqlFunction = {
  least: 2,
  most: 2,
  type: ([of = "dynamic", size = "dynamic"]) => {
    if (of === "datetime" || of === "timespan") return size === "timespan" ? of : undefined;
    const common = commonType([of, size]);
    return common && isNumber(common) ? (common === "int" ? "long" : common) : undefined;
  },
  // There is nothing in bins of no size, or of less.
  apply: ([value = null, size = null]) => {
    if (typeof value === "bigint" && typeof size === "bigint") {
      return size <= 0n ? null : floorDivide(value, size) * size;
    }
    if (typeof value !== "number" || typeof size !== "number" || size <= 0) return null;
    return Math.floor(value / size) * size;
  },
};

const extreme = (sign: 1 | -1): KqlFunction => ({
  least: 2,
  most: 64,
  type: commonType,
  apply: (args) =>
    args.reduce((best, each) => {
      if (best === null) return each;
      return each !== null && (sign > 0 ? each > best : each < best) ? each : best;
    }),
});

const caseOf: KqlFunction = {
  least: 3,
  most: 64,
  type: (types) => {
    const results = types.filter((_, index) => index % 2 === 1 || index === types.length - 1);
    const areBools = types.slice(0, -1).every((type, index) => index % 2 === 1 || type === "bool");
    return types.length % 2 === 1 && areBools ? commonType(results) : undefined;
  },
  apply: (args) => {
    for (let index = 0; index + 1 < args.length; index += 2) {
      if (args[index] === true) return args[index + 1] ?? null;
    }
    return args.at(-1) ?? null;
  },
};

const round: KqlFunction = {
  least: 1,
  most: 2,
  takes: ["number"],
  type: ([of]) => (of === "decimal" ? of : "real"),
  apply: ([value = null, digits = 0]) => {
    if (typeof value !== "number" || typeof digits !== "number") return null;
    const factor = 10 ** digits;
    return (Math.sign(value) * Math.round(Math.abs(value) * factor)) / factor;
  },
};

const coalesce: KqlFunction = {
  least: 2,
  most: 64,
  type: commonType,
  // Empty strings count as missing here.
  apply: (args) => args.find((value) => !isEmpty(value)) ?? args.at(-1) ?? null,
};

const indexOf: KqlFunction = {
  least: 2,
  most: 2,
  takes: ["dynamic", "any"],
  type: "long",
  apply: ([list = null, wanted = null], { types }) => {
    if (!Array.isArray(list)) return null;
    const equals = equality("dynamic", types[1] ?? "dynamic");
    return (list as Value[]).findIndex((each) => each !== null && wanted !== null && equals?.(each, wanted));
  },
};

export const LOGIC: Functions = {
  iff: choose,
  iif: choose,
  case: caseOf,
  coalesce,
  bin,
  floor: bin,
  round,
  min_of: extreme(-1),
  max_of: extreme(1),
  not: one("bool", "bool", (value) => (typeof value === "boolean" ? !value : null)),
  isempty: one("any", "bool", isEmpty),
  isnotempty: one("any", "bool", (value) => !isEmpty(value)),
  isnull: one("any", "bool", (value) => value === null),
  isnotnull: one("any", "bool", (value) => value !== null),
  isnan: known("number", "bool", (value) => Number.isNaN(value)),
  abs: { ...known("any", "real", absolute), type: ([of]) => (of === "int" ? "long" : of) },
  ceiling: real(Math.ceil),
  exp: real(Math.exp),
  log: real(Math.log),
  log10: real(Math.log10),
  log2: real(Math.log2),
  sqrt: real(Math.sqrt),
  pow: {
    least: 2,
    most: 2,
    takes: ["number"],
    type: "real",
    apply: ([base = null, exponent = null]) =>
      base === null || exponent === null ? null : Number(base) ** Number(exponent),
  },
  array_length: one("dynamic", "long", (value) => (Array.isArray(value) ? value.length : null)),
  array_index_of: indexOf,
  bag_keys: one("dynamic", "dynamic", (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : null,
  ),
};

function absolute(value: Value): Value {
  if (typeof value === "bigint") return value < 0n ? -value : value;
  return typeof value === "number" ? Math.abs(value) : null;
}
