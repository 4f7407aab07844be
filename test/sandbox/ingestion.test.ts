import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { World } from "../../src/sandbox/world.ts";
import { openWorld, OTHER_SUBSCRIPTION, type OpenWorld } from "../harness.ts";
import { fault } from "./azure.ts";

const PLATFORM = "7c000000-0000-4000-8000-000000000002";
const PLACE = {
  endpoint: "https://dcr-pipeline-failures-7d01-westeurope.logs.z1.ingest.monitor.sandbox.invalid",
  ruleId: "dcr-7d000000000000000000000000000001",
  stream: "Custom-DataDomain_SynapsePipelineErrors_CL",
};
const AT_STREAM = { match: { path: "/streams/" } };
const NOW = "2026-11-21T08:00:00Z";

async function send({ azure }: OpenWorld, events: unknown, place = PLACE): Promise<{ mayBeTwice: boolean }> {
  return azure.ingestion!.send(place, gzipSync(JSON.stringify(events)));
}

async function rowsOf({ azure }: OpenWorld, pipeline: string): Promise<unknown[][]> {
  const until = new Date(azure.clock.now().getTime() + 60_000);
  const text = `DataDomain_SynapsePipelineErrors_CL | where PipelineName == "${pipeline}" | project TimeGenerated, ErrorCode, DurationMs, Payload`;
  const rows: unknown[][] = [];
  const question = { workspace: PLATFORM, text, from: new Date("2026-11-01T00:00:00Z"), until };
  for await (const event of azure.logs!.query(question)) if (event.kind === "rows") rows.push(...event.rows);
  return rows;
}

test("events are rows some minutes later, without what the rule does not declare", async () => {
  const open = await openWorld();
  const event = { PipelineName: "new", ErrorCode: "E1", DurationMs: 12, Payload: { a: 1 }, Status: "Failed" };

  await send(open, [
    { TimeGenerated: NOW, ...event },
    { PipelineName: "new", ErrorCode: "E2" },
  ]);
  const early = await rowsOf(open, "new");
  await open.azure.clock.sleep(180_000);

  expect(early).toEqual([]);
  expect(await rowsOf(open, "new")).toEqual([
    [NOW, "E1", 12, '{"a":1}'],
    [NOW, "E2", null, null],
  ]);
  expect(JSON.stringify(open.world.ingested)).not.toContain('Status":"Failed');
});

test("a time far off is replaced, and of a long field only the beginning is kept", async () => {
  const open = await openWorld();

  const long = "ü".repeat(40_000);
  await send(open, [{ TimeGenerated: "2026-11-01T00:00:00Z", PipelineName: "old", ErrorMessage: long }]);

  const [row] = open.world.ingested[0]!.rows;
  expect(row).toMatchObject({ TimeGenerated: "2026-11-21T08:00:00.000Z" });
  expect(row!["ErrorMessage"]).toBe("ü".repeat(32_768));
});

async function refusal(sending: Promise<unknown>): Promise<unknown> {
  return sending.catch((error: unknown) => {
    const { kind, status, code } = error as Record<string, unknown>;
    return [kind, status, code];
  });
}

function withoutRole(world: World): void {
  const notActions = ["Microsoft.Insights/Telemetry/Write"];
  world.settings.permissions = [{ scope: "/", actions: ["*"], notActions }];
}

test("who lacks the role, a wrong rule, a wrong stream, no list and too much are each refused", async () => {
  const open = await openWorld();
  const denied = await openWorld(withoutRole);

  expect(await refusal(send(denied, []))).toEqual(["auth", 403, "OperationFailed"]);
  expect(await refusal(send(open, [], { ...PLACE, ruleId: "dcr-0" }))).toEqual(["usage", 404, "NotFound"]);
  expect(await refusal(send(open, [], { ...PLACE, stream: "Custom-X" }))).toEqual([
    "usage",
    404,
    "StreamNotFound",
  ]);
  expect(await refusal(send(open, { a: 1 }))).toEqual(["failed", 400, "InvalidRequest"]);
  expect(await refusal(send(open, ["x".repeat(1_100_000)]))).toEqual([
    "failed",
    413,
    "ContentLengthLimitExceeded",
  ]);
  expect([...open.world.ingested, ...denied.world.ingested]).toEqual([]);
});

test("faults: throttled it is there once, with a lost answer twice", async () => {
  const throttled = await openWorld((world) => world.faults.push(fault("throttle", AT_STREAM)));
  const lost = await openWorld((world) => world.faults.push(fault("lost-after", AT_STREAM)));
  const large = await openWorld((world) => world.faults.push(fault("too-large", AT_STREAM)));

  expect(await send(throttled, [{ PipelineName: "a" }])).toEqual({ mayBeTwice: false });
  expect(await send(lost, [{ PipelineName: "a" }])).toEqual({ mayBeTwice: true });
  expect(await refusal(send(large, [{ PipelineName: "a" }]))).toEqual([
    "failed",
    413,
    "ContentLengthLimitExceeded",
  ]);
  expect([throttled, lost, large].map(({ world }) => world.ingested.length)).toEqual([1, 2, 0]);
});

test("rules are listed with their streams, an endpoint tells its address", async () => {
  const { azure } = await openWorld();

  const rules = await azure.collectionRules.list(OTHER_SUBSCRIPTION);

  expect(rules.map(({ name, endpoint, streams }) => [name, endpoint, streams[0]?.columns.length])).toEqual([
    ["dcr-article-failures", undefined, 15],
    ["dcr-pipeline-failures", PLACE.endpoint, 23],
  ]);
  expect(await azure.collectionRules.endpointOf(rules[0]!.endpointId!)).toBe(
    "https://dce-platform-7d02.westeurope-1.ingest.monitor.sandbox.invalid",
  );
  expect(await azure.collectionRules.endpointOf(`${rules[0]!.endpointId}-no`)).toBeUndefined();
});
