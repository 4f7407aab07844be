import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test, type TestContext } from "vitest";
import { COLLECTION_RULE, list } from "../../src/sandbox/bodies.ts";
import type { World } from "../../src/sandbox/world.ts";
import { OTHER_SUBSCRIPTION } from "../harness.ts";
import { fault } from "../sandbox/azure.ts";
import { INGEST, openDouble, type Double } from "./azure-double.ts";
import { runCli } from "./cli.ts";

const SEND = ["kql", "failures", "send", "-f", "-", "--rule", "dcr-pipeline-failures"];
const PLATFORM = ["--subscription", OTHER_SUBSCRIPTION];
const STREAM =
  "/dataCollectionRules/dcr-7d000000000000000000000000000001/streams/Custom-DataDomain_SynapsePipelineErrors_CL";

function events(count: number): string {
  const event = { PipelineName: "pl", ErrorCode: "E1", ErrorMessage: "x".repeat(20_000) };
  return Array.from(
    { length: count },
    (_, at) => `${JSON.stringify({ ...event, PipelineRunId: `r${at + 1}` })}\n`,
  ).join("");
}

async function openPublic(
  { onTestFinished }: TestContext,
  edit: (world: World) => void = () => {},
): Promise<Double> {
  const double = await openDouble({
    edit(world) {
      for (const { properties } of list(world, COLLECTION_RULE)) {
        if (properties["endpoints"]) properties["endpoints"] = { logsIngestion: `https://${INGEST}` };
      }
      edit(world);
    },
  });
  onTestFinished(() => double.close());
  return double;
}

function runsIn({ world }: Double): unknown[] {
  return world.ingested.flatMap(({ rows }) => rows.map((row) => row["PipelineRunId"]));
}

test.concurrent(
  "compressed events arrive over TLS, each once, with a token of their own",
  async (context) => {
    const { expect } = context;
    const double = await openPublic(context);

    const { exit, stdout, stderr } = await runCli(double, [...SEND, ...PLATFORM], { stdin: events(200) });

    expect(stderr).toContain("200 events have no TimeGenerated");
    expect([exit, stdout]).toEqual([0, "accepted\t200\t1-200\tazure-wire/ingestion-204-not-yet-there\n"]);
    expect(double.seen.filter(({ host }) => host === INGEST).length).toBeGreaterThan(3);
    expect(double.seen.filter(({ host }) => host === INGEST).every(({ path }) => path === STREAM)).toBe(true);
    expect(new Set(runsIn(double)).size).toBe(200);
    expect(runsIn(double)).toHaveLength(200);
  },
);

test.concurrent("a lost answer is told, and nothing is lost", async (context) => {
  const { expect } = context;
  const lost = fault("lost-after", { match: { path: "/streams/" } });
  const double = await openPublic(context, (world) => void world.faults.push(lost));

  const { exit, stderr } = await runCli(double, [...SEND, ...PLATFORM], { stdin: events(1) });

  expect([exit, runsIn(double)]).toEqual([0, ["r1", "r1"]]);
  expect(stderr).toContain("events 1 are possibly there twice");
});

test.concurrent(
  "as in a script at the moment of a failure: a pipe, and nobody to ask",
  async ({ expect }) => {
    const home = mkdtempSync(join(tmpdir(), "azwise-pipe-"));
    const bin = join(fileURLToPath(new URL("../..", import.meta.url)), "bin/azwise.js");
    const words = SEND.map((word) => JSON.stringify(word)).join(" ");
    const script = `printf '{"PipelineName":"pl","ErrorCode":"E1"}\\n' | "$NODE" "$BIN" ${words} --cloud sandbox --subscription ${OTHER_SUBSCRIPTION}`;
    const env = { PATH: process.env["PATH"] ?? "", HOME: home, NODE: process.execPath, BIN: bin };
    const child = spawn("sh", ["-c", script], { env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    const exit = await new Promise((resolve) => child.on("close", resolve));
    rmSync(home, { recursive: true, force: true });

    expect([exit, stdout]).toEqual([0, "accepted\t1\t1\tazure-wire/ingestion-204-not-yet-there\n"]);
  },
);
