import pLimit from "p-limit";
import { AzureError } from "../../azure/azure-error.ts";
import type { ListPrice, VirtualMachine } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import type { Json, JsonObject } from "../../json.ts";
import { idKey, nameOf } from "../../resource-id.ts";
import { priceKey, type Prices } from "./cost-count.ts";
import {
  findDuplicates,
  sourcesToRead,
  type Duplicates,
  type KnownGroups,
  type Replica,
} from "./cost-replicas.ts";

/** The price of each size where it is reserved; when the list fails once, nobody is asked again. */
export async function readPrices(
  wanted: readonly { location: string; size: string }[],
  currency: string,
  ctx: Context,
): Promise<Prices> {
  if (wanted.length === 0) return { reason: "nothing here is ours to pay at a list price", wasAsked: false };
  const { prices, target, clock } = await ctx.azure();
  if (!prices) {
    return { reason: `azwise knows of no public price list for cloud ${target.cloud}`, wasAsked: true };
  }
  const limit = pLimit(ctx.concurrency);
  const ask = async (place: { location: string; size: string }): Promise<[string, ListPrice]> => {
    try {
      return [priceKey(place), await prices.find(place, currency)];
    } catch (error) {
      limit.clearQueue();
      throw error;
    }
  };
  ctx.progress("asking for prices");
  try {
    const found = await Promise.all(wanted.map((place) => limit(() => ask(place))));
    const retrievedAt = clock.now().toISOString();
    return { source: prices.source, currency, retrievedAt, bySize: new Map(found) };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const reason = error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
    return { reason, wasAsked: true };
  } finally {
    ctx.progress(undefined);
  }
}

/** What is known of VMs that are paid twice, or why nothing is. */
export type Replicated = (Duplicates & { truncated: boolean }) | { reason: string };

export async function readDuplicates(known: KnownGroups, ctx: Context): Promise<Replicated> {
  const azure = await ctx.azure();
  const read = await readReplicas(ctx);
  if ("reason" in read) return read;
  const limit = pLimit(ctx.concurrency);
  const ids = sourcesToRead(read.replicas, azure.target.subscriptionIds);
  const sources = await Promise.all(
    ids.map((id) => limit(async () => [idKey(id), await readSource(id, ctx)] as const)),
  );
  return { ...findDuplicates(read.replicas, new Map(sources), known), truncated: read.truncated };
}

/** The details as a whole: only so a group that is not there can be told from one that is not shown. */
const QUERY = `recoveryservicesresources
| where type =~ 'microsoft.recoveryservices/vaults/replicationfabrics/replicationprotectioncontainers/replicationprotecteditems'
| project id, name, friendlyName=tostring(properties.friendlyName), details=properties.providerSpecificDetails
| order by id asc`;

async function readReplicas(
  ctx: Context,
): Promise<{ replicas: Replica[]; truncated: boolean } | { reason: string }> {
  const azure = await ctx.azure();
  const read = { replicas: [] as Replica[], truncated: false };
  try {
    for await (const page of azure.graph.query(QUERY, azure.target.subscriptionIds)) {
      read.truncated ||= page.truncated;
      read.replicas.push(...page.rows.map(toReplica));
    }
    return read;
  } catch (error) {
    // A Resource Graph without this table refuses the query.
    if (!(error instanceof AzureError) || (error.status !== 400 && error.status !== 403)) throw error;
    return { reason: `Resource Graph refuses to list replicated items (${error.code ?? error.status})` };
  }
}

function toReplica(row: JsonObject): Replica {
  const details = isObject(row["details"]) ? row["details"] : {};
  const isAzureToAzure = /^a2a$/i.test(text(valueOf(details, "instanceType")));
  const key = isAzureToAzure ? "recoveryCapacityReservationGroupId" : "targetCapacityReservationGroupId";
  const group = valueOf(details, key);
  return {
    id: text(row["id"]),
    machine: text(row["friendlyName"]) || nameOf(text(row["id"])),
    isAzureToAzure,
    sourceId: text(valueOf(details, "fabricObjectId")) || undefined,
    groupId: group === undefined ? undefined : text(group) || null,
  };
}

/** Undefined only when it is not there at all; the casing of names is not relied on. */
function valueOf(details: JsonObject, name: string): Json | undefined {
  const key = Object.keys(details).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : details[key];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

async function readSource(id: string, ctx: Context): Promise<VirtualMachine | string | undefined> {
  const azure = await ctx.azure();
  try {
    return await azure.compute.getVirtualMachine(id);
  } catch (error) {
    if (!(error instanceof AzureError) || error.status !== 403) throw error;
    return "not allowed";
  }
}
