import { setTimeout as sleep } from "node:timers/promises";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { readAzAccounts } from "./az-profile.ts";
import { connect } from "./connect.ts";
import type { Azure, Clock } from "./ports.ts";
import { readSettings } from "./settings.ts";
import { resolveCloud, resolveTarget, type TargetFlags } from "./target.ts";

export interface OpenOptions {
  flags: TargetFlags;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  folders: { config: string; state: string };
  now: () => Date;
  timeoutMs: number;
  signal: AbortSignal;
  log: (line: string) => void;
  onWait: (text: string | undefined) => void;
}

export interface Opened {
  azure: Azure;
  subscriptionName: string | undefined;
  /** Lets the sandbox finish writing its world. */
  close(): Promise<void>;
}

export interface Place {
  clock: Clock;
  httpClient?: HttpClient;
  defaults?: { tenantId: string; subscriptionId: string };
  close(): Promise<void>;
}

/** Resolves the target from flags, variables and files, and connects to it: the real cloud or the sandbox. */
export async function openAzure(options: OpenOptions): Promise<Opened> {
  const { flags, env, cwd, folders } = options;
  const [settings, azAccounts] = await Promise.all([readSettings(cwd, folders.config), readAzAccounts(env)]);
  const sources = { flags, env, settings, azAccounts };
  const cloud = resolveCloud(sources);
  const place =
    cloud.name === "sandbox"
      ? await (await import("./sandbox-place.ts")).openSandboxPlace(options)
      : realPlace(options);
  const target = resolveTarget({ ...sources, sandbox: place.defaults });
  const { azure, subscription } = await connect({
    ...options,
    target,
    clock: place.clock,
    httpClient: place.httpClient,
  });
  return { azure, subscriptionName: subscription?.name || undefined, close: () => place.close() };
}

function realPlace({ now }: OpenOptions): Place {
  return {
    clock: { now, sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}) },
    close: async () => {},
  };
}
