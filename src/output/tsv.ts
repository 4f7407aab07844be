import { cellValue, hasReasons } from "./cell.ts";
import { escapeTsv, stripControl } from "./text.ts";
import type { CellValue, Table } from "./view.ts";

/** One record per row and nothing else; every row has the same number of tabs. */
export function renderTsv(table: Table | undefined): string {
  if (table === undefined) return "";
  const withReasons = hasReasons(table);
  let text = "";
  for (const row of table.rows) {
    text += tsvRow([
      ...table.columns.map((_, index) => cellValue(row.cells[index])),
      ...(withReasons ? [(row.because ?? []).join(",")] : []),
    ]);
  }
  return text;
}

export function tsvRows(rows: readonly (readonly CellValue[])[]): string {
  return rows.map(tsvRow).join("");
}

function tsvRow(row: readonly CellValue[]): string {
  return `${row.map(tsvCell).join("\t")}\n`;
}

function tsvCell(value: CellValue): string {
  return stripControl(escapeTsv(String(value ?? "")));
}
