import { expect, test } from "vitest";
import type { LogEvent } from "../../src/azure/log-ports.ts";
import { openLogs } from "./logs-rig.ts";
import { refusalOf, reply, START } from "./wire.ts";

const COLUMNS = [
  { name: "TimeGenerated", type: "datetime" },
  { name: "Log_s", type: "string" },
];
const ROWS = [
  ["2026-11-21T07:00:00Z", "one"],
  ["2026-11-21T07:01:00Z", null],
];

async function read(body: unknown): Promise<LogEvent[]> {
  const { logs } = openLogs([reply(200, body)], { piece: 7 });
  const events: LogEvent[] = [];
  for await (const event of logs.query({ workspace: "w", text: "T", from: START, until: START })) {
    events.push(event);
  }
  return events;
}

test("rows that come before their columns are told after them, each table with its own", async () => {
  const turned = { rows: ROWS, columns: COLUMNS, name: "PrimaryResult" };
  const second = { rows: [["2026-11-21T07:00:00Z"]], columns: COLUMNS.slice(0, 1) };

  const events = await read({ tables: [turned, second] });

  expect(events.flatMap((each): unknown[] => (each.kind === "rows" ? each.rows : [each.kind]))).toEqual([
    "table",
    ...ROWS,
    "table",
    ...second.rows,
    "end",
  ]);
});

test.each([
  [{ message: "hello from the proxy" }],
  [{ tables: [] }],
  [{ tables: [{ name: "PrimaryResult", rows: [[1]] }] }],
  [[]],
])("%j with status 200 is no answer", async (body) => {
  const failure = await refusalOf(read(body));

  expect(failure).toMatchObject({
    kind: "failed",
    code: "NoAnswer",
    message: "the log query service answered something that is no answer to a query",
  });
});
