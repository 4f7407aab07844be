import { expect, test } from "vitest";
import type { LogEnd, LogEvent, LogsPort } from "../../src/azure/log-ports.ts";
import { openLogs } from "./logs-rig.ts";
import { refusalOf, reply, START } from "./wire.ts";

const WORKSPACE = "7c000000-0000-4000-8000-000000000001";
const URL_OF_QUERY = `https://api.loganalytics.io/v1/workspaces/${WORKSPACE}/query`;
const QUESTION = {
  workspace: WORKSPACE,
  text: "T\n| take 2",
  from: new Date("2026-11-20T08:00:00Z"),
  until: START,
};
const COLUMNS = [
  { name: "TimeGenerated", type: "datetime" },
  { name: "Log_s", type: "string" },
];
const ROWS = [
  ["2026-11-21T07:00:00Z", 'one "quoted" é'],
  ["2026-11-21T07:01:00Z", null],
];
const TABLE = { name: "PrimaryResult", columns: COLUMNS, rows: ROWS };

async function read(logs: LogsPort, question = QUESTION): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const event of logs.query(question)) events.push(event);
  return events;
}

async function endOf(body: unknown, status = 200): Promise<LogEnd> {
  const events = await read(openLogs([reply(status, body)]).logs);
  return events.at(-1) as LogEnd;
}

function rowsIn(events: readonly LogEvent[]): unknown[] {
  return events.flatMap((each) => (each.kind === "rows" ? each.rows : []));
}

/** The service's error, innermost last. */
function refusal(...chain: Record<string, unknown>[]): object {
  const nested = chain.reduceRight<object | undefined>(
    (innererror, each) => (innererror ? { ...each, innererror } : each),
    undefined,
  );
  return { error: nested };
}

const BAD = { code: "BadArgumentError", message: "The request had some invalid properties" };

test.each([undefined, 1, 7, 4096])("an answer in pieces of %s bytes is the same rows", async (piece) => {
  const body = { tables: [TABLE], render: { visualization: "timechart" }, statistics: { query: { a: 1 } } };
  const { logs } = openLogs([reply(200, body)], piece === undefined ? {} : { piece });

  const events = await read(logs);

  expect(events[0]).toEqual({ kind: "table", name: "PrimaryResult", columns: COLUMNS });
  expect(rowsIn(events)).toEqual(ROWS);
  expect(events.at(-1)).toEqual({
    kind: "end",
    outcome: "complete",
    problem: undefined,
    chart: "timechart",
    statistics: { query: { a: 1 } },
  });
});

test("the text goes in the body with all its lines, the window as two absolute times", async () => {
  const { logs, requests, scopes } = openLogs([reply(200, { tables: [TABLE] })]);

  await read(logs);

  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([`POST ${URL_OF_QUERY}`]);
  expect(JSON.parse(String(requests[0]?.body))).toEqual({
    query: "T\n| take 2",
    timespan: "2026-11-20T08:00:00.000Z/2026-11-21T08:00:00.000Z",
  });
  expect(requests[0]?.headers.get("content-type")).toBe("application/json");
  expect(requests[0]?.headers.get("prefer")).toContain("wait=600");
  expect(scopes).toEqual(["https://api.loganalytics.io/.default"]);
});

test.each([
  ["usgov", "https://api.loganalytics.us"],
  ["china", "https://api.loganalytics.azure.cn"],
])("%s has an address and an audience of its own", async (cloud, endpoint) => {
  const { logs, requests, scopes } = openLogs([reply(200, { tables: [TABLE] })], { cloud });

  await read(logs);

  expect(requests[0]?.url).toBe(`${endpoint}/v1/workspaces/${WORKSPACE}/query`);
  expect(scopes).toEqual([`${endpoint}/.default`]);
});

test("several tables come one after the other", async () => {
  const second = { name: "Second", columns: COLUMNS.slice(0, 1), rows: [["2026-11-21T07:00:00Z"]] };

  const events = await read(openLogs([reply(200, { tables: [TABLE, second] })]).logs);

  expect(events.map((each) => (each.kind === "table" ? each.name : each.kind))).toEqual([
    "PrimaryResult",
    "rows",
    "Second",
    "rows",
    "end",
  ]);
});

test("a PartialError beside rows is partial, and in the words of the innermost error", async () => {
  const error = {
    code: "PartialError",
    message: "There were some errors when processing your query.",
    details: [
      { code: "EngineError", message: "Something", innererror: { code: "1", message: "Timed out." } },
    ],
  };

  expect(await endOf({ tables: [TABLE], error })).toMatchObject({
    outcome: "partial",
    problem: { code: "EngineError", message: "Timed out." },
  });
});

test("a limit of rows or bytes is truncated", async () => {
  const message =
    "The results of this query exceed the set limit of 64000000 bytes, so not all records were returned (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003).";
  const error = { code: "PartialError", message: "", details: [{ code: "EngineError", message }] };

  expect(await endOf({ tables: [TABLE], error })).toMatchObject({
    outcome: "truncated",
    problem: { message },
  });
});

test("204 is a workspace that never had data, an empty 200 is no answer at all", async () => {
  expect(await endOf(undefined, 204)).toMatchObject({ outcome: "no-data" });
  expect(await endOf(undefined, 200)).toMatchObject({ outcome: "no-answer" });
});

