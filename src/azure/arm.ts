import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { Json, JsonObject } from "../json.ts";
import { AzureError } from "./azure-error.ts";
import { operationLink, waitForOperation, type Answer } from "./operation.ts";
import { stillProvisioning } from "./provisioning.ts";
import type { ArmOptions, ArmPort, ArmRequest, Clock } from "./ports.ts";

export interface ArmConnection {
  pipeline: Pipeline;
  httpClient: HttpClient;
  /** Base URL of the resource manager. */
  endpoint: string;
  clock: Clock;
  /** Longest wait for one operation, in milliseconds. */
  timeoutMs: number;
}

/** Hand-made requests for what the SDK clients cannot express, through the same pipeline. */
export function createArm(connection: ArmConnection): ArmPort {
  return {
    async read(request, options) {
      return readResource(connection, urlOf(connection, { ...request, method: "GET" }), options);
    },
    async change(request, options = {}) {
      const url = urlOf(connection, request);
      const response = await send(connection, { url, method: request.method, body: request.body }, options);
      await settle(connection, { response, url: resourceUrl(connection, request) }, options);
    },
  };
}

/** The answer to a question that the service takes as a POST; nothing is changed by it. */
export async function ask(
  connection: ArmConnection,
  request: Omit<ArmRequest, "method">,
): Promise<Json | undefined> {
  const url = urlOf(connection, { ...request, method: "POST" });
  const response = await send(connection, { url, method: "POST", body: request.body }, {});
  return parse(response.bodyAsText ?? "");
}

/** The pages of a list, their next links followed as given. */
export async function* listPages(
  connection: ArmConnection,
  request: Omit<ArmRequest, "method" | "body">,
  options: ArmOptions = {},
): AsyncIterable<JsonObject[]> {
  let url: string | undefined = urlOf(connection, { ...request, method: "GET" });
  while (url !== undefined) {
    const page = asObject(parse((await send(connection, { url, method: "GET" }, options)).bodyAsText ?? ""));
    const items = Array.isArray(page["value"]) ? page["value"] : [];
    yield items.map(asObject);
    url = typeof page["nextLink"] === "string" ? absolute(page["nextLink"], connection) : undefined;
  }
}

export function asObject(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

export function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

/**
 * Follows the operation that an accepted change began; where none is named, the resource itself tells when it is done.
 * Only an operation that says so has failed: whatever else goes wrong from here on leaves it uncertain.
 */
async function settle(
  connection: ArmConnection,
  started: { response: PipelineResponse; url: string },
  options: ArmOptions,
): Promise<void> {
  const first = toAnswer(started.response);
  const link = operationLink(first);
  if (link === undefined && !maybeProvisioning(first.body)) return;
  const pollError = link === undefined ? undefined : await follow(connection, first, options);
  if (link !== undefined && pollError === undefined) return;
  try {
    await settleByReading(connection, started.url, options);
  } catch (error) {
    throw error instanceof AzureError ? error.asUncertain() : error;
  }
  // Whether it took effect can be seen by now; where it did not, the refusal may be the reason, or hide it.
  if (pollError !== undefined && isRefused(pollError)) throw pollError.asUncertain();
}

/** Neither forgotten nor throttled. */
function isRefused({ status }: AzureError): boolean {
  return status !== undefined && status >= 400 && status < 500 && ![404, 410, 429].includes(status);
}

/** Undefined when the operation ended well, or the poll's error: polls break, are refused, and forget what has ended. */
async function follow(
  connection: ArmConnection,
  first: Answer,
  options: ArmOptions,
): Promise<AzureError | undefined> {
  const { clock, timeoutMs } = connection;
  let pollError: unknown;
  const get = async (url: string): Promise<Answer> => {
    try {
      return toAnswer(await send(connection, { url: absolute(url, connection), method: "GET" }, options));
    } catch (error) {
      pollError = error;
      throw error;
    }
  };
  try {
    await waitForOperation(first, { clock, timeoutMs, get, ...options });
    return undefined;
  } catch (error) {
    const isPoll = error === pollError && error instanceof AzureError && error.code !== "ForeignHost";
    if (!isPoll) throw error;
    return error;
  }
}

/** Whether work may go on after this answer; one that cannot be read says neither. */
function maybeProvisioning(body: string): boolean {
  try {
    return stillProvisioning(parse(body));
  } catch {
    return true;
  }
}

/** Links are sent back byte for byte; one without a host means the host that gave it. */
function absolute(url: string, { endpoint }: ArmConnection): string {
  return url.startsWith("/") && !url.startsWith("//") ? endpoint + url : url;
}

async function settleByReading(connection: ArmConnection, url: string, options: ArmOptions): Promise<void> {
  const deadline = connection.clock.now().getTime() + connection.timeoutMs;
  while (stillProvisioning(await readResource(connection, url, options))) {
    if (connection.clock.now().getTime() > deadline) {
      throw new AzureError("timeout", "the resource is still being changed", { uncertain: true });
    }
    await connection.clock.sleep(3000, options.signal);
  }
}

async function readResource(
  connection: ArmConnection,
  url: string,
  options: ArmOptions = {},
): Promise<Json | undefined> {
  try {
    const response = await send(connection, { url, method: "GET" }, options);
    return parse(response.bodyAsText ?? "");
  } catch (error) {
    const missing =
      error instanceof AzureError && error.status === 404 && error.code !== "SubscriptionNotFound";
    if (missing) return undefined;
    throw error;
  }
}

async function send(
  connection: ArmConnection,
  request: { url: string; method: ArmRequest["method"]; body?: ArmRequest["body"] },
  options: ArmOptions,
): Promise<PipelineResponse> {
  const hasBody = request.body !== undefined;
  return connection.pipeline.sendRequest(
    connection.httpClient,
    createPipelineRequest({
      url: request.url,
      method: request.method,
      headers: createHttpHeaders({
        accept: "application/json",
        ...(hasBody ? { "content-type": "application/json" } : {}),
      }),
      ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
      ...(options.signal ? { abortSignal: options.signal } : {}),
    }),
  );
}

function urlOf(connection: ArmConnection, request: Omit<ArmRequest, "body">): string {
  const url = new URL(connection.endpoint + encodeURI(request.path));
  url.searchParams.set("api-version", request.apiVersion);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  return url.toString();
}

/** An action such as …/start is settled by its resource, not by itself. */
function resourceUrl(connection: ArmConnection, request: ArmRequest): string {
  const path = request.method === "POST" ? request.path.replace(/\/[^/]+$/, "") : request.path;
  return urlOf(connection, { method: "GET", path, apiVersion: request.apiVersion });
}

function toAnswer(response: PipelineResponse): Answer {
  return { status: response.status, headers: response.headers, body: response.bodyAsText ?? "" };
}

function parse(text: string): Json | undefined {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new AzureError("failed", "the service answered something that is not JSON", { cause });
  }
}
