import { mkdirSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import type { RunCredential } from "../../src/azure/cached-credential.ts";
import { createCredential } from "../../src/azure/credential.ts";
import type { CredentialRequest } from "../../src/azure/credential-request.ts";
import { createSandboxClient } from "../../src/azure/sandbox-client.ts";
import type { TokenStore } from "../../src/azure/token-store.ts";
import { openSandbox } from "../../src/sandbox/open.ts";
import type { SandboxRequest, SandboxResponse } from "../../src/sandbox/handler.ts";
import type { World } from "../../src/sandbox/world.ts";
import { loadBundledWorld } from "../../src/sandbox/world-file.ts";
import { putOnPath } from "./on-path.ts";
import { PUBLIC, TENANT } from "./sign-in.ts";
import { createClock } from "./wire.ts";

/** Somebody whom the tenant knows. */
const ADA: World["users"][number] = {
  signInName: "ada@contoso.com",
  displayName: "Ada",
  homeTenantId: TENANT,
  memberships: [{ tenantId: TENANT, objectId: "a3000000-0000-4000-8000-00000000000a" }],
};

export interface PersonOptions {
  kind?: "device" | "browser";
  tenantId?: string;
  interactive?: boolean;
  fresh?: boolean;
  signal?: AbortSignal;
  tokens?: TokenStore;
}

export interface Person {
  open(options?: PersonOptions): Promise<RunCredential>;
  /** What the person was told. */
  told: string[];
  /** Grants or paths that Entra was asked for, in order. */
  seen: string[];
  runs(): string[];
  folder: string;
  world: World;
  /** The person's own browser: opens the page and follows it back to this machine. */
  browse(url: string): Promise<void>;
  /** Answers in Entra's stead from now on. */
  intercept(before: (request: SandboxRequest) => SandboxResponse | undefined): void;
}

/** A person in front of Entra, with the real MSAL and scripted programs. */
export async function openPerson(scripts: Record<string, string> = {}): Promise<Person> {
  const { folder, env, runs } = putOnPath(scripts);
  mkdirSync(join(folder, "secrets"));
  const world = (await loadBundledWorld("contoso"))!;
  world.users = [structuredClone(ADA)];
  world.settings.devicePollSeconds = 0;
  const clock = createClock();
  const sandbox = openSandbox({ world, now: clock.now });
  const told: string[] = [];
  const seen: string[] = [];
  let before: Parameters<Person["intercept"]>[0] = () => undefined;
  const httpClient = createSandboxClient(async (request) => {
    const grant = new URLSearchParams(request.body).get("grant_type");
    seen.push(grant?.replace(/.*:/, "") ?? new URL(request.url).pathname.replace(/.*\//, ""));
    return before(request) ?? sandbox.answer(request);
  });
  return {
    told,
    seen,
    runs,
    folder,
    world,
    intercept: (next) => void (before = next),
    async open({
      kind = "device",
      tenantId = TENANT,
      interactive = false,
      fresh = interactive,
      signal,
      tokens,
    } = {}) {
      const request: CredentialRequest = {
        kind,
        tenantId,
        cloud: PUBLIC,
        env: { PATH: scripts["secret-tool"] === undefined ? folder : env.PATH },
        httpClient,
        azEnv: {},
        azAccounts: [],
        tokens,
        stateFolder: join(folder, "state"),
        fresh,
        interactive,
        tell: (text) => told.push(text),
        // MSAL counts a token's life from the real time.
        clock: tokens === undefined ? clock : { ...clock, now: () => new Date() },
        timeoutMs: 60_000,
        onWait: () => {},
        signal: signal ?? new AbortController().signal,
        log: () => {},
      };
      return createCredential(request);
    },
    async browse(url) {
      const page = await sandbox.answer({ method: "GET", url, headers: {}, body: "" });
      const back = page.headers["location"] ?? "";
      await new Promise<void>((resolve, reject) => {
        get(back.replace("localhost", "127.0.0.1"), (response) => response.resume().on("end", resolve)).on(
          "error",
          reject,
        );
      });
    },
  };
}
