import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadWorld } from "../../../src/sandbox/world-file.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, type CliResult } from "../../harness.ts";
import { changeWorld } from "../../plan/saved-plan.ts";

export const RULE = ["--rule", "dcr-pipeline-failures"];
export const PLATFORM = ["--subscription", OTHER_SUBSCRIPTION];
export const AT_STREAM = { match: { path: "/streams/" } };

/** The event of the article, as its expression makes it. */
export const ARTICLE = `[{"TimeGenerated":"2026-11-21T07:59:00.1234567Z","PipelineName":"POC_Test","PipelineRunId":"9e","PipelineStatus":"Failed","ActivityName":"TestActivity","ActivityType":"Web","ActivityStatus":"Failed","ErrorCode":"TEST","ErrorMessage":"POC test","Severity":"Warning","Environment":"Test","Layer":"Bronze","ExecutionStage":"POC","DatasetName":"TestDataset","PartitionDate":"2026-11-21T07:59:00.1234567Z","WorkspaceName":"syn","TriggerName":"Manual","TriggerTimeUtc":"2026-11-21T07:59:00.1234567Z","DurationMs":1000,"RetryCount":0,"Compute":"Synapse","CorrelationId":"9f","Payload":{"source":"test","target":"loganalytics"}}]`;

export interface Sending {
  change?: (world: World) => void;
  tty?: boolean;
  /** Of the file. */
  name?: string;
}

export interface Sent extends CliResult {
  world: World;
  host: ReturnType<typeof createTestHost>;
}

export async function send(events: string, flags: readonly string[], how: Sending = {}): Promise<Sent> {
  const host = createTestHost({ tty: how.tty ?? false, columns: 140 });
  await changeWorld(host, how.change ?? (() => {}));
  const { name = "events.json" } = how;
  writeFileSync(join(host.folder, name), events);
  const words = ["kql", "failures", "send", "-f", name, ...PLATFORM, ...flags];
  const result = await runCli(host, ...words);
  return { ...result, host, world: await loadWorld(join(host.state, "sandbox", "world.json")) };
}

export function line(event: object): string {
  return `${JSON.stringify({ PipelineName: "pl", ErrorCode: "E1", ...event })}\n`;
}

/** Each about 100 KB, so that nine fill a request. */
export function lines(count: number): string {
  return Array.from({ length: count }, (_, at) =>
    line({ PipelineRunId: `r${at + 1}`, Payload: "x".repeat(100_000) }),
  ).join("");
}

export function runsIn({ ingested }: World): string[] {
  return ingested.flatMap(({ rows }) => rows.map((row) => String(row["PipelineRunId"])));
}

export const runs = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, at) => `r${first + at}`);
