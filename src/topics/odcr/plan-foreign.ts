import type { CapacityReservation, VirtualMachine } from "../../azure/ports.ts";
import type { Finding } from "../../plan/plan.ts";
import type { Reason } from "./eligibility.ts";
import type { SlotPlan } from "./plan-members.ts";
import type { AttachOptions, Verdict } from "./plan-verdict.ts";
import { isAllocated, slotOf, slotText, unitsText } from "./slots.ts";
import { peerZone, type ZoneMap } from "./zone-map.ts";

/** A group of another subscription than the VMs', and how far it can be used. */
export interface ForeignGroup {
  name: string;
  /** The subscription that owns it. */
  owner: string;
  /** The VMs' subscription may use it. */
  isShared: boolean;
  /** The owner's subscription was given, too, so reservations may be made and raised there. */
  mayChange: boolean;
  /** Its zones by those of the VMs' subscription; not asked for a regional group. */
  zones: ZoneMap;
}

/** Why a VM cannot join a group of another subscription that would fit it in its own. */
export function findForeignObstacle(
  machine: VirtualMachine,
  foreign: ForeignGroup | undefined,
  reservation: CapacityReservation | undefined,
): Reason | undefined {
  if (foreign === undefined) return undefined;
  const { name, owner, isShared, mayChange } = foreign;
  if (!isShared) {
    const text = `group ${name} is not shared with subscription ${machine.subscriptionId}: azwise odcr share changes that`;
    return { text, because: ["odcr/shared-groups", "azure-wire/sharing-replaced"] };
  }
  const elsewhere = findOtherZone(machine, foreign);
  if (elsewhere || reservation || mayChange) return elsewhere;
  const text = `group ${name} holds no reservation for ${slotText(slotOf(machine))}: add --subscription ${owner} to make one`;
  return { text, because: ["azure-wire/no-matching-reservation-refused"] };
}

function findOtherZone({ zone }: VirtualMachine, { name, zones }: ForeignGroup): Reason | undefined {
  if (zone === undefined) return undefined;
  const because = ["azure-wire/zones-are-logical", "azure-wire/zone-peers"];
  const peer = peerZone(zone, zones);
  if ("unknown" in peer) {
    const text = `cannot tell whether zone ${zone} is the same place for group ${name}: ${peer.unknown}`;
    return { text, because };
  }
  if (peer.value === zone) return undefined;
  return { text: `zone ${zone} here is zone ${peer.value} in the subscription of group ${name}`, because };
}

/**
 * Where the owner's reservation may not be raised, VMs that its units do not cover are refused together: which of
 * them could go first is not for a planner to choose.
 */
export function withinUnits(
  plan: SlotPlan,
  foreign: ForeignGroup | undefined,
  options: AttachOptions,
): SlotPlan {
  const { now, planned } = plan.quantity;
  if (foreign === undefined || foreign.mayChange || planned <= now) return plan;
  const short = planned - now;
  const refused = plan.verdicts.map((verdict) =>
    needsUnit(verdict, options) ? refuse(verdict, { short, foreign, plan }) : verdict,
  );
  const quantity = { now, planned: now };
  const isRefused = refused.some((verdict, index) => verdict !== plan.verdicts[index]);
  return { ...plan, verdicts: refused, quantity, ...(isRefused ? {} : { short }) };
}

function needsUnit({ machine, action }: Verdict, { cover, minimum }: AttachOptions): boolean {
  if (action !== "attach") return action === "restart";
  return isAllocated(machine) || cover === "all" || minimum !== undefined;
}

interface Refusing {
  short: number;
  foreign: ForeignGroup;
  plan: SlotPlan;
}

function refuse(verdict: Verdict, { short, foreign, plan }: Refusing): Verdict {
  const text = `${plan.reservationName} of group ${foreign.name} is ${unitsText(short)} short of the VMs for it: select fewer, or add --subscription ${foreign.owner} to raise it`;
  const because = ["azure-wire/overallocation-silent", "azure-wire/which-vm-unknown"];
  return { ...verdict, action: "refused", text, because };
}

/** What a plan takes from the owner of a group, or cannot. */
export function warnForeign(slots: readonly SlotPlan[], foreign: ForeignGroup | undefined): Finding[] {
  if (foreign === undefined) return [];
  const { owner } = foreign;
  const added = slots.reduce((sum, { quantity }) => sum + quantity.planned - quantity.now, 0);
  const taken: Finding = {
    subject: foreign.name,
    text: `${unitsText(added)} raised in subscription ${owner}, with its quota and on its bill; the VMs need quota of their own, too`,
    because: ["azure-wire/shared-quota", "odcr/billing-starts-with-quantity"],
  };
  const left = slots.flatMap(({ slot, short }): Finding[] => {
    if (short === undefined) return [];
    const text = `${unitsText(short)} short for those that are in the group already: add --subscription ${owner} to raise it`;
    return [{ subject: slotText(slot), text, because: ["azure-wire/overallocation-silent"] }];
  });
  return [...(added > 0 ? [taken] : []), ...left];
}
