import * as z from "zod";
import type { CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { APPLYING } from "../../plan/carry-out.ts";
import { oneSubscription } from "../../plan/one-subscription.ts";
import { sameId } from "../../resource-id.ts";
import { verb } from "../../verb.ts";
import { carryOut, type CarriedOut } from "./carry-out.ts";
import { addUnlisted, leftOf } from "./detach-members.ts";
import { planDetach, type DetachPlan } from "./detach-plan.ts";
import { viewDetach } from "./detach-view.ts";
import { findGroup } from "./find-group.ts";
import { Group, SELECTED, SELECTORS } from "./flags.ts";
import { readGroups } from "./read.ts";
import { isEmpty, readMachines, selectionOf, selectMachines, selectMembers } from "./select.ts";

const DetachInput = z.object({
  ...SELECTED,
  group: Group.optional(),
  allowRestart: z.boolean().default(false),
  release: z.boolean().default(false),
  deleteEmpty: z.boolean().default(false),
  apply: z.boolean().default(false),
  out: z.string().min(1).optional(),
});
type DetachInput = z.infer<typeof DetachInput>;

export interface DetachResult extends CarriedOut {
  detach: DetachPlan;
}

async function runDetach(input: DetachInput, ctx: Context): Promise<DetachResult> {
  const { apply, out } = input;
  const { target } = await ctx.azure();
  const subscriptionId = oneSubscription(target);
  const selection = selectionOf(input);
  const named = input.group === undefined ? undefined : await findGroup(input.group, ctx);
  const listed = await listIfNeeded(input, ctx);
  const whole = named && addUnlisted(named, listed);
  const machines = whole ? await selectMembers(whole, selection, ctx) : await selectMachines(selection, ctx);
  const known = named ? [named] : [];
  const ids = machines.flatMap(({ groupId }) => groupId ?? []);
  const groups = [...known, ...(await readGroups(ids, known, ctx))].map((group) =>
    addUnlisted(group, listed),
  );
  const isWholeGroup = named !== undefined && isEmpty(selection);
  const left = groups.flatMap((group) => leftOf(group, listed));
  const others = await readMachines(idsBeside(machines, left), ctx, () => undefined);
  const detach = planDetach({ machines, others, groups, subscriptionId, isWholeGroup }, input);
  if (machines.length === 0 && detach.steps.length === 0) throw nothingToDetach(named);
  const show = (shown: CarriedOut): View => viewDetach({ detach, ...shown });
  const groupIds = groups.map(({ id }) => id);
  return { detach, ...(await carryOut(detach, { apply, out, groupIds, show }, ctx)) };
}

/** Those VMs that were not read one by one yet. */
function idsBeside(read: readonly VirtualMachine[], wanted: readonly VirtualMachine[]): string[] {
  const others = wanted.filter(({ id }) => !read.some((each) => sameId(each.id, id)));
  return [...new Set(others.map(({ id }) => id))];
}

/** A VM's own definition is ahead of the lists of members; where units are given up, nobody may be overlooked. */
async function listIfNeeded(
  { group, release, deleteEmpty }: DetachInput,
  ctx: Context,
): Promise<VirtualMachine[]> {
  if (group === undefined && !release && !deleteEmpty) return [];
  const azure = await ctx.azure();
  const [subscriptionId] = azure.target.subscriptionIds;
  ctx.progress("listing VMs");
  return azure.compute.listVirtualMachines({ subscriptionId });
}

function nothingToDetach(group: CapacityReservationGroup | undefined): AppError {
  return new AppError("usage", `no VM of group ${group?.name ?? ""} matches the selection`, {
    hint: "azwise odcr status lists its members; --delete-empty deletes what is empty",
  });
}

export const detach = verb({
  name: "detach",
  summary: "Take VMs out of their capacity reservations",
  examples: [
    "odcr detach --vm shop-web-01",
    "odcr detach --group crg-shop --release --delete-empty --apply",
    "odcr detach --tag tier=batch --allow-restart --out plan.json",
  ],
  flags: [
    ...SELECTORS,
    { flag: "--group <name|id>", summary: "members of this capacity reservation group" },
    { flag: "--release", summary: "give up the units that the VMs leave" },
    { flag: "--allow-restart", summary: "restart VMs that cannot leave while they run" },
    { flag: "--delete-empty", summary: "delete reservations and groups that are empty afterwards" },
    ...APPLYING,
  ],
  details: `
Shows its plan and changes nothing, unless --apply is given. A plan with steps exits 3, an empty one 0.
A running VM leaves only a reservation whose quantity is 0: with --release, where everybody in it leaves, the
quantity is lowered first; with --allow-restart the VM is stopped, and nothing holds hardware for its start.`,
  input: DetachInput,
  asks: (input) => input.apply,
  run: runDetach,
  view: viewDetach,
});
