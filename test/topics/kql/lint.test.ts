import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createTestHost, runCli, type CliResult, type HostOptions, type TestHost } from "../../harness.ts";
import { golden } from "../golden.ts";
import { SarifDocument } from "./sarif-document.ts";

const GOLDEN = "../../../fixtures/golden/kql";
const FINE = "AppRequests | where TimeGenerated > ago(1h) | take 5\n";
const SHOP = "7c000000-0000-4000-8000-000000000001";

/** One of every kind of line end, mark and character that moves a place. */
const FILES: Record<string, string | Buffer> = {
  "errors.kql":
    '\uFEFF// lines über 😀\r\nContainerAppConsoleLogs_CL\r\n| where "😀" != Log and Log_s contains "error"\r\n',
  "queries/several of them.kql":
    "AppRequests\n| where TimeGenerated > ago(1h)\n| summarize coutn() by Nam\n\nHeartbeat | where x has 'a b'\n\nsearch 'x' | take 3\n",
  "broken.kql": "AppRequests\n| where\n\n| take 1",
  "place.kql": `${FINE.trim()} | where Name == {app}`,
  "fine.kql": FINE,
  "picture.kql": Buffer.from([0x89, 0x50, 0xff, 0x00]),
};

function hostWith(files: Record<string, string | Buffer>, options: HostOptions = {}): TestHost {
  const host = createTestHost(options);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(host.folder, name)), { recursive: true });
    writeFileSync(join(host.folder, name), content);
  }
  return host;
}

function lintAll(options: HostOptions, ...flags: string[]): Promise<CliResult> {
  return runCli(hostWith(FILES, options), "kql", "lint", ...Object.keys(FILES), "nowhere.kql", ...flags);
}

/** One text in a file, and how it is linted. */
async function lint(text: string | Buffer, ...flags: string[]): Promise<CliResult> {
  return runCli(hostWith({ "q.kql": text }), "kql", "lint", "q.kql", ...flags);
}

const places = (stdout: string): string[][] => stdout.split("\n").map((line) => line.split("\t").slice(0, 3));

test("findings look right on a terminal, in a pipe, as JSON, Markdown, SARIF and annotations", async () => {
  const terminal = await lintAll({ tty: true, columns: 160, env: { NO_COLOR: "1" } });

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/lint.tty.txt`);
  await expect(golden(await lintAll({}))).toMatchFileSnapshot(`${GOLDEN}/lint.pipe.txt`);
  for (const format of ["json", "md", "sarif", "github"]) {
    const result = await lintAll({}, "-o", format);
    await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/lint.${format}.txt`);
  }
});

test("SARIF is as its schema wants it, with findings and without", async () => {
  for (const result of [await lintAll({}, "-o", "sarif"), await lint(FINE, "-o", "sarif")]) {
    expect(SarifDocument.parse(JSON.parse(result.stdout)).runs[0]?.tool.driver.name).toBe("azwise kql lint");
  }
});

test("the commands that SARIF's rules name can be typed", async () => {
  const { stdout } = await lint(FINE, "-o", "sarif");
  const commands = [...stdout.matchAll(/azwise (docs show [\w/-]+)/g)].map((each) => each[1]!.split(" "));

  expect(commands.length).toBeGreaterThan(5);
  for (const words of commands) expect((await runCli(createTestHost(), ...words)).exit).toBe(0);
});

test("a text with nothing to be said is silent but for a note, and exits 0", async () => {
  expect(await lint(FINE)).toEqual({ exit: 0, stdout: "", stderr: "note: 1 file, and nothing to be said\n" });
  expect((await lint(FINE, "-o", "github")).stdout).toBe("");
});

test.each([
  ["AppRequests | take 1", [], 0],
  ["AppRequests | take 1", ["--fail-on", "info"], 3],
  ["AppRequests", [], 3],
  ["AppRequests", ["--fail-on", "error"], 0],
  ["AppRequests | where", ["--fail-on", "error"], 3],
  ["AppRequests | where", ["--fail-on", "none"], 0],
])("%j with %j exits %i", async (text, flags, exit) => {
  expect((await lint(text, ...flags)).exit).toBe(exit);
});

