import { find, REGISTRY, REPLICATION, type Replication } from "../bodies.ts";
import { keyOf, parentOf } from "../ids.ts";
import type { Endings, Operation, World } from "../world.ts";
import { settleAddresses } from "./addresses.ts";

/** What the end of each operation of a registry does. */
export const registryEndings = {
  "create-replication": (world, operation) => {
    // What got no addresses is rolled back: it was shown in Creating and is gone.
    if (operation.error) delete world.resources[keyOf(operation.resourceId)];
    else makeReady(world, operation);
    settleRegistry(world, operation);
  },
  "update-replication": (world, operation) => {
    const replication = makeReady(world, operation);
    if (replication && operation.error) {
      replication.properties.regionEndpointEnabled = operation.had === "true";
    }
  },
  "delete-replication": (world, operation) => {
    if (operation.error) makeReady(world, operation);
    else delete world.resources[keyOf(operation.resourceId)];
    settleRegistry(world, operation);
  },
} satisfies Partial<Endings>;

function makeReady(world: World, operation: Operation): Replication | undefined {
  const replication = find(world, REPLICATION, operation.resourceId);
  if (!replication) return undefined;
  replication.properties.provisioningState = "Succeeded";
  replication.properties.status = { displayStatus: "Ready", timestamp: longStamp(operation.dueTime) };
  return replication;
}

/** Registries write times with seven digits of a second. */
export function longStamp(time: string): string {
  return time.replace("Z", "0000Z");
}

function settleRegistry(world: World, operation: Operation): void {
  const registry = find(world, REGISTRY, parentOf(operation.resourceId));
  if (registry) settleAddresses(world, registry);
}