test.each([{ piece: 50 }, {}])(
  "an answer that breaks off is an error, never a short answer (%o)",
  async (how) => {
    const body = JSON.stringify({ tables: [TABLE] }).slice(0, -20);

    expect(await refusalOf(read(openLogs([reply(200, body)], how).logs))).toMatchObject({
      kind: "failed",
      code: "AnswerCutShort",
    });
  },
);

test("a page in the place of an answer is an error", async () => {
  const { logs } = openLogs([reply(200, "<html>sign in to the guest network</html>")], { piece: 10 });

  expect(await refusalOf(read(logs))).toMatchObject({ kind: "failed", code: "NotJson" });
});

test.each([
  { pos: 2, why: "counted from zero" },
  { pos: 3, why: "counted from one" },
])("a syntax error has its line and column, also when positions are $why", async ({ pos }) => {
  const inner = {
    code: "SYN0002",
    message: `Query could not be parsed at 'take' on line [2,${pos}]`,
    line: 2,
    pos,
    token: "take",
  };
  const body = refusal(BAD, { code: "SyntaxError", message: "A recognition error occurred." }, inner);
  const error = await read(openLogs([reply(400, body)]).logs).catch((reason: unknown) => reason);

  expect(error).toMatchObject({
    kind: "usage",
    reason: "syntax",
    code: "SYN0002",
    place: { line: 2, column: 3 },
    message: inner.message,
  });
});

test("a table that is not there is a semantic error that names it", async () => {
  const message = "'where' operator: Failed to resolve table or column expression named 'T_CL'";
  const body = refusal(
    BAD,
    { code: "SemanticError", message: "A semantic error occurred." },
    { code: "SEM0100", message },
  );
  const error = await read(openLogs([reply(400, body)]).logs).catch((reason: unknown) => reason);

  expect(error).toMatchObject({
    kind: "usage",
    reason: "semantic",
    code: "SEM0100",
    unknown: { name: "T_CL", mayBeTable: true },
    place: undefined,
  });
});

test("403 names what to ask for, 404 says that there is no such workspace", async () => {
  const denied = reply(
    403,
    refusal({
      code: "InsufficientAccessError",
      message: "The provided credentials have insufficient access",
    }),
  );
  const missing = reply(
    404,
    refusal({ code: "PathNotFoundError", message: "The requested path does not exist" }),
  );

  const first = await refusalOf(read(openLogs([denied]).logs));
  expect(first).toMatchObject({ kind: "auth", code: "InsufficientAccessError", status: 403 });
  expect(first["hint"]).toContain("Microsoft.OperationalInsights/workspaces/query/read");
  expect(await refusalOf(read(openLogs([missing]).logs))).toMatchObject({
    kind: "usage",
    message: "there is no such workspace",
  });
});

test("a 504 without a body is asked once, and means that the query took too long", async () => {
  const { logs, requests } = openLogs([reply(504)]);

  const refused = await refusalOf(read(logs));

  expect(refused).toMatchObject({ kind: "timeout", code: "GatewayTimeout", status: 504 });
  expect(refused["hint"]).toContain("--since");
  expect(requests).toHaveLength(1);
});

test("a throttled question waits as long as it is told, or guesses", async () => {
  const throttled = refusal({ code: "ThrottledError", message: "Rate limit is exceeded" });
  const { logs, clock } = openLogs([
    reply(429, throttled, { "retry-after": "7" }),
    reply(429, throttled),
    reply(200, { tables: [TABLE] }),
  ]);

  expect(rowsIn(await read(logs))).toEqual(ROWS);
  expect(clock.slept[0]).toBe(7000);
  expect(clock.slept).toHaveLength(2);
});

test("a service that goes on throttling is a timeout", async () => {
  const throttled = reply(429, refusal({ code: "ThrottledError", message: "Rate limit is exceeded" }));
  const asked = reply(429, "", { "retry-after": "600" });

  expect(await refusalOf(read(openLogs([asked]).logs))).toMatchObject({ kind: "timeout" });
  const often = openLogs(
    Array.from({ length: 8 }, () => throttled),
    { timeoutMs: 3_600_000 },
  );
  expect(await refusalOf(read(often.logs))).toMatchObject({ kind: "timeout", code: "ThrottledError" });
});

test("no more than five questions are under way at once, until their answers are read", async () => {
  const many = Array.from({ length: 12 }, () => reply(200, { tables: [TABLE] }));
  const { logs, most } = openLogs(many, { piece: 30 });

  const answers = await Promise.all(Array.from({ length: 12 }, () => read(logs)));

  expect(answers.map((each) => rowsIn(each).length)).toEqual(Array.from({ length: 12 }, () => 2));
  expect(most()).toBe(5);
});

test("a reader who stops early frees its place", async () => {
  const many = Array.from({ length: 6 }, () => reply(200, { tables: [TABLE] }));
  const { logs, requests } = openLogs(many);

  for (let turn = 0; turn < 6; turn += 1) {
    for await (const event of logs.query(QUESTION)) if (event.kind === "table") break;
  }

  expect(requests).toHaveLength(6);
});
