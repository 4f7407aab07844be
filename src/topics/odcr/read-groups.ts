import pLimit from "p-limit";
import { AzureError } from "../../azure/azure-error.ts";
import type { CapacityReservationGroup, GroupSummary } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { idKey, parseResourceId } from "../../resource-id.ts";
import { isNamed, unknownGroup } from "./find-group.ts";

export interface GroupStatus {
  id: string;
  shared: boolean;
  /** Undefined when it may not be read; `reason` says why. */
  group: CapacityReservationGroup | undefined;
  reason?: string;
}

/**
 * The group of this name or id, or every group of the given subscriptions and those shared into them, by id.
 * Throws AppError "usage" when the one that was named is not there.
 */
export async function readGroupStatuses(wanted: string | undefined, ctx: Context): Promise<GroupStatus[]> {
  const azure = await ctx.azure();
  const summaries =
    wanted !== undefined && parseResourceId(wanted) ? [summaryOf(wanted, azure.target)] : await listAll(ctx);
  const chosen = wanted === undefined ? summaries : summaries.filter((each) => isNamed(each, wanted));
  if (wanted !== undefined && chosen.length === 0) throw unknownGroup(wanted, summaries);
  const limit = pLimit(ctx.concurrency);
  const groups = await Promise.all(chosen.map((each) => limit(() => readStatus(each, ctx))));
  if (wanted !== undefined && groups.every(({ group, reason }) => !group && reason === undefined)) {
    throw unknownGroup(wanted, summaries);
  }
  return groups.sort((left, right) => idKey(left.id).localeCompare(idKey(right.id)));
}

async function listAll(ctx: Context): Promise<GroupSummary[]> {
  const azure = await ctx.azure();
  const limit = pLimit(ctx.concurrency);
  ctx.progress("listing groups");
  const lists = await Promise.all(
    azure.target.subscriptionIds.map((id) => limit(() => azure.compute.listGroups(id))),
  );
  // The same group may be shared into several of the given subscriptions.
  const unique = new Map<string, GroupSummary>();
  for (const each of lists.flat()) {
    const known = unique.get(idKey(each.id));
    unique.set(idKey(each.id), known && !known.shared ? known : each);
  }
  return [...unique.values()];
}

/** A shared group lives in its owner's subscription, where this identity may lack the right to read it. */
async function readStatus({ id, shared }: GroupSummary, ctx: Context): Promise<GroupStatus> {
  const azure = await ctx.azure();
  try {
    return { id, shared, group: await azure.compute.getGroup(id) };
  } catch (error) {
    if (!(error instanceof AzureError) || error.status !== 403) throw error;
    return { id, shared, group: undefined, reason: "not allowed to read it" };
  }
}

function summaryOf(id: string, target: { subscriptionIds: readonly string[] }): GroupSummary {
  const parsed = parseResourceId(id);
  const shared = !target.subscriptionIds.includes(parsed?.subscriptionId ?? "");
  return { id, name: parsed?.name ?? id, location: "", shared };
}
