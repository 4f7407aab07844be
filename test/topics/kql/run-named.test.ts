import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createTestHost, NOW, runCli } from "../../harness.ts";
import { golden } from "../golden.ts";
import { BOTH, PLATFORM, run, runIn, SHOP, told } from "./ask-named.ts";

const GOLDEN = "../../../fixtures/golden/kql";
const RESTARTS = ["container-restarts", ...SHOP, "--param", "app=shop-api"];

test("a query by name looks right on a terminal, in a pipe, as JSON and as Markdown", async () => {
  const terminal = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
  const onTerminal = await runIn(() => {}, RESTARTS, terminal);

  await expect(golden(onTerminal)).toMatchFileSnapshot(`${GOLDEN}/run-named.tty.txt`);
  await expect(golden(await run(...RESTARTS))).toMatchFileSnapshot(`${GOLDEN}/run-named.pipe.txt`);
  for (const format of ["json", "md"]) {
    const page = golden(await run(...RESTARTS, "-o", format));
    await expect(page).toMatchFileSnapshot(`${GOLDEN}/run-named.${format}.txt`);
  }
});

test("JSON echoes what was asked: name, values of every parameter, window, flavour, text and its hash", async () => {
  const { query, window, workspaces } = told(await run(...RESTARTS, "-o", "json"));
  const [{ flavour, text, sha256 } = { flavour: null, text: "", sha256: "" }] = workspaces;

  expect(query).toMatchObject({
    name: "container-restarts",
    parameters: { app: "shop-api", least: "1" },
  });
  expect(window).toEqual({ from: "2026-11-20T08:00:00.000Z", until: NOW.toISOString() });
  expect(flavour).toEqual({ name: "log-analytics", why: "rows", also: [], untold: [] });
  expect(text).toContain('ContainerAppName_s =~ "shop-api"');
  expect(sha256).toBe(createHash("sha256").update(text).digest("hex"));
});

test("each workspace is asked in its own flavour, and the window is the query's own", async () => {
  const both = told(await run("container-console-errors", ...BOTH, "-o", "json"));

  expect(both.workspaces.map(({ name, flavour }) => [name, flavour?.name])).toEqual([
    ["logs-platform", "azure-monitor"],
    ["logs-shop", "log-analytics"],
  ]);
  expect(both.window.from).toBe("2026-11-21T07:00:00.000Z");
  expect(new Set(both.rows.map((row) => row["workspace"]))).toEqual(new Set(["logs-platform", "logs-shop"]));
});

test("a pipe gets the rows alone, and ndjson one of them a line", async () => {
  const pipe = await run(...RESTARTS);
  const stream = await run(...RESTARTS, "-o", "ndjson");

  expect(pipe.stdout.split("\n").map((line) => line.split("\t")[0])).toEqual(["shop-api", "shop-api", ""]);
  expect(
    stream.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).Reason),
  ).toEqual(["ContainerTerminated", "ContainerBackOff"]);
  expect(stream.stderr).toContain("asked in flavour log-analytics");
});

test("a value is a literal, whatever it has in it", async () => {
  const value = 'x" or true // \\';
  const { workspaces, rows } = told(
    await run("container-restarts", ...SHOP, "--param", `app=${value}`, "-o", "json"),
  );

  expect(rows).toEqual([]);
  expect(workspaces[0]?.outcome).toBe("no-name");
  expect(workspaces[0]?.text).toContain(String.raw`"x\" or true // \\"`);
});

test.each([
  [["container-restarts", "-f", "query.kql"], "not both", "azwise kql run container-restarts --workspace W"],
  [[], "give the name of a query, or -f", "azwise kql list"],
  [["container-restart"], "no such query", "container-restarts"],
  [["errors.kql"], "no such query", "-f errors.kql"],
  [["container-restarts", "--param", "ap=x"], "no parameter 'ap'", "did you mean app?"],
  [["container-restarts", "--flavour", "x"], "no flavour 'x'", "--flavour log-analytics|azure-monitor"],
  [["-f", "query.kql", "--param", "app=x"], "--param is for a query of the catalogue", "leave --param away"],
  [
    ["-f", "query.kql", "--flavour", "x"],
    "--flavour is for a query of the catalogue",
    "leave --flavour away",
  ],
])("%j is refused with what to type, before anything is asked", async (words, message, hint) => {
  const host = createTestHost({ env: { AZWISE_CLOUD: "nowhere" } });

  const { exit, stdout, stderr } = await runCli(host, "kql", "run", ...words, ...SHOP);

  expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
  expect(stderr).toContain(`error: `);
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});

test("what to do next has the names that are known, given or seen in every row", async () => {
  const given = told(await run(...RESTARTS, "-o", "json"));
  const seen = told(await run("container-job-failures", ...SHOP, "--since", "7d", "-o", "json"));

  expect(given.query.next[0]).toMatch(
    /: azwise kql run container-console-errors --workspace logs-shop --subscription \S+ --param app=shop-api$/,
  );
  expect(given.query.next[2]).toContain("--name shop-api --resource-group GROUP");
  // What was typed of a window goes on, as two times.
  expect(seen.query.next.join("\n")).toMatch(
    /--since 2026-11-14T\S+ --until 2026-11-21T\S+ --param app=nightly-invoices$/m,
  );
});

test("what fails now and did not before is compared over two whole periods up to now", async () => {
  const words = ["pipeline-changes", ...PLATFORM, "-o", "json"];
  const usual = await run(...words);
  const short = await run(...words, "--since", "1d");
  const past = await run(...words, "--since", "9d", "--until", "1d");
  const own = await run(...words, "--param", "period=12h");

  expect([usual.exit, short.exit, past.exit, own.exit]).toEqual([0, 2, 2, 0]);
  expect(told(usual).window.from).toBe("2026-11-19T08:00:00.000Z");
  expect(told(own).window.from).toBe("2026-11-20T08:00:00.000Z");
  expect(short.stderr).toContain("compares the last 24h with the 24h before");
  expect(short.stderr).toContain("next: leave --since and --until away");
});

test("what to do next is asked of the cloud that was typed", async () => {
  const { stdout } = await run(...RESTARTS, "--cloud", "sandbox", "-o", "md");

  expect(stdout).toMatch(/: azwise kql run --cloud sandbox container-console-errors --workspace logs-shop/);
});
