import { AzureError } from "../../../azure/azure-error.ts";
import type { LogsPort } from "../../../azure/log-ports.ts";
import type { Json, JsonObject } from "../../../json.ts";
import { redactLine } from "../../../output/redact-line.ts";
import { askCatalogue, probeFlavours, type CatalogueAnswer } from "../ask-catalogue.ts";
import type { CatalogueQuery } from "../catalogue/catalogue-query.ts";
import type { Given } from "../catalogue/fill-query.ts";
import type { TableState } from "../probe-table.ts";
import { toObject } from "../ask-once.ts";
import type { Window } from "../window.ts";
import {
  appUsage,
  consoleLines,
  containerNames,
  LAST_LINES,
  MOST_EVENTS,
  MOST_LINES,
  systemEvents,
} from "./queries.ts";
import type { ConsoleLine, SystemEvent, Usage } from "./seen.ts";
import { whoseRows, whoseUsage, type Marks, type Wanted as Whom, type Whose } from "./whose-rows.ts";

export interface Asking {
  logs: LogsPort;
  customerId: string;
  window: Window;
}

/** One part of what is looked at. */
export interface Part {
  what: "console lines" | "system events" | "processor and memory";
  table: string;
  /** Of this app, as far as rows say whose they are. */
  rows: number;
  /** Why it cannot tell, or not all. */
  gap: string | undefined;
  /** As many rows as are taken at most, of all apps and jobs of the name. */
  cutAt: number | undefined;
}

export interface Rows {
  lines: (ConsoleLine & Marks)[];
  events: (SystemEvent & Marks)[];
  usage: (Usage & { resourceId: string })[];
  parts: Part[];
  tables: { console: string; system: string; metrics: string };
}

interface Read {
  part: Part;
  rows: JsonObject[];
  error: AzureError | undefined;
}

/** Everything of apps and jobs of a name in the window. Throws the refusal of the service when no part could be asked. */
export async function readRows(name: string, asking: Asking): Promise<Rows> {
  const app: Given = new Map([["app", name]]);
  const [system, console, metrics] = await Promise.all([
    read({ what: "system events", query: systemEvents, given: app, most: MOST_EVENTS }, asking),
    read({ what: "console lines", query: consoleLines, given: app, most: MOST_LINES }, asking),
    read(
      {
        what: "processor and memory",
        query: appUsage,
        given: app,
        most: undefined,
      },
      asking,
    ),
  ]);
  const refused = [system, console, metrics].map(({ error }) => error);
  if (refused[0] && refused.every((each) => each)) throw refused[0];
  return {
    lines: console.rows.map(toLine).toSorted(byTime),
    events: system.rows.map(toEvent).toSorted(byTime),
    usage: metrics.rows.map(toUsage).toReversed(),
    parts: [console, system, metrics].map(({ part }) => part),
    tables: { console: console.part.table, system: system.part.table, metrics: metrics.part.table },
  };
}

export type Own = Rows & {
  whose: Omit<Whose<Marks>, "rows">;
  /** How many of the last lines are its own, where not all are. */
  ownOfLast: number | undefined;
};

/** What is the one's that is meant; the rest is left out. Throws as `whoseRows` does. */
export function keepOwn(all: Rows, whom: Whom): Own {
  const { rows, ...whose } = whoseRows([...all.events, ...all.lines], whom);
  const own = new Set<Marks>(rows);
  const lines = all.lines.filter((each) => own.has(each));
  const events = all.events.filter((each) => own.has(each));
  const told = whoseUsage(all.usage, whom, whose.resourceId);
  const usage = told ?? [];
  const isNone = usage.length === 0 && all.usage.length > 0;
  const counts = { "console lines": lines, "system events": events, "processor and memory": usage };
  const parts = all.parts.map((part) => {
    const found = counts[part.what].length;
    const noUsage = part.what === "processor and memory" && isNone ? (told ? NO_METRICS : MIXED) : undefined;
    const isShared = part.cutAt !== undefined && found < part.rows;
    const gap = isShared ? sharedCut(part.cutAt, found) : (part.gap ?? noUsage);
    return { ...part, rows: found, gap };
  });
  const last = all.lines.slice(-LAST_LINES);
  const ownLast = last.filter((each) => own.has(each)).length;
  const ownOfLast = last.length < LAST_LINES || ownLast === last.length ? undefined : ownLast;
  return { ...all, lines, events, usage, parts, whose, ownOfLast };
}

/** The limit counts before rows of others are left out. */
function sharedCut(most: number | undefined, own: number): string {
  return `only the newest ${most} of all of the name are looked at, ${own} of them its own; a shorter --since has more of its own`;
}

