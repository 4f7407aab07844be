import { JSONParser } from "@streamparser/json";
import type { Json, JsonObject } from "../json.ts";
import { asObject, objectsIn } from "./arm.ts";
import { AzureError } from "./azure-error.ts";
import type { LogColumn, LogEnd, LogEvent } from "./log-ports.ts";

/** Members of an answer that are looked at; nothing else of it is kept, rows no longer than until they are read. */
const PATHS = [
  "$.tables.*.name",
  "$.tables.*.columns",
  "$.tables.*.rows.*",
  "$.error",
  "$.render",
  "$.statistics",
];

/** Reads the body of an answer while it arrives. Throws AzureError for a body that is no such answer, or breaks off. */
export async function* readAnswer(body: AsyncIterable<Uint8Array>): AsyncGenerator<LogEvent> {
  const reading: Reading = {
    events: [],
    names: new Map(),
    early: new Map(),
    tables: new Set(),
    end: { ...NOTHING },
  };
  const { end } = reading;
  const parser = new JSONParser({ paths: PATHS, keepStack: false, stringBufferSize: 64 * 1024 });
  parser.onValue = ({ value, key, stack }) => {
    collect(reading, [...stack.slice(1).map((each) => each.key), key], value as Json);
  };
  // What is wrong is thrown where it is written.
  parser.onError = (cause) => {
    throw notAnAnswer("is not JSON", cause);
  };
  for await (const chunk of body) {
    if (chunk.length === 0) continue;
    end.outcome = "complete";
    parser.write(chunk);
    yield* reading.events;
    reading.events = [];
  }
  if (end.outcome === "complete" && !parser.isEnded) throw brokenOff();
  const isTold = reading.tables.size > 0 || end.problem !== undefined;
  if ((end.outcome === "complete" && !isTold) || reading.early.size > 0)
    throw notAnAnswer("is no answer to a query");
  yield { ...end, outcome: end.problem ? outcomeOf(end.problem) : end.outcome };
}

const NOTHING: LogEnd = {
  kind: "end",
  outcome: "no-answer",
  problem: undefined,
  chart: undefined,
  statistics: undefined,
};

interface Reading {
  /** What was read and not yet handed out. */
  events: LogEvent[];
  /** Of tables, by their place, until their columns come. */
  names: Map<unknown, string>;
  /** Rows of tables whose columns are still to come. */
  early: Map<unknown, Json[][]>;
  /** Places of tables whose columns came. */
  tables: Set<unknown>;
  end: LogEnd;
}

/** Takes a value by its keys from the outside in. */
function collect(reading: Reading, path: readonly unknown[], value: Json): void {
  const { events, names, early, tables, end } = reading;
  const [first, index, member] = path;
  if (first === "error") end.problem = toProblem(asObject(value));
  else if (first === "render") end.chart = chartOf(asObject(value));
  else if (first === "statistics") end.statistics = asObject(value);
  else if (member === "name") names.set(index, String(value));
  else if (member === "columns") {
    events.push({ kind: "table", name: names.get(index) ?? "", columns: toColumns(value) });
    tables.add(index);
    for (const row of early.get(index) ?? []) addRow(events, row);
    early.delete(index);
  } else if (tables.has(index)) addRow(events, value as Json[]);
  // The order of members means nothing in JSON.
  else {
    const held = early.get(index) ?? [];
    held.push(value as Json[]);
    early.set(index, held);
  }
}

function addRow(events: LogEvent[], row: Json[]): void {
  const last = events.at(-1);
  if (last?.kind === "rows") last.rows.push(row);
  else events.push({ kind: "rows", rows: [row] });
}

function toColumns(value: Json): LogColumn[] {
  return objectsIn(value).map(({ name, type }) => ({ name: String(name), type: String(type) }));
}

/** The reason is in the innermost of the first detail. */
function toProblem(error: JsonObject): { code: string; message: string } {
  const [detail = error] = objectsIn(error["details"]);
  let inner = detail;
  while (typeof inner["innererror"] === "object") inner = asObject(inner["innererror"]);
  const message = inner["message"] ?? detail["message"] ?? error["message"] ?? "";
  return { code: String(detail["code"] ?? error["code"] ?? "PartialError"), message: String(message) };
}

/** E_QUERY_RESULT_SET_TOO_LARGE is Kusto's name for both limits, of rows and of bytes. */
function outcomeOf({ message }: { message: string }): LogEnd["outcome"] {
  const isLimit = /E_QUERY_RESULT_SET_TOO_LARGE|0x80DA0003|exceeds? the set limit/i.test(message);
  return isLimit ? "truncated" : "partial";
}

function chartOf({ visualization }: JsonObject): string | undefined {
  return typeof visualization === "string" && visualization !== "" ? visualization : undefined;
}

function notAnAnswer(why: string, cause?: unknown): AzureError {
  return new AzureError("failed", `the log query service answered something that ${why}`, {
    code: cause === undefined ? "NoAnswer" : "NotJson",
    hint: "check that no proxy or portal answers in Azure's place",
    cause,
  });
}

function brokenOff(): AzureError {
  return new AzureError("failed", "the answer of the log query service broke off in the middle", {
    code: "AnswerCutShort",
    hint: "ask again; with a smaller window the answer is shorter",
  });
}
