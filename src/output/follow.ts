import type { Json } from "../json.ts";
import type { Format } from "./format.ts";
import { escapeInvisible, stripControl } from "./text.ts";
import { tsvRows } from "./tsv.ts";
import type { CellValue } from "./view.ts";

/** Rows that are written while a verb goes on. */
export interface FollowedRows {
  columns: readonly string[];
  /** Cells in the order of the columns. */
  rows: readonly (readonly Json[])[];
}

/** Formats without an end. */
export const FOLLOWED: readonly Format[] = ["table", "tsv", "ndjson"];

/** Rows as lines: objects for ndjson, cells between tabs for TSV, between blanks for a person. */
export function renderFollowed({ columns, rows }: FollowedRows, format: Format): string {
  if (format === "ndjson") {
    const objects = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null])));
    return objects.map((each) => `${escapeInvisible(JSON.stringify(each))}\n`).join("");
  }
  const cells = rows.map((row) => row.map(cellOf));
  if (format === "tsv") return tsvRows(cells);
  return cells.map((row) => `${row.map((each) => stripControl(String(each ?? "-"))).join("  ")}\n`).join("");
}

function cellOf(value: Json): CellValue {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}
