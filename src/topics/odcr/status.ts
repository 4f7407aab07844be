import pLimit from "p-limit";
import * as z from "zod";
import { AzureError } from "../../azure/azure-error.ts";
import type { CapacityReservationGroup, GroupSummary } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { idKey, parseResourceId } from "../../resource-id.ts";
import { verb } from "../../verb.ts";
import { isNamed, unknownGroup } from "./find-group.ts";
import { Group } from "./flags.ts";
import { viewStatus } from "./status-view.ts";

const StatusInput = z.object({ group: Group.optional() });
type StatusInput = z.infer<typeof StatusInput>;

export interface GroupStatus {
  id: string;
  shared: boolean;
  /** Undefined when it may not be read; `reason` says why. */
  group: CapacityReservationGroup | undefined;
  reason?: string;
}

export interface StatusResult {
  groups: GroupStatus[];
  /** Names of VMs that use no Open group because they opted out; empty when there is no such group. */
  optedOut: string[];
}

async function runStatus(input: StatusInput, ctx: Context): Promise<StatusResult> {
  const azure = await ctx.azure();
  const wanted = input.group;
  const summaries =
    wanted !== undefined && parseResourceId(wanted) ? [summaryOf(wanted, azure.target)] : await listAll(ctx);
  const chosen = wanted === undefined ? summaries : summaries.filter((each) => isNamed(each, wanted));
  if (wanted !== undefined && chosen.length === 0) throw unknownGroup(wanted, summaries);
  const limit = pLimit(ctx.concurrency);
  const groups = await Promise.all(chosen.map((each) => limit(() => readStatus(each, ctx))));
  if (wanted !== undefined && groups.every(({ group, reason }) => !group && reason === undefined)) {
    throw unknownGroup(wanted, summaries);
  }
  groups.sort((left, right) => idKey(left.id).localeCompare(idKey(right.id)));
  const isOpen = groups.some(({ group }) => group?.reservationType === "Open");
  return { groups, optedOut: isOpen ? await readOptedOut(ctx) : [] };
}

const OPTED_OUT = `resources
| where type =~ 'microsoft.compute/virtualmachines' and tobool(properties.capacityReservation.disableCapacityReservationAssignment) == true
| project id, name
| order by id asc`;

async function readOptedOut(ctx: Context): Promise<string[]> {
  const azure = await ctx.azure();
  const names: string[] = [];
  for await (const { rows } of azure.graph.query(OPTED_OUT, azure.target.subscriptionIds)) {
    for (const { name } of rows) if (typeof name === "string") names.push(name);
  }
  return names;
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

export const status = verb({
  name: "status",
  summary: "Reservations, and how they are used",
  examples: [
    "odcr status",
    "odcr status crg-shop -o md",
    "odcr status --subscription <id> --subscription <id>",
  ],
  args: ["[group]"],
  flags: [],
  details: `
Groups shared into the subscription are included. States: covered, overallocated, idle, empty, failed.
Open, block and future reservations are marked so; azwise shows them and never changes them.
Counts only: Azure never says which VM holds a reserved unit.`,
  input: StatusInput,
  run: runStatus,
  view: viewStatus,
});
