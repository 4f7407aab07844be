import { loadParser, type Parser } from "../../kql/official.ts";
import { readQueryWith } from "../../kql/read-query.ts";
import { runQuery, type Answer } from "../../kql/run.ts";
import { QueryError } from "../../kql/syntax.ts";
import { parseDatetime, parseTimespan, ticksOf, toJson, type Column, type Row } from "../../kql/values.ts";
import { mayDo } from "../access.ts";
import { list, WORKSPACE, type Workspace } from "../bodies.ts";
import { isVisibleTo } from "../directory.ts";
import { dig, type Call, type LogDesk, type Reply } from "../http.ts";
import { keyOf, sameText, subscriptionOf } from "../ids.ts";
import { readToken } from "../token.ts";
import type { Ingested, World } from "../world.ts";
import { askedWorkspace } from "./log-calls.ts";
import {
  columnsOf,
  loadLogData,
  LOG_SETS,
  tablesAt,
  withIngested,
  type LogData,
  type Window,
} from "./log-data.ts";
import { partialError, refuseBody, refuseLogs, refuseMeaning, refuseSyntax } from "./log-refusals.ts";

const AUDIENCES = ["https://api.loganalytics.io", "https://api.loganalytics.azure.com"];
const QUERY = "Microsoft.OperationalInsights/workspaces/query/read";

/** Loads the rows and the official parser, which take a second, for whoever asks about logs. */
export async function openLogDesk(): Promise<LogDesk> {
  const [parser, sets] = await Promise.all([loadParser(), loadLogData(LOG_SETS)]);
  const dataOf = (world: World, { id }: Workspace, now?: Date): LogData | undefined =>
    withIngested(sets.get(world.logs[keyOf(id)] ?? ""), arrivedAt(world, id, now));
  let loaded: Date | undefined;
  return {
    query(call) {
      const workspace = admit(call);
      const data = dataOf(call.state.world, workspace, call.state.now());
      // Rows have the same times for as long as the process lives, so that one who asks again finds the same.
      loaded ??= call.state.now();
      // A workspace to which nothing was ever sent has no place where a query could run.
      return data ? answerQuery(call, { parser, data, loaded }) : { status: 204 };
    },
    tables: (world, workspace) =>
      Object.entries(dataOf(world, workspace) ?? {}).map(([name, table]) => ({
        name,
        columns: columnsOf(table),
      })),
  };
}

/** What was sent to a workspace; up to a time, as it takes a while to be there. */
function arrivedAt({ ingested }: World, workspaceId: string, now?: Date): Ingested[] {
  const key = keyOf(workspaceId);
  return ingested.filter(
    ({ workspace, due }) => workspace === key && (now === undefined || Date.parse(due) <= now.getTime()),
  );
}

/** The workspace that is asked, when the token is meant for this service and a role allows it. */
function admit(call: Call): Workspace {
  const { world } = call.state;
  const [scheme = "", token = ""] = (call.headers["authorization"] ?? "").split(" ");
  if (!sameText(scheme, "bearer")) {
    throw refuseLogs(401, { code: "AuthenticationFailed", message: "No valid authentication was provided" });
  }
  const claims = readToken(token);
  const isOurs = [...AUDIENCES, call.origin].includes(claims?.aud.replace(/\/+$/, "") ?? "");
  if (!claims || !isOurs || claims.exp * 1000 <= call.state.now().getTime()) {
    const code = claims && !isOurs ? "InvalidAuthenticationTokenAudience" : "InvalidTokenError";
    throw refuseLogs(403, { code, message: "The provided authentication is not valid for this resource" });
  }
  call.identity = {
    tenantId: claims.tid,
    objectId: claims.oid,
    clientId: claims.appid,
    name: claims.upn ?? claims.appid,
  };
  const id = askedWorkspace(call) ?? "";
  const workspace = list(world, WORKSPACE).find(({ properties }) => sameText(properties.customerId, id));
  if (!workspace) {
    throw refuseLogs(404, { code: "PathNotFoundError", message: "The requested path does not exist" });
  }
  requireRole(call, workspace, claims.tid);
  return workspace;
}

