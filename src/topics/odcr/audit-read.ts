import pLimit from "p-limit";
import { AzureError } from "../../azure/azure-error.ts";
import { powerOf } from "../../azure/power.ts";
import type { CapacityReservationGroup } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import type { Json, JsonObject } from "../../json.ts";
import { idKey, parseResourceId } from "../../resource-id.ts";
import { findOpenReservation, holdsNothing, sizeKey, type AuditMachine } from "./audit-classify.ts";
import { findOwnObstacle } from "./eligibility.ts";

/** One query for all VMs and Open groups of all subscriptions; ids are projected because paging depends on them. */
const QUERY = `resources
| where type =~ 'microsoft.compute/virtualmachines' or (type =~ 'microsoft.compute/capacityreservationgroups' and tostring(properties.reservationType) =~ 'Open')
| extend size=tostring(properties.hardwareProfile.vmSize), zone=tostring(zones[0]), power=tostring(properties.extended.instanceView.powerState.code), crg=tolower(tostring(properties.capacityReservation.capacityReservationGroup.id)), priority=tostring(properties.priority), availabilitySet=tostring(properties.availabilitySet.id), placementGroup=tostring(properties.proximityPlacementGroup.id), host=coalesce(tostring(properties.host.id), tostring(properties.hostGroup.id)), ultra=tobool(properties.additionalCapabilities.ultraSSDEnabled), optedOut=tobool(properties.capacityReservation.disableCapacityReservationAssignment)
| project id, name, type, subscriptionId, tenantId, resourceGroup, location, zone, size, power, crg, tags, priority, availabilitySet, placementGroup, host, ultra, optedOut
| order by id asc`;

export interface Inventory {
  machines: AuditMachine[];
  /** Groups of type Open, which VMs use without being associated. */
  openGroupIds: string[];
  /** Rows were dropped by the service. */
  truncated: boolean;
  requests: number;
}

export async function readInventory(ctx: Context): Promise<Inventory> {
  const azure = await ctx.azure();
  const share = shareEqual();
  const inventory: Inventory = { machines: [], openGroupIds: [], truncated: false, requests: 0 };
  for await (const page of azure.graph.query(QUERY, azure.target.subscriptionIds)) {
    inventory.requests += 1;
    inventory.truncated ||= page.truncated;
    for (const row of page.rows) {
      const isGroup = /\/capacityreservationgroups$/i.test(text(row["type"]));
      if (isGroup) inventory.openGroupIds.push(text(row["id"]));
      else inventory.machines.push(toMachine(row, share));
    }
    ctx.progress(`${inventory.machines.length + inventory.openGroupIds.length} of ${page.total ?? "?"} VMs`);
  }
  ctx.progress(undefined);
  return inventory;
}

/** Missing columns count as empty strings, as Resource Graph itself has it. */
function toMachine(row: JsonObject, share: Share): AuditMachine {
  const id = text(row["id"]);
  const often = (value: Json | undefined): string => share(text(value));
  // One literal: an object that is made of another one by spreading has a hidden class of its own, three times its size.
  return {
    id,
    name: text(row["name"]),
    subscriptionId: often(row["subscriptionId"]) || (parseResourceId(id)?.subscriptionId ?? ""),
    resourceGroup: often(row["resourceGroup"]) || (parseResourceId(id)?.resourceGroup ?? ""),
    location: often(row["location"]),
    zone: optional(row["zone"]),
    size: often(row["size"]),
    power: powerOf([text(row["power"])]),
    groupId: often(row["crg"]) || undefined,
    tags: share(tagsOf(row["tags"])),
    optedOut: isTrue(row["optedOut"]),
    obstacle: findOwnObstacle({
      spot: /^(spot|low)$/i.test(text(row["priority"])),
      availabilitySetId: optional(row["availabilitySet"]),
      proximityPlacementGroupId: optional(row["placementGroup"]),
      hostId: optional(row["host"]),
      ultraDisk: isTrue(row["ultra"]),
      // The audit tells a choice that can be taken back apart from what rules reservations out.
      optedOut: false,
    }),
  };
}

