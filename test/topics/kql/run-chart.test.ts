import { expect, test } from "vitest";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION } from "../../harness.ts";
import { golden } from "../golden.ts";
import { ask } from "./ask-data.ts";

const GOLDEN = "../../../fixtures/golden/kql";
const ROWS = [4, 0, 8, 2].map((n, hour) =>
  JSON.stringify({ TimeGenerated: `2026-11-20T0${hour}:00:00Z`, App: hour % 2 ? "api" : "web", Errors: n }),
);
const FILES = { files: { "T.ndjson": `${ROWS.join("\n")}\n` } };
const SERIES = "T | where Errors != 0 | project TimeGenerated, Errors";
const BARS = "T | summarize Errors = sum(Errors) by App";
const FLAGS = ["--data", "T.ndjson", "--chart", "--no-color"];

test("a time series and bars on a terminal and in Markdown", async () => {
  const series = await ask(SERIES, FLAGS, { ...FILES, tty: true });
  const bars = await ask(BARS, FLAGS, { ...FILES, tty: true });
  const page = await ask(SERIES, [...FLAGS, "-o", "md"], FILES);

  await expect(golden(series)).toMatchFileSnapshot(`${GOLDEN}/run-chart-series.tty.txt`);
  await expect(golden(bars)).toMatchFileSnapshot(`${GOLDEN}/run-chart-bars.tty.txt`);
  await expect(golden(page)).toMatchFileSnapshot(`${GOLDEN}/run-chart.md.txt`);
});

test.each(["json", "yaml", "tsv", "ndjson"])("%s has its rows with --chart as without", async (format) => {
  const flags = ["--data", "T.ndjson", "-o", format];
  const plain = await ask(SERIES, flags, FILES);
  const chart = await ask(SERIES, [...flags, "--chart"], FILES);

  expect({ ...chart, stdout: chart.stdout.replaceAll(" --chart", "") }).toEqual(plain);
});

test("what cannot be drawn is the table, and a note says why", async () => {
  const { exit, stdout, stderr } = await ask("T | project App, TimeGenerated", FLAGS, {
    ...FILES,
    tty: true,
  });

  expect(stdout).toContain("TIMEGENERATED");
  expect(stderr).toContain("note: no chart: it takes one column of times and some of numbers");
  expect(exit).toBe(0);
});

test("several workspaces are several series", async () => {
  const host = createTestHost({
    stdin:
      "union isfuzzy=true AppRequests, NTANetAnalytics | summarize Rows = count() by bin(TimeGenerated, 1h)",
    columns: 100,
  });
  const words = `kql run -f - --workspace logs-shop --workspace logs-platform --since 7d --chart -o table`;
  const both = ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION];
  const { stdout } = await runCli(host, ...words.split(" "), ...both);

  expect(stdout).toMatch(/^logs-shop +[▁-█ ]+ {2}\d/m);
  expect(stdout).toMatch(/^logs-platform +[▁-█ ]+ {2}\d/m);
});

test("columns that are not drawn are told", async () => {
  const { stdout, stderr } = await ask("T | extend Kinds = dynamic(['x']), Any = Errors > 0", FLAGS, {
    ...FILES,
    tty: true,
  });

  expect(stdout).toMatch(/^web +[▁-█ ]+ {2}\d/m);
  expect(stderr).toContain("note: not in the chart: Any, Kinds\n");
});

test("the README's example draws", async () => {
  const host = createTestHost({ columns: 100 });
  const words = "kql run container-resources --workspace logs-shop --chart -o table";
  const { stdout } = await runCli(host, ...words.split(" "));

  expect(stdout).toMatch(/^shop-web AverageCores +[▁-█ ]+ {2}\d/m);
});
