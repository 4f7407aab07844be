import { expect, test } from "vitest";
import type { Context } from "../../../src/context.ts";
import { readGiven } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { findQuery } from "../../../src/topics/kql/catalogue/find-query.ts";
import { askOnce } from "../../../src/topics/kql/ask-once.ts";
import { askNamed } from "../../../src/topics/kql/run/named.ts";
import { outcomeOf } from "../../../src/topics/kql/run/outcome.ts";
import { NOTHING, type Result } from "../../../src/topics/kql/run/result.ts";
import { viewRun } from "../../../src/topics/kql/run/view.ts";
import { openLogs } from "../../azure/logs-rig.ts";
import { reply, START, type Reply } from "../../azure/wire.ts";

const WORKSPACE = { name: "logs-shop", customerId: "7c000000-0000-4000-8000-000000000001", id: undefined };
const WINDOW = { from: new Date("2026-11-21T06:00:00Z"), until: START };

function refusal(message: string): Reply {
  const innererror = { code: "SemanticError", message: "", innererror: { code: "SEM0100", message } };
  return reply(400, { error: { code: "BadArgumentError", message: "", innererror } });
}

const NO_COLUMN = refusal(
  "'where' operator: Failed to resolve column or scalar expression named 'JobName_s'",
);
const PROBED = reply(200, {
  tables: [
    {
      name: "PrimaryResult",
      columns: [
        { name: "Rows", type: "long" },
        { name: "Last", type: "datetime" },
      ],
      rows: [[5, "2026-11-21T07:00:00Z"]],
    },
  ],
});

const QUESTION = {
  query: findQuery("container-job-failures"),
  given: readGiven([]),
  flavour: undefined,
};

async function ask(replies: Reply[], flavour?: string): Promise<Result> {
  const { logs } = openLogs(replies);
  const asked = { ...QUESTION, flavour, logs, workspace: WORKSPACE, window: WINDOW };
  return askNamed(asked, {} as Context);
}

test.each([
  [[NO_COLUMN], "log-analytics"],
  [
    [
      PROBED,
      refusal("Failed to resolve table or column expression named 'ContainerAppSystemLogs'"),
      NO_COLUMN,
    ],
    undefined,
  ],
])(
  "a column that a _CL table does not have yet is no mistake of who typed, exit 6",
  async (replies, flavour) => {
    const result = await ask(replies, flavour);
    const { exit, notes } = viewRun({ question: QUESTION, window: WINDOW, results: [result] });

    expect(outcomeOf(result)).toBe("no-column");
    expect(exit).toBe(6);
    expect(notes.at(-1)).toEqual({
      level: "warning",
      text: "logs-shop: ContainerAppSystemLogs_CL has no column JobName_s here: columns come with the first row that has a value for them, so nothing of this kind has come yet; this is not health",
      because: ["azure-wire/container-log-columns-appear"],
    });
  },
);

const NO_ROWS = reply(200, {
  tables: [{ name: "PrimaryResult", columns: [{ name: "TimeGenerated", type: "datetime" }], rows: [] }],
});
const NOTHING_IN_IT = reply(200);
const SHARDS = { error: { code: "PartialError", message: "shards failed" } };
const COUNTED_IN_PART = reply(200, { ...(JSON.parse(PROBED.body) as object), ...SHARDS });

test.each([
  ["an empty 200", NOTHING_IN_IT, "the service answered without a body"],
  ["a 204", reply(204), "the service answered 204"],
  ["a count that is not all", COUNTED_IN_PART, "its answer is not all: shards failed"],
])("%s to the question what a table has is never taken for nothing", async (_, untold, why) => {
  const result = await ask([PROBED, untold, NO_ROWS, NO_ROWS]);
  const { exit, notes } = viewRun({ question: QUESTION, window: WINDOW, results: [result] });

  expect([outcomeOf(result), exit]).toEqual(["empty", 6]);
  expect(notes.map(({ level, text }) => `${level}: ${text}`)).toContainEqual(
    expect.stringContaining(
      `warning: logs-shop: cannot tell whether ContainerAppSystemLogs has rows in the window: ${why}`,
    ),
  );
});

test("beside rows of one flavour it is told that another's could not be looked at", async () => {
  const columns = [{ name: "Job", type: "string" }];
  const rows = reply(200, { tables: [{ name: "PrimaryResult", columns, rows: [["nightly"]] }] });
  const result = await ask([PROBED, NOTHING_IN_IT, rows]);
  const { exit, notes } = viewRun({ question: QUESTION, window: WINDOW, results: [result] });

  expect([outcomeOf(result), exit]).toEqual(["complete", 0]);
  expect(notes).toContainEqual({
    level: "warning",
    text: "logs-shop: cannot tell whether flavour azure-monitor has rows in the window, too",
  });
});

test.each([
  ["in part", SHARDS],
  ["not at all", undefined],
])("what another flavour has is not told when it was answered %s", async (_, more) => {
  const counted = more ? reply(200, { ...(JSON.parse(NO_ROWS.body) as object), ...more }) : NOTHING_IN_IT;
  const result = await ask([NO_ROWS, PROBED, PROBED, counted], "log-analytics");

  expect(outcomeOf(result)).toBe("other-flavour");
  expect(result.others).toEqual([
    { flavour: "azure-monitor", table: "ContainerAppSystemLogs", matching: undefined },
  ]);
});

