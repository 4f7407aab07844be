import { expect, test } from "vitest";
import { catalogue } from "../../../src/topics/kql/catalogue/catalogue.ts";
import { createTestHost, runCli, type CliResult } from "../../harness.ts";
import { golden } from "../golden.ts";

const GOLDEN = "../../../fixtures/golden/kql";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
const SHOW = ["show", "container-restarts", "--param", "app=shop-web"];

function run(...words: string[]): Promise<CliResult> {
  return runCli(createTestHost(), "kql", ...words);
}

test.each([
  ["list", ["list"]],
  ["show", SHOW],
])("%s looks right on a terminal, in a pipe, as JSON and as Markdown", async (name, words) => {
  const terminal = await runCli(createTestHost(TERMINAL), "kql", ...words);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(await run(...words))).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
  await expect(golden(await run(...words, "-o", "json"))).toMatchFileSnapshot(`${GOLDEN}/${name}.json.txt`);
  await expect(golden(await run(...words, "-o", "md"))).toMatchFileSnapshot(`${GOLDEN}/${name}.md.txt`);
});

test("list has every query, with tables and parameters", async () => {
  const { exit, stdout, stderr } = await run("list");

  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  expect(stdout.split("\n").map((line) => line.split("\t")[0])).toEqual([
    ...catalogue.map(({ name }) => name),
    "",
  ]);
  expect(stdout).toContain("\tPGSQLServerLogs, AzureDiagnostics\tserver, bin, threshold\n");
});

test.each(catalogue.map(({ name }) => name))("%s can be shown as it is", async (name) => {
  const { exit, stdout } = await run("show", name);

  expect(exit).toBe(0);
  expect(stdout).not.toMatch(/\{\w+\}/);
});

test("a pipe gets the text to the letter, also where a value has quotes, backslashes and line ends", async () => {
  const { stdout } = await run("show", "container-restarts", "--param", 'app=a"\\\n| take 1 // \u2028');

  expect(stdout).toContain(String.raw`isempty("a\"\\\u000a| take 1 // \u2028") or ContainerAppName_s =~`);
});

test("--flavour chooses the text; JSON has all of them, and what was given for the table", async () => {
  const other = await run("show", "postgres-tls-failures", "--flavour", "azure-diagnostics");
  const json = await run("show", "pipeline-changes", "--param", "table=Ours_CL", "-o", "json");

  expect(other.stdout).toContain("\nAzureDiagnostics\n");
  expect(other.stdout).not.toContain("PGSQLServerLogs");
  expect(other.stderr).toContain("with --flavour resource-specific it is for other tables");
  const { query } = JSON.parse(json.stdout) as { query: { texts: Record<string, string> } };
  expect(Object.keys(query.texts)).toEqual(["custom", "data-factory"]);
  expect(query.texts["custom"]).toContain('\ntable("Ours_CL")\n');
});

test.each([
  [
    ["show", "container-restart"],
    "error: no such query: container-restart\n  next: did you mean container-restarts, container-startup, ",
  ],
  [
    ["show", "flow-denied", "--flavour", "x"],
    "error: flow-denied has no flavour 'x'\n  next: use --flavour flow-logs|nsg-flow-logs\n",
  ],
  [
    ["show", "flow-denied", "--param", "row=5"],
    "error: flow-denied has no parameter 'row'\n  next: did you mean rows? azwise kql show flow-denied lists them\n",
  ],
  [
    ["show", "flow-denied", "--param", "rows=many"],
    "error: --param rows=many: a whole number is expected\n  next: as --param rows=50\n",
  ],
  [
    ["show", "flow-denied", "--param", "ip=10.0.0"],
    "error: --param ip=10.0.0: an address such as 10.1.0.4, or a machine as GROUP/NAME, is expected\n  next: leave --param ip out for any\n",
  ],
  [
    ["show", "container-startup", "--param", "markers=a,,b"],
    `error: --param markers=a,,b: texts as a,b or ["a","b"] are expected\n  next: as --param 'markers=Application started,`,
  ],
  [
    ["show", "flow-denied", "--param", "rows"],
    "error: --param rows has no value\n  next: as --param app=shop-web\n",
  ],
])("%j is refused with what to type", async (words, message) => {
  const { exit, stdout, stderr } = await run(...words);

  expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
  expect(stderr.startsWith(message)).toBe(true);
});

test("neither asks for a cloud, an account or the official parser", async () => {
  const host = createTestHost({ env: { AZWISE_CLOUD: "nowhere" } });

  expect((await runCli(host, "kql", "list")).exit).toBe(0);
  expect((await runCli(host, "kql", ...SHOW)).exit).toBe(0);
  expect(Object.keys(globalThis)).not.toContain("Kusto");
});
