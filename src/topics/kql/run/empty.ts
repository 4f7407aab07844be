import type { LogsPort, WorkspacePort } from "../../../azure/log-ports.ts";
import { tellRefusal } from "../../../azure/known.ts";
import { isNear, nearestIds } from "../../../docs/nearest.ts";
import type { Json } from "../../../json.ts";
import type { Operator, Pipeline, Query } from "../../../kql/syntax.ts";
import type { Asked } from "../find-workspace.ts";
import { probeTable, type TableState } from "../probe-table.ts";
import { tablesIn } from "../tables-in.ts";
import { narrow, readText, startOf } from "../text-window.ts";
import type { Window } from "../window.ts";

interface Asking {
  logs: LogsPort;
  customerId: string;
  text: string;
  window: Window;
  now: Date;
}

/** What there is to say of an answer with nothing in it. */
export interface Emptiness {
  /** What each table of the text has; undefined when they were not asked. */
  empty: TableState[] | undefined;
  /** What the text's own filter by time leaves of the window, where that is less; the tables were asked about it. */
  own: Window | undefined;
  /** Why it cannot be told whether anything could have matched. */
  untold: string | undefined;
}

/** Why no row came. */
export async function explainEmpty(asking: Asking): Promise<Emptiness> {
  const query = await readText(asking.text);
  return query ? explain(query, asking) : { ...UNKNOWN, untold: NO_TABLES };
}

/** The one row of an answer. */
interface Row {
  cells: readonly Json[];
  columns: readonly { type: string }[];
}

/**
 * Why an answer of one row, which a text has whatever its tables have (`count`), counts nothing: as above where none of them
 * is known to have rows. Undefined for every other answer.
 */
export async function explainTotal(row: Row, asking: Asking): Promise<Emptiness | undefined> {
  const query = await readText(asking.text);
  const total = query && totalOf(query.pipeline);
  if (!query || !total || hasCounted(row, total)) return undefined;
  const why = await explain(query, asking);
  return why.empty?.some(({ state }) => state === "quiet") ? undefined : why;
}

const UNKNOWN: Emptiness = { empty: undefined, own: undefined, untold: undefined };
const NO_TABLES = "which tables the text reads cannot be told, so not why";
const NO_MOMENT = "the text's own filter by time and the window share no moment, so nothing could match";
const NO_MEETING =
  "whether the tables have rows where the text's own filter by time meets the window cannot be told";

async function explain(query: Query, { logs, customerId, window, now }: Asking): Promise<Emptiness> {
  const names = tablesIn(query);
  // A pattern may stand for any table.
  if (names.length === 0 || !names.every((name) => /^\w+$/.test(name)))
    return { ...UNKNOWN, untold: NO_TABLES };
  const own = narrow(query, window, now);
  const start = startOf(query, now);
  const since =
    start && start < window.from ? `; --since ${start.toISOString()} asks from where it begins` : "";
  if (own === "nothing") return { ...UNKNOWN, untold: `${NO_MOMENT}${since}` };
  const probing = { logs, customerId, window: own ?? window };
  const empty = await Promise.all(names.map((name) => probeTable(name, probing)));
  const isQuiet = empty.every(({ state }) => state === "quiet");
  const isLess = own && (own.from > window.from || own.until < window.until);
  return {
    empty,
    own: isLess ? own : undefined,
    untold: isQuiet && !own ? `${NO_MEETING}${since}` : undefined,
  };
}

const PER_ROW: ReadonlySet<Operator["kind"]> = new Set([
  "where",
  "extend",
  "project",
  "project-away",
  "project-keep",
  "project-reorder",
  "project-rename",
  "order",
  "take",
  "parse",
  "render",
]);

/** Whether the answer is one row about all rows: as its last step, or with more made of it; undefined when it is not. */
function totalOf({ operators }: Pipeline): "last" | "before" | undefined {
  const at = operators.findLastIndex(({ kind }) => !PER_ROW.has(kind));
  const operator = operators[at];
  const isTotal = operator?.kind === "count" || (operator?.kind === "summarize" && operator.by.length === 0);
  const more = operators.slice(at + 1).filter(({ kind }) => kind !== "render");
  return isTotal ? (more.length === 0 ? "last" : "before") : undefined;
}

/** What is made of a count may be said of none, too: `iff(Count == 0, "well", "ill")`, `Count == 0`. */
const SAID_OF_NONE: ReadonlySet<string | undefined> = new Set(["string", "bool"]);

/** Whether a row says that rows were counted. */
function hasCounted({ cells, columns }: Row, total: "last" | "before"): boolean {
  return cells.some(
    (cell, at) => !isNothing(cell) && (total === "last" || !SAID_OF_NONE.has(columns[at]?.type)),
  );
}

/** What counts, sums and averages say of no rows. */
function isNothing(cell: Json): boolean {
  return cell === null || (Array.isArray(cell) ? cell.length === 0 : NOTHING.has(cell));
}

const NOTHING: ReadonlySet<Json> = new Set<Json>([0, false, "", "0", "NaN", "00:00:00"]);

/** Tables of a workspace that are called like one that it does not have: the same logs in their other flavour, or nearly so. */
export async function similarTables(name: string, workspace: Asked, port: WorkspacePort): Promise<string[]> {
  const wanted = stem(name);
  const names = await tableNames(workspace, port);
  const same = names.filter((each) => stem(each) === wanted).sort();
  return same.length > 0
    ? same
    : nearestIds(
        name,
        names.filter((each) => isNear(name, each)),
      );
}

/** Whether two tables are the flavours of the same logs by their names. */
export function haveSameLogs(one: string, other: string): boolean {
  return stem(one) === stem(other);
}

/** Services send to these. */
const NOT_CUSTOM = /^(?:ContainerApp|AzureNetworkAnalytics_)/;

/** Tables that people made themselves, those first that are called most like this one. */
export async function customTables(name: string, workspace: Asked, port: WorkspacePort): Promise<string[]> {
  const names = await tableNames(workspace, port);
  return nearestIds(
    name,
    names.filter((each) => each.endsWith("_CL") && !NOT_CUSTOM.test(each)),
  );
}

/** None where they may not be read, and where only a GUID is known. */
async function tableNames({ id }: Asked, port: WorkspacePort): Promise<string[]> {
  if (id === undefined) return [];
  const listed = await tellRefusal("the tables", () => port.listTables(id));
  return "value" in listed ? listed.value.map((each) => each.name) : [];
}

function stem(name: string): string {
  return name
    .toLowerCase()
    .replace(/_cl$/, "")
    .replace(/^app(?=requests|traces|exceptions|dependencies)/, "");
}
