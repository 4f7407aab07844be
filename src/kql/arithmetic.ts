import { isNumber, type KqlType, type Value } from "./values.ts";

export interface Operation {
  type: KqlType;
  /** Of two values that are there. */
  of(left: Value, right: Value): Value;
}

/** What an operator does with two types; undefined where it does not go with them. */
export function arithmetic(operator: string, left: KqlType, right: KqlType): Operation | undefined {
  const type = NUMERIC[operator] ? numericType(left, right) : undefined;
  if (type) return { type, of: (first, second) => calculate(operator, type, [first, second]) };
  return withTimes(operator, left, right);
}

function numericType(left: KqlType, right: KqlType): KqlType | undefined {
  const types = [left, right].filter((each) => each !== "dynamic");
  if (!types.every(isNumber)) return undefined;
  if (types.length === 0) return "dynamic";
  if (types.includes("decimal")) return "decimal";
  return types.includes("real") ? "real" : "long";
}

const NUMERIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": modulo,
};

/** Never negative, whatever the signs. */
function modulo(left: number, right: number): number {
  const rest = left % right;
  return rest < 0 ? rest + Math.abs(right) : rest;
}

/** Whole numbers stay whole, and there is none that divides by zero. */
function calculate(operator: string, type: KqlType, [left, right]: [Value, Value]): Value {
  if (typeof left !== "number" || typeof right !== "number") return null;
  const isWhole =
    type === "long" || (type === "dynamic" && Number.isInteger(left) && Number.isInteger(right));
  const result = NUMERIC[operator]?.(left, right) ?? null;
  if (result === null || !isWhole) return result;
  return Number.isFinite(result) ? Math.trunc(result) : null;
}

type OfTicks = (left: bigint, right: bigint) => Value;

const TIMES: Readonly<Record<string, readonly [KqlType, OfTicks]>> = {
  "datetime-datetime": ["timespan", (left, right) => left - right],
  "datetime+timespan": ["datetime", (left, right) => left + right],
  "datetime-timespan": ["datetime", (left, right) => left - right],
  "timespan+datetime": ["datetime", (left, right) => left + right],
  "timespan+timespan": ["timespan", (left, right) => left + right],
  "timespan-timespan": ["timespan", (left, right) => left - right],
  "timespan/timespan": ["real", (left, right) => (right === 0n ? null : Number(left) / Number(right))],
  "timespan%timespan": ["timespan", (left, right) => (right === 0n ? null : left % right)],
  "datetime%timespan": ["timespan", (left, right) => (right === 0n ? null : left % right)],
};

function withTimes(operator: string, left: KqlType, right: KqlType): Operation | undefined {
  const found = TIMES[`${left}${operator}${right}`];
  if (found) {
    const [type, of] = found;
    return { type, of: (first, second) => of(first as bigint, second as bigint) };
  }
  if (left === "timespan" && isNumber(right) && (operator === "*" || operator === "/")) {
    const factor = (value: Value): number => (operator === "*" ? Number(value) : 1 / Number(value));
    return { type: "timespan", of: (first, second) => scale(first as bigint, factor(second)) };
  }
  const isTurned = operator === "*" && isNumber(left) && right === "timespan";
  if (!isTurned) return undefined;
  return { type: "timespan", of: (first, second) => scale(second as bigint, Number(first)) };
}

function scale(ticks: bigint, factor: number): bigint | null {
  const result = Math.round(Number(ticks) * factor);
  return Number.isFinite(result) ? BigInt(result) : null;
}
