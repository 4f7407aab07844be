import type { CapacityReservation } from "../../azure/ports.ts";
import { idKey } from "../../resource-id.ts";
import type { Finding } from "../../plan/plan.ts";
import { isMember } from "./plan-members.ts";
import type { Verdict } from "./plan-verdict.ts";
import { isAllocated, slotKey, slotOf } from "./slots.ts";

/** The selected VMs of one slot, of which only some are to be covered. */
export interface Share {
  verdicts: Verdict[];
  /** Units for these VMs. */
  units: number;
  /** What other VMs hold in the slot, and so has to be reserved beside. */
  others: number;
}

interface Pool extends Share {
  /** Running members that join without a restart. */
  calm: number;
  running: number;
  members: number;
}

/**
 * Spreads a minimum over slots as evenly as their members allow: first over what runs, then over what joins
 * by a restart, last over what is deallocated. Units that are there for what runs count already.
 */
export function shareMinimum(
  minimum: number,
  slots: readonly Verdict[][],
  existingFor: (verdict: Verdict) => CapacityReservation | undefined,
): Share[] {
  const pools = slots.map((verdicts) => poolOf(verdicts, existingFor(verdicts[0] as Verdict)));
  let left = minimum - pools.reduce((sum, { units }) => sum + units, 0);
  for (const most of ["calm", "running", "members"] as const) {
    for (; left > 0; left -= 1) {
      const [next] = pools.filter((pool) => pool.units < pool[most]).sort(byNeed);
      if (!next) break;
      next.units += 1;
    }
  }
  return pools.map((pool) => ({ ...pool, verdicts: withoutNeedlessRestarts(pool) }));
}

/** The slot with the fewest units comes first, then the one with the most running members. */
function byNeed(left: Pool, right: Pool): number {
  const byUnits = left.units - right.units || right.running - left.running;
  return byUnits || keyOf(left).localeCompare(keyOf(right));
}

function keyOf({ verdicts: [first] }: Pool): string {
  return slotKey(slotOf((first as Verdict).machine));
}

function poolOf(verdicts: Verdict[], existing: CapacityReservation | undefined): Pool {
  const members = verdicts.filter(isMember);
  const keys = new Set(members.map(({ machine }) => idKey(machine.id)));
  const others = (existing?.allocated ?? []).filter((id) => !keys.has(idKey(id))).length;
  const allocated = members.filter(({ machine }) => isAllocated(machine));
  const running = allocated.length;
  const calm = allocated.filter(({ action }) => action !== "restart").length;
  const free = Math.max(0, (existing?.quantity ?? 0) - others);
  return { verdicts, others, calm, running, members: members.length, units: Math.min(free, calm) };
}

/** A VM is stopped only for a unit that it, and not one that runs already, would use. */
function withoutNeedlessRestarts({ verdicts, units, calm }: Pool): Verdict[] {
  let left = units - calm;
  return verdicts.map((verdict) => {
    if (verdict.action !== "restart") return verdict;
    left -= 1;
    if (left >= 0) return verdict;
    const text = "the minimum is reached without restarting it";
    return { ...verdict, action: "not needed", text, because: ["odcr/scale-out-minimum"] };
  });
}

/** Empty when the minimum is reached. */
export function warnShort(minimum: number | undefined, shares: readonly Share[]): Finding[] {
  const units = shares.reduce((sum, share) => sum + share.units, 0);
  if (minimum === undefined || units >= minimum) return [];
  const text = `only ${units} of the selected VMs can join, so the minimum is not reached`;
  return [{ subject: `minimum ${minimum}`, text, because: ["odcr/scale-out-minimum"] }];
}
