import type { LogColumn, LogEnd, LogQuestion, LogsPort } from "../../azure/log-ports.ts";
import type { Azure } from "../../azure/ports.ts";
import { AppError } from "../../errors.ts";
import { deepLine } from "../../kql/json-depth.ts";
import type { Json, JsonObject } from "../../json.ts";
import { escapeInvisible } from "../../output/text.ts";

/** The first table of an answer; rows that were streamed are counted, not kept. */
export interface Answer {
  columns: readonly LogColumn[];
  rows: Json[][];
  count: number;
  /** The last row, also of those that were streamed. */
  last?: Json[] | undefined;
  end: LogEnd;
  /** How many tables came, where there is more than this one: a text may have several statements. */
  tables?: number;
}

/** Takes rows as they arrive instead of keeping them; false when nobody wants more. */
export type TakeRows = (rows: Json[][], columns: readonly LogColumn[]) => Promise<boolean>;

/** Asks, and keeps the rows of the first table, unless somebody takes them. */
export async function askOnce(logs: LogsPort, question: LogQuestion, take?: TakeRows): Promise<Answer> {
  const answer: Answer = { columns: [], rows: [], count: 0, end: ENDED_BY_READER };
  const keep: TakeRows = async (rows) => {
    for (const row of rows) answer.rows.push(row);
    return true;
  };
  let tables = 0;
  for await (const event of logs.query(question)) {
    if (event.kind === "end") answer.end = event;
    else if (event.kind === "table") {
      tables += 1;
      if (tables === 1) answer.columns = event.columns;
      else answer.tables = tables;
    } else if (tables === 1) {
      answer.count += event.rows.length;
      const rows = event.rows.map((row) => row.map((cell, at) => typed(cell, answer.columns[at]?.type)));
      answer.last = rows.at(-1);
      if (!(await (take ?? keep)(rows, answer.columns))) break;
    }
  }
  return answer;
}

/** Whoever stops reading has what was wanted. */
const ENDED_BY_READER: LogEnd = {
  kind: "end",
  outcome: "complete",
  problem: undefined,
  chart: undefined,
  statistics: undefined,
};

/** Dynamic values come as JSON in a text, or as the text that they are; one that is nested too deep stays a text. */
function typed(cell: Json, type: string | undefined): Json {
  if (type !== "dynamic" || typeof cell !== "string") return cell;
  try {
    const value = JSON.parse(cell) as Json;
    return deepLine(cell) === undefined ? value : cell;
  } catch {
    return cell;
  }
}

export function toObject(row: readonly Json[], columns: readonly LogColumn[]): JsonObject {
  return Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null]));
}

/** A row of -o ndjson; nothing of it is lost, and what a log holds cannot steer a terminal. */
export function toLine(row: JsonObject): string {
  return `${escapeInvisible(JSON.stringify(row))}\n`;
}

/** The query address; throws AppError "usage" in a cloud of which none is known. */
export function requireLogs({ logs, target }: Azure): LogsPort {
  if (logs) return logs;
  throw new AppError("usage", `azwise knows no address of Log Analytics in cloud ${target.cloud}`);
}
