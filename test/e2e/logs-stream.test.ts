import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "vitest";
import type { SandboxRequest, SandboxResponse } from "../../src/sandbox/handler.ts";
import { openDouble } from "./azure-double.ts";
import { startCli, type Running } from "./cli.ts";

const ROWS = 300_000;

/** More rows than any pipe or buffer takes at once. */
function logAnswer(): SandboxResponse {
  const columns = ["TimeGenerated", "App", "Log"].map((name) => ({ name, type: "string" }));
  const row = JSON.stringify(["2026-11-21T07:00:00.1234567Z", "shop-api", "a line of a log ".repeat(9)]);
  const rows = Array<string>(ROWS).fill(row).join(",");
  const body = `{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(columns)},"rows":[${rows}]}]}`;
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

async function openStream({ onTestFinished }: TestContext): Promise<Running> {
  const before = async ({ url }: SandboxRequest): Promise<SandboxResponse | void> =>
    url.endsWith("/query") ? logAnswer() : undefined;
  const double = await openDouble({ before });
  onTestFinished(() => double.close());
  const file = join(double.home, "query.kql");
  writeFileSync(file, "T");
  return startCli(double, ["kql", "run", "-f", file, "--workspace", "logs-shop", "-o", "ndjson"]);
}

test.concurrent(
  "Ctrl-C in the midst of a stream leaves whole lines alone, and exits 130",
  async (context) => {
    const { expect } = context;
    const running = await openStream(context);
    running.child.stdout?.once("data", () => running.child.kill("SIGINT"));

    const { exit, stdout, stderr } = await running.finished;

    expect(exit).toBe(130);
    expect(stderr).toMatch(/^error: interrupted/m);
    expect(stdout.endsWith("\n")).toBe(true);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(ROWS);
    expect(new Set(lines.map((line) => Object.keys(JSON.parse(line)).join()))).toEqual(
      new Set(["TimeGenerated,App,Log"]),
    );
  },
);

test.concurrent("a reader that has enough, such as head -1, ends it without an error", async (context) => {
  const { expect } = context;
  const running = await openStream(context);
  running.child.stdout?.once("data", () => running.child.stdout?.destroy());

  const { exit, stderr } = await running.finished;

  expect(exit).toBe(0);
  expect(stderr).not.toMatch(/error|EPIPE/);
});
