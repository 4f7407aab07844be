import { stripControl } from "./text.ts";
import type { Cell, CellValue, Row, Table, Tone } from "./view.ts";

export function cellValue(cell: Cell | undefined): CellValue {
  if (cell === undefined || cell === null) return null;
  return typeof cell === "object" ? cell.text : cell;
}

export function cellTone(cell: Cell | undefined): Tone | undefined {
  return typeof cell === "object" && cell !== null ? cell.tone : undefined;
}

/** A cell as one line that is safe on a terminal; null is empty. */
export function cellText(cell: Cell | undefined): string {
  return stripControl(String(cellValue(cell) ?? ""));
}

/** Whether the table needs a column for reasons. */
export function hasReasons(table: Table): boolean {
  return table.rows.some((row: Row) => row.because !== undefined && row.because.length > 0);
}

/** Right as asked for, or when a column holds nothing but numbers. */
export function isRightAligned(table: Table, column: number): boolean {
  const align = table.columns[column]?.align;
  if (align !== undefined) return align === "right";
  const values = table.rows.map((row) => cellValue(row.cells[column])).filter((value) => value !== null);
  return values.length > 0 && values.every((value) => typeof value === "number");
}
