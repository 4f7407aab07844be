import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION, type CliResult } from "../../harness.ts";
import { golden } from "../golden.ts";
import { readBicep } from "./read-bicep.ts";

const GOLDEN = "../../../fixtures/golden/kql";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
const TLS = ["alert", "postgres-tls-failures"];
const NUMBERS = ["--threshold", "3", "--severity", "1", "--window", "15m", "--frequency", "5m"];
const WORKSPACE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/logs-shop`;
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-ops/providers/Microsoft.Insights/actionGroups/platform`;

function run(...words: string[]): Promise<CliResult> {
  return runCli(createTestHost(), "kql", ...words);
}

test("alert looks right on a terminal, in a pipe, as JSON and as Markdown", async () => {
  const words = [...TLS, "--out", "tls.bicep", "--param", "server=shop-db", "--workspace", WORKSPACE];
  const terminal = await runCli(createTestHost(TERMINAL), "kql", ...words, "--action-group", GROUP);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/alert.tty.txt`);
  await expect(golden(await run(...TLS))).toMatchFileSnapshot(`${GOLDEN}/alert.pipe.txt`);
  await expect(golden(await run(...TLS, "-o", "json"))).toMatchFileSnapshot(`${GOLDEN}/alert.json.txt`);
  await expect(golden(await run(...words, "-o", "md"))).toMatchFileSnapshot(`${GOLDEN}/alert.md.txt`);
});

test("a pipe gets the file to the byte, and the same one each time", async () => {
  const host = createTestHost();
  const { exit, stdout } = await runCli(host, "kql", ...TLS);
  await runCli(host, "kql", ...TLS, "--out", "tls.bicep");

  expect(exit).toBe(0);
  expect(readFileSync(join(host.folder, "tls.bicep"), "utf8")).toBe(stdout);
  expect((await run(...TLS)).stdout).toBe(stdout);
  expect(Object.keys(readBicep(stdout).parameters)).toEqual([
    "workspaceId",
    "actionGroupIds",
    "ruleName",
    "location",
  ]);
});

test("a file that is there stays, unless --force says so", async () => {
  const host = createTestHost();
  writeFileSync(join(host.folder, "mine.bicep"), "mine\n");
  const refused = await runCli(host, "kql", ...TLS, "--out", "mine.bicep");
  const kept = readFileSync(join(host.folder, "mine.bicep"), "utf8");
  const forced = await runCli(host, "kql", ...TLS, "--out", "mine.bicep", "--force");

  expect(refused).toMatchObject({ exit: 2, stdout: "" });
  expect(refused.stderr).toBe(
    "error: mine.bicep is there already, and was not changed\n  next: give another file, or --force to replace it\n",
  );
  expect(kept).toBe("mine\n");
  expect(forced.exit).toBe(0);
  expect(readFileSync(join(host.folder, "mine.bicep"), "utf8")).toContain("scheduledQueryRules@2023-12-01");
});

test("nothing is written when something is wrong", async () => {
  const host = createTestHost();
  const { exit } = await runCli(host, "kql", "alert", "container-restarts", "--out", "x.bicep");

  expect({ exit, there: existsSync(join(host.folder, "x.bicep")) }).toEqual({ exit: 2, there: false });
});

test("with the name of a workspace the flavour is that of the tables with rows, and its id is in the file", async () => {
  const shop = await run("alert", "container-restarts", ...NUMBERS, "--workspace", "logs-shop");
  const platform = await run(
    "alert",
    "container-restarts",
    ...NUMBERS,
    "--workspace",
    "logs-platform",
    "--subscription",
    OTHER_SUBSCRIPTION,
  );

  expect(shop.stdout).toContain("\nContainerAppSystemLogs_CL\n");
  expect(readBicep(shop.stdout).parameters["workspaceId"]?.otherwise).toMatch(
    new RegExp(
      `^/subscriptions/${SUBSCRIPTION}/resourceGroups/[^/]+/providers/.*/workspaces/logs-shop$`,
      "i",
    ),
  );
  expect(platform.stdout).toContain("\nContainerAppSystemLogs\n");
  expect(platform.stderr).not.toContain("--flavour log-analytics|");
});

test("a table that a workspace does not have is told: the rule could not be deployed", async () => {
  const words = ["alert", "container-restarts", ...NUMBERS, "--workspace", "logs-shop"];
  const { exit, stderr } = await run(...words, "--flavour", "azure-monitor");

  expect(stderr).toContain("table ContainerAppSystemLogs is not there, so the rule cannot be deployed");
  expect(exit).toBe(0);
});

test("without the name of a workspace Azure is not asked, not even for a sign-in", async () => {
  const host = createTestHost({ env: { AZWISE_CLOUD: "public" } });
  const { exit, stderr } = await runCli(host, "kql", ...TLS, "--workspace", WORKSPACE);

  expect({ exit, stderr }).toMatchObject({
    exit: 0,
    stderr: expect.not.stringContaining("target") as string,
  });
});

test("what to type next names workspace, group, file and parameters", async () => {
  const { stderr } = await run(
    ...TLS,
    "--workspace",
    WORKSPACE,
    "--out",
    "my rule.bicep",
    "--param",
    "server=it's",
  );

  expect(stderr).toContain(
    `try it first: azwise kql run postgres-tls-failures --workspace logs-shop --flavour resource-specific --param 'server=it'\\''s' --since 5m`,
  );
  expect(stderr).toContain(
    `to deploy it: az deployment group create --subscription ${SUBSCRIPTION} --resource-group rg-logs --template-file 'my rule.bicep'\n`,
  );
});

