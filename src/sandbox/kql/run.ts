import { evaluate, type Row } from "./evaluate.ts";
import { toText } from "./functions.ts";
import { parseQuery } from "./parser.ts";
import { QueryError, type Expression, type Named, type Operator } from "./syntax.ts";

export interface QueryResult {
  columns: string[];
  rows: Row[];
  /** False when take or summarize cut the rows, so that there are no further pages. */
  isWhole: boolean;
}

/** Runs a query over the rows of its table. */
export function runQuery(text: string, columns: readonly string[], rows: readonly Row[]): QueryResult {
  const start: QueryResult = { columns: [...columns], rows: [...rows], isWhole: true };
  return parseQuery(text).reduce(apply, start);
}

function apply(input: QueryResult, operator: Operator): QueryResult {
  for (const expression of expressionsIn(operator)) checkColumns(expression, input.columns);
  switch (operator.kind) {
    case "where":
      return { ...input, rows: input.rows.filter((row) => evaluate(operator.condition, row) === true) };
    case "extend":
      return {
        ...input,
        columns: [...new Set([...input.columns, ...operator.columns.map(({ name }) => name)])],
        rows: input.rows.map((row) => ({ ...row, ...valuesOf(operator.columns, row) })),
      };
    case "project":
      return {
        ...input,
        columns: operator.columns.map(({ name }) => name),
        rows: input.rows.map((row) => valuesOf(operator.columns, row)),
      };
    case "order":
      return { ...input, rows: sortRows(input.rows, operator.keys) };
    case "summarize":
      return summarize(input, operator.count, operator.by);
    case "take":
      return { ...input, rows: input.rows.slice(0, operator.count), isWhole: false };
  }
}

function expressionsIn(operator: Operator): Expression[] {
  switch (operator.kind) {
    case "where":
      return [operator.condition];
    case "extend":
    case "project":
      return operator.columns.map(({ value }) => value);
    case "order":
      return operator.keys.map(({ value }) => value);
    case "summarize":
      return operator.by.map(({ value }) => value);
    case "take":
      return [];
  }
}

/** Column names are checked before any row is read, so that a typo fails on an empty estate, too. */
function checkColumns(expression: Expression, columns: readonly string[]): void {
  switch (expression.kind) {
    case "literal":
      return;
    case "column":
      if (!columns.includes(expression.name)) throw new QueryError(expression.place);
      return;
    case "property":
    case "index":
      return checkColumns(expression.of, columns);
    case "call":
      return expression.args.forEach((each) => checkColumns(each, columns));
    case "in":
      return [expression.left, ...expression.options].forEach((each) => checkColumns(each, columns));
    default:
      checkColumns(expression.left, columns);
      checkColumns(expression.right, columns);
  }
}

function valuesOf(columns: readonly Named[], row: Row): Row {
  return Object.fromEntries(columns.map(({ name, value }) => [name, evaluate(value, row)]));
}

interface SortKey {
  value: Expression;
  descending: boolean;
}

function sortRows(rows: readonly Row[], keys: readonly SortKey[]): Row[] {
  const keyed = rows.map((row) => ({ row, values: keys.map(({ value }) => evaluate(value, row)) }));
  keyed.sort((left, right) => {
    for (const [index, { descending }] of keys.entries()) {
      const order = compareValues(left.values[index], right.values[index]);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

/** Missing values come first in ascending order. */
function compareValues(left: unknown, right: unknown): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [first, second] = [toText(left), toText(right)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

function summarize(input: QueryResult, count: string, by: readonly Named[]): QueryResult {
  const groups = new Map<string, { values: Row; rows: number }>();
  for (const row of input.rows) {
    const values = valuesOf(by, row);
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, rows: 0 };
    groups.set(key, { values, rows: group.rows + 1 });
  }
  if (by.length === 0 && groups.size === 0) groups.set("", { values: {}, rows: 0 });
  return {
    columns: [...by.map(({ name }) => name), count],
    rows: [...groups.values()].map(({ values, rows }) => ({ ...values, [count]: rows })),
    isWhole: false,
  };
}
