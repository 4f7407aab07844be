import type { JsonObject } from "../json.ts";

export type Tone = "good" | "warn" | "bad" | "dim";
export type CellValue = string | number | boolean | null;
export type Cell = CellValue | { text: CellValue; tone: Tone };

export interface Column {
  header: string;
  align?: "left" | "right";
  /** Never wrapped, but left out on a terminal that is too narrow for all columns; every other format has it. */
  wide?: true;
  /** Never broken, as it is copied; on a terminal that is too narrow it goes below the table, one line each. */
  whole?: true;
}

export interface Row {
  cells: Cell[];
  /** Fact ids; shown as [n] in a "why" column, as ids in TSV. */
  because?: readonly string[];
}

export interface Table {
  title?: string;
  columns: Column[];
  rows: Row[];
}

/** A remark beside the result: on stderr for table and TSV, inside the document for the others. */
export interface Note {
  level: "info" | "warning";
  text: string;
  because?: readonly string[];
  /** Says what to type next; left out before a question, where nothing else is to be typed. */
  isNext?: true;
}

/** What a verb shows, independent of the format. Pure data: no escape codes, no layout. */
export interface View {
  /** The JSON and YAML document; the renderer adds formatVersion, target, notes and citations. */
  data: JsonObject;
  /** TSV prints the first table only, so that a pipe sees one kind of record. */
  tables: Table[];
  notes: Note[];
  /**
   * Lines of text that are the result, such as a query's: a terminal and Markdown show them first, TSV prints them
   * alone and as they are.
   */
  text?: readonly string[];
  /** A drawing as lines of text, kept as they are; only Markdown has room for it. */
  lines?: readonly string[];
  /** One of EXIT, or the exit code of a command that ran in azwise's place. */
  exit?: number;
  /** A command that ran in azwise's place has written its own output: nothing is rendered. */
  silent?: true;
}
