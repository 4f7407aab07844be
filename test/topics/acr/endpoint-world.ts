import {
  find,
  list,
  NETWORK_INTERFACE,
  PRIVATE_ENDPOINT,
  REGISTRY,
  VIRTUAL_NETWORK,
} from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { OTHER_SUBSCRIPTION, SUBSCRIPTION } from "../../harness.ts";
import { SHOPREGISTRY } from "../../sandbox/registries.ts";

/** Connections of the registry in every state that a verdict depends on. */
export function tangle(world: World): void {
  const { privateEndpointConnections: connections } = find(world, REGISTRY, SHOPREGISTRY)!.properties;
  const [east, west] = connections as [Connection, Connection];
  const like = (from: Connection, to: string, status: string): Connection => {
    const copy = structuredClone(from);
    copy.properties["privateLinkServiceConnectionState"] = { status };
    const { privateEndpoint } = copy.properties;
    privateEndpoint.id = privateEndpoint.id.replace(/[^/]+$/, to);
    return copy;
  };
  const foreign = like(west, "peered-pe", "Approved");
  foreign.properties.privateEndpoint.id = foreign.properties.privateEndpoint.id.replace(
    SUBSCRIPTION,
    OTHER_SUBSCRIPTION,
  );
  connections.push(
    like(west, "old-pe", "Disconnected"),
    like(west, "lost-pe", "Approved"),
    like(east, "shopregistry-pe-twin", "Pending"),
    foreign,
  );
  twin(world);
}

type Connection = NonNullable<
  ReturnType<typeof find<typeof REGISTRY>>
>["properties"]["privateEndpointConnections"][number];

/** A second private endpoint in the small subnet, which has nothing else in it then. */
export function twin(world: World): void {
  const endpoint = list(world, PRIVATE_ENDPOINT).find(({ name }) => name === "shopregistry-pe-westeurope")!;
  const nic = find(world, NETWORK_INTERFACE, endpoint.properties.networkInterfaces[0]!.id)!;
  for (const each of [endpoint, nic]) {
    const text = JSON.stringify(each).replaceAll("shopregistry-pe-westeurope", "shopregistry-pe-twin");
    const copy = JSON.parse(text) as typeof endpoint;
    world.resources[copy.id.toLowerCase()] = copy;
  }
  const network = list(world, VIRTUAL_NETWORK).find(({ name }) => name === "shop-weu-vnet")!;
  network.properties.subnets[0]!.properties.ipConfigurations.length = 0;
}

export function makeDynamic(world: World): void {
  for (const nic of list(world, NETWORK_INTERFACE)) {
    for (const { properties } of nic.properties.ipConfigurations)
      properties.privateIPAllocationMethod = "Dynamic";
  }
}
