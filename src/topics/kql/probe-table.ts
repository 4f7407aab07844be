import { LogQueryError } from "../../azure/log-refusal.ts";
import type { LogEnd, LogsPort } from "../../azure/log-ports.ts";
import { askOnce } from "./ask-once.ts";
import type { Window } from "./window.ts";

/** What a table of a workspace has. */
export type TableState =
  | { table: string; state: "missing" }
  /** Nothing in the last 90 days. */
  | { table: string; state: "silent" }
  | { table: string; state: "older"; last: string }
  /** Rows in the window. */
  | { table: string; state: "quiet"; rows: number; last: string }
  /** The question was not answered, or not in full. */
  | { table: string; state: "untold"; why: string };

const LOOK_BACK_MS = 90 * 86_400_000;

export interface Probing {
  logs: LogsPort;
  customerId: string;
  window: Window;
  /** A condition, where a table has the rows of many kinds of resources. */
  only?: string | undefined;
}

/** One cheap question: is there such a table, how many rows has it in the window, when was its last one. */
export async function probeTable(table: string, probing: Probing): Promise<TableState> {
  const { logs, customerId, window, only } = probing;
  const { from, until } = window;
  const rowsInWindow = `countif(TimeGenerated >= datetime(${from.toISOString()}))`;
  const where = only === undefined ? "" : `\n| where ${only}`;
  const text = `${table}${where}\n| summarize Rows = ${rowsInWindow}, Last = max(TimeGenerated)`;
  const back = new Date(Math.min(from.getTime(), until.getTime() - LOOK_BACK_MS));
  try {
    const { rows, end } = await askOnce(logs, { workspace: customerId, text, from: back, until });
    if (end.outcome !== "complete") return { table, state: "untold", why: whyUntold(end) };
    const [[count, last] = []] = rows;
    if (typeof last !== "string" || last === "") return { table, state: "silent" };
    return Number(count) > 0
      ? { table, state: "quiet", rows: Number(count), last }
      : { table, state: "older", last };
  } catch (error) {
    if (error instanceof LogQueryError && error.unknown?.name === table) return { table, state: "missing" };
    throw error;
  }
}

/** What an answer that is not all says of itself. */
function whyUntold({ outcome, problem }: LogEnd): string {
  if (outcome === "no-data") return "the service answered 204, as where there never was any data";
  if (outcome === "no-answer") return "the service answered without a body";
  return `its answer is not all: ${problem?.message ?? outcome}`;
}
