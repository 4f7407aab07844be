import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { onTestFinished } from "vitest";
import { connect } from "../src/azure/connect.ts";
import { findCloud } from "../src/azure/clouds.ts";
import type { Azure } from "../src/azure/ports.ts";
import { createSandboxClient } from "../src/azure/sandbox-client.ts";
import type { Context, Env, Host, SignalListener, Output } from "../src/context.ts";
import { parseTimeout, type GlobalFlags } from "../src/global-flags.ts";
import { main } from "../src/main.ts";
import { openSandbox, type Sandbox } from "../src/sandbox/open.ts";
import type { World } from "../src/sandbox/world.ts";
import { loadBundledWorld } from "../src/sandbox/world-file.ts";
import { openSession } from "../src/session.ts";
import { refuseSecrets, secretsOf } from "./written.ts";

export const NOW = new Date("2026-11-21T08:00:00Z");
export const TENANT = "a0000000-0000-4000-8000-00000000000a";
export const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
export const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
/** Of the same tenant. */
export const OTHER_SUBSCRIPTION = "5a000000-0000-4000-8000-000000000002";

export interface HostOptions {
  /** Beside the folders and the sandbox as cloud. */
  env?: Env;
  /** Everything that can be read from standard input. */
  stdin?: string;
  /** All three streams are a terminal. */
  tty?: boolean;
  columns?: number;
  now?: Date;
  machine?: Partial<Host["machine"]>;
}

export interface TestHost extends Host {
  /** A folder of its own, removed when the test ends; home, configuration, cache and state are in it. */
  folder: string;
  /** azwise's own state folder. */
  state: string;
  output: { stdout: string; stderr: string };
  /** Ctrl-C. */
  interrupt(signal?: NodeJS.Signals): void;
  /** What the next command reads from standard input. */
  type(stdin: string): void;
}

/** A process for one test: nothing it reads or writes is shared with another one, and no secret may be in it. */
export function createTestHost(options: HostOptions = {}): TestHost {
  const { tty = false, now = NOW, env = {} } = options;
  const printed: string[] = [];
  const folder = makeFolder((made) => {
    refuseSecrets({ folder: made, printed: printed.join(""), known: secretsOf(env) });
  });
  const output = { stdout: "", stderr: "" };
  const listeners = new Set<SignalListener>();
  let stdin = options.stdin ?? "";
  const collect = (name: keyof typeof output): Output => ({
    isTTY: tty,
    columns: tty ? (options.columns ?? 100) : undefined,
    write(text) {
      output[name] += text;
      printed.push(text);
    },
    drain: async () => true,
  });
  return {
    folder,
    state: join(folder, "state", "azwise"),
    output,
    env: { ...foldersIn(folder), AZWISE_CLOUD: "sandbox", ...env },
    cwd: folder,
    now: () => now,
    stdin: {
      isTTY: tty,
      text: async () => stdin,
      async line() {
        const [line, ...rest] = stdin.split("\n");
        stdin = rest.join("\n");
        return line === "" && rest.length === 0 ? undefined : line;
      },
    },
    stdout: collect("stdout"),
    stderr: collect("stderr"),
    // Nobody answers there, so no test asks the machine it runs on.
    machine: { root: join(folder, "root"), nameServers: ["127.0.0.1:9"], ...options.machine },
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onSignal: () => () => {},
    interrupt(signal = "SIGINT") {
      for (const listener of listeners) listener(signal);
    },
    type(text) {
      stdin = text;
    },
  };
}

