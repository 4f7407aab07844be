import { cellText, cellTone, hasReasons, isRightAligned } from "./cell.ts";
import { type Citations, citationLines, marks } from "./citations.ts";
import type { Palette, Style } from "./colour.ts";
import { stripControl } from "./text.ts";
import type { Table } from "./view.ts";
import { padding, truncate, type Width, widthFor } from "./width.ts";

const GAP = "  ";
/** A column is not cut below this, or below its header. */
const NARROWEST = 8;

interface LaidColumn {
  header: string;
  texts: string[];
  styles: (Style | undefined)[];
  right: boolean;
  mayShrink: boolean;
  columns: number;
}

export interface TableLook {
  palette: Palette;
  /** Width of the terminal; undefined when unknown, and then nothing is cut. */
  columns: number | undefined;
}

/** Tables with a blank line between them, then the sources of what they and the notes say. */
export async function renderTables(
  tables: readonly Table[],
  citations: Citations,
  look: TableLook,
): Promise<string> {
  const laid = tables.map((table) => layColumns(table, citations, look.palette));
  const width = await widthFor(laid.flat().flatMap(({ header, texts }) => [header, ...texts]));
  const blocks = tables.map((table, index) => [
    ...(table.title === undefined ? [] : [stripControl(table.title)]),
    ...(table.rows.length === 0 ? [] : tableLines(laid[index] ?? [], look, width)),
  ]);
  if (citations.list.length > 0) {
    blocks.push([look.palette.bold("Sources"), ...citationLines(citations).map(stripControl)]);
  }
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(""))
    .join("\n");
}

function layColumns(table: Table, citations: Citations, palette: Palette): LaidColumn[] {
  const columns = table.columns.map(({ header }, index): LaidColumn => {
    const cells = table.rows.map((row) => row.cells[index]);
    const right = isRightAligned(table, index);
    return {
      header: stripControl(header).toUpperCase(),
      texts: cells.map(cellText),
      styles: cells.map(cellTone).map((tone) => (tone === undefined ? undefined : palette[tone])),
      right,
      mayShrink: !right,
      columns: 0,
    };
  });
  if (!hasReasons(table)) return columns;
  const why = table.rows.map((row) => marks(row.because, citations));
  return [...columns, { header: "WHY", texts: why, styles: [], right: false, mayShrink: false, columns: 0 }];
}

function tableLines(columns: LaidColumn[], look: TableLook, width: Width): string[] {
  for (const column of columns) {
    column.columns = column.texts.reduce((most, text) => Math.max(most, width(text)), width(column.header));
  }
  if (look.columns !== undefined) shrinkToFit(columns, look.columns, width);
  const header = line(columns, width, { text: (column) => column.header, style: () => look.palette.bold });
  const rows = (columns[0]?.texts ?? []).map((_, row) =>
    line(columns, width, {
      text: (column) => column.texts[row] ?? "",
      style: (column) => column.styles[row],
    }),
  );
  return [header, ...rows];
}

/** Takes from the widest text column first; when none can give any more, the terminal wraps. */
function shrinkToFit(columns: readonly LaidColumn[], available: number, width: Width): void {
  const total = columns.reduce((sum, column) => sum + column.columns, GAP.length * (columns.length - 1));
  for (let excess = total - available; excess > 0; excess--) {
    const widest = columns
      .filter(({ mayShrink, columns, header }) => mayShrink && columns > Math.max(NARROWEST, width(header)))
      .reduce<LaidColumn | undefined>((a, b) => (a && a.columns >= b.columns ? a : b), undefined);
    if (!widest) return;
    widest.columns--;
  }
}

interface LineParts {
  text(column: LaidColumn): string;
  style(column: LaidColumn): Style | undefined;
}

function line(columns: readonly LaidColumn[], width: Width, parts: LineParts): string {
  let shown = "";
  let pending = "";
  for (const column of columns) {
    const text = truncate(parts.text(column), column.columns, width);
    const blank = padding(text, column.columns, width);
    const styled = text === "" ? "" : (parts.style(column)?.(text) ?? text);
    // Blanks are held back until something follows them, so that no line ends in spaces.
    if (styled !== "") {
      shown += pending + (column.right ? blank : "") + styled;
      pending = column.right ? "" : blank;
    } else {
      pending += blank;
    }
    pending += GAP;
  }
  return shown;
}
