import type { Registry, Replica } from "../../../src/azure/registry-ports.ts";
import type { ConnectedEndpoint } from "../../../src/topics/acr/address-plan.ts";
import type { Grant } from "../../../src/topics/acr/plan-checks.ts";
import { SUBSCRIPTION } from "../../harness.ts";

const ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/shopimages`;

/** A Premium registry at home in eastus2, without private endpoints and with everything off. */
export function registry(change: Partial<Registry> = {}): Registry {
  return {
    id: ID,
    name: "shopimages",
    subscriptionId: SUBSCRIPTION,
    resourceGroup: "rg-shop",
    location: "eastus2",
    loginServer: "shopimages.azurecr.io",
    sku: "Premium",
    provisioningState: "Succeeded",
    regionalEndpoints: false,
    dataEndpoints: false,
    regionalHosts: [],
    dataHosts: [],
    publicAccess: true,
    networkDefault: "Allow",
    contentTrust: false,
    ownKey: undefined,
    anonymousPull: false,
    privateEndpoints: [],
    ...change,
  };
}

export const ENDPOINT = {
  endpointId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.Network/privateEndpoints/shopimages-pe`,
  status: "Approved",
};

/** A replication that is ready and in routing. */
export function replica(region: string, change: Partial<Replica> = {}): Replica {
  return {
    region,
    isHome: region === "eastus2",
    id: `${ID}/replications/${region}`,
    provisioningState: "Succeeded",
    status: "Ready",
    inRouting: true,
    zoneRedundant: true,
    since: "2026-11-01T08:00:00Z",
    ...change,
  };
}

/** A home region of which nothing is told. */
export const UNSHOWN_HOME = replica("eastus2", {
  id: undefined,
  provisioningState: "",
  status: undefined,
  inRouting: undefined,
  zoneRedundant: undefined,
  since: undefined,
});

/** The hosts of a kind, as the service would report them. */
export function hosts(kind: "geo" | "data", ...regions: string[]): { region: string; host: string }[] {
  return regions.map((region) => ({ region, host: `shopimages.${region}.${kind}.azurecr.io` }));
}

const NETWORK = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.Network`;

/** A private endpoint with three addresses, alone in a /28 of which so many are free. */
export function connected({ free = 8, isStatic = false } = {}): ConnectedEndpoint {
  const subnet = {
    id: `${NETWORK}/virtualNetworks/shop-vnet/subnets/private`,
    prefixes: ["10.0.0.0/28"],
    listed: 11 - free,
  };
  return {
    id: ENDPOINT.endpointId,
    status: "Approved",
    seen: { kind: "here", subnet, addresses: 3, isStatic },
  };
}

const ACTIONS = {
  write: { scope: ID, action: "Microsoft.ContainerRegistry/registries/write" },
  delete: { scope: ID, action: "Microsoft.ContainerRegistry/registries/replications/delete" },
  link: {
    scope: ENDPOINT.endpointId,
    action: "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write",
  },
};

/** What the caller may do, everything unless said otherwise, where one of these actions is needed. */
export function grant(what: keyof typeof ACTIONS, actions = ["*"]): Grant {
  return { ...ACTIONS[what], permissions: { value: [{ actions, notActions: [] }] } };
}
