import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";
import { AppError } from "../errors.ts";
import { createArm } from "./arm.ts";
import { AzureError } from "./azure-error.ts";
import { armScope } from "./clouds.ts";
import { createCompute } from "./compute.ts";
import { chooseAuth, createCredential } from "./credential.ts";
import { createPipeline } from "./pipeline.ts";
import { requireUsableProxy } from "./proxy.ts";
import type { Azure, Clock, Subscription, SubscriptionPort } from "./ports.ts";
import { createGraph } from "./resource-graph.ts";
import { createSubscriptions } from "./subscriptions.ts";
import type { ResolvedTarget } from "./target.ts";

export interface ConnectOptions {
  target: ResolvedTarget;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Instead of the network: the sandbox, or a recording. */
  httpClient?: HttpClient | undefined;
  signal: AbortSignal;
  timeoutMs: number;
  log: (line: string) => void;
  onWait: (text: string | undefined) => void;
}

export interface Connected {
  azure: Azure;
  /** The first subscription, when this identity may read it. */
  subscription: Subscription | undefined;
}

/** Builds the clients over one pipeline and proves the sign-in with one request for the pinned subscription. */
export async function connect(options: ConnectOptions): Promise<Connected> {
  const { target, clock, signal, timeoutMs, log, onWait, env } = options;
  const { cloud, tenantId } = target;
  if (!options.httpClient) requireUsableProxy(env);
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  const kind = chooseAuth(target.auth, { cloud, env });
  const run = { clock, signal, timeoutMs, log, onWait };
  const credential = await createCredential({ ...run, kind, cloud, tenantId, env, httpClient });
  const hosts = [new URL(cloud.resourceManager).host];
  const scope = armScope(cloud);
  const pipeline = createPipeline({ ...run, credential, scope, hosts });
  const connection = { pipeline, httpClient, endpoint: cloud.resourceManager, clock, timeoutMs, credential };
  const arm = createArm(connection);
  const subscriptions = createSubscriptions(arm);
  const subscription = await readPinned(subscriptions, target);
  return {
    subscription,
    azure: {
      target: { cloud: cloud.name, tenantId, subscriptionIds: target.subscriptionIds, auth: kind },
      arm,
      compute: createCompute(connection),
      graph: createGraph(connection),
      subscriptions,
      clock,
    },
  };
}

async function readPinned(
  subscriptions: SubscriptionPort,
  target: ResolvedTarget,
): Promise<Subscription | undefined> {
  const [id] = target.subscriptionIds;
  try {
    const found = await subscriptions.get(id);
    if (!found) throw notVisible(target);
    if (found.state !== "Disabled" && found.state !== "Deleted") return found;
    const hint = "use another --subscription";
    throw new AppError("auth", `subscription ${id} is ${found.state.toLowerCase()}`, { hint });
  } catch (error) {
    // Roles on a resource group alone do not allow to read the subscription itself; the work may still be allowed.
    if (error instanceof AzureError && error.status === 403) return undefined;
    throw error;
  }
}

function notVisible(target: ResolvedTarget): AppError {
  const [id] = target.subscriptionIds;
  return new AppError("auth", `subscription ${id} is not visible in tenant ${target.tenantId}`, {
    code: "SubscriptionNotFound",
    hint: "check --subscription and --tenant, and that this identity has a role there",
  });
}
