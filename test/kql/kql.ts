import { readQuery } from "../../src/kql/read-query.ts";
import { runQuery } from "../../src/kql/run.ts";
import { QueryError, type Place } from "../../src/kql/syntax.ts";
import type { Table } from "../../src/kql/table.ts";
import { fromJson, toJson, type KqlType } from "../../src/kql/values.ts";

/** A table from `a:long, b:string` and rows as JSON has them. */
export function table(schema: string, rows: readonly (readonly unknown[])[]): Table {
  const columns = schema.split(", ").map((each) => {
    const [name = "", type] = each.split(":");
    return { name, type: type as KqlType };
  });
  return {
    columns,
    rows: rows.map((row) => columns.map(({ type }, index) => fromJson(row[index], type))),
  };
}

export const NOW = new Date("2026-11-21T12:00:00Z");

/** Columns as `a:long`, and rows as JSON has them. */
export async function ask(
  text: string,
  tables: Record<string, Table> = {},
): Promise<{ columns: string[]; rows: unknown[][] }> {
  const { columns, rows } = runQuery(await readQuery(text), {
    tables: new Map(Object.entries(tables)),
    now: NOW,
  });
  return {
    columns: columns.map(({ name, type }) => `${name}:${type}`),
    rows: Array.from(rows, (row) =>
      row.map((value, index) => toJson(value, columns[index]?.type ?? "dynamic")),
    ),
  };
}

/** The value of one expression. */
export async function value(expression: string): Promise<unknown> {
  return (await ask(`print x = ${expression}`)).rows[0]?.[0];
}

/** What a query is refused with, and where. */
export async function refusal(
  text: string,
  tables: Record<string, Table> = {},
): Promise<Place & { message: string }> {
  try {
    await ask(text, tables);
  } catch (error) {
    if (error instanceof QueryError) return { ...error.place, message: error.message };
    throw error;
  }
  throw new Error(`${text} was not refused`);
}
