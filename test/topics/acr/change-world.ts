import type { Context } from "../../../src/context.ts";
import { find, list, REGISTRY, REPLICATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { replica } from "../../../src/topics/acr/replica.ts";
import { dataEndpoints, regional } from "../../../src/topics/acr/switch.ts";
import { OTHER_SUBSCRIPTION, SUBSCRIPTION } from "../../harness.ts";
import { leaveFree } from "../../sandbox/registries.ts";
import { end, type Ended } from "../odcr/attach-world.ts";
import { makeDynamic } from "./endpoint-world.ts";
import { SHOP } from "./route-world.ts";

/** Contoso, where the subnets of shopregistry have the addresses for whatever is asked for. */
export function roomy(world: World): void {
  makeDynamic(world);
  leaveFree(world, 4);
}

/** Every subnet has room, but one private endpoint is not found and one is in a subscription that was not given. */
export function unseen(world: World): void {
  roomy(world);
  const { privateEndpointConnections: connections } = find(world, REGISTRY, SHOP)!.properties;
  for (const [from, to] of [
    ["shopregistry-pe-eastus2", "lost-pe"],
    [SUBSCRIPTION, OTHER_SUBSCRIPTION],
  ] as const) {
    const copy = structuredClone(connections[0]!);
    const { privateEndpoint } = copy.properties;
    privateEndpoint.id = privateEndpoint.id.replace(from, to);
    connections.push(copy);
  }
}

/** No private endpoint at shopregistry. */
export function open(world: World): void {
  find(world, REGISTRY, SHOP)!.properties.privateEndpointConnections = [];
}

/** What contoso's shopregistry has on. */
export function having(regionalEndpoints: boolean, dataEndpointEnabled: boolean): (world: World) => void {
  return (world) => {
    const { properties } = find(world, REGISTRY, SHOP)!;
    properties.regionalEndpoints = regionalEndpoints ? "Enabled" : "Disabled";
    properties.dataEndpointEnabled = dataEndpointEnabled;
  };
}

/** West Europe as it is when its creation does not end. */
export function stuckInWest(world: World): void {
  const { properties } = find(world, REPLICATION, `${SHOP}/replications/westeurope`)!;
  properties.provisioningState = "Creating";
  properties.status = { timestamp: "2026-11-21T06:00:00.1234567Z" };
}

const VERBS = { regional, "data-endpoints": dataEndpoints, replica };

export type Words =
  ["regional" | "data-endpoints", "enable" | "disable"] | ["replica", "add" | "remove", string];

/** Applies one command line to shopregistry. */
export function applyChange(ctx: Context, [name, way, region]: Words, flags: object = {}): Promise<Ended> {
  const where = region === undefined ? {} : { region };
  return end(VERBS[name], { way, registry: "shopregistry", apply: true, ...where, ...flags }, ctx);
}

/** What the verbs change at shopregistry. */
export function stateIn(world: World): { regional: string; data: boolean; replicas: string[] } {
  const { regionalEndpoints, dataEndpointEnabled } = find(world, REGISTRY, SHOP)!.properties;
  const replicas = list(world, REPLICATION).filter(({ id }) =>
    id.toLowerCase().startsWith(`${SHOP.toLowerCase()}/`),
  );
  return {
    regional: regionalEndpoints,
    data: dataEndpointEnabled,
    replicas: replicas.map(({ name, properties }) => `${name} ${properties.provisioningState}`).sort(),
  };
}
