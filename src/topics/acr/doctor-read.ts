import pLimit from "p-limit";
import type { Cluster, Vault } from "../../azure/graph-ports.ts";
import { tellFailure, type Known } from "../../azure/known.ts";
import { isGranted } from "../../azure/permissions.ts";
import type { Registry, Replica, Webhook } from "../../azure/registry-ports.ts";
import type { Context } from "../../context.ts";
import type { NameSeen } from "../../names/name-seen.ts";
import type { ConnectedEndpoint } from "./address-plan.ts";
import { readDockerHosts, type DockerHost } from "./docker-credentials.ts";
import { findRegistry } from "./find-registry.ts";
import { readPrivateEndpoints } from "./read-private-endpoints.ts";

/** All that the doctor looks at; nothing in it is a secret. */
export interface Examined {
  registry: Registry;
  /** The home region first. */
  replicas: Known<readonly Replica[]>;
  webhooks: Known<readonly Webhook[]>;
  endpoints: readonly ConnectedEndpoint[];
  /** Undefined where no cluster can use a regional host, as there is none. */
  clusters: Known<ClustersSeen> | undefined;
  /** Undefined without a key of the owner's; its value when the vault is not among what may be seen. */
  vault: Known<Vault | undefined> | undefined;
  /** How this machine finds the login server. */
  names: Known<NameSeen>;
  /** Undefined where there is only one host to sign in to. */
  docker: Known<readonly DockerHost[]> | undefined;
  /** The cloud's time when it was read, in milliseconds. */
  nowMs: number;
}

export interface ClustersSeen {
  clusters: readonly Cluster[];
  /** Why there may be more than these. */
  gaps: readonly string[];
}

/** Everything about a registry; what may not be read says why. See findRegistry for what is thrown. */
export async function examine(wanted: string, ctx: Context): Promise<Examined> {
  const registry = await findRegistry(wanted, ctx);
  const { registries, clock } = await ctx.azure();
  const { id, loginServer, regionalHosts } = registry;
  ctx.progress("examining the registry, its clients and this machine");
  const hosts = [loginServer, ...regionalHosts.map(({ host }) => host)];
  const [replicas, webhooks, endpoints, clusters, vault, names, docker] = await Promise.all([
    tellFailure("the replicas", () => registries.listReplicas(registry)),
    tellFailure("the webhooks", () => registries.listWebhooks(id)),
    readPrivateEndpoints(registry, ctx),
    registry.regionalEndpoints === true
      ? tellFailure("the AKS clusters", () => readClusters(ctx))
      : undefined,
    readVault(registry, ctx),
    readNames(loginServer, ctx),
    hosts.length > 1 ? readDockerHosts(hosts, ctx) : undefined,
  ]);
  const nowMs = clock.now().getTime();
  return { registry, replicas, webhooks, endpoints, clusters, vault, names, docker, nowMs };
}

const READ_CLUSTERS = "Microsoft.ContainerService/managedClusters/read";

/** Resource Graph leaves out what may not be read, so whether all may be read is asked of each subscription. */
async function readClusters(ctx: Context): Promise<ClustersSeen> {
  const { clusters: port, access, target } = await ctx.azure();
  const limit = pLimit(ctx.concurrency);
  const [{ clusters, truncated }, ...gaps] = await Promise.all([
    port.list(target.subscriptionIds),
    ...target.subscriptionIds.map(async (id): Promise<string[]> => {
      const permissions = await tellFailure("the permissions", () =>
        limit(() => access.listPermissions(`/subscriptions/${id}`)),
      );
      if ("unknown" in permissions) return [`subscription ${id}: ${permissions.unknown}`];
      if (isGranted(READ_CLUSTERS, permissions.value)) return [];
      return [`subscription ${id}: no role of yours grants ${READ_CLUSTERS} for all of it`];
    }),
  ]);
  return { clusters, gaps: [...gaps.flat(), ...(truncated ? ["the service dropped rows"] : [])] };
}

async function readVault({ ownKey }: Registry, ctx: Context): Promise<Examined["vault"]> {
  if (ownKey === undefined) return undefined;
  const { vaults, target } = await ctx.azure();
  return tellFailure("the key vault", () => vaults.findOf(ownKey, target.subscriptionIds));
}

async function readNames(host: string, ctx: Context): Promise<Known<NameSeen>> {
  const { target } = await ctx.azure();
  if (target.cloud === "sandbox") return { unknown: "the names of the sandbox do not exist" };
  return { value: await ctx.names(host) };
}
