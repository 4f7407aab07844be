import { find, REGISTRY, REPLICATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { SHOP } from "./route-world.ts";

export const COMMAND = ["acr", "rehearse", "shopregistry", "--region", "westeurope"];

/** Where this machine is served by the region that is to be lost. */
export function close(world: World): void {
  world.settings.closestRegion = "westeurope";
}

export function replication(
  world: World,
  region: string,
): NonNullable<ReturnType<typeof find<typeof REPLICATION>>> {
  return find(world, REPLICATION, `${SHOP}/replications/${region}`)!;
}

/** Data endpoints off and no private endpoint, so that layers come from storage accounts. */
export function unseen(world: World): void {
  const { properties } = find(world, REGISTRY, SHOP)!;
  properties.dataEndpointEnabled = false;
  properties.privateEndpointConnections = [];
}
