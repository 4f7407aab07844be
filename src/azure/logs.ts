import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import pLimit, { type LimitFunction } from "p-limit";
import type { RunCredential } from "./cached-credential.ts";
import type { RunOptions } from "./connect.ts";
import { readAnswer } from "./log-answer.ts";
import type { LogEvent, LogQuestion, LogsPort } from "./log-ports.ts";
import { logRefusalPolicy } from "./log-refusal.ts";
import { createPipeline, httpClientFor } from "./pipeline.ts";
import type { SignInTarget } from "./sign-in-command.ts";
import { errorFromTransport } from "./transport-error.ts";
import { AppError } from "../errors.ts";

export interface LogsOptions extends RunOptions {
  /** Base URL of the query address, without a trailing slash. */
  endpoint: string;
  credential: RunCredential;
  signedInto: SignInTarget;
}

/** What the service allows one identity; further questions queue there, and are throttled then. */
const MOST_AT_ONCE = 5;

/** The longest that the service works on a query, and what its answer may need to arrive. */
const WAIT_S = 600;
const ANSWER_TIMEOUT_MS = (WAIT_S + 120) * 1000;

/**
 * The query address of Log Analytics by plain requests: its client library turns a 204, an empty 200 and a 504 without
 * a body into a TypeError, drops where in the text an error is, and keeps all rows.
 */
export function createLogs(options: LogsOptions): LogsPort {
  const httpClient = httpClientFor(options);
  const pipeline = createPipeline({
    ...options,
    scope: `${options.endpoint}/.default`,
    hosts: [new URL(options.endpoint).host],
    answerTimeoutMs: ANSWER_TIMEOUT_MS,
    // A question changes nothing, though it is a POST.
    isRead: () => true,
    // Whoever asks again what took too long waits as long again.
    isFinal: ({ status }) => status === 504,
  });
  pipeline.addPolicy(logRefusalPolicy());
  const limit = pLimit(MOST_AT_ONCE);
  return {
    async *query(question) {
      const leave = await enter(limit);
      try {
        yield* ask(question, { pipeline, httpClient, endpoint: options.endpoint });
      } finally {
        leave();
      }
    },
  };
}

/** Waits for a free place; returns how to leave it. */
async function enter(limit: LimitFunction): Promise<() => void> {
  return new Promise((entered) => {
    void limit(() => new Promise<void>(entered));
  });
}

interface Connection {
  pipeline: Pipeline;
  httpClient: HttpClient;
  endpoint: string;
}

async function* ask(
  { workspace, text, from, until }: LogQuestion,
  { pipeline, httpClient, endpoint }: Connection,
): AsyncIterable<LogEvent> {
  const request = createPipelineRequest({
    method: "POST",
    url: `${endpoint}/v1/workspaces/${encodeURIComponent(workspace)}/query`,
    headers: createHttpHeaders({
      accept: "application/json",
      // Without it the service answers 200 with an empty body.
      "content-type": "application/json",
      prefer: `wait=${WAIT_S},include-render=true,include-statistics=true`,
    }),
    body: JSON.stringify({ query: text, timespan: `${from.toISOString()}/${until.toISOString()}` }),
    streamResponseStatusCodes: new Set([200]),
    timeout: 0,
  });
  const response = await pipeline.sendRequest(httpClient, request);
  if (response.status === 204) {
    yield {
      kind: "end",
      outcome: "no-data",
      problem: undefined,
      chart: undefined,
      statistics: undefined,
    };
    return;
  }
  try {
    yield* readAnswer(bodyOf(response));
  } catch (cause) {
    if (cause instanceof AppError || request.abortSignal?.aborted === true) throw cause;
    throw errorFromTransport(cause, request);
  }
}

/** The body as it arrives; what has no stream, as the sandbox, has its text. */
async function* bodyOf({ readableStreamBody, bodyAsText }: PipelineResponse): AsyncIterable<Uint8Array> {
  if (!readableStreamBody) yield new TextEncoder().encode(bodyAsText ?? "");
  else for await (const chunk of readableStreamBody) yield chunk as Uint8Array;
}
