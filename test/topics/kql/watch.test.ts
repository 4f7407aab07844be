import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalogue } from "../../../src/topics/kql/catalogue/catalogue.ts";
import { createTestHost, runCli, type CliResult, type TestHost } from "../../harness.ts";

const WATCH = ["watch", "container-console-errors", "--workspace", "logs-shop"];

function run(host: TestHost, ...words: string[]): Promise<CliResult> {
  return runCli(host, "kql", ...WATCH, ...words);
}

function marksIn(host: TestHost): string[] {
  return readdirSync(join(host.state, "watch")).map((name) => join(host.state, "watch", name));
}

test("rows in a pipe are tab-separated and in the order of time; the second time there are none", async () => {
  const host = createTestHost();
  const first = await run(host, "--once");
  const second = await run(host, "--once");
  const lines = first.stdout.trimEnd().split("\n");

  expect([first.exit, second.exit, second.stdout]).toEqual([0, 0, ""]);
  expect(lines[0]).toMatch(/^2026-11-21T07:[\d:.]+Z\tshop-a\w+\t[^\t]+\t[^\t]+\t[^\t]+\t[^\t]+$/);
  expect(lines).toEqual([...lines].sort());
  expect(first.stderr).toContain(
    "watching container-console-errors in logs-shop; rows since 2026-11-21T07:00:00.000Z are asked for\n",
  );
  expect(first.stderr).toContain(`asked up to 2026-11-21T08:00:00.000Z; ${lines.length} new rows\n`);
  expect(second.stderr).toContain(
    "logs-shop again, asked up to 2026-11-21T08:00:00.000Z; rows since 2026-11-21T07:30:00.000Z are asked for\n",
  );
});

test("-o ndjson has objects, a terminal has lines", async () => {
  const json = await run(createTestHost(), "--once", "-o", "ndjson");
  const terminal = await run(createTestHost({ tty: true }), "--once");

  expect(JSON.parse(json.stdout.split("\n")[0]!)).toMatchObject({
    App: expect.stringMatching(/^shop-/) as string,
  });
  expect(terminal.stdout).toMatch(/^2026-11-21T07:[\d:.]+Z {2}shop-a\w+ {2}\S+ {2}\S+ {2}\S+ {2}\S.*\n/);
});

test("the mark is a private file whose name and text hold no parameter and no row", async () => {
  const host = createTestHost();
  await run(host, "--once", "--param", "app=shop-api");
  const [file, ...others] = marksIn(host);
  const text = readFileSync(file!, "utf8");

  expect(others).toEqual([]);
  expect(file).toMatch(/\/[\da-f]{32}\.json$/);
  expect(statSync(file!).mode & 0o777).toBe(0o600);
  expect(text).not.toMatch(/shop-api|exception/i);
  expect(JSON.parse(text)).toMatchObject({ query: "container-console-errors", flavour: "log-analytics" });
});

test("other parameters are another watch; --restart begins anew", async () => {
  const host = createTestHost();
  const all = await run(host, "--once");
  const one = await run(host, "--once", "--param", "app=shop-api");
  const again = await run(host, "--once", "--restart", "--since", "1h");
  const ignored = await run(host, "--once", "--since", "1h");
  await run(host, "--once", "--param", "words=error,fail", "--param", "app=shop-api");
  const count = marksIn(host).length;
  const turned = await run(host, "--once", "--param", "app=shop-api", "--param", "words=error,fail");

  expect(one.stdout.split("\n").length).toBeGreaterThan(2);
  expect(again.stdout).toBe(all.stdout);
  expect(ignored.stdout).toBe("");
  // In another order they are the same.
  expect([turned.stdout, marksIn(host).length]).toEqual(["", count]);
  expect(ignored.stderr).toContain(
    "--since means nothing here, as this was watched before; --restart forgets that\n",
  );
});

test("a mark that cannot be used is told and stays", async () => {
  const host = createTestHost();
  await run(host, "--once");
  const [file] = marksIn(host);
  writeFileSync(file!, readFileSync(file!, "utf8").replace('"format":1', '"format":2'));
  const other = await run(host, "--once");
  writeFileSync(file!, "{");
  const damaged = await run(host, "--once");
  const kept = readFileSync(file!, "utf8");
  chmodSync(file!, 0o644);
  const open = await run(host, "--once");
  const anew = await run(host, "--once", "--restart");

  expect(damaged).toMatchObject({ exit: 1, stdout: "" });
  expect(damaged.stderr).toContain(`error: how far was watched cannot be told: ${file}: it is damaged\n`);
  expect(other).toMatchObject({ exit: 1, stdout: "" });
  expect(other.stderr).toContain(`${file}: it is of another version of azwise\n`);
  expect(kept).toBe("{");
  expect(open.stderr).toContain("others may use it (mode 644)");
  expect(anew.exit).toBe(0);
  expect(JSON.parse(readFileSync(file!, "utf8"))).toMatchObject({ format: 1 });
});