type Share = <T extends string | Record<string, string>>(value: T) => T;

/** Values that many VMs have are kept once, as each row comes with strings of its own. */
function shareEqual(): Share {
  const kept = new Map<string, string | Record<string, string>>();
  return <T extends string | Record<string, string>>(value: T): T => {
    const key = typeof value === "string" ? value : JSON.stringify(value);
    const known = kept.get(key);
    if (known !== undefined && typeof known === typeof value) return known as T;
    kept.set(key, value);
    return value;
  };
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function optional(value: Json | undefined): string | undefined {
  return text(value) === "" ? undefined : text(value);
}

/** Resource Graph answers booleans as true, 1 or "true", depending on the conversion. */
function isTrue(value: Json | undefined): boolean {
  return value === true || value === 1 || value === "true";
}

function tagsOf(value: Json | undefined): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, text(each)]));
}

/** What Azure says that VMs in the slots of Open groups run on, by idKey; one request for each of them. */
export async function readReservationTypes(
  machines: readonly AuditMachine[],
  openGroups: readonly CapacityReservationGroup[],
  ctx: Context,
): Promise<Map<string, string | undefined>> {
  const azure = await ctx.azure();
  const candidates = machines.filter(
    (machine) =>
      machine.groupId === undefined &&
      !machine.obstacle &&
      !machine.optedOut &&
      !holdsNothing(machine) &&
      findOpenReservation(machine, openGroups) !== undefined,
  );
  const limit = pLimit(ctx.concurrency);
  const read = async (id: string): Promise<string | undefined> => {
    try {
      return await azure.compute.getReservationType(id);
    } catch (error) {
      if (!(error instanceof AzureError) || error.status !== 403) throw error;
      return undefined;
    }
  };
  const types = await Promise.all(
    candidates.map(({ id }) => limit(async () => [idKey(id), await read(id)] as const)),
  );
  return new Map(types);
}

/** Sizes that cannot be reserved, asked once per location for the VMs that could otherwise join. */
export async function readUnsupportedSizes(
  machines: readonly AuditMachine[],
  ctx: Context,
): Promise<Set<string>> {
  const azure = await ctx.azure();
  const candidates = machines.filter(({ groupId, obstacle }) => groupId === undefined && !obstacle);
  const asked = new Map(candidates.map(({ location, subscriptionId }) => [location, subscriptionId]));
  const limit = pLimit(ctx.concurrency);
  const lists = await Promise.all(
    [...asked].map(([location, subscriptionId]) =>
      limit(() => azure.compute.listSizes(subscriptionId, location)),
    ),
  );
  const offers = lists.flat().filter((offer) => !offer.capacityReservationSupported);
  return new Set(offers.map(sizeKey));
}

/** Subscriptions that gave no rows and cannot be read: Resource Graph leaves them out without a word. */
export async function findUnreadable(machines: readonly AuditMachine[], ctx: Context): Promise<string[]> {
  const azure = await ctx.azure();
  const seen = new Set(machines.map(({ subscriptionId }) => subscriptionId.toLowerCase()));
  const silent = azure.target.subscriptionIds.filter((id) => !seen.has(id));
  const limit = pLimit(ctx.concurrency);
  const checked = await Promise.all(
    silent.map((id) => limit(async () => ((await canRead(id, ctx)) ? [] : [id]))),
  );
  return checked.flat();
}

async function canRead(subscriptionId: string, ctx: Context): Promise<boolean> {
  const azure = await ctx.azure();
  try {
    return (await azure.subscriptions.get(subscriptionId)) !== undefined;
  } catch (error) {
    if (error instanceof AzureError && error.kind === "auth") return false;
    throw error;
  }
}
