import type { KqlType } from "../../../kql/values.ts";

/** A table of a workspace: the columns that queries may name. */
export interface TableSchema {
  name: string;
  columns: readonly { name: string; type: KqlType }[];
  /** Whether the table reference has no other columns than these and the standard ones. */
  isWhole?: boolean;
  /** Fact ids: where the columns are known from. */
  because: readonly string[];
}

/** A table whose columns are given as `{ TimeGenerated: "datetime" }`. */
export function tableSchema(
  name: string,
  columns: Readonly<Record<string, KqlType>>,
  because: readonly string[],
): TableSchema {
  return {
    name,
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
    because,
  };
}

/** The same, with all the columns that the table reference has. */
export function wholeSchema(...table: Parameters<typeof tableSchema>): TableSchema {
  return { ...tableSchema(...table), isWhole: true };
}
