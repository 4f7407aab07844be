import {
  createHttpHeaders,
  RestError,
  type HttpClient,
  type PipelineRequest,
} from "@azure/core-rest-pipeline";
import { expect, onTestFinished } from "vitest";
import { createAccess } from "../../src/azure/access.ts";
import { createArm } from "../../src/azure/arm.ts";
import { createCompute } from "../../src/azure/compute.ts";
import { createContainerApps } from "../../src/azure/container-apps.ts";
import type { ContainerAppsPort } from "../../src/azure/container-ports.ts";
import { findCloud } from "../../src/azure/clouds.ts";
import type { WorkspacePort } from "../../src/azure/log-ports.ts";
import type { NetworkPort } from "../../src/azure/network-ports.ts";
import { createNetwork } from "../../src/azure/network.ts";
import { createPipeline } from "../../src/azure/pipeline.ts";
import type { AccessPort, ArmPort, Clock, ComputePort, GraphPort } from "../../src/azure/ports.ts";
import { createRegistries } from "../../src/azure/registries.ts";
import type { RegistryPort } from "../../src/azure/registry-ports.ts";
import { createGraph } from "../../src/azure/resource-graph.ts";
import { createDirectory } from "../../src/azure/tenants.ts";
import { createWorkspaces } from "../../src/azure/workspaces.ts";

export const ARM = "https://management.azure.com";
export const START = new Date("2026-11-21T08:00:00Z");
export const TOKEN = "token-of-these-tests";

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A reply, or how the connection broke instead of one. */
export type Outcome = Reply | { lost: string };

export function reply(status: number, body?: unknown, headers: Record<string, string> = {}): Reply {
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  const type = typeof body === "string" || body === undefined ? {} : { "content-type": "application/json" };
  return { status, headers: { ...type, ...headers }, body: text };
}

export function lost(code: string): Outcome {
  return { lost: code };
}

export interface Wire {
  httpClient: HttpClient;
  /** "METHOD https://host/path?query" of each request. */
  seen: string[];
  requests: { authorization: string | undefined; body: string }[];
}

/**
 * Answers by "METHOD https://host/path" (the query is ignored), each outcome once and in order. A request that
 * nobody expects fails, and so does a test that leaves outcomes over.
 */
export function openWire(script: Record<string, Outcome | Outcome[]>): Wire {
  const left = new Map(Object.entries(script).map(([key, each]) => [key.toLowerCase(), [each].flat()]));
  const wire: Wire = {
    seen: [],
    requests: [],
    httpClient: { sendRequest: async (request) => answer(request, wire, left) },
  };
  onTestFinished(() => {
    expect([...left].flatMap(([key, outcomes]) => outcomes.map(() => key))).toEqual([]);
  });
  return wire;
}

async function answer(
  request: PipelineRequest,
  wire: Wire,
  left: Map<string, Outcome[]>,
): ReturnType<HttpClient["sendRequest"]> {
  wire.seen.push(`${request.method} ${request.url}`);
  const body = typeof request.body === "string" ? request.body : "";
  wire.requests.push({ authorization: request.headers.get("authorization"), body });
  const key = `${request.method} ${request.url.replace(/\?.*$/, "")}`.toLowerCase();
  const outcome = left.get(key)?.shift();
  if (!outcome) throw new Error(`nobody expects ${request.method} ${request.url}`);
  if ("lost" in outcome) throw new RestError("connection broke", { code: outcome.lost, request });
  const headers = createHttpHeaders(outcome.headers);
  return { request, status: outcome.status, headers, bodyAsText: outcome.body };
}

export interface TestClock extends Clock {
  /** Each sleep so far, in milliseconds. */
  slept: number[];
}

/** Jumps instead of sleeping. */
export function createClock(): TestClock {
  let now = START.getTime();
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(now),
    elapsed: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

/** How often the first guessed pause of about two seconds was doubled, whatever the dice said. */
export function doublings(slept: readonly number[]): number[] {
  return slept.map((ms) => Math.round(Math.log2(ms / 2000)) + 0);
}

export interface Ports {
  access: AccessPort;
  arm: ArmPort;
  compute: ComputePort;
  graph: GraphPort;
  registries: RegistryPort;
  network: NetworkPort;
  workspaces: WorkspacePort;
  containerApps: ContainerAppsPort;
  directory: ReturnType<typeof createDirectory>;
  clock: TestClock;
  /** What the progress line said. */
  waits: (string | undefined)[];
  log: string[];
  wire: Wire;
}

export interface PortOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** The real clients over a script instead of the network. */
export function openPorts(
  script: Record<string, Outcome | Outcome[]>,
  { timeoutMs = 1_800_000, signal = new AbortController().signal }: PortOptions = {},
): Ports {
  const wire = openWire(script);
  const clock = createClock();
  const waits: (string | undefined)[] = [];
  const log: string[] = [];
  const credential = {
    getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    forget: () => {},
  };
  const pipeline = createPipeline({
    credential,
    scope: `${ARM}/.default`,
    signedInto: { kind: "environment", tenantId: "contoso.com", cloud: findCloud("public", {}) },
    hosts: ["management.azure.com"],
    clock,
    signal,
    timeoutMs,
    log: (line) => log.push(line),
    onWait: (text) => waits.push(text),
  });
  const { httpClient } = wire;
  const connection = { pipeline, httpClient, endpoint: ARM, clock, timeoutMs, credential };
  const arm = createArm(connection);
  return {
    access: createAccess(connection),
    arm,
    compute: createCompute(connection),
    graph: createGraph(connection),
    registries: createRegistries(connection, arm),
    network: createNetwork(arm),
    workspaces: createWorkspaces(connection, arm),
    containerApps: createContainerApps(connection, arm),
    directory: createDirectory(connection),
    clock,
    waits,
    log,
    wire,
  };
}

/** What an AzureError says, as one value. */
export async function refusalOf(doing: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await doing.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason as Error,
  );
  const { kind, code, status, uncertain, hint } = error as unknown as Record<string, unknown>;
  const facts = { kind, message: error.message, code, status, uncertain, hint };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
