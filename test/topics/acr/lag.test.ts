import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { countLags } from "../../../src/topics/acr/lag-count.ts";
import { appendLag, readLags, type Lag } from "../../../src/topics/acr/lag-history.ts";
import { createTestHost, runCli, type HostOptions, type TestHost } from "../../harness.ts";
import { golden } from "../golden.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };

function lag(seconds: number, change: Partial<Lag> = {}): Lag {
  return {
    time: "2026-11-21T08:00:00.000Z",
    cloud: "public",
    registry: "shopregistry",
    loginServer: "shopregistry-abc.azurecr.io",
    host: "shopregistry.westeurope.geo.azurecr.io",
    region: "westeurope",
    lagMs: seconds * 1000,
    withinMs: 500,
    digest: "sha256:aaaa",
    ...change,
  };
}

/** As of --replica, and of earlier versions. */
function without(known: Lag): Lag {
  const rest = { ...known };
  delete rest.loginServer;
  return rest;
}

const fileOf = ({ state }: TestHost): string => join(state, "lag.ndjson");

/** A machine that has waited before. */
function hostAfter(lags: readonly Lag[], options: HostOptions = {}): TestHost {
  const host = createTestHost(options);
  mkdirSync(host.state, { recursive: true });
  const text = lags.map((each) => `${JSON.stringify({ formatVersion: 1, ...each })}\n`).join("");
  writeFileSync(fileOf(host), text, { mode: 0o600 });
  return host;
}

const MANY = [
  ...Array.from({ length: 20 }, (_, index) => lag(index + 1)),
  lag(90, { region: "northeurope" }),
  lag(300, { region: "northeurope", withinMs: 300_000 }),
  without(
    lag(2.3, {
      cloud: null,
      registry: "127.0.0.1:5000",
      host: "127.0.0.1:5000",
      region: "b",
      withinMs: 1000,
    }),
  ),
];

test("lag looks right on a terminal and in a pipe, and asks nobody", async () => {
  const terminal = await runCli(hostAfter(MANY, TERMINAL), "acr", "lag");
  const pipe = await runCli(hostAfter(MANY), "acr", "lag");

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/lag.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/lag.pipe.txt`);
  expect(terminal.stderr).not.toContain("target:");
});

test.each(["json", "md"])("lag as %s is one document", async (format) => {
  const result = await runCli(hostAfter(MANY), "acr", "lag", "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/lag.${format}.txt`);
});

test.each([
  ["ShopRegistry", 2],
  ["127.0.0.1:5000", 1],
  ["shopregistry.westeurope.geo.azurecr.io", 2],
  ["ShopRegistry-abc.azurecr.io", 2],
  ["shop", 0],
])("of %s alone", async (registry, rows) => {
  const { exit, stdout } = await runCli(hostAfter(MANY), "acr", "lag", registry, "-o", "json");

  expect([exit, (JSON.parse(stdout) as { lags: object[] }).lags.length]).toEqual([0, rows]);
});

test("nothing yet is no error", async () => {
  const { exit, stdout, stderr } = await runCli(createTestHost(), "acr", "lag", "shopregistry");

  expect([exit, stdout]).toEqual([0, ""]);
  expect(stderr).toBe(
    "note: no lag of shopregistry was kept yet, as waits keep them; see azwise acr wait --help\n",
  );
});

test("lines that cannot be read are left out, counted and told", async () => {
  const host = hostAfter([lag(1), lag(3)]);
  const text = readFileSync(fileOf(host), "utf8");
  writeFileSync(fileOf(host), `{"formatVersion":2}\nno json\n\n${text}${text.slice(0, 40)}`);

  const { exit, stdout, stderr } = await runCli(host, "acr", "lag");

  expect([exit, stdout]).toEqual([6, "shopregistry\twesteurope\tpublic\t2\t0\t1\t\t3\t0.5\n"]);
  expect(stderr).toContain(`warning: 3 lines of ${fileOf(host)} cannot be read and were left out`);
});

test("a history that others may use is neither read nor written", async () => {
  const host = hostAfter([lag(1)]);
  const other = createTestHost();
  mkdirSync(other.state, { recursive: true });
  symlinkSync(fileOf(host), fileOf(other));

  const { exit, stderr } = await runCli(other, "acr", "lag");

  expect(exit).toBe(1);
  expect(stderr).toContain("the history of lags is not usable: it is a symbolic link");
  await expect(appendLag(other.state, lag(2))).rejects.toThrow("cannot write");
});

test("what runs add at the same time does not mix, in a file of their owner alone", async () => {
  const { state } = createTestHost();
  const digest = `sha256:${"a".repeat(4000)}`;

  await Promise.all(Array.from({ length: 60 }, (_, index) => appendLag(state, lag(index, { digest }))));

  const { lags, broken } = await readLags(state);
  expect([lags.length, broken]).toEqual([60, 0]);
  expect(new Set(lags.map(({ lagMs }) => lagMs)).size).toBe(60);
  expect(statSync(join(state, "lag.ndjson")).mode & 0o777).toBe(0o600);
});

test("percentiles are by nearest rank, p95 only of twenty", () => {
  const of = (...seconds: number[]): object[] => countLags(seconds.map((each) => lag(each)));
  const twenty = Array.from({ length: 20 }, (_, index) => index + 1);

  expect(of(7)).toMatchObject([{ count: 1, p50: 7000, p95: undefined, max: 7000 }]);
  expect(of(4, 1, 3, 2)).toMatchObject([{ count: 4, p50: 2000, p95: undefined, max: 4000 }]);
  expect(of(...twenty.slice(1))).toMatchObject([{ count: 19, p95: undefined }]);
  expect(of(...twenty)).toMatchObject([{ count: 20, p50: 10_000, p95: 19_000, max: 20_000, within: 500 }]);
});

test("what is only known to be at most so long is counted, and is in no percentile", () => {
  const vague = lag(900, { withinMs: 900_000 });

  expect(countLags([lag(1), lag(3), vague])).toMatchObject([
    { count: 3, atMost: 1, p50: 1000, p95: undefined, max: 3000, within: 500 },
  ]);
  expect(countLags([vague])).toMatchObject([
    { count: 1, atMost: 1, p50: undefined, max: undefined, within: undefined },
  ]);
});

test("a line of an earlier version, without the login server, is read", async () => {
  const old = without(lag(1));
  const { lags, broken } = await readLags(hostAfter([old]).state);

  expect([lags, broken]).toEqual([[{ formatVersion: 1, ...old }], 0]);
});

test("clouds, registries and regions are kept apart, and upper bounds are counted", () => {
  const counts = countLags([
    lag(1),
    lag(2, { cloud: "sandbox" }),
    lag(3, { region: "eastus2" }),
    lag(4, { registry: "other" }),
    lag(5, { withinMs: 5000 }),
  ]);

  expect(
    counts.map(({ cloud, registry, region, count, atMost }) => [cloud, registry, region, count, atMost]),
  ).toEqual([
    ["public", "other", "westeurope", 1, 0],
    ["public", "shopregistry", "eastus2", 1, 0],
    ["public", "shopregistry", "westeurope", 2, 1],
    ["sandbox", "shopregistry", "westeurope", 1, 0],
  ]);
});