test.each<[string, Buffer]>([
  ["UTF-8 with a mark", Buffer.from("\uFEFFAppRequests | where Nam == 1 | take 1")],
  ["UTF-16 of Windows PowerShell", Buffer.from("\uFEFFAppRequests | where Nam == 1 | take 1", "utf16le")],
  ["UTF-16, the other way", Buffer.from("\uFEFFAppRequests | where Nam == 1 | take 1", "utf16le").swap16()],
])("a mark is not counted: %s", async (_, bytes) => {
  const { stdout } = await lint(bytes);

  expect(places(stdout)).toContainEqual(["q.kql:1:21", "warning", "unknown-column"]);
});

test.each(["\r\n", "\n", "\r"])(
  "places are exact behind %j and characters of two code units",
  async (end) => {
    const { stdout } = await lint(`// 😀\u2028${end}AppRequests // ü${end}| where '😀' != Name and Nam == 1`);

    expect(places(stdout)).toContainEqual(["q.kql:3:26", "warning", "unknown-column"]);
  },
);

test("what cannot be read is a finding, the others are linted, and the exit is 2 whatever the gate", async () => {
  const host = hostWith({ "q.kql": "AppRequests" });

  const result = await runCli(host, "kql", "lint", "no.kql", ".", "q.kql", "--fail-on", "none");

  expect(result.exit).toBe(2);
  expect(places(result.stdout)).toEqual([
    ["no.kql", "error", "unreadable"],
    [".", "error", "unreadable"],
    ["q.kql:1:1", "info", "no-time-filter"],
    ["q.kql:1:1", "warning", "unbounded"],
    [""],
  ]);
});

test.each([
  ["a thousand brackets", `print ${"(".repeat(1001)}1${")".repeat(1001)}`],
  ["brackets", `print ${"(".repeat(30_000)}1${")".repeat(30_000)}`],
  ["conditions", `AppRequests | where ${"Id == '' and ".repeat(20_000)} true`],
])("%s deeper than the parser goes are told, not thrown", async (_, text) => {
  const { exit, stdout } = await lint(text);

  expect([exit, stdout]).toEqual([2, expect.stringContaining("it is nested too deeply to be parsed")]);
});

test("brackets in strings and comments nest nothing", async () => {
  const many = "(".repeat(2000);

  expect((await lint(`print a = "${many}" // ${many}`)).exit).toBe(0);
});

test("standard input is -, and each file is linted once", async () => {
  const host = hostWith({ "q.kql": "AppRequests" }, { stdin: "\uFEFFAppRequests | take 1" });

  const { stdout } = await runCli(host, "kql", "lint", "-", "q.kql", "./q.kql", "-");
  const annotated = await runCli(host, "kql", "lint", "-", "-o", "github");
  const sarif = await runCli(host, "kql", "lint", "-", "-o", "sarif");

  expect(places(stdout).map(([place]) => place)).toEqual([
    "standard input:1:1",
    "q.kql:1:1",
    "q.kql:1:1",
    "",
  ]);
  expect(annotated.stdout).toMatch(
    /^::notice line=1,endLine=1,col=1,endColumn=12,title=[^:]+::standard input: App/,
  );
  expect(SarifDocument.safeParse(JSON.parse(sarif.stdout)).success).toBe(true);
});

test.skipIf(process.platform === "win32")(
  "names and texts of files end no annotation, and no address",
  async () => {
    const name = "100%, a:b\n::error::é.kql";
    const host = hostWith({ [name]: "['x\u001b[31m::warning::y']" });

    const annotated = await runCli(host, "kql", "lint", name, "-o", "github");
    const sarif = await runCli(host, "kql", "lint", name, "-o", "sarif");
    const table = await runCli(host, "kql", "lint", name);

    expect(
      annotated.stdout
        .split("\n")
        .every((line) =>
          /^(?:::(?:notice|warning) file=100%25%2C a%3Ab%0A%3A%3Aerror%3A%3Aé\.kql,|$)/.test(line),
        ),
    ).toBe(true);
    const { artifactLocation } = SarifDocument.parse(JSON.parse(sarif.stdout)).runs[0]!.results[0]!
      .locations[0]!.physicalLocation;
    expect(artifactLocation.uri).toBe("100%25%2C%20a%3Ab%0A%3A%3Aerror%3A%3A%C3%A9.kql");
    for (const { stdout } of [annotated, sarif, table]) expect(stdout).not.toContain("\u001b");
  },
);

