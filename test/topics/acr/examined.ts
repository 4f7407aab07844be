import type { Cluster } from "../../../src/azure/graph-ports.ts";
import type { Registry, Replica, Webhook } from "../../../src/azure/registry-ports.ts";
import type { NameSeen } from "../../../src/names/name-seen.ts";
import type { DockerHost } from "../../../src/topics/acr/docker-credentials.ts";
import type { Finding } from "../../../src/topics/acr/doctor-finding.ts";
import { planFindings } from "../../../src/topics/acr/doctor-plan.ts";
import type { Examined } from "../../../src/topics/acr/doctor-read.ts";
import { SUBSCRIPTION } from "../../harness.ts";
import { ENDPOINT, hosts, registry, replica, UNSHOWN_HOME } from "./builders.ts";

export const REPLICAS = [UNSHOWN_HOME, replica("westeurope"), replica("northeurope")];
const REGIONS = ["eastus2", "westeurope", "northeurope", "uksouth"];

/** Data endpoints are on, and nothing is wrong with it. */
export function soundRegistry(change: Partial<Registry> = {}): Registry {
  return registry({ dataEndpoints: true, dataHosts: hosts("data", ...REGIONS), ...change });
}

export const REGIONAL: Partial<Registry> = {
  regionalEndpoints: true,
  regionalHosts: hosts("geo", ...REGIONS),
};

const ANSWER = { addresses: ["20.61.97.1"], seconds: 60 };

/** A machine that asks a server elsewhere and keeps nothing. */
export function names(change: Partial<NameSeen> = {}): { value: NameSeen } {
  return {
    value: {
      entries: { value: [] },
      servers: ["10.0.0.53"],
      answers: { value: [ANSWER, ANSWER, ANSWER] },
      kept: { value: [] },
      ...change,
    },
  };
}

/** Answers of one address with these lifetimes. */
export function lifetimes(address: string, ...seconds: number[]): Partial<NameSeen> {
  return { answers: { value: seconds.map((each) => ({ addresses: [address], seconds: each })) } };
}

/** A cluster with a pool for each image; undefined is one that tells none. */
export function cluster(...images: (string | undefined)[]): Cluster {
  const pools = images.map((image, index) => ({ name: `pool${index + 1}`, image }));
  const place = { subscriptionId: SUBSCRIPTION, resourceGroup: "rg-aks" };
  return { id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-aks`, name: "aks-shop", ...place, pools };
}

export function webhook(change: Partial<Webhook> = {}): Webhook {
  return { name: "deploy", location: "eastus2", enabled: true, actions: ["push"], scope: "", ...change };
}

export function docker(host: string, kept: string | undefined): DockerHost {
  return { host, kept: { value: kept } };
}

/** What was read of a sound registry on a sound machine. */
export function examined(change: Partial<Examined> = {}): Examined {
  return {
    registry: soundRegistry(),
    replicas: { value: REPLICAS },
    webhooks: { value: [] },
    endpoints: [],
    clusters: undefined,
    vault: undefined,
    names: names(),
    docker: undefined,
    nowMs: Date.parse("2026-11-21T08:00:00Z"),
    ...change,
  };
}

export function findingsOf(change: Partial<Examined>): Finding[] {
  return planFindings(examined(change));
}

export type Change = Partial<Examined>;

export const replicas = (...value: Replica[]): Change => ({ replicas: { value } });
export const west = (change: Partial<Replica>): Change =>
  replicas(...REPLICAS.slice(0, 1), replica("westeurope", change), ...more);
const more = [replica("northeurope"), replica("uksouth")];
export const registryOf = (change: Parameters<typeof soundRegistry>[0]): Change => ({
  registry: soundRegistry(change),
});
export const withEndpoint = (...endpoints: Examined["endpoints"]): Change => ({
  ...registryOf({ privateEndpoints: [ENDPOINT] }),
  endpoints,
});
export const images = (...each: (string | undefined)[]): Change => ({
  ...registryOf(REGIONAL),
  clusters: { value: { clusters: [cluster(...each)], gaps: [] } },
});
export const seen = (change: Partial<NameSeen>): Change => ({ names: names(change) });
export const entry = (address: string): Change =>
  seen({ entries: { value: [{ file: "/etc/hosts", line: 3, address }] } });
export const kept = (cache: "dnsmasq" | "nscd", seconds: number, servers = ["127.0.0.1"]): Change =>
  seen({ kept: { value: [{ cache, file: "/etc/its.conf", seconds }] }, servers });
export const KEY = { ownKey: "https://shop-keys.vault.azure.net/keys/images" };
export const vault = (location: string): Change => ({
  ...registryOf(KEY),
  vault: { value: { id: "/vault", name: "shop-keys", location } },
});
export const OLD = "AKSUbuntu-2204gen2containerd-202512.18.0";
export const NEW = "AKSUbuntu-2204gen2containerd-202607.29.0";
export const LOGIN = "shopimages.azurecr.io";
export const WEST = "shopimages.westeurope.geo.azurecr.io";
