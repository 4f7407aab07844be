import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { main } from "../../../src/main.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION } from "../../harness.ts";
import { golden } from "../golden.ts";
import { ask } from "./ask-text.ts";
import { fault } from "../../sandbox/azure.ts";

const GOLDEN = "../../../fixtures/golden/kql";
const SHOP = "7c000000-0000-4000-8000-000000000001";
const BOTH = ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION];

const TERMINATED = `ContainerAppSystemLogs_CL
| where Reason_s == "ContainerTerminated" and not(Log_s has "exit code '0'")
| summarize Events = count(), Last = max(TimeGenerated) by App = ContainerAppName_s
| order by Events desc`;

test("rows in a pipe are tab-separated, the window is absolute", async () => {
  const { exit, stdout, stderr } = await ask(TERMINATED, ["--since", "2h"]);

  expect(stdout).toBe(
    ["shop-api\t10\t2026-11-21T07:57:11Z", "shop-admin\t6\t2026-11-21T07:51:40.5Z", ""].join("\n"),
  );
  expect(stderr).toContain(
    "Asked about 2026-11-21T06:00:00.000Z to 2026-11-21T08:00:00.000Z (UTC), 4 lines of KQL",
  );
  expect(exit).toBe(0);
});

test("JSON has the window, types, rows as objects and the outcome of each workspace", async () => {
  const { stdout } = await ask("AppRequests | project Name, DurationMs, Properties | take 1", ["-o", "json"]);
  const document = JSON.parse(stdout);

  expect(document).toMatchObject({
    window: { from: "2026-11-20T08:00:00.000Z", until: "2026-11-21T08:00:00.000Z" },
    columns: [
      { name: "Name", type: "string" },
      { name: "DurationMs", type: "real" },
      { name: "Properties", type: "dynamic" },
    ],
    workspaces: [{ name: "logs-shop", customerId: SHOP, outcome: "complete", rows: 1 }],
  });
  expect(document.rows[0].Properties).toEqual({ region: "eastus2" });
});

test("ndjson is one object a line, and nothing else on stdout", async () => {
  const { exit, stdout, stderr } = await ask("AppRequests | project Name, Success", ["-o", "ndjson"]);
  const lines = stdout.trimEnd().split("\n");

  expect(lines).toHaveLength(30);
  expect(JSON.parse(lines[0]!)).toEqual({ Name: expect.any(String), Success: expect.any(Boolean) });
  expect(stderr).toContain("Asked about");
  expect(exit).toBe(0);
});

test("ndjson cannot steer a terminal, and loses nothing", async () => {
  const told = "\u009b2J\u202e\u007f\u2028ü";
  const { stdout } = await ask(`print Line = "${told}"`, ["-o", "ndjson"]);

  expect(stdout).toBe('{"Line":"\\u009b2J\\u202e\\u007f\\u2028ü"}\n');
  expect(JSON.parse(stdout)).toEqual({ Line: told });
});

