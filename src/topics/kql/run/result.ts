import type { AzureError } from "../../../azure/azure-error.ts";
import type { CatalogueQuery, Flavour } from "../catalogue/catalogue-query.ts";
import type { Given } from "../catalogue/fill-query.ts";
import type { Asked } from "../find-workspace.ts";
import type { LogSource } from "../log-source-plan.ts";
import type { TableState } from "../probe-table.ts";
import type { Answer } from "../ask-once.ts";
import type { Window } from "../window.ts";

/** A query of the catalogue, and what was typed for it. */
export interface NamedQuestion {
  query: CatalogueQuery;
  given: Given;
  /** The flavour that was typed. */
  flavour: string | undefined;
}

/** A text of one's own, or a query of the catalogue. */
export type Question = { text: string; file?: string } | NamedQuestion;

/** The flavour that a workspace was asked in. */
export interface UsedFlavour {
  flavour: Flavour;
  /**
   * "only": there is no other; "chosen": typed; "rows": the only one with rows in the window; "newer": of several with
   * rows the one with the newest; "untold": none is known to have rows, and this one may; "last": none has rows in the window, and this one had the last; "table": its table is
   * there, without a row; "none": no flavour's table is there.
   */
  why: "only" | "chosen" | "rows" | "newer" | "untold" | "last" | "table" | "none";
  /** Others with rows in the window. */
  also: readonly string[];
  /** Others of which it cannot be told whether they have. */
  untold: readonly string[];
}

/** Another flavour with rows in the window, where the one that was asked gave none. */
export interface OtherFlavour {
  flavour: string;
  table: string;
  /** How many match; undefined where that could not be asked. */
  matching: number | undefined;
}

/** Whether the name that was given occurs among the rows of the window. */
export type NameSeen = { parameter: string; name: string } & (
  { state: "there"; rows: number } | { state: "absent"; nearest: string[] } | { state: "untold"; why: string }
);

/** What became of the question in one workspace. */
export interface Result {
  workspace: Asked;
  /** What was asked; of a query of the catalogue undefined when nothing was. */
  text: string | undefined;
  /** Undefined for a text of one's own. */
  used: UsedFlavour | undefined;
  /** Without rows when these were streamed. */
  answer: Answer | undefined;
  /** How many answers it was put together from. */
  parts: number;
  /** Why an answer that was cut at a limit was not asked for in parts. */
  unsplit: string | undefined;
  /** Why there is no row, where an answer has none: what the tables of the text have, or those of every flavour. */
  empty: TableState[] | undefined;
  /** What the text's own filter by time leaves of the window, where the tables were asked about less than that. */
  own: Window | undefined;
  /** Why it cannot be told whether anything could have matched. */
  untold: string | undefined;
  /** The table that the text needs and the workspace does not have. */
  missingTable: string | undefined;
  /** Tables that it has and that are called alike. */
  similarTables: string[];
  /** A column of a query of the catalogue that the table does not have. */
  missingColumn: string | undefined;
  others: OtherFlavour[];
  name: NameSeen | undefined;
  source: LogSource | undefined;
  /** Why this workspace gave no answer, when others did. */
  error: AzureError | undefined;
}

export const NOTHING = {
  text: undefined,
  used: undefined,
  answer: undefined,
  parts: 1,
  unsplit: undefined,
  empty: undefined,
  own: undefined,
  untold: undefined,
  missingTable: undefined,
  similarTables: [],
  missingColumn: undefined,
  others: [],
  name: undefined,
  source: undefined,
  error: undefined,
} satisfies Omit<Result, "workspace">;

export interface RunResult {
  question: Question;
  window: Window;
  /** Whether its beginning or end was typed. */
  isWindowTyped?: boolean;
  /** A text's own filter by time may ask about more than the window, which nobody typed. */
  isUnread?: boolean;
  results: Result[];
}
