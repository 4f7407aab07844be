import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createTestHost, runCli } from "../../harness.ts";
import { golden } from "../golden.ts";
import { ask, ERRORS, LINES, T } from "./ask-data.ts";

const GOLDEN = "../../../fixtures/golden/kql";

test("rows in a file are asked without Azure, and it is said who answered", async () => {
  const { exit, stdout, stderr } = await ask(ERRORS, ["--data", "T.ndjson"], { files: T });

  expect(stdout).toBe("shop-api\t2\t2.5\n");
  expect(stderr).toContain(
    "Answered by azwise's interpreter over 3 rows of T.ndjson (table T), not by Log Analytics",
  );
  expect(stderr).toContain("T: types taken from its rows: TimeGenerated datetime, App string, Level string");
  expect(exit).toBe(0);
});

test("on a terminal and as Markdown", async () => {
  const flags = ["--data", "T.ndjson", "--no-color"];
  const terminal = await ask(ERRORS, flags, { files: T, tty: true });
  const page = await ask(ERRORS, [...flags, "-o", "md"], { files: T });

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/run-data.tty.txt`);
  await expect(golden(page)).toMatchFileSnapshot(`${GOLDEN}/run-data.md.txt`);
});

test("JSON says who answered, over what, and the types", async () => {
  const { stdout } = await ask(ERRORS, ["--data", "T.ndjson", "-o", "json"], { files: T });

  expect(JSON.parse(stdout)).toMatchObject({
    answeredBy: "azwise",
    query: null,
    window: { from: null, until: null },
    now: "2026-11-21T08:00:00.000Z",
    outcome: "complete",
    data: [
      {
        name: "T",
        file: "T.ndjson",
        rows: 3,
        inWindow: 3,
        first: "2026-11-20T08:00:00.000Z",
        last: "2026-11-20T09:00:00.500Z",
        misfits: [],
        absent: [],
      },
    ],
    columns: [
      { name: "App", type: "string" },
      { name: "Errors", type: "long" },
      { name: "Longest", type: "real" },
    ],
    rows: [{ App: "shop-api", Errors: 2, Longest: 2.5 }],
  });
  expect(JSON.parse(stdout).data[0].columns[3]).toEqual({ name: "Ms", type: "real", from: "rows" });
});

test.each<[string, string[], string]>([
  ["a file without a name of a table", ["--data", "my-rows.ndjson"], "my-rows.ndjson is no name of a table"],
  ["a file that is not there", ["--data", "T=none.ndjson"], "none.ndjson cannot be read"],
  ["a folder", ["--data", "T=."], ". cannot be read"],
  ["no file", ["--data", "T="], "is no name of a table"],
  [
    "two files for one table",
    ["--data", "T.ndjson", "--data", "T=T.ndjson"],
    "two files are given for table T",
  ],
  [
    "--table for two files",
    ["--data", "T.ndjson", "--data", "U=T.ndjson", "--table", "X"],
    "--table names one file",
  ],
  [
    "a table with two names",
    ["--data", "U=T.ndjson", "--table", "X"],
    "names its table, and so does --table",
  ],
  ["--table alone", ["--workspace", "logs-shop", "--table", "X"], "--table: names the table of --data"],
  ["a workspace, too", ["--data", "T.ndjson", "--workspace", "logs-shop"], "two places to ask"],
  ["neither", [], "--workspace: give a workspace by its name, id or GUID, or rows with --data"],
  ["standard input twice", ["--data", "T=-", "--data", "U=-"], "standard input is given for two tables"],
  ["a window without times", ["--data", "N.ndjson", "--since", "1h"], "N has no TimeGenerated"],
])("%s is usage", async (_, flags, message) => {
  const { exit, stderr } = await ask("T | count", flags, { files: { ...T, "N.ndjson": '{"n":1}\n' } });

  expect(stderr).toContain(message);
  expect(exit).toBe(2);
});

test.each<[string, string, string]>([
  [
    "T\n| make-series n = count() on Ms step 1",
    "make-series is not spoken here",
    "line 2, column 3: | make-series",
  ],
  ["T | where Nope == 1", "there is no column 'Nope'", "line 1, column 11"],
  ["T | where App", "where needs a bool, and this is string", "line 1, column 11"],
  [
    "Other | take 1",
    "there is no table 'Other' among the files, which are: T",
    "--data TABLE=FILE gives one more",
  ],
  ["T | wher App", "", "line 1, column 5: T | wher App"],
  ['T | where App matches regex "(?=a)"', "is not spoken here", "asks the service"],
])("%j is refused with its place", async (text, message, hint) => {
  const { exit, stdout, stderr } = await ask(text, ["--data", "T.ndjson"], { files: T });

  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
  expect([exit, stdout]).toEqual([2, ""]);
});

test("standard input is rows or the query, and not both", async () => {
  const rows = await ask(ERRORS, ["--data", "T=-"], { stdin: LINES });
  const host = createTestHost({ stdin: ERRORS });
  const both = await runCli(host, "kql", "run", "-f", "-", "--data", "T=-");

  expect(rows.stdout).toBe("shop-api\t2\t2.5\n");
  expect(rows.stderr).toContain("3 rows of standard input (table T)");
  expect(both.stderr).toContain("--data: standard input is the query already");
  expect(both.exit).toBe(2);
});

test("several files are several tables", async () => {
  const files = { ...T, "owners.json": '[{"App":"shop-api","Owner":"Ada"}]' };
  const text = "T | join kind=inner owners on App | summarize count() by Owner";
  const { stdout } = await ask(text, ["--data", "T.ndjson", "--data", "owners.json"], { files });

  expect(stdout).toBe("Ada\t2\n");
});

const OLD = "T | where TimeGenerated > ago(1h) | count";

test("a text with ago is told what now is, and --until is its now", async () => {
  const late = await ask(OLD, ["--data", "T.ndjson"], { files: T });
  const then = await ask(OLD, ["--data", "T.ndjson", "--until", "2026-11-20T09:00:01Z"], { files: T });

  expect(late.stdout).toBe("0\n");
  expect(late.stderr).toContain(
    "ago() and now() count from 2026-11-21T08:00:00.000Z, and the newest row is of",
  );
  expect(late.stderr).toContain("--until 2026-11-20T09:00:01Z asks as if it were then");
  expect(then.stdout).toBe("2\n");
  expect(then.stderr).toContain("ago() and now() count from 2026-11-20T09:00:01.000Z.");
});

test.each([
  ["T | where TimeGenerated > ago(1h)", []],
  ["T | where TimeGenerated > ago(1h) | where Level has 'error' | summarize count() by App", []],
  ["T | where TimeGenerated > ago(1h) | count", []],
  ["T | where TimeGenerated > datetime(2026-11-20T09:00:00.501Z)", []],
  ["T | where TimeGenerated < datetime(2026-11-20T08:15Z)", ["--since", "2026-11-20T08:30:00Z"]],
])("%s over rows of another time is no health", async (text, flags) => {
  const { exit, stdout } = await ask(text, ["--data", "T.ndjson", "-o", "json", ...flags], { files: T });
  const { outcome, notes } = JSON.parse(stdout);
  const warnings = notes.filter((each: { level: string }) => each.level === "warning");

  expect([exit, outcome]).toEqual([6, "empty"]);
  expect(JSON.stringify(warnings)).toContain(
    "3 rows, of 2026-11-20T08:00:00.000Z to 2026-11-20T09:00:00.500Z, and none of when the text's own filter",
  );
  expect(JSON.stringify(warnings).includes("--until 2026-11-20T09:00:01Z asks as if")).toBe(
    text.includes("ago"),
  );
});

test.each([
  "T | where TimeGenerated >= datetime(2026-11-20T09:00:00.5Z) and App == 'none'",
  "T | where TimeGenerated > ago(1d) and App == 'none'",
])("%s meets rows of its time: none matches, which is quiet", async (text) => {
  const { exit, stderr } = await ask(text, ["--data", "T.ndjson"], { files: T });

  expect(stderr).toContain("T: 3 rows, and none matches");
  expect(exit).toBe(0);
});

test("a typed window has its first moment and not its last, and is not there when it is not typed", async () => {
  const count = async (...flags: string[]): Promise<string> =>
    (await ask("T | count", ["--data", "T.ndjson", ...flags], { files: T })).stdout.trim();

  expect(await count()).toBe("3");
  expect(await count("--since", "2026-11-20T08:30:00Z")).toBe("2");
  expect(await count("--until", "2026-11-20T08:30:00Z")).toBe("1");
  expect(await count("--since", "1h", "--until", "2026-11-20T09:00:00Z")).toBe("2");
});

test("no row is never health: an empty file, an empty window, and nothing that matches are told apart", async () => {
  const empty = await ask("T | count", ["--data", "T.ndjson"], { files: { "T.ndjson": "\n" } });
  const outside = await ask(ERRORS, ["--data", "T.ndjson", "--since", "1h"], { files: T });
  const quiet = await ask('T | where App == "none"', ["--data", "T.ndjson", "-o", "json"], { files: T });

  expect([empty.exit, outside.exit, quiet.exit]).toEqual([6, 6, 0]);
  expect(empty.stderr).toContain("warning: T: there is no row in T.ndjson, so nothing is said about health");
  expect(outside.stderr).toContain(
    "T: 3 rows, of 2026-11-20T08:00:00.000Z to 2026-11-20T09:00:00.500Z, and none in the window; this is not health",
  );
  expect(JSON.parse(quiet.stdout)).toMatchObject({ answeredBy: "azwise", outcome: "quiet", rows: [] });
  expect(quiet.stdout).toContain("T: 3 rows, and none matches");
});

test.each([
  ["T | summarize Rows = count()", 6],
  ["union T* | summarize Rows = count()", 6],
  ["let Few = T | take 1; Few | summarize Rows = count()", 6],
  ["print 1", 0],
])("what %j counts over an empty file exits %d", async (text, exit) => {
  expect((await ask(text, ["--data", "T.ndjson"], { files: { "T.ndjson": "" } })).exit).toBe(exit);
});

test("a table that azwise knows has its schema's types, also for columns that no row has", async () => {
  const rows =
    '{"TimeGenerated":"2026-11-20T08:00:00Z","ResultCode":500,"DurationMs":"12.5","Success":"soon","Own":1}\n';
  const text =
    "AppRequests | where isempty(AppVersion) and isnull(Success) | project ResultCode, DurationMs, Own";
  const { stdout, stderr } = await ask(text, ["--data", "AppRequests.ndjson", "-o", "json"], {
    files: { "AppRequests.ndjson": rows },
  });

  expect(JSON.parse(stdout)).toMatchObject({
    columns: [
      { name: "ResultCode", type: "string" },
      { name: "DurationMs", type: "real" },
      { name: "Own", type: "long" },
    ],
    rows: [{ ResultCode: "500", DurationMs: 12.5, Own: 1 }],
    data: [{ misfits: [{ column: "Success", type: "bool", count: 1 }] }],
  });
  expect(stdout).toContain("AppRequests: values of Success that are no bool count as missing: 1");
  expect(stdout).toContain("AppRequests: no row has AppVersion, which the text names");
  expect(stdout).toContain("AppRequests: types taken from its rows: Own long.");
  expect(stderr).toBe("");
});

test("rows with other keys are rows, and names of things that every object has are no values", async () => {
  const rows = '{"a":1}\n{"b":"x"}\n{"constructor":"c","__proto__":"p"}\n';
  const { stdout } = await ask("T", ["--data", "T.ndjson", "-o", "ndjson"], { files: { "T.ndjson": rows } });

  expect(stdout.split("\n")).toEqual([
    '{"a":1,"b":"","constructor":"","__proto__":""}',
    '{"a":null,"b":"x","constructor":"","__proto__":""}',
    '{"a":null,"b":"","constructor":"c","__proto__":"p"}',
    "",
  ]);
});

test("control characters of rows and file names reach no terminal", async () => {
  const { stdout, stderr } = await ask("T", ["--data", "T=e\u001b[31mvil.ndjson", "--no-color"], {
    files: { "e\u001b[31mvil.ndjson": '{"a":"x\\u001b[31my","\\u001b[2Jb":1}\n' },
    tty: true,
  });

  expect(stdout + stderr).not.toContain("\u001b[31m");
  expect(stdout + stderr).not.toContain("\u001b[2J");
});

test("Ctrl-C ends it", async () => {
  const host = createTestHost({ env: { AZWISE_CLOUD: "public" } });
  writeFileSync(join(host.folder, "T.ndjson"), LINES.repeat(20_000));
  writeFileSync(join(host.folder, "query.kql"), "T | count");
  const running = runCli(host, "kql", "run", "-f", "query.kql", "--data", "T.ndjson");
  const again = setInterval(() => host.interrupt(), 10);
  onTestFinished(() => clearInterval(again));

  expect((await running).exit).toBe(130);
});