/** Names that do occur, where a name does not; none where that cannot be read. */
export async function readNames(asking: Asking): Promise<string[]> {
  const { rows } = await read(
    { what: "system events", query: containerNames, given: new Map(), most: undefined },
    asking,
  );
  return rows.map((row) => text(row["Name"]));
}

interface Wanted {
  what: Part["what"];
  query: CatalogueQuery;
  given: Given;
  /** Rows that the text takes at most; undefined where a cut is meant. */
  most: number | undefined;
}

async function read({ what, query, given, most }: Wanted, asking: Asking): Promise<Read> {
  const [{ name: guessed } = { name: "" }] = query.flavours[0].tables;
  try {
    const answer = await askCatalogue({ ...asking, query, given });
    const [{ name: table } = { name: guessed }] = answer.flavour.tables;
    const rows = (answer.whole?.answer.rows ?? []).map((row) =>
      toObject(row, answer.whole?.answer.columns ?? []),
    );
    const gap = await gapOf(answer, { table, rows: rows.length, most, query, given }, asking);
    const cutAt = most !== undefined && rows.length >= most ? most : undefined;
    return { rows, error: undefined, part: { what, table, rows: rows.length, gap, cutAt } };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { rows: [], error, part: { what, table: guessed, rows: 0, gap: error.message, cutAt: undefined } };
  }
}

interface About {
  table: string;
  rows: number;
  most: number | undefined;
  query: CatalogueQuery;
  given: Given;
}

/** Why this part does not tell all; undefined where it does, also by having no row. */
async function gapOf(answer: CatalogueAnswer, about: About, asking: Asking): Promise<string | undefined> {
  const { table, rows, most, query } = about;
  const { whole, also, untold, probed } = answer;
  if (!whole && query === appUsage) return NO_METRICS;
  if (!whole) return `there is no table ${table} here, so nothing was ever sent to it`;
  const { end } = whole.answer;
  if (end.outcome === "no-data") return "this workspace never had any data";
  if (end.outcome === "no-answer")
    return "the service answered without a body, so the question was not answered";
  if (end.outcome !== "complete") return `not all rows came: ${end.problem?.message ?? end.outcome}`;
  if (most !== undefined && rows >= most)
    return `only the newest ${most} are looked at; a shorter --since has all of its own`;
  if (also.length > 0)
    return `rows of this window are in the tables of ${also.join(", ")}, too, and not looked at`;
  if (untold.length > 0)
    return `cannot tell whether the tables of ${untold.join(", ")} have rows of this window, too`;
  if (rows > 0) return undefined;
  if (query === appUsage) return NO_METRICS;
  const asked = probed.length > 0 ? probed : await probeFlavours({ ...asking, ...about });
  const state = asked.find((each) => each.flavour === answer.flavour.name)?.table;
  return state && emptyReason(state);
}

const NO_METRICS =
  "no metrics of it, which a diagnostic setting of its own has to send (AllMetrics), so nothing of its processor";

const MIXED = "metrics of several of the name, and which are its own is not known";

function emptyReason(state: TableState): string | undefined {
  const { table } = state;
  if (state.state === "missing") return `there is no table ${table} here, so nothing was ever sent to it`;
  if (state.state === "silent") return `${table} got no row in the last 90 days`;
  if (state.state === "untold") return `cannot tell whether ${table} has rows in the window: ${state.why}`;
  return state.state === "older"
    ? `${table} got its last row at ${state.last}, before the window`
    : undefined;
}

function toLine(row: JsonObject): ConsoleLine & Marks {
  return { ...common(row), container: text(row["Container"]) };
}

function toEvent(row: JsonObject): SystemEvent & Marks {
  return { ...common(row), reason: text(row["Reason"]) };
}

/** What is longer than this is no message, and would take its time. */
const LONGEST = 4000;

function common(row: JsonObject): Omit<ConsoleLine, "container"> & Marks {
  const time = text(row["TimeGenerated"]);
  return {
    at: Date.parse(time),
    time,
    revision: text(row["Revision"]),
    replica: text(row["Replica"]),
    text: redactLine(text(row["Message"]).slice(0, LONGEST)),
    resourceId: text(row["ResourceId"]),
    environment: text(row["Environment"]),
    isJob: row["IsJob"] === true,
  };
}

function toUsage(row: JsonObject): Usage & { resourceId: string } {
  return {
    resourceId: text(row["ResourceId"]),
    time: text(row["TimeGenerated"]),
    averageCores: Number(row["AverageCores"] ?? 0),
    maximumCores: Number(row["MaximumCores"] ?? 0),
    maximumMemoryMiB: Number(row["MaximumMemoryMiB"] ?? 0),
  };
}

function byTime(one: { at: number }, other: { at: number }): number {
  return one.at - other.at;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
