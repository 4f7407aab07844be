import { list, REPLICATION, type Registry, type Replication, type Webhook } from "../bodies.ts";
import { keyOf, parentOf, sameText } from "../ids.ts";
import type { World } from "../world.ts";
import { isOf2026, knownTo } from "./versions.ts";

/** The replications of a registry that the world stores; the one of the home region seldom is. */
function storedReplications(world: World, registry: Registry): Replication[] {
  return list(world, REPLICATION).filter((each) => keyOf(parentOf(each.id)) === keyOf(registry.id));
}

/** The replications outside the home region. */
export function otherReplications(world: World, registry: Registry): Replication[] {
  return storedReplications(world, registry).filter((each) => !isHome(registry, each.location));
}

/** Regions with a replica, the home region first; one that is still being created serves nobody yet. */
export function regionsOf(world: World, registry: Registry): string[] {
  const others = otherReplications(world, registry).filter(
    (each) => each.properties.provisioningState !== "Creating",
  );
  return [registry.location, ...others.map((each) => each.location)];
}

export function isHome(registry: Registry, region: string): boolean {
  return sameText(registry.location, region);
}

/**
 * `shop.azurecr.io` gives `shop.westeurope.data.azurecr.io`; the first label may have a hash. That data hosts
 * have it, too, is a guess.
 */
export function hostIn(registry: Registry, region: string, kind: "data" | "geo"): string {
  const [label, ...domain] = registry.properties.loginServer.split(".");
  return [label, region, kind, ...domain].join(".");
}

/** A registry as a version shows it. */
export function registryBody(world: World, registry: Registry, version: string): object {
  return { ...registry, properties: knownTo(version, shownProperties(world, registry)) };
}

/** What is stored and shown, and the host names that follow from it. */
export function shownProperties(world: World, registry: Registry): Record<string, unknown> {
  const { usedBytes: _, ...properties } = registry.properties;
  const { dataEndpointEnabled, regionalEndpoints } = properties;
  const hosts = (isOn: boolean, kind: "data" | "geo"): string[] =>
    isOn ? regionsOf(world, registry).map((region) => hostIn(registry, region, kind)) : [];
  return {
    ...properties,
    dataEndpointHostNames: hosts(dataEndpointEnabled, "data"),
    regionalEndpointHostNames: hosts(regionalEndpoints === "Enabled", "geo"),
  };
}

export function webhookProperties(webhook: Webhook): object {
  const { serviceUri: _, ...properties } = webhook.properties;
  return properties;
}

/** The home region's replica as a registry is born with it. */
function bornReplication({ id, location, properties }: Registry): Replication {
  return {
    id: `${id}/replications/${location}`,
    name: location,
    type: REPLICATION,
    location,
    tags: {},
    properties: {
      provisioningState: "Succeeded",
      regionEndpointEnabled: true,
      zoneRedundancy: properties["zoneRedundancy"] === "Enabled" ? "Enabled" : "Disabled",
      status: { displayStatus: "Ready", timestamp: String(properties["creationDate"]) },
    },
  };
}

function homeReplication(world: World, registry: Registry): Replication {
  const stored = storedReplications(world, registry).find((each) => isHome(registry, each.location));
  return stored ?? bornReplication(registry);
}

export function isPremium({ sku }: Registry): boolean {
  return sku.name === "Premium";
}

/** How far a version tells of the home region's replica; earlier versions list it in any world. */
function homeShown(world: World, registry: Registry, version: string): "listed" | "by-name" | "absent" {
  if (!isPremium(registry)) return "absent";
  return isOf2026(version) ? world.settings.homeReplication : "listed";
}

export function listedReplications(world: World, registry: Registry, version: string): Replication[] {
  const others = otherReplications(world, registry);
  if (homeShown(world, registry, version) !== "listed") return others;
  return [homeReplication(world, registry), ...others];
}

export interface Wanted {
  name: string;
  version: string;
}

export function findReplication(
  world: World,
  registry: Registry,
  { name, version }: Wanted,
): Replication | undefined {
  if (!isHome(registry, name)) {
    return otherReplications(world, registry).find((each) => sameText(each.name, name));
  }
  if (homeShown(world, registry, version) === "absent") return undefined;
  return homeReplication(world, registry);
}