test("one watcher at a time", async () => {
  const host = createTestHost();
  await run(host, "--once");
  const [file] = marksIn(host);
  const lock = file!.replace(".json", ".lock");
  const since = "2026-11-21T07:00:00.000Z";
  writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), since }), { mode: 0o600 });
  const running = await run(host, "--once");
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since }), { mode: 0o600 });
  const dead = await run(host, "--once");

  expect(running).toMatchObject({ exit: 1, stdout: "" });
  expect(running.stderr).toContain(
    `error: this is being watched already: process ${process.pid} since ${since}\n`,
  );
  expect(dead.exit).toBe(0);
  expect(marksIn(host)).toEqual([file]);
});

test("a name that does not occur is told once, with the nearest: exit 6, until there is one", async () => {
  const host = createTestHost();
  const named = (word: string): Promise<CliResult> => run(host, "--once", "--param", `app=${word}`);
  const wrong = await named("shop-ap");
  const again = await named("shop-ap");
  const right = await named("shop-api");
  const quiet = await named("shop-api");
  const going = await run(createTestHost(), "--for", "5m", "--param", "app=shop-ap");
  const told = "no row of the window is of app shop-ap; nearest: shop-api, ";

  expect([wrong, again, right, quiet, going].map(({ exit }) => exit)).toEqual([6, 6, 0, 0, 6]);
  expect(wrong.stderr).toContain(`2026-11-21T08:00:00.000Z: ${told}`);
  expect(again.stderr).toContain(told);
  expect(going.stderr.split(told)).toHaveLength(2);
});

test("a name that occurs without a row to tell is quiet: exit 0", async () => {
  const { exit, stdout, stderr } = await run(
    createTestHost(),
    "--once",
    "--since",
    "1d",
    "--param",
    "app=shop-web",
  );

  expect([exit, stdout]).toEqual([0, ""]);
  expect(stderr).not.toContain("shop-web");
});

test("exactly those that the refusal names can be watched", async () => {
  const host = createTestHost();
  const exits = new Map<string, number>();
  for (const { name } of catalogue) {
    exits.set(name, (await runCli(host, "kql", "watch", name, "--workspace", "logs-shop", "--once")).exit);
  }
  const refused = await runCli(host, "kql", "watch", "flow-denied", "--workspace", "logs-shop");
  const named = catalogue.map(({ name }) => name).filter((name) => exits.get(name) !== 2);

  expect(named.sort()).toEqual(["container-console-errors", "container-job-failures", "container-startup"]);
  expect(refused.stderr).toContain(
    "next: container-console-errors, container-job-failures and container-startup can be watched; for a rule of this one: azwise kql alert flow-denied --threshold 5 --severity 2 --window 15m --frequency 5m\n",
  );
});

test.each([
  [
    ["watch", "postgres-tls-failures", "--workspace", "logs-shop"],
    "has no new rows, as they come from several rows each: it has summarize\n",
  ],
  [
    ["watch", "pipeline-time-to-resolve", "--workspace", "logs-shop"],
    "pipeline-time-to-resolve has no new rows",
  ],
  [[...WATCH, "--param", "rows=5"], "--param rows means nothing in a watch, which tells all that is new\n"],
  [[...WATCH, "--every", "1s"], "error: --every: five seconds is the shortest\n"],
  [[...WATCH, "--late", "3d"], "error: --late: rows are late by a minute to two days\n"],
  [
    [...WATCH, "--once", "--for", "5m"],
    "error: --once: one question takes no time: leave --for or --once out\n",
  ],
  [
    [...WATCH, "-o", "json"],
    "error: -o json needs the whole result, and this command goes on\n  next: use -o table|tsv|ndjson\n",
  ],
  [[...WATCH, "--query", "rows"], "error: --query needs the whole result, and this command goes on\n"],
  [["watch", "container-console-errors"], "error: --workspace: give a workspace by its name, id or GUID\n"],
  [
    ["watch", "container-console-error", "--workspace", "x"],
    "error: no such query: container-console-error\n",
  ],
])("%j is refused", async (words, message) => {
  const { exit, stdout, stderr } = await runCli(createTestHost(), "kql", ...words);

  expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
  expect(stderr).toContain(message);
});
