import type { Env } from "../context.ts";
import { createAccess } from "./access.ts";
import { createArm, type ArmConnection } from "./arm.ts";
import { chooseAuth, type AuthKind } from "./auth-kind.ts";
import type { AzAccount } from "./az-profile.ts";
import type { RunCredential } from "./cached-credential.ts";
import { armScope, registryScope, type Cloud } from "./clouds.ts";
import { createClusters } from "./clusters.ts";
import { createCollectionRules } from "./collection-rules.ts";
import { createCompute, type ComputeConnection } from "./compute.ts";
import { createContainerApps } from "./container-apps.ts";
import { createCredential } from "./credential.ts";
import { requireAddress } from "./ingestion-address.ts";
import type { IngestionPort } from "./ingestion-ports.ts";
import type { LogsPort } from "./log-ports.ts";
import { createNetwork } from "./network.ts";
import { createPipeline, httpClientFor, type NetworkOptions } from "./pipeline.ts";
import type { ArmPort, Azure, Clock, PricePort, Subscription } from "./ports.ts";
import { createRegistries } from "./registries.ts";
import { createRegistryData } from "./registry-data.ts";
import { createGraph } from "./resource-graph.ts";
import type { SignInTarget } from "./sign-in-command.ts";
import { createSubscriptions, readPinned } from "./subscriptions.ts";
import type { ResolvedTarget } from "./target.ts";
import type { TokenStore } from "./token-store.ts";
import { createVaults } from "./vaults.ts";
import { createWorkspaces } from "./workspaces.ts";

/** What every connection of one run shares. */
export interface RunOptions extends NetworkOptions {
  clock: Clock;
  signal: AbortSignal;
  timeoutMs: number;
  log: (line: string) => void;
  onWait: (text: string | undefined) => void;
  /** A line for the person who signs in. */
  tell?: ((text: string) => void) | undefined;
  azAccounts?: readonly AzAccount[];
  /** Undefined keeps tokens in memory only. */
  tokens?: TokenStore | undefined;
  /** azwise's state folder. */
  stateFolder?: string;
}

export interface TenantRequest {
  cloud: Cloud;
  tenantId: string;
  auth: string;
  fresh?: boolean;
  interactive?: boolean;
  azEnv?: Env;
}

/** One tenant, ready to be asked; nothing was sent yet. */
export interface TenantConnection {
  auth: AuthKind;
  credential: RunCredential;
  scope: string;
  arm: ArmPort;
  /** Only for federated identities. */
  askAssertion(): Promise<string>;
  connection: ArmConnection & ComputeConnection;
}

export interface ConnectOptions extends RunOptions {
  target: ResolvedTarget;
}

export interface Connected {
  azure: Azure;
  /** The first subscription, when this identity may read it. */
  subscription: Subscription | undefined;
}

/** A credential for one tenant and one pipeline that carries its tokens. */
export async function openTenant(request: TenantRequest, options: RunOptions): Promise<TenantConnection> {
  const { cloud, tenantId, fresh = false, interactive = false, azEnv = options.env } = request;
  const { clock, signal, timeoutMs, log, onWait, env, tokens, tell = () => {} } = options;
  const { azAccounts = [], stateFolder = "" } = options;
  const httpClient = httpClientFor(options);
  const auth = chooseAuth(request.auth, { cloud, env });
  const run = { clock, signal, timeoutMs, log, onWait };
  const who = { kind: auth, cloud, tenantId, env, azEnv, azAccounts, tokens, stateFolder };
  const asking = { ...run, ...who, fresh, interactive, tell, httpClient };
  const credential = await createCredential(asking);
  const hosts = [new URL(cloud.resourceManager).host];
  const scope = armScope(cloud);
  const pipeline = createPipeline({ ...run, credential, scope, signedInto: who, hosts });
  const connection = { pipeline, httpClient, endpoint: cloud.resourceManager, clock, timeoutMs, credential };
  const askAssertion = async (): Promise<string> =>
    (await import("./credential-federated.ts")).askAssertion(asking);
  return { auth, credential, scope, connection, arm: createArm(connection), askAssertion };
}

/** Builds the clients over one pipeline and proves the sign-in with one request for the pinned subscription. */
export async function connect(options: ConnectOptions): Promise<Connected> {
  const { target, clock } = options;
  const { cloud, tenantId, auth: asked } = target;
  const { auth, arm, connection, credential } = await openTenant({ cloud, tenantId, auth: asked }, options);
  const subscriptions = createSubscriptions(arm);
  const [id] = target.subscriptionIds;
  const graph = createGraph(connection);
  const subscription = await readPinned(subscriptions, { id, tenantId });
  const dataRun = { ...options, credential, signedInto: { kind: auth, cloud, tenantId } };
  return {
    subscription,
    azure: {
      target: { cloud: cloud.name, tenantId, subscriptionIds: target.subscriptionIds, auth },
      arm,
      compute: createCompute(connection),
      registries: createRegistries(connection, arm),
      registryData: createRegistryData({ ...options, credential, scope: registryScope(cloud), tenantId }),
      network: createNetwork(arm),
      graph,
      clusters: createClusters(graph),
      vaults: createVaults(graph),
      logs: logsOf(cloud, dataRun),
      workspaces: createWorkspaces(connection, arm),
      containerApps: createContainerApps(connection, arm),
      collectionRules: createCollectionRules(connection, arm),
      ingestion: ingestionOf(cloud, dataRun),
      subscriptions,
      access: createAccess(connection),
      prices: pricesOf(cloud, options),
      clock,
    },
  };
}

type LogsRun = RunOptions & { credential: RunCredential; signedInto: SignInTarget };

/** Loaded by the verbs that ask; all their questions share one connection, and so the limit of how many at once. */
function logsOf({ logs: endpoint }: Cloud, run: LogsRun): LogsPort | undefined {
  if (endpoint === undefined) return undefined;
  let opening: Promise<LogsPort> | undefined;
  return {
    async *query(question) {
      opening ??= import("./logs.ts").then(({ createLogs }) => createLogs({ ...run, endpoint }));
      yield* (await opening).query(question);
    },
  };
}

/** Loaded by the one verb that sends. */
function ingestionOf({ ingestion }: Cloud, run: LogsRun): IngestionPort | undefined {
  if (ingestion === undefined) return undefined;
  let opening: Promise<Pick<IngestionPort, "send">> | undefined;
  return {
    check: ({ endpoint }) => void requireAddress(endpoint, [ingestion.suffix]),
    async send(place, body) {
      opening ??= import("./ingestion.ts").then(({ createIngestion }) =>
        createIngestion({ ...run, ...ingestion }),
      );
      return (await opening).send(place, body);
    },
  };
}

/** Loaded by the one verb that asks. */
function pricesOf({ prices }: Cloud, run: RunOptions): PricePort | undefined {
  if (prices === undefined) return undefined;
  return {
    source: new URL(prices).host,
    find: async (place, currency) =>
      (await import("./prices.ts")).findPrice(prices, { ...place, currency }, run),
  };
}
