import { Readable } from "node:stream";
import { createHttpHeaders, type HttpClient, type PipelineRequest } from "@azure/core-rest-pipeline";
import { findCloud } from "../../src/azure/clouds.ts";
import type { LogsPort } from "../../src/azure/log-ports.ts";
import { createLogs } from "../../src/azure/logs.ts";
import { createClock, reply, TOKEN, type Reply, type TestClock } from "./wire.ts";

export interface LogsRig {
  logs: LogsPort;
  clock: TestClock;
  requests: PipelineRequest[];
  scopes: string[];
  /** Most requests under way at one time. */
  most: () => number;
}

export interface LogsRigOptions {
  /** Bytes of each piece in which a body arrives; a text at once when left out. */
  piece?: number;
  timeoutMs?: number;
  cloud?: string;
}

/** The query address over replies in their order. */
export function openLogs(
  replies: Reply[],
  { piece, timeoutMs = 60_000, cloud = "public" }: LogsRigOptions = {},
): LogsRig {
  const clock = createClock();
  const requests: PipelineRequest[] = [];
  const scopes: string[] = [];
  let underWay = 0;
  let most = 0;
  const httpClient: HttpClient = {
    async sendRequest(request) {
      requests.push(request);
      const { status, headers, body } = replies.shift() ?? reply(500);
      const answer = { request, status, headers: createHttpHeaders(headers) };
      if (piece === undefined || !request.streamResponseStatusCodes?.has(status)) {
        return { ...answer, bodyAsText: body };
      }
      most = Math.max(most, (underWay += 1));
      const stream = Readable.from(pieces(body, piece));
      stream.once("close", () => (underWay -= 1));
      return { ...answer, readableStreamBody: stream };
    },
  };
  const logs = createLogs({
    endpoint: findCloud(cloud, {}).logs ?? "",
    credential: {
      async getToken(scope) {
        scopes.push(String(scope));
        return { token: TOKEN, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
      },
      forget: () => {},
    },
    signedInto: { kind: "environment", tenantId: "contoso.com", cloud: findCloud(cloud, {}) },
    env: {},
    httpClient,
    clock,
    signal: new AbortController().signal,
    timeoutMs,
    log: () => {},
    onWait: () => {},
  });
  return { logs, clock, requests, scopes, most: () => most };
}

function* pieces(text: string, size: number): Generator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
