import { cellText, cellTone, hasReasons, isRightAligned } from "./cell.ts";
import { type Citations, citationLines, marks } from "./citations.ts";
import type { Palette, Style } from "./colour.ts";
import { stripControl } from "./text.ts";
import type { Table } from "./view.ts";
import { padding, type Width, widthFor, wrap } from "./width.ts";

const GAP = "  ";
/** A column is not made narrower than its header or its longest word, up to this: the length of a GUID. */
const LONGEST_KEPT_WORD = 36;
/** Where wide columns are left out and even that does not fit: half a GUID, so that one is broken at a hyphen. */
const LONGEST_PART = 18;

interface LaidColumn {
  header: string;
  texts: string[];
  styles: (Style | undefined)[];
  right: boolean;
  mayShrink: boolean;
  wide: boolean;
  whole: boolean;
  columns: number;
  narrowest: number;
}

export interface TableLook {
  palette: Palette;
  /** Width of the terminal; undefined when unknown, and then nothing is wrapped. */
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
  const columns = table.columns.map(({ header, wide = false, whole = false }, index): LaidColumn => {
    const cells = table.rows.map((row) => row.cells[index]);
    const right = isRightAligned(table, index);
    return {
      header: stripControl(header).toUpperCase(),
      texts: cells.map(cellText),
      styles: cells.map(cellTone).map((tone) => (tone === undefined ? undefined : palette[tone])),
      right,
      // Whole or not at all: a command that a table wraps cannot be copied.
      mayShrink: !right && !wide && !whole,
      wide,
      whole,
      columns: 0,
      narrowest: 0,
    };
  });
  if (!hasReasons(table)) return columns;
  const why = table.rows.map((row) => marks(row.because, citations));
  return [
    ...columns,
    {
      header: "WHY",
      texts: why,
      styles: [],
      right: false,
      mayShrink: false,
      wide: false,
      whole: false,
      columns: 0,
      narrowest: 0,
    },
  ];
}

function tableLines(all: LaidColumn[], look: TableLook, width: Width): string[] {
  for (const column of all) {
    column.columns = column.texts.reduce((most, text) => Math.max(most, width(text)), width(column.header));
  }
  const { columns, below } =
    look.columns === undefined ? { columns: all, below: [] } : fit(all, look.columns, width);
  const header = columns.map((column) => ({ column, text: column.header, style: look.palette.bold }));
  const rows = (columns[0]?.texts ?? []).flatMap((_, row) => rowLines(columns, row, width));
  const missing = all.filter((column) => !columns.some((each) => each.header === column.header));
  const names = missing.map((column) => column.header).join(", ");
  const remark = look.palette.dim(`not shown at this width: ${names}; -o md shows all`);
  return [line(header, width), ...rows, ...below, ...(missing.length === 0 ? [] : [remark])];
}

/** Cells that do not fit go on below: a slot or a VM that is cut off could be mistaken for another. */
function rowLines(columns: readonly LaidColumn[], row: number, width: Width): string[] {
  const cells = columns.map((column) => ({
    column,
    style: column.styles[row],
    parts: wrap(column.texts[row] ?? "", column.columns, width),
  }));
  const height = Math.max(...cells.map(({ parts }) => parts.length));
  return Array.from({ length: height }, (_, index) =>
    line(
      cells.map(({ column, style, parts }) => ({ column, style, text: parts[index] ?? "" })),
      width,
    ),
  );
}

interface Fitted {
  columns: readonly LaidColumn[];
  /** What is copied and was too long for its cells, one line each. */
  below: string[];
}

/** The columns that are shown, as narrow as they have to be; when nothing can give any more, the terminal wraps. */
function fit(all: readonly LaidColumn[], available: number, width: Width): Fitted {
  for (const column of all) column.narrowest = narrowestOf(column, width);
  let kept = all;
  const below: string[] = [];
  while (total(kept, "narrowest") > available) {
    const last = kept.findLast(({ wide }) => wide);
    const whole = kept.find((column) => column.whole);
    if (last) kept = kept.filter((column) => column !== last);
    else if (whole)
      kept = kept.map((column) => (column === whole ? moveBelow(column, below, width) : column));
    else break;
  }
  shrink(kept, available);
  if (kept.length === all.length) return { columns: kept, below };
  for (const column of kept) {
    column.narrowest = Math.min(column.narrowest, Math.max(width(column.header), LONGEST_PART));
  }
  shrink(kept, available);
  return { columns: kept, below };
}

/** A column with numbers in place of its texts, which go below the table. */
function moveBelow(column: LaidColumn, below: string[], width: Width): LaidColumn {
  const texts = column.texts.map((text) => {
    if (text === "") return "";
    const known = below.find((each) => each.replace(/^#\d+ {2}/, "") === text);
    if (known === undefined) below.push(`#${below.length + 1}  ${text}`);
    return (known ?? below.at(-1) ?? "").split(" ")[0] ?? "";
  });
  const columns = texts.reduce((most, text) => Math.max(most, width(text)), width(column.header));
  return { ...column, texts, columns, whole: false };
}

function total(columns: readonly LaidColumn[], part: "columns" | "narrowest"): number {
  const gaps = GAP.length * (columns.length - 1);
  return columns.reduce((sum, { mayShrink, ...column }) => sum + column[mayShrink ? part : "columns"], gaps);
}

/** Takes from the widest text column first. */
function shrink(columns: readonly LaidColumn[], available: number): void {
  for (let excess = total(columns, "columns") - available; excess > 0; excess--) {
    const widest = columns
      .filter(({ mayShrink, columns, narrowest }) => mayShrink && columns > narrowest)
      .reduce<LaidColumn | undefined>((a, b) => (a && a.columns >= b.columns ? a : b), undefined);
    if (!widest) return;
    widest.columns--;
  }
}

function narrowestOf({ header, texts }: LaidColumn, width: Width): number {
  const words = texts.flatMap((text) => text.split(" "));
  const longest = words.reduce((most, word) => Math.max(most, width(word)), 1);
  return Math.max(width(header), Math.min(longest, LONGEST_KEPT_WORD));
}

interface Piece {
  column: LaidColumn;
  text: string;
  style: Style | undefined;
}

function line(pieces: readonly Piece[], width: Width): string {
  let shown = "";
  let pending = "";
  for (const { column, text, style } of pieces) {
    const blank = padding(text, column.columns, width);
    const styled = text === "" ? "" : (style?.(text) ?? text);
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
