import { createHash } from "node:crypto";
import { QueryError } from "../kql/syntax.ts";
import { isVisibleTo } from "./directory.ts";
import { graphColumns, graphRows } from "./graph-rows.ts";
import { bodyOf, dig, isFields, refuse, type Call, type Reply } from "./http.ts";
import { tableOf } from "./kql/parser.ts";
import { runQuery, type QueryResult, type Row } from "./kql/run.ts";
import type { Route } from "./route.ts";

export const graphRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/providers/Microsoft.ResourceGraph/resources",
    versions: ["2021-03-01", "2022-10-01", "2024-04-01"],
    answer: answerQuery,
  },
];

const WINDOW_MS = 5000;
const LARGEST_PAGE = 1000;
const USUAL_PAGE = 100;

function answerQuery(call: Call): Reply {
  const headers = countRequest(call);
  const body = bodyOf(call);
  const query = dig(body, "query");
  if (typeof query !== "string" || query.trim() === "") {
    throw badRequest(call, [{ code: "InvalidQuery", message: "Query must not be null or empty." }]);
  }
  const result = run(call, query, readScope(call, body));
  const page = readPage(call, body, query);
  return { status: 200, headers, body: answerOf(result, page, dig(body, "options", "resultFormat")) };
}

/** Requests are counted per user in windows of five seconds; what is left is told in headers. */
function countRequest(call: Call): Record<string, string> {
  const { state } = call;
  const now = state.now().getTime();
  state.graphRequests = state.graphRequests.filter((time) => time + WINDOW_MS > now);
  const left = state.world.settings.graphRequestsPerWindow - state.graphRequests.length;
  const resetsInMs = (state.graphRequests[0] ?? now) + WINDOW_MS - now;
  const seconds = Math.max(1, Math.ceil(resetsInMs / 1000));
  const headers = { "x-ms-user-quota-resets-after": `00:00:0${seconds}` };
  if (left <= 0) {
    const message =
      "Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.";
    const throttled = { ...headers, "x-ms-user-quota-remaining": "0", "retry-after": String(seconds) };
    throw refuse(429, { code: "RateLimiting", message }, { headers: throttled });
  }
  state.graphRequests.push(now);
  return { ...headers, "x-ms-user-quota-remaining": String(left - 1) };
}

/** Subscriptions to read; those that the caller cannot see are left out without a word. */
function readScope(call: Call, body: Record<string, unknown>): string[] {
  const tenantId = call.identity?.tenantId ?? "";
  const visible = call.state.world.subscriptions
    .filter((each) => isVisibleTo(each, tenantId))
    .map((each) => each.subscriptionId.toLowerCase());
  const asked = body["subscriptions"];
  if (!Array.isArray(asked)) return visible;
  const wanted = new Set(asked.map((each) => String(each).toLowerCase()));
  return visible.filter((each) => wanted.has(each));
}

function run(call: Call, query: string, scope: string[]): QueryResult {
  const { state } = call;
  const key = JSON.stringify([query, scope]);
  if (state.lastQuery?.key === key) return state.lastQuery.result;
  try {
    const result = runQuery(query, graphColumns, graphRows(call, scope, tableOf(query)));
    state.lastQuery = { key, result };
    return result;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { line, column, text } = error.place;
    throw badRequest(call, [
      {
        code: "InvalidQuery",
        message:
          "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.",
      },
      {
        code: "ParserFailure",
        message: "ParserFailure",
        line,
        characterPositionInLine: column,
        token: text,
      },
    ]);
  }
}

interface Page {
  top: number;
  start: number;
  tokenAt(offset: number): string;
}

function readPage(call: Call, body: Record<string, unknown>, query: string): Page {
  const options = isFields(body["options"]) ? body["options"] : {};
  const { $top: top = USUAL_PAGE, $skip: skip = 0, $skipToken: token } = options;
  if (typeof top !== "number" || !Number.isInteger(top) || top < 1 || top > LARGEST_PAGE) {
    const message = `The value of $top must be between 1 and ${LARGEST_PAGE}.`;
    throw badRequest(call, [{ code: "InvalidOptions", message }]);
  }
  const mark = createHash("sha256").update(query).digest("base64url").slice(0, 12);
  const tokenAt = (offset: number): string => Buffer.from(`${mark}:${offset}`).toString("base64");
  if (typeof token !== "string") return { top, start: typeof skip === "number" ? skip : 0, tokenAt };
  const [owner, offset] = Buffer.from(token, "base64").toString().split(":");
  if (owner === mark && offset !== undefined) return { top, start: Number(offset), tokenAt };
  const message = "The skip token is invalid: the same query must be repeated with it.";
  throw badRequest(call, [{ code: "InvalidSkipToken", message }]);
}

/** Without an id among the columns there is no further page, and the rest of the rows is lost. */
function answerOf(result: QueryResult, page: Page, format: unknown): object {
  const { columns, rows, isWhole } = result;
  const shown = rows.slice(page.start, page.start + page.top);
  const end = page.start + shown.length;
  const isCut = end < rows.length;
  const canContinue = isCut && isWhole && columns.includes("id");
  return {
    totalRecords: rows.length,
    count: shown.length,
    data: format === "table" ? toTable(columns, shown) : shown,
    facets: [],
    resultTruncated: isCut && !canContinue ? "true" : "false",
    ...(canContinue ? { $skipToken: page.tokenAt(end) } : {}),
  };
}

function toTable(columns: readonly string[], rows: readonly Row[]): object {
  const typeOf = (name: string): string => (typeof rows[0]?.[name] === "string" ? "string" : "object");
  return {
    columns: columns.map((name) => ({ name, type: typeOf(name) })),
    rows: rows.map((row) => columns.map((name) => row[name] ?? null)),
  };
}

function badRequest(call: Call, details: unknown[]): Error {
  const message = `Please provide below info when asking for support: timestamp = ${call.state.now().toISOString()}.`;
  return refuse(400, { code: "BadRequest", message }, { details });
}
