import * as z from "zod";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { Group } from "./flags.ts";
import { readGroupStatuses, type GroupStatus } from "./read-groups.ts";
import { viewStatus } from "./status-view.ts";

const StatusInput = z.object({ group: Group.optional() });
type StatusInput = z.infer<typeof StatusInput>;

export interface StatusResult {
  groups: GroupStatus[];
  /** Names of VMs that use no Open group because they opted out; empty when there is no such group. */
  optedOut: string[];
  /** Of Azure, in ISO 8601. */
  today: string;
}

async function runStatus({ group }: StatusInput, ctx: Context): Promise<StatusResult> {
  const groups = await readGroupStatuses(group, ctx);
  const isOpen = groups.some(({ group }) => group?.reservationType === "Open");
  const today = (await ctx.azure()).clock.now().toISOString();
  return { groups, optedOut: isOpen ? await readOptedOut(ctx) : [], today };
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
