import type { VirtualMachine } from "../../azure/ports.ts";
import { idKey, nameOf, parseResourceId, sameId } from "../../resource-id.ts";

/** A machine that a vault replicates, as Resource Graph shows it. */
export interface Replica {
  id: string;
  /** Name of the machine, as the vault knows it. */
  machine: string;
  /** From Azure to Azure, by Site Recovery; otherwise the source is not named as a VM. */
  isAzureToAzure: boolean;
  sourceId: string | undefined;
  /** The group of the replica; null means none, undefined that it is not shown. */
  groupId: string | null | undefined;
}

/** A VM with a group at both ends, paid twice as far as both hold a unit for it. */
export interface Duplicate {
  machine: string;
  sourceId: string;
  sourceGroupId: string;
  replicaGroupId: string;
  replicaId: string;
}

export interface Untold {
  replicaId: string;
  machine: string;
  reason: string;
}

export interface Duplicates {
  found: Duplicate[];
  /** Replicas that may be paid twice. */
  untold: Untold[];
}

/** What is known of the source VMs by idKey: the VM, undefined when it is gone, or why it cannot be read. */
export type Sources = ReadonlyMap<string, VirtualMachine | string | undefined>;

/** Replicas of Azure VMs that have a group, so that their source matters. */
export function sourcesToRead(replicas: readonly Replica[], subscriptionIds: readonly string[]): string[] {
  const ids = replicas.flatMap(({ isAzureToAzure, sourceId, groupId }) =>
    isAzureToAzure && sourceId !== undefined && groupId ? [sourceId] : [],
  );
  const near = ids.filter((id) => subscriptionIds.includes(subscriptionOf(id) ?? ""));
  return [...new Map(near.map((id) => [idKey(id), id])).values()];
}

export interface KnownGroups {
  /** Groups that were asked for; undefined means all. */
  groupIds: readonly string[] | undefined;
  /** Groups that are known to hold no unit, so that nobody pays for one. */
  emptyIds: readonly string[];
}

/** Who is paid twice; with groups asked for, only what one of them holds a unit for. */
export function findDuplicates(
  replicas: readonly Replica[],
  sources: Sources,
  { groupIds, emptyIds }: KnownGroups,
): Duplicates {
  const duplicates: Duplicates = { found: [], untold: [] };
  for (const replica of replicas) {
    const verdict = judge(replica, sources);
    if (verdict === undefined) continue;
    if ("reason" in verdict) duplicates.untold.push(verdict);
    else if (emptyIds.some((id) => touches(verdict, id))) continue;
    else if (groupIds?.some((id) => touches(verdict, id)) ?? true) duplicates.found.push(verdict);
  }
  return duplicates;
}

function touches({ sourceGroupId, replicaGroupId }: Duplicate, groupId: string): boolean {
  return sameId(sourceGroupId, groupId) || sameId(replicaGroupId, groupId);
}

function judge(replica: Replica, sources: Sources): Duplicate | Untold | undefined {
  const { id: replicaId, machine, isAzureToAzure, sourceId, groupId } = replica;
  const untold = (reason: string): Untold => ({ replicaId, machine, reason });
  if (groupId === null) return undefined;
  if (groupId === undefined) {
    return isAzureToAzure ? untold("Resource Graph does not show the group of its replica") : undefined;
  }
  if (!isAzureToAzure) return untold("its source is not named as a VM in Azure");
  if (sourceId === undefined) return untold("Resource Graph does not show its source");
  const subscription = subscriptionOf(sourceId);
  if (subscription === undefined) return untold("its source is not named as a VM in Azure");
  if (!sources.has(idKey(sourceId))) {
    return untold(`its source is in subscription ${subscription}, which is not among the given ones`);
  }
  const source = sources.get(idKey(sourceId));
  if (typeof source === "string") return untold(`its source cannot be read: ${source}`);
  if (source?.groupId === undefined) return undefined;
  return {
    machine: nameOf(sourceId),
    sourceId,
    sourceGroupId: source.groupId,
    replicaGroupId: groupId,
    replicaId,
  };
}

/** Undefined when this is not the id of a VM. */
function subscriptionOf(id: string): string | undefined {
  const parsed = parseResourceId(id);
  return parsed?.type === "microsoft.compute/virtualmachines" ? parsed.subscriptionId : undefined;
}
