import type { Compiled } from "./compiled.ts";
import { arithmetic } from "./arithmetic.ts";
import { QueryError, type Expression, type Place } from "./syntax.ts";
import { regexAt, textTest } from "./text-operators.ts";
import { fromJson, isNumber, toText, type KqlType, type Value } from "./values.ts";

interface Sides {
  operator: string;
  left: Compiled;
  right: Compiled;
  place: Place;
}

export function compileBinary(
  { operator, place }: Extract<Expression, { kind: "binary" }>,
  left: Compiled,
  right: Compiled,
): Compiled {
  const sides: Sides = { operator, left, right, place };
  if (operator === "and" || operator === "or") return combine(sides);
  if (operator === "==" || operator === "!=") return compileEquality(sides);
  if (["<", "<=", ">", ">="].includes(operator)) return compileOrder(sides);
  if (operator === "matches regex") return compileRegex(sides);
  const test = textTest(operator);
  if (test) return compileTextTest(sides, test);
  const { type, of } = arithmetic(operator, left.type, right.type) ?? unfit(sides);
  return {
    type,
    of: (row) => {
      const [first, second] = [left.of(row), right.of(row)];
      return first === null || second === null ? null : of(first, second);
    },
  };
}

function unfit({ operator, left, right, place }: Sides): never {
  throw new QueryError(`'${operator}' does not go with ${left.type} and ${right.type}`, place);
}

/** Three-valued logic: unknown stays unknown unless the other side decides. */
function combine(sides: Sides): Compiled {
  const { left, right } = sides;
  const areBools = [left, right].every(({ type }) => type === "bool" || type === "dynamic");
  if (!areBools) unfit(sides);
  const decisive = sides.operator === "or";
  return {
    type: "bool",
    of: (row) => {
      const first = left.of(row);
      if (first === decisive) return decisive;
      const second = right.of(row);
      if (second === decisive) return decisive;
      return typeof first === "boolean" && typeof second === "boolean" ? !decisive : null;
    },
  };
}

/** Two missing values are neither equal nor unequal; a missing one differs from every other. */
function compileEquality(sides: Sides): Compiled {
  const { operator, left, right } = sides;
  const equals = equality(left.type, right.type) ?? unfit(sides);
  const isNegated = operator === "!=";
  return {
    type: "bool",
    of: (row) => {
      const [first, second] = [left.of(row), right.of(row)];
      if (first === null && second === null) return null;
      return (first !== null && second !== null && equals(first, second)) !== isNegated;
    },
  };
}

type Equals = (left: Value, right: Value) => boolean;

/** How values of two types are compared; undefined where they are never comparable. */
export function equality(left: KqlType, right: KqlType): Equals | undefined {
  if (left === "guid" || right === "guid") {
    return (first, second) => toText(first, left).toLowerCase() === toText(second, right).toLowerCase();
  }
  if (left === "dynamic" && right === "dynamic") return (first, second) => sameJson(first, second);
  const isPlain = left === right || (isNumber(left) && isNumber(right));
  if (isPlain) return (first, second) => first === second;
  if (left === "dynamic" || left === "string") return converted(right, (value) => fromText(value, right));
  if (right === "dynamic" || right === "string") {
    const turned = converted(left, (value) => fromText(value, left));
    return (first, second) => turned(second, first);
  }
  if (left === "bool" && isNumber(right)) return (first, second) => Number(first) === second;
  return right === "bool" && isNumber(left) ? (first, second) => first === Number(second) : undefined;
}

/** Compares after the first value took the type of the second. */
function converted(type: KqlType, convert: (value: Value) => Value): Equals {
  return (first, second) => {
    // A number in dynamic is no text, and a text no number.
    if (type === "string") return typeof first === "string" && first === second;
    return convert(first) === second;
  };
}

function fromText(value: Value, type: KqlType): Value {
  const isTime = type === "datetime" || type === "timespan";
  if (typeof value === "string" || isTime) return fromJson(value, type);
  return value;
}

function sameJson(left: Value, right: Value): boolean {
  return left === right || (typeof left === "object" && JSON.stringify(left) === JSON.stringify(right));
}

function compileOrder(sides: Sides): Compiled {
  const { operator, left, right } = sides;
  const types = [left.type, right.type];
  const isPlain = (type: KqlType): boolean => isNumber(type) || type === "dynamic";
  const areAlike = left.type === right.type && ["datetime", "timespan", "bool"].includes(left.type);
  if (!areAlike && !types.every(isPlain)) unfit(sides);
  const judge = ORDERS[operator] as (order: number) => boolean;
  return {
    type: "bool",
    of: (row) => {
      const [first, second] = [left.of(row), right.of(row)];
      const isSame = typeof first === typeof second && first !== null && typeof first !== "object";
      if (!isSame || second === null) return null;
      if (Number.isNaN(first) || Number.isNaN(second)) return false;
      return judge(first < second ? -1 : Number(first > second));
    },
  };
}

const ORDERS: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function isText({ type }: Compiled): boolean {
  return type === "string" || type === "dynamic";
}

function compileTextTest(sides: Sides, test: (text: string, wanted: string) => boolean): Compiled {
  const { left, right } = sides;
  if (!isText(left) || !isText(right)) unfit(sides);
  return {
    type: "bool",
    of: (row) => test(toText(left.of(row), left.type), toText(right.of(row), right.type)),
  };
}

function compileRegex(sides: Sides): Compiled {
  const { left, right, place } = sides;
  if (!isText(left) || right.type !== "string") unfit(sides);
  return {
    type: "bool",
    of: (row) => {
      const pattern = regexAt(toText(right.of(row), "string"), place);
      return pattern.test(toText(left.of(row), left.type));
    },
  };
}
