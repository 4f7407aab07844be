import { runPipeline } from "../../kql/run.ts";
import type { Row as Values, Value } from "../../kql/values.ts";
import { parseQuery, tableOf } from "./parser.ts";

export type Row = Record<string, unknown>;

export interface QueryResult {
  columns: string[];
  rows: Row[];
  /** False when take or summarize cut the rows, so that there are no further pages. */
  isWhole: boolean;
}

/** Runs a query over the rows of its table. Their columns are dynamic, as Resource Graph minds no types. */
export function runQuery(text: string, columns: readonly string[], rows: readonly Row[]): QueryResult {
  const operators = parseQuery(text);
  const name = tableOf(text);
  const values = function* (): Generator<Values> {
    for (const row of rows) yield columns.map((each) => (row[each] ?? null) as Value);
  };
  const table = {
    columns: columns.map((each) => ({ name: each, type: "dynamic" as const })),
    rows: { [Symbol.iterator]: values },
  };
  const place = { line: 1, column: 1, text: name };
  const around = { tables: new Map([[name as string, table]]), scalars: new Map(), now: 0n };
  const answer = runPipeline({ source: { kind: "table", name, place }, operators }, around);
  const names = answer.columns.map((each) => each.name);
  return {
    columns: names,
    rows: Array.from(answer.rows, (row) =>
      Object.fromEntries(names.map((each, index) => [each, row[index]])),
    ),
    isWhole: !operators.some(({ kind }) => kind === "take" || kind === "summarize"),
  };
}
