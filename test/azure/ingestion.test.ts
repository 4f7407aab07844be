import { gunzipSync, gzipSync } from "node:zlib";
import { createHttpHeaders, RestError, type PipelineRequest } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { findCloud } from "../../src/azure/clouds.ts";
import { createIngestion } from "../../src/azure/ingestion.ts";
import type { IngestionPort } from "../../src/azure/ingestion-ports.ts";
import { createClock, lost, refusalOf, reply, TOKEN, type Outcome, type TestClock } from "./wire.ts";

const PLACE = {
  endpoint: "https://dce-x.westeurope-1.ingest.monitor.azure.com/",
  ruleId: "dcr-00000000000000000000000000000001",
  stream: "Custom-T_CL",
};
const BODY = gzipSync('[{"a":1}]');

interface Rig {
  ingestion: Pick<IngestionPort, "send">;
  clock: TestClock;
  requests: PipelineRequest[];
  scopes: string[];
}

function openRig(outcomes: Outcome[], { timeoutMs = 600_000, cloud = "public" } = {}): Rig {
  const clock = createClock();
  const requests: PipelineRequest[] = [];
  const scopes: string[] = [];
  const ingestion = createIngestion({
    ...findCloud(cloud, {}).ingestion!,
    credential: {
      async getToken(scope) {
        scopes.push(String(scope));
        return { token: TOKEN, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
      },
      forget: () => {},
    },
    signedInto: { kind: "environment", tenantId: "contoso.com", cloud: findCloud(cloud, {}) },
    env: {},
    httpClient: {
      async sendRequest(request) {
        requests.push(request);
        const outcome = outcomes.shift() ?? reply(599);
        if ("lost" in outcome) throw new RestError("broke", { code: outcome.lost, request });
        const { status, headers, body } = outcome;
        return { request, status, headers: createHttpHeaders(headers), bodyAsText: body };
      },
    },
    clock,
    signal: new AbortController().signal,
    timeoutMs,
    log: () => {},
    onWait: () => {},
  });
  return { ingestion, clock, requests, scopes };
}

test("a list goes compressed to rule and stream, with a token of its own audience", async () => {
  const { ingestion, requests, scopes } = openRig([reply(204)]);

  expect(await ingestion.send(PLACE, BODY)).toEqual({ mayBeTwice: false });

  const [request] = requests;
  expect(request?.url).toBe(
    "https://dce-x.westeurope-1.ingest.monitor.azure.com/dataCollectionRules/dcr-00000000000000000000000000000001/streams/Custom-T_CL?api-version=2023-01-01",
  );
  expect(request?.headers.toJSON()).toMatchObject({
    "content-type": "application/json",
    "content-encoding": "gzip",
    authorization: `Bearer ${TOKEN}`,
  });
  expect(gunzipSync(request?.body as Uint8Array).toString()).toBe('[{"a":1}]');
  expect(scopes).toEqual(["https://monitor.azure.com/.default"]);
});

test.each([
  ["usgov", "https://monitor.azure.us/.default", ".ingest.monitor.azure.us"],
  ["china", "https://monitor.azure.cn/.default", ".ingest.monitor.azure.cn"],
])("cloud %s has an audience and hosts of its own", async (cloud, scope, suffix) => {
  const { ingestion, scopes } = openRig([reply(204)], { cloud });

  await ingestion.send({ ...PLACE, endpoint: `https://dce-x.region-1${suffix}` }, BODY);

  expect(scopes).toEqual([scope]);
  expect(await refusalOf(ingestion.send(PLACE, BODY))).toMatchObject({ kind: "usage" });
});

test.each([
  "http://dce-x.ingest.monitor.azure.com",
  "https://ingest.monitor.azure.com.attacker.example",
  "https://attacker.example/.ingest.monitor.azure.com",
  "https://dce-x.ingest.monitor.azure.com@attacker.example",
  "https://someone@dce-x.ingest.monitor.azure.com",
  "https://evilingest.monitor.azure.com",
  "https://dce-x.ingest.monitor.azure.com:444",
  "nonsense",
])("neither events nor a token go to %s", async (endpoint) => {
  const { ingestion, requests, scopes } = openRig([]);

  expect(await refusalOf(ingestion.send({ ...PLACE, endpoint }, BODY))).toMatchObject({ kind: "usage" });
  expect([requests, scopes]).toEqual([[], []]);
});

test("a throttled request is sent again after the time that was asked for, and is there once", async () => {
  const { ingestion, clock } = openRig([reply(429, undefined, { "retry-after": "7" }), reply(204)]);

  expect(await ingestion.send(PLACE, BODY)).toEqual({ mayBeTwice: false });
  expect(clock.slept).toEqual([7000]);
});

test.each([
  ["a lost answer", lost("ECONNRESET")],
  ["a 500", reply(500)],
])("after %s it is sent again, and may be there twice", async (_, first) => {
  const { ingestion } = openRig([first, reply(204)]);

  expect(await ingestion.send(PLACE, BODY)).toEqual({ mayBeTwice: true });
});

test("what never left cannot be there twice", async () => {
  const { ingestion } = openRig([lost("ECONNREFUSED"), reply(204)]);

  expect(await ingestion.send(PLACE, BODY)).toEqual({ mayBeTwice: false });
});

test("a refusal after a lost answer leaves it uncertain", async () => {
  const { ingestion } = openRig([lost("ECONNRESET"), reply(403)]);

  expect(await refusalOf(ingestion.send(PLACE, BODY))).toMatchObject({ kind: "auth", uncertain: true });
});

test.each([
  [403, { kind: "auth", message: "this identity may not send events by this rule" }],
  [404, { kind: "usage" }],
  [413, { kind: "failed", status: 413 }],
  [400, { kind: "failed" }],
])("%i is a refusal for certain, and not asked again", async (status, expected) => {
  const { ingestion, requests } = openRig([
    reply(status, undefined, { "x-ms-error-code": "CodeInTheHeader" }),
  ]);

  const refusal = await refusalOf(ingestion.send(PLACE, BODY));

  expect(refusal).toMatchObject({ ...expected, code: "CodeInTheHeader", uncertain: false });
  expect(requests).toHaveLength(1);
});

test.each([200, 206, 302, 408])("%i neither accepts nor refuses, so it is uncertain", async (status) => {
  const { ingestion } = openRig([reply(status, { error: { code: "X", message: "no" } })]);

  expect(await refusalOf(ingestion.send(PLACE, BODY))).toMatchObject({ kind: "failed", uncertain: true });
});

test("what the service repeats of the events is cut", async () => {
  const message = `${"value ".repeat(100)}end`;
  const { ingestion } = openRig([reply(400, { error: { code: "InvalidRecord", message } })]);

  expect(await refusalOf(ingestion.send(PLACE, BODY))).toMatchObject({
    message: expect.stringMatching(/^the ingestion address: value .{0,300}$/) as string,
  });
});

test("throttled for too long is a timeout", async () => {
  const slow = Array.from({ length: 9 }, () => reply(429, undefined, { "retry-after": "30" }));
  const short = openRig([...slow], { timeoutMs: 10_000 });
  const long = openRig([...slow]);

  expect(await refusalOf(short.ingestion.send(PLACE, BODY))).toMatchObject({ kind: "timeout" });
  expect(await refusalOf(long.ingestion.send(PLACE, BODY))).toMatchObject({ kind: "timeout", status: 429 });
});
