import { FUNCTIONS, toText } from "./functions.ts";
import type { Expression } from "./syntax.ts";

export type Row = Record<string, unknown>;

/** The value of an expression for one row; null stands for missing and for unknown. */
export function evaluate(expression: Expression, row: Row): unknown {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "column":
      return row[expression.name] ?? null;
    case "property":
      return propertyOf(evaluate(expression.of, row), expression.name);
    case "index":
      return elementOf(evaluate(expression.of, row), expression.index);
    case "call":
      return (
        FUNCTIONS.get(expression.name)?.apply(expression.args.map((each) => evaluate(each, row))) ?? null
      );
    case "both":
      return combine(expression.operator, evaluate(expression.left, row), evaluate(expression.right, row));
    case "compare":
      return compare(expression.operator, evaluate(expression.left, row), evaluate(expression.right, row));
    case "in":
      return isMember(
        expression.operator,
        evaluate(expression.left, row),
        expression.options.map((each) => evaluate(each, row)),
      );
  }
}

function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return Object.hasOwn(value, name) ? ((value as Row)[name] ?? null) : null;
}

function elementOf(value: unknown, index: number): unknown {
  return Array.isArray(value) ? (value.at(index) ?? null) : null;
}

/** Three-valued logic: unknown stays unknown unless the other side decides. */
function combine(operator: "and" | "or", left: unknown, right: unknown): boolean | null {
  const decisive = operator === "or";
  if (left === decisive || right === decisive) return decisive;
  return typeof left === "boolean" && typeof right === "boolean" ? !decisive : null;
}

function compare(operator: string, left: unknown, right: unknown): boolean | null {
  switch (operator) {
    case "==":
      return equals(left, right);
    case "!=":
      return negate(equals(left, right));
    case "=~":
      return lower(left) === lower(right);
    case "!~":
      return lower(left) !== lower(right);
    case "contains":
      return lower(left).includes(lower(right));
    case "!contains":
      return !lower(left).includes(lower(right));
    case "startswith":
      return lower(left).startsWith(lower(right));
    case "!startswith":
      return !lower(left).startsWith(lower(right));
    default:
      return compareNumbers(operator, left, right);
  }
}

function compareNumbers(operator: string, left: unknown, right: unknown): boolean | null {
  if (typeof left !== "number" || typeof right !== "number") return null;
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
}

/** Two missing values are neither equal nor unequal. */
function equals(left: unknown, right: unknown): boolean | null {
  if (left === null && right === null) return null;
  if (typeof left === "object" || typeof right === "object") {
    return JSON.stringify(left) === JSON.stringify(right);
  }
  return left === right;
}

function isMember(operator: string, left: unknown, options: readonly unknown[]): boolean {
  const found = operator.endsWith("~")
    ? options.some((each) => lower(each) === lower(left))
    : options.some((each) => equals(left, each) === true);
  return operator.startsWith("!") ? !found : found;
}

function negate(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function lower(value: unknown): string {
  return toText(value).toLowerCase();
}