function makeFolder(check: (folder: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), "azwise-test-"));
  onTestFinished(() => {
    try {
      check(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return folder;
}

function foldersIn(folder: string): Env {
  return {
    HOME: folder,
    AZURE_CONFIG_DIR: join(folder, "azure"),
    XDG_CONFIG_HOME: join(folder, "config"),
    XDG_CACHE_HOME: join(folder, "cache"),
    XDG_STATE_HOME: join(folder, "state"),
  };
}

export interface CliResult {
  exit: number;
  stdout: string;
  stderr: string;
}

/** Runs one command line; the answer holds only what this one printed. */
export async function runCli(host: TestHost, ...argv: string[]): Promise<CliResult> {
  Object.assign(host.output, { stdout: "", stderr: "" });
  const exit = await main(argv, host);
  return { exit, ...host.output };
}

/** One request that reached the sandbox. */
export interface SentRequest {
  method: string;
  /** Without host and query. */
  path: string;
  body: unknown;
}

type Passing = (request: PipelineRequest) => Promise<PipelineResponse>;

export interface OpenWorld {
  world: World;
  sandbox: Sandbox;
  azure: Azure;
  /** Every request after the sign-in, in order. */
  requests: SentRequest[];
  /** Those that change something. */
  changes(): SentRequest[];
  /** Stands between the clients and the sandbox from now on. */
  intercept(interceptor: (request: PipelineRequest, pass: Passing) => Promise<PipelineResponse>): void;
}

export interface WorldOptions {
  /** An earlier world to go on with, instead of contoso. */
  world?: World;
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** The contoso world in memory behind the real Azure clients. */
export async function openWorld(
  change: (world: World) => void = () => {},
  options: WorldOptions = {},
): Promise<OpenWorld> {
  const world = options.world ?? (await loadWorld());
  change(world);
  const sandbox = openSandbox({ world, now: () => NOW });
  const client = createSandboxClient((request) => sandbox.answer(request));
  const requests: SentRequest[] = [];
  let interceptor: Parameters<OpenWorld["intercept"]>[0] = (request, pass) => pass(request);
  const httpClient: HttpClient = {
    sendRequest: (request) =>
      interceptor(request, (passed) => {
        requests.push(describe(passed));
        return client.sendRequest(passed);
      }),
  };
  const { azure } = await connect({
    target: {
      cloud: findCloud("sandbox", {}),
      tenantId: TENANT,
      subscriptionIds: [SUBSCRIPTION],
      auth: "auto",
    },
    env: {},
    clock: {
      now: () => sandbox.now(),
      elapsed: () => sandbox.elapsed(),
      sleep: (ms, signal) => sandbox.sleep(ms, signal),
    },
    httpClient,
    signal: options.signal ?? new AbortController().signal,
    timeoutMs: options.timeoutMs ?? 30 * 60_000,
    log: () => {},
    onWait: () => {},
  });
  requests.length = 0;
  return {
    world,
    sandbox,
    azure,
    requests,
    changes: () => requests.filter(isChange),
    intercept: (next) => void (interceptor = next),
  };
}

/** The contoso world as it was shipped, to compare with. */
export async function loadWorld(): Promise<World> {
  const world = await loadBundledWorld("contoso");
  if (!world) throw new Error("the contoso world is not bundled");
  return world;
}

export function isChange({ method, url, path }: { method: string; url?: string; path?: string }): boolean {
  const isQuery = /\/oauth2\/|\/Microsoft\.ResourceGraph\/|\/checkZonePeers/i.test(url ?? path ?? "");
  return method !== "GET" && !isQuery;
}

function describe({ method, url, body }: PipelineRequest): SentRequest {
  const { pathname } = new URL(url);
  const isJson = typeof body === "string" && body.startsWith("{");
  return { method, path: decodeURI(pathname), body: isJson ? JSON.parse(body) : undefined };
}

const GLOBALS: GlobalFlags = {
  output: undefined,
  query: undefined,
  cloud: undefined,
  tenant: undefined,
  subscriptions: [],
  auth: undefined,
  tokenCache: false,
  timeout: undefined,
  concurrency: undefined,
  yes: true,
  showIds: false,
  verbose: false,
  color: true,
};

export interface DriverOptions extends Partial<GlobalFlags> {
  host?: TestHost;
  world?: World;
}

export interface Driver {
  host: TestHost;
  open: OpenWorld;
  ctx: Context;
}

/** A verb's Context over a world in memory, for what cannot be arranged from a command line. */
export async function openDriver(
  change: (world: World) => void = () => {},
  { host = createTestHost(), world, ...flags }: DriverOptions = {},
): Promise<Driver> {
  const globals = { ...GLOBALS, ...flags };
  const session = openSession({
    host,
    globals,
    mayAsk: false,
    command: "azwise test",
    preview: async () => "",
  });
  const { signal } = session.context;
  const timeoutMs = parseTimeout(globals.timeout);
  const open = await openWorld(change, { signal, timeoutMs, ...(world ? { world } : {}) });
  return { host, open, ctx: { ...session.context, azure: async () => open.azure } };
}