function requireRole({ state }: Call, { id }: Workspace, tenantId: string): void {
  const subscription = state.world.subscriptions.find((each) =>
    sameText(each.subscriptionId, subscriptionOf(id)),
  );
  if (subscription && isVisibleTo(subscription, tenantId) && mayDo(state.world, QUERY, id)) return;
  const message = "The provided credentials have insufficient access to perform the requested operation";
  throw refuseLogs(403, { code: "InsufficientAccessError", message });
}

interface Asked {
  parser: Parser;
  data: LogData;
  /** The time that the rows' times are before. */
  loaded: Date;
}

function answerQuery(call: Call, { parser, data, loaded }: Asked): Reply {
  const isJson = /^application\/json/i.test(call.headers["content-type"] ?? "");
  const body = isJson ? parseBody(call.text) : undefined;
  if (body === undefined) return { status: 200 };
  const text = dig(body, "query");
  if (typeof text !== "string" || text.trim() === "") throw refuseBody("Query cannot be empty");
  const now = call.state.now();
  const tables = tablesAt(data, loaded, windowOf(dig(body, "timespan"), now));
  const answer = run(text, parser, { tables, now });
  try {
    return { status: 200, body: toBody(answer, call) };
  } catch (error) {
    throw error instanceof QueryError ? refuseMeaning(error) : error;
  }
}

function run(text: string, parser: Parser, over: Parameters<typeof runQuery>[1]): Answer {
  const wrong = parser.parse(text).diagnostics.find(({ severity }) => severity === "error");
  if (wrong) throw refuseSyntax(wrong);
  try {
    return runQuery(readQueryWith(parser, text), over);
  } catch (error) {
    throw error instanceof QueryError ? refuseMeaning(error) : error;
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuseBody("The request body is not valid JSON");
  }
}

/** Two times, a time and a duration, or a duration that ends now. */
function windowOf(timespan: unknown, now: Date): Window | undefined {
  if (timespan === undefined || timespan === null) return undefined;
  const [first = "", second] = String(timespan).split("/");
  const from = parseDatetime(first);
  const length = durationOf(second ?? first);
  const until = second === undefined ? ticksOf(now) : parseDatetime(second);
  if (second === undefined && length !== null) return { from: ticksOf(now) - length, until: ticksOf(now) };
  if (from !== null && until !== null) return { from, until };
  if (from !== null && length !== null) return { from, until: from + length };
  throw refuseBody(`The timespan '${String(timespan)}' is not valid`);
}

function durationOf(text: string): bigint | null {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (!found || text === "P") return null;
  const [days, hours, minutes, seconds] = found.slice(1).map((each) => Number(each ?? 0));
  const total = (days ?? 0) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return parseTimespan(`${total}s`);
}

/** The answer up to the limits of rows and bytes; a longer one says that it is not all. */
function toBody({ columns, rows, chart }: Answer, { state, headers }: Call): object {
  const { logRows, logBytes } = state.world.settings;
  const shown: unknown[][] = [];
  let bytes = 0;
  let limit: string | undefined;
  for (const row of rows) {
    const cells = toCells(row, columns);
    bytes += JSON.stringify(cells).length;
    if (shown.length === logRows) limit = `${logRows} records`;
    else if (bytes > logBytes) limit = `${logBytes} bytes`;
    if (limit !== undefined) break;
    shown.push(cells);
  }
  const render = { visualization: chart ?? null };
  return {
    tables: [
      { name: "PrimaryResult", columns: columns.map(({ name, type }) => ({ name, type })), rows: shown },
    ],
    ...((headers["prefer"] ?? "").includes("include-render=true") ? { render } : {}),
    ...(limit === undefined ? {} : { error: tooLarge(limit) }),
  };
}

/** Dynamic values are JSON as text. */
function toCells(row: Row, columns: readonly Column[]): unknown[] {
  return row.map((value, index) => {
    const type = columns[index]?.type ?? "dynamic";
    const isNested = type === "dynamic" && value !== null && typeof value !== "string";
    return isNested ? JSON.stringify(value) : toJson(value, type);
  });
}

function tooLarge(limit: string): object {
  return partialError(
    `The results of this query exceed the set limit of ${limit}, so not all records were returned (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003). See https://aka.ms/kustoquerylimits for more information and possible solutions.`,
  );
}
