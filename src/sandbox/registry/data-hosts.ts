import { list, REGISTRY, type Registry, type Replication } from "../bodies.ts";
import type { Call } from "../http.ts";
import { guidFrom, sameText } from "../ids.ts";
import type { World } from "../world.ts";
import { findReplication, hostIn, regionsOf } from "./registry-body.ts";

/** A host of a registry, and the replica that answers there. */
export interface DataHost {
  registry: Registry;
  kind: "registry" | "layers";
  /** Undefined when no replica can answer. */
  region: string | undefined;
}

export function hostOf({ origin }: Call): string {
  return new URL(origin).host.toLowerCase();
}

/** Whether a request is for a registry's own hosts, or the storage behind them, and not for ARM. */
export function isDataCall(call: Call): boolean {
  return /\.(azurecr\.io|blob\.core\.windows\.net)$/.test(hostOf(call));
}

/** Undefined for a name that does not resolve. */
export function findDataHost(call: Call): DataHost | undefined {
  const { world } = call.state;
  const host = hostOf(call);
  for (const registry of list(world, REGISTRY)) {
    if (host === registry.properties.loginServer.toLowerCase()) {
      return { registry, kind: "registry", region: servingRegion(call, registry) };
    }
    for (const region of regionsOf(world, registry)) {
      const isRegional = registry.properties.regionalEndpoints === "Enabled";
      if (isRegional && host === hostIn(registry, region, "geo")) {
        return { registry, kind: "registry", region: isDown(world, region) ? undefined : region };
      }
      if (host === layerHost(registry, region)) return { registry, kind: "layers", region };
    }
  }
  return undefined;
}

/** Where the layers of a replica are; the name of a storage account says nothing of its region. */
export function layerHost(registry: Registry, region: string): string {
  const { dataEndpointEnabled, privateEndpointConnections } = registry.properties;
  if (dataEndpointEnabled || privateEndpointConnections.length > 0) return hostIn(registry, region, "data");
  const name = guidFrom(`${registry.id} ${region}`).replaceAll("-", "").slice(0, 12);
  return `acrmanaged${name}.blob.core.windows.net`;
}

function isDown({ settings }: World, region: string): boolean {
  return settings.downRegions.includes(region);
}

/** The replica that the global endpoint picks: the closest, or else the first that is in routing. */
function servingRegion({ state }: Call, registry: Registry): string | undefined {
  const { world } = state;
  const serving = regionsOf(world, registry).filter((region) => {
    const replica = findReplication(world, registry, { name: region, version: "2025-11-01" });
    const { provisioningState = "Succeeded" } = replica?.properties ?? {};
    return (
      (replica === undefined || isRouted(replica, world, state.now())) &&
      provisioningState !== "Deleting" &&
      !isDown(world, region)
    );
  });
  return serving.find((region) => region === world.settings.closestRegion) ?? serving[0];
}

/** By the routing that the edge of the network knows of, which lags behind the registry's own. */
function isRouted({ id, properties }: Replication, { operations, settings }: World, now: Date): boolean {
  const [oldest] = Object.values(operations)
    .filter((each) => each.kind === "update-replication" && sameText(each.resourceId, id))
    .filter(({ dueTime }) => Date.parse(dueTime) + settings.routingLagMs > now.getTime())
    .sort((left, right) => Date.parse(left.startTime) - Date.parse(right.startTime));
  return oldest ? oldest.had === "true" : properties.regionEndpointEnabled;
}
