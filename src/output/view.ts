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

/** The values of one thing over time; where no point is, is a gap. */
export interface ChartSeries {
  label: string;
  /** What is measured; series of one measure have one scale. */
  measure: string;
  /** `at` in milliseconds since 1970; values are finite. */
  points: readonly { at: number; value: number }[];
}

export interface Bar {
  label: string;
  /** Null when there is none. */
  value: number | null;
}

/** What to draw, without a width. */
export type Chart =
  | { kind: "series"; series: readonly ChartSeries[] }
  /** `more` rows are left out after these. */
  | { kind: "bars"; measure: string; bars: readonly Bar[]; more: number };

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
  /** Drawn on a terminal in place of the first table, and in Markdown after all of them; the other formats leave it out. */
  chart?: Chart;
  /** What the formats print that a verb has of its own: a JSON document, and lines. */
  documents?: { sarif: JsonObject; github: readonly string[] };
  /** One of EXIT, or the exit code of a command that ran in azwise's place. */
  exit?: number;
  /** A command that ran in azwise's place has written its own output: nothing is rendered. */
  silent?: true;
}