test("what else the service does not know in a text of the catalogue is an error of its own", async () => {
  await expect(
    ask([refusal("Failed to resolve scalar expression named 'nope'")], "log-analytics"),
  ).rejects.toThrow("nope");
});

test("of an answer with several tables the first is shown, and that is said", async () => {
  const columns = [{ name: "a", type: "long" }];
  const tables = [
    { name: "PrimaryResult", columns, rows: [[1]] },
    { name: "Table_1", columns, rows: [[2], [3]] },
  ];
  const { logs } = openLogs([reply(200, { tables })]);
  const asked = { logs, workspace: WORKSPACE.customerId, text: "T | count; U", ...WINDOW };
  const answer = await askOnce(logs, asked);
  const results = [{ ...NOTHING, text: asked.text, workspace: WORKSPACE, answer }];
  const { data, tables: shown, notes } = viewRun({ question: { text: asked.text }, window: WINDOW, results });

  expect(shown[0]?.rows).toEqual([{ cells: [1] }]);
  expect(notes.at(-1)).toEqual({
    level: "warning",
    text: "logs-shop: the answer has 2 tables, and only the first is shown",
  });
  expect(data).toMatchObject({ workspaces: [{ answerTables: 2 }] });
});

test("a parameter that the flavour has no place for is said, also beside rows", async () => {
  const given = readGiven(["environment=prod"]);
  const question = { query: findQuery("pipeline-failures-by-error"), given, flavour: "data-factory" };
  const columns = [{ name: "ErrorCode", type: "string" }];
  const { logs } = openLogs([reply(200, { tables: [{ name: "PrimaryResult", columns, rows: [["2108"]] }] })]);
  const result = await askNamed({ ...question, logs, workspace: WORKSPACE, window: WINDOW }, {} as Context);
  const { data, notes } = viewRun({ question, window: WINDOW, results: [result] });

  expect(data).toMatchObject({ workspaces: [{ outcome: "complete", unused: ["environment"] }] });
  expect(notes.at(-1)).toEqual({
    level: "warning",
    text: "logs-shop: flavour data-factory has no place for --param environment, so the answer is as if it was not typed",
  });
});

test("of several flavours with rows the newest is used, and the others are named", () => {
  const question = { query: findQuery("container-restarts"), given: readGiven([]), flavour: undefined };
  const [flavour] = question.query.flavours;
  const used = { flavour, why: "newer", also: ["azure-monitor"], untold: [] } as const;
  const results = [{ ...EMPTY, used, empty: ROWS, others: [{ ...OTHER, matching: 0 }] }];
  const { exit, notes } = viewRun({ question, window: WINDOW, results });

  expect(exit).toBe(0);
  expect(notes.map(({ text }) => text)).toContain(
    "logs-shop: asked in flavour log-analytics: its table has the newest row; --flavour azure-monitor has rows in the window, too",
  );
});

const END = {
  kind: "end",
  outcome: "complete",
  problem: undefined,
  chart: undefined,
  statistics: undefined,
} as const;
const EMPTY = { ...NOTHING, workspace: WORKSPACE, answer: { columns: [], rows: [], count: 0, end: END } };
const ROWS = [{ table: "T", state: "quiet", rows: 3, last: "2026-11-21T07:00:00Z" } as const];
const OTHER = { flavour: "x", table: "T" };

test.each([
  ["container-restarts", " --since 2026-11-21T06:00:00.000Z --until 2026-11-21T08:00:00.000Z"],
  // Two periods up to now are its window, and no other one is taken.
  ["pipeline-changes", ""],
])("the command of %s for another flavour has the same window", (name, window) => {
  const question = { query: findQuery(name), given: readGiven([]), flavour: undefined };
  const results = [{ ...EMPTY, empty: ROWS, others: [{ ...OTHER, matching: 2 }] }];
  const { notes } = viewRun({ question, window: WINDOW, results });

  expect(notes.at(-1)?.text).toBe(
    `logs-shop: T has 2 rows that match: azwise kql run ${name} --workspace logs-shop${window} --flavour x`,
  );
});

test.each<[string, Partial<Result>]>([
  ["quiet", { empty: ROWS }],
  ["quiet", { empty: ROWS, name: { parameter: "app", name: "a", state: "there", rows: 1 } }],
  ["quiet", { empty: ROWS, others: [{ ...OTHER, matching: 0 }] }],
  ["no-name", { empty: ROWS, name: { parameter: "app", name: "a", state: "absent", nearest: [] } }],
  ["empty", { empty: ROWS, name: { parameter: "app", name: "a", state: "untold", why: "" } }],
  ["empty", { empty: [{ table: "T", state: "silent" }] }],
  ["empty", { empty: undefined }],
  ["other-flavour", { empty: ROWS, others: [{ ...OTHER, matching: 2 }] }],
  ["other-flavour", { empty: ROWS, others: [{ ...OTHER, matching: undefined }] }],
  ["other-flavour", { missingTable: "T", answer: undefined, others: [{ ...OTHER, matching: 2 }] }],
  ["no-table", { missingTable: "T", answer: undefined, others: [{ ...OTHER, matching: 0 }] }],
])("no row is %s with %j", (outcome, more) => {
  expect(outcomeOf({ ...EMPTY, ...more })).toBe(outcome);
});