test("a file that is not below the working directory has an absolute address", async () => {
  const host = hostWith({ "there/q.kql": "AppRequests", "here/x": "" });
  const inside = { ...host, cwd: join(host.folder, "here") };

  const { stdout } = await runCli(inside, "kql", "lint", "../there/q.kql", "-o", "sarif");

  const { artifactLocation } = SarifDocument.parse(JSON.parse(stdout)).runs[0]!.results[0]!.locations[0]!
    .physicalLocation;
  expect(artifactLocation).toEqual({ uri: expect.stringMatching(/^file:\/\/\/.*\/there\/q\.kql$/) });
});

test("no sign-in is needed, and nobody is asked", async () => {
  const host = hostWith({ "q.kql": FINE }, { env: { AZWISE_CLOUD: "public", AZURE_TENANT_ID: "nobody" } });

  expect(await runCli(host, "kql", "lint", "q.kql")).toMatchObject({ exit: 0, stdout: "" });
});

test.each(["logs-shop", "LOGS-SHOP"])(
  "--schema-from %s holds texts against the workspace's tables",
  async (name) => {
    const { exit, stdout, stderr } = await lint(
      "AzureDiagnostics | where TimeGenerated > ago(1h) and Nope == 1 | take 1\n\nNTANetAnalytics | count\n",
      "--schema-from",
      name,
    );

    expect(exit).toBe(3);
    expect(stderr).toContain("target: ");
    expect(places(stdout)).toContainEqual(["q.kql:1:54", "error", "unknown-column"]);
    expect(places(stdout)).toContainEqual(["q.kql:3:1", "error", "unknown-table"]);
    expect(stdout).toContain("NTANetAnalytics is no table of logs-shop");
  },
);

test("standard columns can be named although no list has them", async () => {
  const text =
    'AppRequests | where TimeGenerated > ago(1h) and _IsBillable == "True" and _SubscriptionId != "" | count';

  expect((await lint(text)).stdout).toBe("");
  expect((await lint(text, "--schema-from", "logs-shop")).stdout).toBe("");
});

test("a table that has its time under another name has no TimeGenerated", async () => {
  const { stdout } = await lint("requests | where timestamp > ago(1h) and TimeGenerated > ago(1h) | take 1");

  expect(places(stdout)).toEqual([["q.kql:1:42", "info", "unknown-column"], [""]]);
  expect((await lint("requests | take 1")).stdout).toContain("add | where timestamp > ago(1d)");
});

test.each([
  [[SHOP], "error: a GUID leads to no list of tables", "next: give --schema-from the workspace's name"],
  [["logs-shp"], 'error: there is no Log Analytics workspace "logs-shp"', "next: there are: logs-shop"],
])("--schema-from %j is refused with what to type", async ([word = ""], message, hint) => {
  const { exit, stdout, stderr } = await lint(FINE, "--schema-from", word);

  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});

test("other verbs have neither format, and --query reads neither", async () => {
  const host = createTestHost();
  const listed = await runCli(host, "kql", "list", "-o", "sarif");
  const wished = await runCli(createTestHost({ env: { AZWISE_OUTPUT: "github" } }), "kql", "list");
  const queried = await lint(FINE, "-o", "sarif", "--query", "files");
  const streamed = await lint(FINE, "-o", "ndjson");

  expect([listed.exit, wished.exit, queried.exit, streamed.exit]).toEqual([2, 2, 2, 2]);
  expect(listed.stderr).toBe("error: this command has no -o sarif\n  next: use -o table|json|yaml|tsv|md\n");
  expect(streamed.stderr).toContain("next: use -o table|json|yaml|tsv|md|sarif|github\n");
  expect(queried.stderr).toContain("next: use -o json with --query\n");
});
