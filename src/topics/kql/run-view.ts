import type { LogColumn } from "../../azure/log-ports.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import type { Json, JsonObject } from "../../json.ts";
import type { CellValue, Column, Note, Table, View } from "../../output/view.ts";
import { toObject } from "./run-ask.ts";
import type { TableState } from "./probe-table.ts";
import type { Result, RunResult } from "./run.ts";

type Outcome =
  "complete" | "partial" | "truncated" | "quiet" | "empty" | "no-table" | "no-data" | "no-answer" | "failed";

const EXITS: Record<Outcome, ExitCode> = {
  complete: EXIT.ok,
  quiet: EXIT.ok,
  partial: EXIT.partial,
  truncated: EXIT.partial,
  empty: EXIT.partial,
  "no-table": EXIT.partial,
  "no-data": EXIT.partial,
  failed: EXIT.partial,
  "no-answer": EXIT.failed,
};

export function viewRun({ text, window, results }: RunResult): View {
  const [from, until] = [window.from.toISOString(), window.until.toISOString()];
  const outcomes = results.map(outcomeOf);
  const own: Note[] = namesTime(text)
    ? [
        {
          level: "info",
          text: "The text has a filter by time of its own; only what is in both windows is asked.",
        },
      ]
    : [];
  return {
    data: {
      window: { from, until },
      workspaces: results.map((each, at) => toJson(each, outcomes[at] ?? "failed")),
      columns: columnsOf(results).map(({ name, type }) => ({ name, type })),
      rows: results.flatMap((each) => rowsOf(each, results.length > 1)),
    },
    tables: [toTable(results)],
    notes: [
      { level: "info", text: `Asked about ${from} to ${until} (UTC).` },
      ...own,
      ...results.flatMap((each, at) => notesOf(each, outcomes[at] ?? "failed")),
    ],
    exit: exitOf(outcomes),
  };
}

/** One that failed outweighs one that is not all. */
function exitOf(outcomes: readonly Outcome[]): ExitCode {
  const exits = outcomes.map((each) => EXITS[each]);
  return exits.find((each) => each === EXIT.failed) ?? exits.find((each) => each !== EXIT.ok) ?? EXIT.ok;
}

function outcomeOf({ answer, empty, missingTable, error }: Result): Outcome {
  if (error) return "failed";
  if (missingTable !== undefined || !answer) return "no-table";
  if (answer.end.outcome !== "complete" || answer.count > 0) return answer.end.outcome;
  return empty?.every(({ state }) => state === "quiet") === true ? "quiet" : "empty";
}

function namesTime(text: string): boolean {
  return /\bago\s*\(|\bTimeGenerated\s*(?:[<>]|between\b)/.test(text);
}

function toJson(
  { workspace, answer, parts, unsplit, empty, missingTable, similarTables, error }: Result,
  outcome: Outcome,
): JsonObject {
  const { name, customerId, id } = workspace;
  const problem = answer?.end.problem ?? (error && { code: error.code ?? "", message: error.message });
  return {
    name,
    customerId,
    id: id ?? null,
    outcome,
    rows: answer?.count ?? 0,
    parts,
    unsplit: outcome === "truncated" ? (unsplit ?? null) : null,
    chart: answer?.end.chart ?? null,
    problem: problem ? { ...problem } : null,
    missingTable: missingTable ?? null,
    similarTables,
    tables: empty?.map((each) => ({ ...each })) ?? null,
  };
}

/** Of all workspaces, each name once: what one alone has is empty for the others. */
function columnsOf(results: readonly Result[]): LogColumn[] {
  const all = results.flatMap(({ answer }) => answer?.columns ?? []);
  return all.filter((each, at) => all.findIndex(({ name }) => name === each.name) === at);
}

function rowsOf({ workspace, answer }: Result, isOneOfSeveral: boolean): JsonObject[] {
  const own = isOneOfSeveral ? { workspace: workspace.name } : {};
  return (answer?.rows ?? []).map((row) => ({ ...own, ...toObject(row, answer?.columns ?? []) }));
}

const NUMBERS = new Set(["int", "long", "real", "decimal"]);

function toTable(results: readonly Result[]): Table {
  const columns = columnsOf(results);
  const isSeveral = results.length > 1;
  const shown: Column[] = columns.map(({ name, type }) => ({
    header: name,
    align: NUMBERS.has(type) ? "right" : "left",
  }));
  return {
    columns: [...(isSeveral ? [{ header: "workspace" }] : []), ...shown],
    rows: results.flatMap((each) =>
      rowsOf(each, false).map((row) => ({
        cells: [...(isSeveral ? [each.workspace.name] : []), ...columns.map(({ name }) => cellOf(row[name]))],
      })),
    ),
  };
}

function cellOf(value: Json | undefined): CellValue {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : value;
}

function notesOf(result: Result, outcome: Outcome): Note[] {
  const { name } = result.workspace;
  const told = tell(result, outcome);
  return told.map((text) => ({
    level: ["quiet", "complete"].includes(outcome) ? "info" : "warning",
    text: `${name}: ${text}`,
  }));
}

function tell(
  { answer, parts, unsplit, empty, missingTable, similarTables, error }: Result,
  outcome: Outcome,
): string[] {
  const why = answer?.end.problem?.message ?? "";
  switch (outcome) {
    case "complete":
      return parts > 1 ? [`the answer is beyond a limit, and was put together from ${parts} parts`] : [];
    case "partial":
      return [`the answer is not all: ${why}`];
    case "truncated":
      return [
        `the answer was cut at a limit: ${why}`,
        `not asked in parts: ${unsplit ?? ""}; ask about less`,
      ];
    case "no-data":
      return ["this workspace never had any data, so nothing is said about health"];
    case "no-answer":
      return ["the service answered 200 without a body, so the question was not answered; ask again"];
    case "no-table":
      return [
        `there is no table ${missingTable ?? ""} here, so nothing was ever sent to it; this is not health`,
        ...similarTables.map((each) => `it has ${each}, where the same may be with other columns`),
      ];
    case "failed":
      return [error?.message ?? ""];
    default:
      return empty?.map(tellTable) ?? ["no row came; which tables the text reads cannot be told, so not why"];
  }
}

function tellTable(state: TableState): string {
  const { table } = state;
  switch (state.state) {
    case "missing":
      return `there is no table ${table} here, so nothing was ever sent to it; this is not health`;
    case "silent":
      return `${table} got no row in the last 90 days, so nothing could match; this is not health`;
    case "older":
      return `${table} got its last row at ${state.last}, before the window; this is not health`;
    case "quiet":
      return `${table} has ${state.rows} rows in the window, the last at ${state.last}, and none matches`;
  }
}
