import { expect, test } from "vitest";
import { OTHER_SUBSCRIPTION, SUBSCRIPTION } from "../../harness.ts";
import { ask } from "./ask-text.ts";

const BOTH = ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION];

test("no rows is never health: quiet, older than the window, silent, or no such table", async () => {
  const quiet = await ask('AppRequests | where Name == "x"', []);
  const older = await ask("AppTraces", ["--since", "1h"]);
  const silent = await ask("AppTraces", [
    ...BOTH,
    "--workspace",
    "logs-platform",
    "--since",
    "7d",
    "-o",
    "json",
  ]);
  const missing = await ask("ContainerAppConsoleLogs | take 1", []);

  expect([quiet.exit, older.exit, silent.exit, missing.exit]).toEqual([0, 6, 6, 6]);
  expect(quiet.stderr).toContain("AppRequests has 30 rows in the window");
  expect(older.stderr).toContain(
    "AppTraces has no row in the window, the last one before it is of 2026-11-18T07:51:40Z",
  );
  expect(JSON.parse(silent.stdout).workspaces[1]).toMatchObject({
    outcome: "empty",
    tables: [{ table: "AppTraces", state: "silent" }],
  });
  expect(missing.stderr).toContain("there is no table ContainerAppConsoleLogs here");
  expect(missing.stderr).toContain("it has ContainerAppConsoleLogs_CL");
});

test.each([
  ["AppRequests | count", /^0\n$/, "AppRequests has no row in the window"],
  [
    "AppRequests | summarize Last = max(TimeGenerated), Ms = avg(DurationMs), N = count()",
    /0\n$/,
    "no row in",
  ],
  ["AppRequests | count | extend IsWell = Count == 0", /^0\ttrue\n$/, "no row in the window"],
  [
    "AppRequests | count | extend State = iff(Count == 0, 'well', 'ill')",
    /^0\twell\n$/,
    "no row in the window",
  ],
  ["union App* | count", /^0\n$/, "which tables the text reads cannot be told"],
])("%s counts nothing where nothing could be: its row, and exit 6", async (text, row, why) => {
  const { exit, stdout, stderr } = await ask(text, ["--since", "1s"]);
  const streamed = await ask(text, ["--since", "1s", "-o", "ndjson"]);

  expect(stdout).toMatch(row);
  expect(stderr).toContain(why);
  expect(streamed.stderr).toContain(why);
  expect([exit, streamed.exit]).toEqual([6, 6]);
});

test("a count of nothing in a table that has rows is complete", async () => {
  const { exit, stdout, stderr } = await ask('AppRequests | where Name == "x" | count', []);

  expect([exit, stdout]).toEqual([0, "0\n"]);
  expect(stderr).not.toContain("AppRequests has");
});

test.each([
  "union AppRequests, AppTraces | summarize total = count(), errors = countif(Success == false) | extend rate = errors * 1.0",
  "AppRequests | summarize n = count(), last_ = max(TimeGenerated) | extend isStale = last_ < ago(1h)",
  "AppRequests | where now() - TimeGenerated < 1s | summarize n = count() | extend twice = 2 * n",
])("a row that counts in tables with rows stands, with more made of it: %s", async (text) => {
  const { exit, stderr } = await ask(text, ["--since", "24h"]);

  expect(stderr).not.toContain("not health");
  expect(stderr).not.toContain("none matches");
  expect(exit).toBe(0);
});

const ENDED = "TimeGenerated > ago(7d) and TimeGenerated < ago(2d)";

test.each([
  [
    `AppRequests | where ${ENDED}`,
    6,
    "share no moment, so nothing could match; --since 2026-11-14T08:00:00.000Z asks",
  ],
  [`AppRequests | where ${ENDED} | count`, 6, "share no moment"],
  ["AppRequests | where TimeGenerated between (ago(7d) .. ago(2d))", 6, "share no moment"],
  [
    "let start = ago(1s); AppRequests | where start <= TimeGenerated",
    6,
    "AppRequests has no row in the window",
  ],
  [
    "AppRequests | where TimeGenerated > ago(1s)",
    6,
    "leaves 2026-11-21T07:59:59.000Z to 2026-11-21T08:00:00.000Z",
  ],
  ["AppRequests | where now() - TimeGenerated < 1s", 6, "own filter by time meets the window cannot be told"],
  ["AppRequests | where TimeGenerated > ago(1s) or TimeGenerated < ago(9d)", 6, "meets the window cannot be"],
  ['AppRequests | where TimeGenerated > ago(2h) | where Name == "x"', 0, "and none matches"],
  [
    "AppRequests | extend day = startofday(TimeGenerated) | where day == datetime(2026-11-15)",
    6,
    "cannot be told",
  ],
  ["AppRequests | project t = TimeGenerated | where t < datetime(2026-11-15)", 6, "cannot be told"],
  ["AppRequests | extend Age = now() - TimeGenerated | where Age > 2d", 6, "cannot be told"],
  [
    "AppRequests | summarize last_ = max(TimeGenerated) by Name | where last_ < ago(23h)",
    0,
    "and none matches",
  ],
])("%s: where it meets the window decides", async (text, code, why) => {
  const { exit, stderr } = await ask(text, ["--since", "24h"]);

  expect(stderr).toContain(why);
  expect(exit).toBe(code);
});

test("where no window is typed it begins where the text's own filter by time does", async () => {
  const text = "AppTraces | where TimeGenerated > ago(7d) | count";
  const own = await ask(text, []);
  const typed = await ask(text, ["--since", "24h"]);
  const later = await ask(
    "let t = datetime(2026-11-21T07:00Z); AppRequests | where TimeGenerated >= t | take 1",
    [],
  );

  expect([own.exit, own.stdout, typed.exit, typed.stdout]).toEqual([0, "1\n", 6, "0\n"]);
  expect(own.stderr).toContain("Asked about 2026-11-14T08:00:00.000Z to 2026-11-21T08:00:00.000Z");
  expect(later.stderr).toContain("Asked about 2026-11-20T08:00:00.000Z");
});

test.each(["ago(1000000d)", "datetime(0001-01-01)"])(
  "a filter from %s is asked from 1970 on",
  async (start) => {
    const { exit, stderr } = await ask(`AppTraces | where TimeGenerated > ${start} | count`, []);

    expect(stderr).toContain("Asked about 1970-01-01T00:00:00.000Z");
    expect(exit).toBe(0);
  },
);

test("where it cannot be told where a text's own filter begins, that is a warning", async () => {
  const { stderr } = await ask("AppTraces | extend Old = ago(7d) | where TimeGenerated > Old | count", []);

  expect(stderr).toMatch(
    /^warning: The text has a filter by time of its own.*last 24 h alone: type --since/m,
  );
});