test("on a terminal and as Markdown the answer is a table with its window beside it", async () => {
  const terminal = await ask(TERMINATED, ["--since", "2h", "--no-color"], { tty: true });
  const page = await ask(TERMINATED, ["--since", "2h", "-o", "md"]);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/run.tty.txt`);
  await expect(golden(page)).toMatchFileSnapshot(`${GOLDEN}/run.md.txt`);
});

test("several workspaces are asked each by itself, and rows say from which they are", async () => {
  const text = "AppTraces | count";
  const { stdout } = await ask(text, [...BOTH, "--workspace", "logs-platform", "--since", "7d"]);

  expect(stdout).toBe("logs-shop\t1\nlogs-platform\t0\n");
});

test("a query on standard input keeps its lines, blank ones too", async () => {
  const host = createTestHost({ stdin: "AppRequests\n\n  | wher Success\n" });

  const { exit, stderr } = await runCli(host, "kql", "run", "-f", "-", "--workspace", SHOP);

  expect(exit).toBe(2);
  expect(stderr).toContain("line 3, column 5: | wher Success");
});

test.each([
  ["P30M", "reads as 30 months"],
  ["soon", "neither a length"],
])("--since %s is refused before anything is asked", async (since, message) => {
  const { exit, stderr } = await ask("AppRequests", ["--since", since]);

  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});

test("an answer at a limit is truncated, one that was given up is partial: both exit 6 with their rows", async () => {
  const cut = await ask("AppRequests", ["-o", "json", "--no-split"], {
    change: (world) => (world.settings.logRows = 5),
  });
  const change = (world: World): void => void world.faults.push(fault("partial-answer"));
  const half = await ask("AppRequests", ["-o", "json"], { change });

  expect([cut.exit, half.exit]).toEqual([6, 6]);
  expect(JSON.parse(cut.stdout)).toMatchObject({ workspaces: [{ outcome: "truncated", rows: 5 }] });
  expect(JSON.parse(half.stdout)).toMatchObject({ workspaces: [{ outcome: "partial", rows: 15 }] });
});

test("what is cut at a limit is asked for in parts, none of its rows twice or missing, in its order", async () => {
  const change = (world: World): void => void (world.settings.logRows = 7);
  const text = "AppRequests | project TimeGenerated = TimeGenerated, Id | order by TimeGenerated desc";
  const whole = await ask(text, ["--since", "2h"]);
  const parts = await ask(text, ["--since", "2h"], { change });

  expect(parts.stdout).toBe(whole.stdout);
  expect(parts.exit).toBe(0);
  expect(parts.stderr).toMatch(/put together from \d+ parts/);
});

test.each([
  ["AppRequests | project Id", [], "TimeGenerated is not among its columns"],
  ["AppRequests | order by DurationMs asc", [], "not in the order of TimeGenerated"],
  ["AppRequests | distinct TimeGenerated", [], "it has distinct"],
  ["AppRequests | project TimeGenerated = bin(TimeGenerated, 1h)", [], "makes a TimeGenerated of its own"],
  ["AppRequests | project bin(TimeGenerated, 1h) | order by TimeGenerated asc", [], "makes a TimeGenerated"],
  ["AppRequests | extend TimeGenerated = TimeGenerated - 1h", [], "makes a TimeGenerated of its own"],
  [
    "AppRequests | extend T = now() | project-away TimeGenerated | project-rename TimeGenerated = T",
    [],
    "of its own",
  ],
  ["union (AppRequests | extend TimeGenerated = now())", [], "makes a TimeGenerated of its own"],
  ["AppRequests", ["-o", "ndjson"], "has let its rows go"],
  ["AppRequests", ["--no-split"], "--no-split"],
])("%s is not asked in parts, and says why", async (text, flags, why) => {
  const { exit, stderr } = await ask(text, flags, { change: (world) => (world.settings.logRows = 7) });

  expect(exit).toBe(6);
  expect(stderr).toContain(why);
});

test.each([
  ["no-content", 6, "never had any data"],
  ["empty-answer", 1, "200 without a body"],
  ["gateway-timeout", 7, "the query took too long there"],
] as const)("%s exits %i", async (name, code, message) => {
  const change = (world: World): void => void world.faults.push(fault(name));
  const { exit, stderr } = await ask("AppRequests", [], { change });

  expect(exit).toBe(code);
  expect(stderr).toContain(message);
});

test("a column that is not there is a mistake of the text, not an empty answer", async () => {
  const { exit, stderr } = await ask("AppRequests | where Speed > 1", []);

  expect(exit).toBe(2);
  expect(stderr).toContain("'Speed'");
  const [, lint = ""] = /azwise (kql lint query.kql --schema-from \S+)$/m.exec(stderr) ?? [];
  const host = createTestHost();
  writeFileSync(join(host.folder, "query.kql"), "AppRequests | where Speed > 1");
  const told = await runCli(host, ...lint.split(" "));
  expect([told.exit, told.stdout]).toEqual([3, expect.stringContaining("Speed")]);
});

test("a filter by time in the text is said", async () => {
  const { stderr } = await ask("AppRequests | where TimeGenerated > ago(1h) | count", []);

  expect(stderr).toContain("filter by time of its own");
});

test("workspaces that are not there, or not ours, are told", async () => {
  const host = createTestHost({ stdin: "print 1" });
  const none = await runCli(host, "kql", "run", "-f", "-", "--workspace", "logs-nowhere");
  const id = `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/rg-platform-images/providers/Microsoft.OperationalInsights/workspaces/logs-platform`;
  const foreign = await runCli(host, "kql", "run", "-f", "-", "--workspace", id);

  expect([none.exit, foreign.exit]).toEqual([2, 4]);
  expect(none.stderr).toContain("there are: logs-shop; --subscription looks in others");
  expect(foreign.stderr).toContain(`--subscription ${OTHER_SUBSCRIPTION}`);
});

test("one workspace that may not be asked does not take the rows of the others", async () => {
  const platform = `/subscriptions/${OTHER_SUBSCRIPTION}`;
  const change = (world: World): void => {
    world.settings.permissions = [
      { scope: `/subscriptions/${SUBSCRIPTION}`, actions: ["*"], notActions: [] },
      { scope: platform, actions: ["*"], notActions: ["*/query/read"] },
    ];
  };
  const flags = [...BOTH, "--workspace", "logs-platform", "-o", "json"];
  const { exit, stdout } = await ask("AppRequests | count", flags, { change });

  expect(exit).toBe(6);
  expect(JSON.parse(stdout)).toMatchObject({
    rows: [{ workspace: "logs-shop", Count: 30 }],
    workspaces: [{ outcome: "complete" }, { outcome: "failed" }],
  });
});

test("where no workspace may be asked the first refusal is the run's", async () => {
  const change = (world: World): void => {
    const scope = `/subscriptions/${SUBSCRIPTION}`;
    const platform = `/subscriptions/${OTHER_SUBSCRIPTION}`;
    world.settings.permissions = [scope, platform].map((each) => ({
      scope: each,
      actions: ["*"],
      notActions: ["*/query/read"],
    }));
  };
  const { exit, stdout, stderr } = await ask("AppRequests", [...BOTH, "--workspace", "logs-platform"], {
    change,
  });

  expect([exit, stdout]).toEqual([4, ""]);
  expect(stderr).toContain("this identity may not ask the workspace");
});

test("verbs that keep their result have no ndjson, and --query has none either", async () => {
  const host = createTestHost();

  expect(await main(["acr", "show", "shopregistry", "-o", "ndjson"], host)).toBe(2);
  expect(host.output.stderr).toContain("this command has no -o ndjson");
  expect((await ask("AppRequests", ["-o", "ndjson", "--query", "rows"])).exit).toBe(2);
});

test("a table that is called nearly so, and standard input without -f, are told", async () => {
  const { exit, stderr } = await ask("AppRequest | take 1", []);
  const dash = await runCli(createTestHost(), "kql", "run", "-", "--workspace", SHOP);

  expect(stderr).toContain("it has AppRequests, which is called nearly so");
  expect(dash.stderr).toContain("next: for standard input: -f -");
  expect([exit, dash.exit]).toEqual([6, 2]);
});

test("a file that is not there, or empty, is refused before anything is asked", async () => {
  const host = createTestHost({ stdin: " \n" });

  const missing = await runCli(host, "kql", "run", "-f", "nothing.kql", "--workspace", SHOP);
  const empty = await runCli(host, "kql", "run", "-f", "-", "--workspace", SHOP);

  expect([missing.exit, empty.exit]).toEqual([2, 2]);
  expect(empty.stderr).toContain("there is no query in standard input");
});

test("line ends of Windows and a byte order mark, also on standard input, change nothing", async () => {
  const text = "\uFEFFAppRequests\r\n| where Success == false\r\n| count\r\n";
  const file = await ask(text, []);
  const host = createTestHost({ stdin: text });
  const piped = await runCli(host, "kql", "run", "-f", "-", "--workspace", SHOP);
  const wrong = await ask("AppRequests\r\n| wher x\r\n", []);

  expect([file.stdout, piped.stdout]).toEqual(["2\n", "2\n"]);
  const { stdout } = await ask(text, ["-o", "json"]);
  expect(JSON.parse(stdout).workspaces[0].text).toBe(text.slice(1));
  expect(file.stderr).toContain("3 lines of KQL");
  expect(wrong.stderr).toContain("line 2, column 3: | wher x");
});

test("UTF-16 of Windows PowerShell is read, and what is not UTF-8 is refused: it would match nothing", async () => {
  const text = 'AppRequests | where Name != "Zürich" | count';
  const wide = await ask(Buffer.from(`\uFEFF${text}`, "utf16le"), []);
  const latin = await ask(Buffer.from(text, "latin1"), []);

  expect([wide.exit, wide.stdout]).toEqual([0, "30\n"]);
  expect(latin.exit).toBe(2);
  expect(latin.stderr).toMatch(/query\.kql is not UTF-8 text\n {2}next: save it as UTF-8/);
});

test("a file of rows in place of a query is refused", async () => {
  const { exit, stderr } = await ask("x".repeat(5_000_000), []);

  expect(exit).toBe(2);
  expect(stderr.length).toBeLessThan(500);
  expect(stderr).toContain("query.kql has 5.0 million characters, which is no query");
});
