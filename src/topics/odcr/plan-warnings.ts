import type { CapacityReservation } from "../../azure/ports.ts";
import type { Finding } from "../../plan/plan.ts";
import { nameOf, sameId } from "../../resource-id.ts";
import { isMember, restartsOf, staying, type SlotPlan } from "./plan-members.ts";
import type { AttachOptions } from "./plan-verdict.ts";
import { scaleSetsOf } from "./scale-sets.ts";
import { slotText } from "./slots.ts";

/** What a plan does, or leaves undone, that nobody asked for in words. */
export function warn(
  plan: SlotPlan,
  existing: CapacityReservation | undefined,
  { cover }: AttachOptions,
): Finding[] {
  const found = [
    ...(cover === "running" && plan.units === undefined ? uncounted(plan, existing) : []),
    ...beyondMinimum(plan),
    ...(existing ? usedUnits(plan, existing) : []),
    ...leftBehind(plan),
  ];
  return found.map((each) => ({ subject: slotText(plan.slot), ...each }));
}

/** Attach changes VMs and never the model of their scale set, from which it makes further ones. */
export function warnScaleSets(slots: readonly SlotPlan[]): Finding[] {
  const members = slots.flatMap(({ verdicts }) => verdicts.filter(isMember));
  return scaleSetsOf(members.map(({ machine }) => machine)).map((id) => ({
    subject: `scale set ${nameOf(id)}`,
    text: "VMs that it makes later join a group only when its model names it",
    because: ["azure-wire/scale-set-model"],
  }));
}

type Warning = Omit<Finding, "subject">;

function uncounted(plan: SlotPlan, existing: CapacityReservation | undefined): Warning[] {
  if (!plan.verdicts.some(isMember)) return [];
  const everyone = staying(plan.verdicts, existing, "all").size + restartsOf(plan).length;
  const short = everyone - plan.quantity.planned - (plan.short ?? 0);
  if (short <= 0) return [];
  const text = `${short} deallocated member${short === 1 ? "" : "s"} not counted; if all start, the slot is overallocated (--cover all counts them)`;
  return [{ text, because: ["odcr/overallocation-first-come"] }];
}

/** Azure does not say which VM uses a unit, so it cannot be said which members go without. */
function beyondMinimum({ verdicts, units }: SlotPlan): Warning[] {
  const members = verdicts.filter(isMember).length;
  if (units === undefined || members <= units) return [];
  const text = `${units} unit${units === 1 ? "" : "s"} for ${members} member${members === 1 ? "" : "s"}: those that start first are protected, the other ${members - units} not`;
  return [{ text, because: ["odcr/scale-out-minimum", "odcr/overallocation-first-come"] }];
}

/** Free units may be kept for somebody: for VMs that are to start, or for another team. */
function usedUnits(plan: SlotPlan, existing: CapacityReservation): Warning[] {
  const { now, planned } = plan.quantity;
  const free = Math.max(0, now - existing.allocated.length);
  const allocatedThen = staying(plan.verdicts, existing, "running").size + restartsOf(plan).length;
  const used = Math.min(free, allocatedThen - existing.allocated.length - (planned - now));
  if (used <= 0) return [];
  const text = `uses ${used} of ${free} free units of ${existing.name}; whoever they were kept for must do without`;
  return [{ text, because: ["odcr/overallocation-first-come", "azure-wire/overallocation-silent"] }];
}

/** A VM that moves leaves its unit behind, reserved and paid for. */
function leftBehind(plan: SlotPlan): Warning[] {
  const moving = plan.verdicts.filter(({ machine, action }) => {
    const acts = action === "attach" || action === "restart";
    return acts && machine.groupId !== undefined && !sameId(machine.groupId, plan.groupId);
  });
  const groups = [...new Set(moving.map(({ machine }) => nameOf(machine.groupId ?? "")))];
  return groups.map((group) => ({
    text: `the quantity that moving VMs leave behind in ${group} stays reserved and billed`,
    because: ["odcr/billing-starts-with-quantity"],
  }));
}
