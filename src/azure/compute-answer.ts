import type { ComputeManagementClient } from "@azure/arm-compute";
import { RestError } from "@azure/core-rest-pipeline";
import { parseResourceId, type ResourceId } from "../resource-id.ts";
import { AzureError } from "./azure-error.ts";

/** The SDK client of each subscription; calls share it. */
export type Clients = (subscriptionId: string) => ComputeManagementClient;

/** By the rules of ARM a resource that tells no provisioning state has none under way. */
export const SETTLED = "Succeeded";

/** Location names come as "eastus2", "EastUS2" and "East US 2". */
export function place(location: string | undefined): string {
  return (location ?? "").replaceAll(" ", "").toLowerCase();
}

export function requireId(id: string): ResourceId {
  const parsed = parseResourceId(id);
  if (parsed) return parsed;
  throw new AzureError("failed", `the service named a resource that azwise cannot read: "${id}"`);
}

export async function collect<T, R>(pages: AsyncIterable<T>, convert: (item: T) => R): Promise<R[]> {
  const items: R[] = [];
  try {
    for await (const item of pages) items.push(convert(item));
  } catch (error) {
    throw readable(error);
  }
  return items;
}

export async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw readable(error);
  }
}

/** The client's model stumbles over bodies that are cut short or lack what it takes for granted. */
function readable(error: unknown): unknown {
  const foreign = error instanceof RestError || error instanceof TypeError;
  if (!foreign) return error;
  const hint = "the answer was incomplete or not of Compute; try again, with --verbose to see the requests";
  return new AzureError("failed", "Compute answered something that azwise cannot read", {
    cause: error,
    hint,
  });
}

/** A list in a resource group that does not exist is empty. */
export async function orEmpty<T>(reading: Promise<T[]>): Promise<T[]> {
  return (await orUndefined(reading)) ?? [];
}

function isMissing(error: unknown): boolean {
  return error instanceof AzureError && error.status === 404 && error.code !== "SubscriptionNotFound";
}
