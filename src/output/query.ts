import { AppError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import { tsvRows } from "./tsv.ts";
import type { CellValue, Table } from "./view.ts";

declare module "jmespath" {
  export function compile(expression: string): unknown;
}

// A bundle gives a CommonJS package its default export only, so nothing is imported by name.

/** Stops with a usage error on an expression that cannot be read; call it before anything is changed. */
export async function checkQuery(expression: string): Promise<void> {
  const { default: jmespath } = await import("jmespath");
  try {
    jmespath.compile(expression);
  } catch (cause) {
    throw queryError(expression, cause);
  }
}

/** The part of the document that the expression selects; null when it selects nothing. */
export async function runQuery(document: JsonObject, expression: string): Promise<Json> {
  await checkQuery(expression);
  const { default: jmespath } = await import("jmespath");
  try {
    // jmespath reads inherited properties too ("constructor"); only what JSON can hold is a result.
    return JSON.parse(JSON.stringify(jmespath.search(document, expression)) ?? "null");
  } catch (cause) {
    throw queryError(expression, cause);
  }
}

function queryError(expression: string, cause: unknown): AppError {
  return new AppError("usage", `--query ${JSON.stringify(expression)}: ${complaint(cause)}`, {
    hint: `start from --query "keys(@)"; text is quoted as 'text', names with dashes or spaces as "a-b"`,
    cause,
  });
}

function complaint(cause: unknown): string {
  // On some malformed expressions the parser trips over itself; its message would explain nothing.
  if (!(cause instanceof Error) || cause instanceof TypeError || cause instanceof SyntaxError) {
    return "not a JMESPath expression";
  }
  return cause.message.replace(/^TypeError: /, "").replace(/\.$/, "");
}

/** As az does: an array is rows, an object or array in it is cells, null is nothing. */
export function queryTsv(result: Json): string {
  const { items, table } = shapeResult(result, countNested);
  if (table) return tsvRows(table.rows.map((row) => row.cells as CellValue[]));
  return tsvRows(items.map((item) => valuesOf(item).map(countNested)));
}

export type QueryShape = { table: Table } | { lines: string[] };

/** A table where there are rows of cells, otherwise lines of text. */
export function queryTable(result: Json): QueryShape {
  const { items, table } = shapeResult(result, showNested);
  return table ? { table } : { lines: items.map((item) => String(showNested(item) ?? "")) };
}

function shapeResult(result: Json, cell: (value: Json) => CellValue): { items: Json[]; table?: Table } {
  const items = Array.isArray(result) ? result : result === null ? [] : [result];
  if (items.every(isObject)) {
    const keys = [...new Set(items.flatMap((item) => Object.keys(item)))];
    const rows = items.map((item) => ({ cells: keys.map((key) => cell(item[key] ?? null)) }));
    return keys.length === 0
      ? { items }
      : { items, table: { columns: keys.map((header) => ({ header })), rows } };
  }
  if (items.every((item) => Array.isArray(item))) {
    const length = items.reduce((most, item) => Math.max(most, item.length), 0);
    const columns = Array.from({ length }, (_, index) => ({ header: `Column${index + 1}` }));
    const rows = items.map((item) => ({ cells: columns.map((_, index) => cell(item[index] ?? null)) }));
    return length === 0 ? { items } : { items, table: { columns, rows } };
  }
  return { items };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valuesOf(item: Json): Json[] {
  if (Array.isArray(item)) return item;
  return isObject(item) ? Object.values(item) : [item];
}

/** az's TSV shows how many elements a nested array has, and nothing for a nested object. */
function countNested(value: Json): CellValue {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? null : value;
}

function showNested(value: Json): CellValue {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}
