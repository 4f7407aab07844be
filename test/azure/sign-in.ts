import type { HttpClient } from "@azure/core-rest-pipeline";
import { connect, type Connected } from "../../src/azure/connect.ts";
import { findCloud, type Cloud } from "../../src/azure/clouds.ts";
import type { TokenStore } from "../../src/azure/token-store.ts";
import { createSandboxClient } from "../../src/azure/sandbox-client.ts";
import type { SandboxRequest, SandboxResponse } from "../../src/sandbox/handler.ts";
import { openSandbox } from "../../src/sandbox/open.ts";
import type { World } from "../../src/sandbox/world.ts";
import { loadBundledWorld } from "../../src/sandbox/world-file.ts";
import { createClock, type TestClock } from "./wire.ts";

export const TENANT = "a0000000-0000-4000-8000-00000000000a";
export const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
export const CLIENT = "a1000000-0000-4000-8000-00000000000a";
export const SECRET = "sandbox-secret-not-real";
export const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
export const OTHER_SUBSCRIPTION = "5b000000-0000-4000-8000-000000000003";
export const PUBLIC = findCloud("public", {});

export interface SignInOptions {
  cloud?: Cloud;
  tenantId?: string;
  subscriptionId?: string;
  auth?: string;
  env?: Record<string, string>;
  edit?: (world: World) => void;
  /** Answers in the service's stead. */
  before?: (request: SandboxRequest) => SandboxResponse | undefined;
  /** Instead of the sandbox. */
  httpClient?: HttpClient;
  signal?: AbortSignal;
  timeoutMs?: number;
  tokens?: TokenStore;
}

export interface SignIn {
  connect(): Promise<Connected>;
  /** "METHOD https://host/path" of each request, the query left out. */
  seen: string[];
  log: string[];
  clock: TestClock;
}

/** The whole way from environment variables to a proven sign-in, with the real identity library. */
export async function openSignIn(options: SignInOptions = {}): Promise<SignIn> {
  const { cloud = PUBLIC, tenantId = TENANT, subscriptionId = SUBSCRIPTION, auth = "auto" } = options;
  const world = (await loadBundledWorld("contoso"))!;
  options.edit?.(world);
  const clock = createClock();
  const sandbox = openSandbox({ world, now: clock.now });
  const seen: string[] = [];
  const log: string[] = [];
  const httpClient = createSandboxClient(async (request) => {
    seen.push(`${request.method} ${request.url.replace(/\?.*$/, "")}`);
    return options.before?.(request) ?? sandbox.answer(request);
  });
  return {
    seen,
    log,
    clock,
    connect: () =>
      connect({
        target: { cloud, tenantId, subscriptionIds: [subscriptionId], auth },
        env: { AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: SECRET, ...options.env },
        clock,
        httpClient: options.httpClient ?? httpClient,
        signal: options.signal ?? new AbortController().signal,
        timeoutMs: options.timeoutMs ?? 1_800_000,
        tokens: options.tokens,
        log: (line) => log.push(line),
        onWait: () => {},
      }),
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): SandboxResponse {
  const type = { "content-type": "application/json" };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

/** A token that says whose it is, in the shape of Entra's. */
export function tokenOf(claims: Record<string, unknown>): string {
  return ["{}", JSON.stringify(claims), "signature"]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
}
