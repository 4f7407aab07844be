import type { CapacityReservation } from "../../azure/ports.ts";
import { idKey } from "../../resource-id.ts";
import type { AttachOptions, Verdict } from "./plan-verdict.ts";
import { isAllocated, type Slot } from "./slots.ts";

export interface SlotPlan {
  slot: Slot;
  groupId: string;
  reservationName: string;
  verdicts: Verdict[];
  quantity: { now: number; planned: number };
  /** What the planned quantity leaves for the selected VMs; undefined when no minimum was asked for. */
  units: number | undefined;
  /** Units that only the owner of a group elsewhere can add; its members run without. */
  short?: number;
}

/** Keys of the members that the quantity has to cover without any restart. */
export function staying(
  verdicts: readonly Verdict[],
  existing: CapacityReservation | undefined,
  cover: AttachOptions["cover"],
): Set<string> {
  const all = cover === "all";
  const members = verdicts.filter((verdict) => isMember(verdict) && verdict.action !== "restart");
  const counted = members.filter(({ machine }) => all || isAllocated(machine));
  const others = [...(existing?.allocated ?? []), ...(all ? (existing?.associated ?? []) : [])];
  return new Set([...others, ...counted.map(({ machine }) => machine.id)].map(idKey));
}

/** Whether a VM is in the group once the plan was run. */
export function isMember({ action }: Verdict): boolean {
  return action === "attach" || action === "restart" || action === "nothing to do";
}

export function restartsOf(plan: SlotPlan): Verdict[] {
  return plan.verdicts.filter(({ action }) => action === "restart");
}
