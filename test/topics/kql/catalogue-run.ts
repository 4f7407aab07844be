import { catalogue } from "../../../src/topics/kql/catalogue/catalogue.ts";
import type { CatalogueQuery, Flavour } from "../../../src/topics/kql/catalogue/catalogue-query.ts";
import { fillQuery, readGiven, tablesOf } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { readQuery } from "../../../src/kql/read-query.ts";
import { runQuery } from "../../../src/kql/run.ts";
import { fromJson, toJson } from "../../../src/kql/values.ts";

export type JsonRow = Record<string, unknown>;

export const NOW = new Date("2026-11-21T12:00:00Z");

/** A time on the day of `NOW`, or days before it. */
export function at(clock: string, daysBefore = 0): string {
  return `2026-11-${21 - daysBefore}T${clock}Z`;
}

export function findFlavour(name: string, flavour: string): { query: CatalogueQuery; flavour: Flavour } {
  const query = catalogue.find((each) => each.name === name);
  const found = query?.flavours.find((each) => each.name === flavour);
  if (!query || !found) throw new Error(`there is no ${name} of flavour ${flavour}`);
  return { query, flavour: found };
}

/** What a query of the catalogue answers over rows of its only table; a column that a schema lacks is refused. */
export async function answer(
  [name, flavourName]: readonly [query: string, flavour: string],
  rows: readonly JsonRow[],
  words: readonly string[] = [],
): Promise<JsonRow[]> {
  const { query, flavour } = findFlavour(name, flavourName);
  const given = readGiven(words);
  const [schema, ...others] = tablesOf(query, flavour, given);
  if (!schema || others.length > 0) throw new Error(`${name} has not one table`);
  const wrong = rows
    .flatMap((row) => Object.keys(row))
    .find((key) => !schema.columns.some((c) => c.name === key));
  if (wrong !== undefined) throw new Error(`${schema.name} has no column ${wrong}`);
  const table = {
    columns: schema.columns,
    rows: rows.map((row) => schema.columns.map((column) => fromJson(row[column.name] ?? null, column.type))),
  };
  const read = await readQuery(fillQuery(query, flavour, given));
  const { columns, rows: found } = runQuery(read, { tables: new Map([[schema.name, table]]), now: NOW });
  return Array.from(found, (row) =>
    Object.fromEntries(
      columns.map((column, index) => [column.name, toJson(row[index] ?? null, column.type)]),
    ),
  );
}

/** Rows of a resource-specific table of Container Apps, as the table ending in _CL has them. */
export function asCustom(rows: readonly JsonRow[]): JsonRow[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key === "TimeGenerated" ? key : `${key}_s`, value]),
    ),
  );
}
