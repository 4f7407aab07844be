import type { RegionHost } from "../../azure/registry-ports.ts";
import type { RegistryRead } from "./read.ts";
import { isCreating } from "./replicas.ts";

/** What can be switched on for a whole registry. */
export const SWITCHES = ["regional", "data"] as const;
export type Switch = (typeof SWITCHES)[number];

export interface Endpoint {
  host: string;
  /** Null for a host that belongs to no region. */
  region: string | null;
  kind: "global" | "regional" | "data" | "storage";
  serves: string;
  /** Made from the pattern of the others, because the service has not told it yet. */
  expected: boolean;
  because: string[];
}

/** The hosts of a registry as they are, or as they are expected to be once switches are on. */
export function endpointsOf(read: RegistryRead, after: readonly Switch[] = []): Endpoint[] {
  const { loginServer } = read.registry;
  return [
    {
      host: loginServer,
      region: null,
      kind: "global",
      serves: "everything but layers, from the replica that Azure picks",
      expected: false,
      because: ["acr-geo-operations/api-traffic", "acr-geo-operations/global-picks-by-network"],
    },
    ...regionalOf(read, after.includes("regional")),
    ...layersOf(read, after.includes("data")),
  ];
}

function regionalOf(read: RegistryRead, isWanted: boolean): Endpoint[] {
  const { regionalHosts, regionalEndpoints } = read.registry;
  const expected = isWanted && regionalEndpoints !== true && regionalHosts.length === 0;
  const hosts = expected ? expectedHosts(read, "geo") : regionalHosts;
  return hosts.map(({ host, region }) => ({
    host,
    region,
    kind: "regional",
    serves: `everything but layers, from ${region} alone`,
    expected,
    because: ["acr-regional-endpoints/host-pattern", "acr-geo-operations/failover-not-regional"],
  }));
}

function layersOf(read: RegistryRead, isWanted: boolean): Endpoint[] {
  const { dataHosts, dataEndpoints } = read.registry;
  const expected = isWanted && !dataEndpoints && dataHosts.length === 0;
  const hosts = expected ? expectedHosts(read, "data") : dataHosts;
  if (hosts.length === 0 && !needsDataHosts(read)) return [STORAGE];
  return hosts.map(({ host, region }) => ({
    host,
    region,
    kind: "data",
    serves: `layers, when ${region} answers`,
    expected,
    because: ["acr-geo-operations/layers-from-data-endpoint", "acr-geo-operations/no-global-data-endpoint"],
  }));
}

const STORAGE: Endpoint = {
  host: "*.blob.core.windows.net",
  region: null,
  kind: "storage",
  serves: "layers, and every other storage account of Azure",
  expected: false,
  because: ["acr-geo-operations/layers-from-blob-storage", "acr-geo-operations/wildcard-opens-all-storage"],
};

function needsDataHosts({ registry }: RegistryRead): boolean {
  return registry.dataEndpoints || registry.privateEndpoints.length > 0;
}

/** The host of a region among those that the service lists. */
export function hostIn(region: string, hosts: readonly RegionHost[]): string | undefined {
  return hosts.find((each) => each.region === region)?.host;
}

/** `shop.azurecr.io` gives `shop.westeurope.geo.azurecr.io`; only the service knows whether it is so. */
function expectedHosts({ registry, replicas }: RegistryRead, kind: "geo" | "data"): RegionHost[] {
  const [label, ...domain] = registry.loginServer.split(".");
  return replicas.map(({ region }) => ({ region, host: [label, region, kind, ...domain].join(".") }));
}

/** What the service should have told of hosts and did not. */
export function untoldHosts(read: RegistryRead, after: readonly Switch[] = []): string[] {
  const { registry, replicas } = read;
  const { regionalEndpoints, regionalHosts } = registry;
  const listed = endpointsOf(read, after);
  const missing = (kind: Endpoint["kind"]): string[] =>
    replicas
      .filter((each) => !isCreating(each))
      .filter(({ region }) => !listed.some((each) => each.kind === kind && each.region === region))
      .map(({ region }) => `the ${kind} host of ${region} is not told`);
  const isUntold =
    regionalEndpoints === undefined && regionalHosts.length === 0 && !after.includes("regional");
  return [
    ...(isUntold ? ["whether regional endpoints are on is not told"] : []),
    ...(regionalEndpoints === true ? missing("regional") : []),
    ...(needsDataHosts(read) ? missing("data") : []),
  ];
}

/** A host that a client in one region has to reach. */
export interface Allowed {
  /** Where the client is. */
  client: string;
  endpoint: Endpoint;
  /** Which clients there need it. */
  neededBy: "global" | "pinned" | "global and pinned";
}

/** For each region of a replica, what a firewall there has to let through. */
export function allowList({ replicas }: RegistryRead, endpoints: readonly Endpoint[]): Allowed[] {
  const hasRegional = endpoints.some(({ kind }) => kind === "regional");
  return replicas.flatMap(({ region: client }) =>
    endpoints.flatMap((endpoint): Allowed[] => {
      const isHere = endpoint.region === client;
      if (endpoint.kind === "global") return [{ client, endpoint, neededBy: "global" }];
      if (endpoint.kind === "regional") return isHere ? [{ client, endpoint, neededBy: "pinned" }] : [];
      // The global endpoint may send a client on to any region, a regional one only to its own.
      const isForPinned = hasRegional && (isHere || endpoint.kind === "storage");
      return [{ client, endpoint, neededBy: isForPinned ? "global and pinned" : "global" }];
    }),
  );
}
