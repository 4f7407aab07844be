import type * as z from "zod";
import type { ParameterType } from "../../../kql/literal.ts";
import type { TableSchema } from "../schemas/table-schema.ts";

/** A value that a person may set in a query. Each has a default, so that a name alone can be run. */
export interface Parameter {
  name: string;
  type: ParameterType;
  summary: string;
  /** From what was typed to a value that `toLiteral` takes. */
  typed: z.ZodType<unknown>;
  /** As it would be typed. */
  default: string;
}

/** One text, for one place where the same logs may be. */
export interface Flavour {
  name: string;
  /** What has to be set up for logs to be in these tables. */
  when: string;
  /** With `{name}` where a literal stands. */
  text: string;
  tables: readonly TableSchema[];
  /** A condition without places, where other kinds of resources have rows in the table, too. */
  only?: string;
  /**
   * The column that a parameter is compared with, so that the names which do occur can be told where the given one
   * does not; where it is empty, as for a job, `otherwise` tells the name. `others` are columns it is compared with, too.
   */
  names?: { parameter: string; column: string; otherwise?: string; others?: readonly string[] };
}

/** What an alert on this query goes by; the measure is summed over the window. */
export interface AlertDefaults {
  measure: string;
  /** It fires above this. */
  threshold: number;
  /** ISO 8601 durations. */
  window: string;
  frequency: string;
  /** 0 is critical, 4 is verbose. */
  severity: 0 | 1 | 2 | 3 | 4;
  because: readonly string[];
}

export interface CatalogueQuery {
  name: string;
  /** What it is for, one line. */
  summary: string;
  parameters: readonly Parameter[];
  /** The first is shown where none is chosen. */
  flavours: readonly [Flavour, ...Flavour[]];
  /** The name of a parameter whose value takes the place of the first table's name. */
  tableParameter?: string;
  /** How long a time is asked about where nothing is said, as `24h`. */
  window: string;
  /** The name of a parameter with a length: the last such period is compared with the one before, both up to now. */
  compares?: string;
  /** What one row of the answer means. */
  row: string;
  /** What to do with it. */
  next: readonly string[];
  /** Fact ids. */
  because: readonly string[];
  alert?: AlertDefaults;
}
