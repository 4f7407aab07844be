import { expect, test } from "vitest";
import { ask, refusal, table } from "./kql.ts";

const LOGS = table("TimeGenerated:datetime, App:string, Code:long, Data:dynamic", [
  ["2026-11-21T10:01:00Z", "web", 200, { tags: ["a", "b"] }],
  ["2026-11-21T10:02:00Z", "db", 500, null],
  ["2026-11-21T10:07:00Z", "web", 503, { tags: [] }],
  ["2026-11-21T10:08:00Z", "jobs", null, { tags: ["c"] }],
]);
const OWNERS = table("App:string, Owner:string", [
  ["web", "ann"],
  ["db", "bob"],
  ["db", "eve"],
  ["cron", "joe"],
]);

const tables = { LOGS, OWNERS };

test.for<[string, string[], unknown[][]]>([
  ["LOGS | where Code >= 500 | project App", ["App:string"], [["db"], ["web"]]],
  ["LOGS | extend Code = Code / 100 | take 1 | project Code", ["Code:long"], [[2]]],
  ["LOGS | project-away TimeGenerated, D* | take 1", ["App:string", "Code:long"], [["web", 200]]],
  ["LOGS | project-keep C*, App | take 1", ["App:string", "Code:long"], [["web", 200]]],
  ["OWNERS | project-reorder Owner | take 1", ["Owner:string", "App:string"], [["ann", "web"]]],
  ["OWNERS | project-rename Who = Owner | take 1", ["App:string", "Who:string"], [["web", "ann"]]],
  [
    "LOGS | summarize n = count() by bin(TimeGenerated, 5m)",
    ["TimeGenerated:datetime", "n:long"],
    [
      ["2026-11-21T10:00:00Z", 2],
      ["2026-11-21T10:05:00Z", 2],
    ],
  ],
  ["LOGS | where Code == 1 | summarize count(), max(Code)", ["count_:long", "max_Code:long"], [[0, null]]],
  ["LOGS | where Code == 1 | summarize count() by App", ["App:string", "count_:long"], []],
  ["LOGS | order by Code | project Code", ["Code:long"], [[503], [500], [200], [null]]],
  ["LOGS | sort by Code asc | project Code", ["Code:long"], [[null], [200], [500], [503]]],
  ["LOGS | order by Code desc nulls first | project Code", ["Code:long"], [[null], [503], [500], [200]]],
  ["LOGS | top 2 by App asc | project App", ["App:string"], [["db"], ["jobs"]]],
  [
    'OWNERS | take 1 | project a = column_ifexists("Owner", "-"), b = column_ifexists("Nope", 7)',
    ["a:string", "b:long"],
    [["ann", 7]],
  ],
  ["LOGS | distinct App", ["App:string"], [["web"], ["db"], ["jobs"]]],
  ["LOGS | count", ["Count:long"], [[4]]],
  ["LOGS | limit 1 | project App", ["App:string"], [["web"]]],
])("%s", async ([query, columns, rows]) => {
  expect(await ask(query, tables)).toEqual({ columns, rows });
});

test.for<[string, unknown[][]]>([
  [
    "inner",
    [
      ["web", 200, "ann"],
      ["db", 500, "bob"],
      ["db", 500, "eve"],
      ["web", 503, "ann"],
    ],
  ],
  [
    "innerunique",
    [
      ["web", 200, "ann"],
      ["db", 500, "bob"],
      ["db", 500, "eve"],
    ],
  ],
  [
    "leftouter",
    [
      ["web", 200, "ann"],
      ["db", 500, "bob"],
      ["db", 500, "eve"],
      ["web", 503, "ann"],
      ["jobs", null, ""],
    ],
  ],
  [
    "rightouter",
    [
      ["web", 200, "ann"],
      ["db", 500, "bob"],
      ["db", 500, "eve"],
      ["web", 503, "ann"],
      ["", null, "joe"],
    ],
  ],
])("join kind=%s", async ([kind, rows]) => {
  const query = `LOGS | join kind=${kind} OWNERS on App | project App, Code, Owner`;
  expect((await ask(query, tables)).rows).toEqual(rows);
});

test("half joins keep the columns of one side", async () => {
  expect(await ask("LOGS | project App | join kind=leftanti OWNERS on App", tables)).toEqual({
    columns: ["App:string"],
    rows: [["jobs"]],
  });
  expect(
    await ask("LOGS | project App | join kind=rightsemi OWNERS on $left.App == $right.App", tables),
  ).toEqual({
    columns: ["App:string", "Owner:string"],
    rows: [
      ["web", "ann"],
      ["db", "bob"],
      ["db", "eve"],
    ],
  });
});

test("union puts columns of one name together, and apart where their types differ", async () => {
  const other = table("App:long, Owner:string", [[7, "zoe"]]);
  expect(
    await ask("union withsource=T OWNERS, (other | take 1) | where Owner in ('joe', 'zoe')", {
      OWNERS,
      other,
    }),
  ).toEqual({
    columns: ["T:string", "App_string:string", "App_long:long", "Owner:string"],
    rows: [
      ["OWNERS", "cron", null, "joe"],
      ["union_arg1", "", 7, "zoe"],
    ],
  });
});

test.for<[string, number, number, string]>([
  ["LOGS | where nope == 1", 1, 14, "nope"],
  ["LOGS\n| extend x = 1\n| make-series count() on x step 1", 3, 3, "make-series"],
  ["LOGS | where App ==", 1, 20, "<EOF>"],
  ["LOGS | project series_stats(App)", 1, 16, "series_stats"],
  ["missing | take 1", 1, 1, "missing"],
  ["LOGS | where App > 5", 1, 18, ">"],
])("%s is refused at %i:%i", async ([query, line, column, text]) => {
  const empty = { ...LOGS, rows: [] };
  expect(await refusal(query, { LOGS: empty })).toMatchObject({ line, column, text });
});