test("the command in the file makes the same file again", async () => {
  const words = ["alert", "request-durations", "--measure", "Failed", ...NUMBERS, "--param", "app=a 'b'"];
  const { stdout } = await run(...words, "--action-group", GROUP, "--workspace", WORKSPACE);
  const [, line = ""] = /^\/\/ {3}(azwise kql alert .*)$/m.exec(stdout) ?? [];
  const typed = [...line.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll("'\\''", "'"),
  );

  expect((await run(...typed.slice(2))).stdout).toBe(stdout);
});

test("text that is Bicep stays text", async () => {
  const evil = "x'\n}\nresource evil 'A/b@1' = {\n'''\n${subscription().id}\n*/ // ";
  const { stdout } = await run(...TLS, "--param", `server=${evil}`);
  const read = readBicep(stdout);

  expect(Object.keys(read.resources)).toEqual(["rule"]);
  expect(Object.keys(read.parameters)).toHaveLength(4);
});

test.each([
  [["--threshold", "-1"], "error: --threshold: a number of zero or more is expected\n"],
  [["--threshold", "many"], "error: --threshold: a number of zero or more is expected\n"],
  [["--severity", "5"], "error: --severity: 0 (critical) to 4 (verbose) is expected\n"],
  [["--window", "P30M"], 'error: --window: "P30M" reads as 30 months'],
  [
    ["--window", "7m"],
    "error: --window: a rule has none of that length\n  next: one of 1m, 5m, 10m, 15m, 30m, 45m, 1h",
  ],
  [["--window", "2026-11-20"], "error: --window: a length such as 5m, 1h or 1d is expected\n"],
  [
    ["--frequency", "10m"],
    "error: every 10m over 5m: what is between two windows is never looked at\n  next: use --frequency 5m or less",
  ],
  [["--action-group", "platform"], "error: --action-group: the resource id of an action group is expected\n"],
  [["--workspace", GROUP], "error: a rule needs the resource id of its workspace\n"],
  [
    ["--workspace", "7c000000-0000-4000-8000-000000000001"],
    "error: a rule needs the resource id of its workspace\n",
  ],
  [["--workspace", "nowhere"], 'error: there is no Log Analytics workspace "nowhere"'],
  [["--flavour", "x"], "error: postgres-tls-failures has no flavour 'x'\n"],
  [
    ["--measure", "Above"],
    "error: a rule on postgres-tls-failures cannot go by Above\n  next: use --measure Failures\n",
  ],
])("%j is refused", async (words, message) => {
  const { exit, stdout, stderr } = await run(...TLS, ...words);

  expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
  expect(stderr).toContain(message);
});
