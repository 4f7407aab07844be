import { setTimeout as sleep } from "node:timers/promises";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Env, Folders } from "../context.ts";
import { readAzProfile, type AzProfile } from "./az-profile.ts";
import { connect, type RunOptions } from "./connect.ts";
import type { NamedContext } from "./contexts.ts";
import type { Ignored, LoginPort } from "./login-ports.ts";
import { createLogin } from "./login.ts";
import type { PlainRegistryPort } from "./plain-registry.ts";
import type { Azure, Clock } from "./ports.ts";
import { requirePin } from "./pin.ts";
import { readSettings, type Settings } from "./settings.ts";
import { requireTarget, type TargetFlags, type TargetSources, type Wanted } from "./target.ts";
import { targetLine } from "./target-line.ts";
import { lookUpCloud, lookUpTarget } from "./target-lookup.ts";
import { createTokenStore } from "./token-store.ts";
import { createUnsignedRequests } from "./unsigned.ts";

export interface OpenOptions {
  flags: TargetFlags;
  env: Env;
  cwd: string;
  folders: Folders;
  now: () => Date;
  timeoutMs: number;
  signal: AbortSignal;
  log: (line: string) => void;
  onWait: (text: string | undefined) => void;
  /** A line for the person in front of the terminal. */
  say: (text: string) => void;
  /** Keep access tokens between runs. */
  tokenCache: boolean;
  ignoring?: Ignored | undefined;
  /** Instead of variables, pin and active context; only a flag is as explicit as a context's name. */
  named?: NamedContext | undefined;
}

export interface Opened {
  azure: Azure;
  /** The target, as a person is told of it. */
  line: string;
}

export interface Place {
  clock: Clock;
  httpClient?: HttpClient;
  defaults?: { tenantId: string; subscriptionId: string };
}

interface Prepared {
  wanted: Wanted;
  settings: Settings;
  azProfile: AzProfile;
  run: RunOptions;
}

/** Resolves the target from flags, variables and files, and connects to it: the real cloud or the sandbox. */
export async function openAzure(options: OpenOptions): Promise<Opened> {
  const { wanted, settings, run } = await prepare(options);
  const unsigned = createUnsignedRequests(wanted.cloud, run);
  await requirePin({ wanted, settings, ...unsigned });
  const target = requireTarget(wanted);
  // A domain does not say which tenant's tokens to refuse.
  const tenantId = await unsigned.findTenantId(target.tenantId);
  const { azure, subscription } = await connect({ ...run, target: { ...target, tenantId } });
  return { azure, line: targetLine(azure.target, subscription?.name) };
}

/** The same up to the point where something would be sent: sign-in as a topic of its own. */
export async function openLogin(options: OpenOptions): Promise<LoginPort> {
  const { wanted, settings, azProfile, run } = await prepare(options);
  return createLogin({ flags: options.flags, wanted, settings, azProfile, run });
}

/** Registries that are in no cloud: nothing is looked up or signed in to, and time is the real one. */
export async function openPlainRegistries(
  options: OpenOptions,
): Promise<{ data: PlainRegistryPort; clock: Clock }> {
  const { clock } = realPlace(options);
  const { createPlainRegistry } = await import("./plain-registry.ts");
  return { data: createPlainRegistry({ ...options, clock }), clock };
}

async function prepare(options: OpenOptions): Promise<Prepared> {
  const { env, folders, say, tokenCache, named } = options;
  const [settings, azProfile] = await Promise.all([readSettingsFor(options), readAzProfile(env)]);
  const sources = sourcesFor(options, settings, azProfile);
  const { cloud } = lookUpCloud(sources);
  const place =
    cloud.name === "sandbox"
      ? await (await import("./sandbox-place.ts")).openSandboxPlace(options)
      : realPlace(options);
  const wanted = lookUpTarget({ ...sources, sandbox: named ? undefined : place.defaults });
  const run = {
    ...options,
    clock: place.clock,
    httpClient: place.httpClient,
    azAccounts: azProfile.accounts,
    tokens: tokenCache ? createTokenStore({ folder: folders.cache, warn: say }) : undefined,
    stateFolder: folders.state,
    tell: say,
  };
  return { wanted, settings, azProfile, run };
}

function sourcesFor(
  { flags, env, ignoring, named }: OpenOptions,
  settings: Settings,
  { accounts: azAccounts }: AzProfile,
): Omit<TargetSources, "sandbox"> {
  if (!named) {
    return { flags: ignoring === "flags" ? { ...flags, ...NO_TARGET } : flags, env, settings, azAccounts };
  }
  const { name: contextName, context } = named;
  const own = { ...settings, pin: {}, contextName, context };
  return { flags, env: {}, settings: own, azAccounts: [], isContextTyped: true };
}

const NO_TARGET = { tenant: undefined, subscriptions: [] };

async function readSettingsFor({ cwd, folders, ignoring }: OpenOptions): Promise<Settings> {
  return readSettings(ignoring === "pin" ? undefined : cwd, folders.config);
}

function realPlace({ now }: OpenOptions): Place {
  return {
    clock: {
      now,
      elapsed: () => performance.now(),
      sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
    },
  };
}
