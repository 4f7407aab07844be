import type { CapacityReservation, CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";
import { idKey, nameOf, sameId } from "../../resource-id.ts";
import type { Reason } from "./eligibility.ts";
import { findReservation, findUnsettled } from "./plan-verdict.ts";
import { findFixed } from "./reservation-kind.ts";
import { isAllocated, slotOf } from "./slots.ts";

export interface DetachState {
  machines: readonly VirtualMachine[];
  /** Other VMs whose own definition was read. */
  others?: readonly VirtualMachine[];
  /** Those that selected VMs are in, and one that was named. */
  groups: readonly CapacityReservationGroup[];
  /** A group was named and nothing narrows it. */
  isWholeGroup: boolean;
  /** Where this run may change things. */
  subscriptionId: string;
}

export interface DetachOptions {
  allowRestart: boolean;
  /** Units may be given up. */
  release: boolean;
  deleteEmpty: boolean;
}

export type Leaving = "detach" | "restart" | "nothing to do" | "left alone" | "refused";

/** What becomes of one VM, and why. */
export interface DetachVerdict extends Reason {
  machine: VirtualMachine;
  action: Leaving;
}

/** Decides what becomes of each VM; whether a running one can leave depends on who leaves with it. */
export function judgeLeaving(state: DetachState, options: DetachOptions): DetachVerdict[] {
  const first = state.machines.map((machine) => ({ machine, verdict: judgeAlone(machine, state) }));
  const free = first.filter(({ verdict }) => verdict === undefined || verdict.action === "detach");
  const leaving = new Set(free.map(({ machine }) => idKey(machine.id)));
  return first.map(({ machine, verdict }) => verdict ?? judgeRunning(machine, { state, options, leaving }));
}

/** Undefined for a VM that holds hardware of a reservation and could leave. */
function judgeAlone(machine: VirtualMachine, state: DetachState): DetachVerdict | undefined {
  const obstacle = findObstacle(machine, state);
  if (machine.groupId === undefined)
    return { machine, action: "nothing to do", text: "it is in no group", because: [] };
  if (obstacle) return { machine, action: "refused", ...obstacle };
  if (!isAllocated(machine)) return { machine, action: "detach", text: "deallocated", because: [] };
  const reservation = reservationOf(machine, state);
  if (reservation && reservation.quantity > 0) return undefined;
  return leavesLive(machine, "leaves while it runs, as nothing is reserved for it");
}

/** What a running regional VM does without a restart now, it does not take back without one. */
function leavesLive(machine: VirtualMachine, text: string): DetachVerdict {
  if (machine.zone !== undefined) return { machine, action: "detach", text, because: NEEDS_ZERO };
  const because = [...NEEDS_ZERO, "azure-wire/regional-must-be-deallocated"];
  return { machine, action: "detach", text: `${text}; to join again it has to be restarted`, because };
}

function findObstacle(machine: VirtualMachine, { groups, subscriptionId }: DetachState): Reason | undefined {
  const { groupId, provisioningState } = machine;
  const group = groups.find(({ id }) => sameId(id, groupId));
  if (machine.subscriptionId !== subscriptionId) {
    return {
      text: `it is in subscription ${machine.subscriptionId}, which this run may not touch`,
      because: [],
    };
  }
  if (!group) return { text: `its group ${nameOf(groupId ?? "")} cannot be read`, because: [] };
  const fixed = findFixed(group, findReservation(group, slotOf(machine)));
  if (fixed) return fixed;
  if (provisioningState !== "Succeeded") {
    const text = `its provisioning state is ${provisioningState}`;
    return { text, because: ["azure-wire/provisioning-must-succeed"] };
  }
  return findUnsettled(machine);
}

interface Around {
  state: DetachState;
  options: DetachOptions;
  /** Keys of the VMs that nothing but a reserved unit keeps. */
  leaving: ReadonlySet<string>;
}

const NEEDS_ZERO = ["azure-wire/detach-running-needs-zero"];

function judgeRunning(machine: VirtualMachine, { state, options, leaving }: Around): DetachVerdict {
  const reservation = reservationOf(machine, state);
  // Members that are deallocated would lose their units, too.
  const members = [...(reservation?.allocated ?? []), ...(reservation?.associated ?? [])];
  const isOwn = ownerOf(machine.groupId) === state.subscriptionId;
  const isUsable = reservation?.provisioningState === "Succeeded";
  const canRelease = isOwn && isUsable && members.every((id) => leaving.has(idKey(id)));
  if (options.release && canRelease) {
    return leavesLive(machine, "leaves while it runs, once the quantity is 0");
  }
  if (options.allowRestart && machine.power === "running") {
    const because = [...NEEDS_ZERO, "odcr/no-start-sla-without"];
    return {
      machine,
      action: "restart",
      text: "is restarted, and nothing holds hardware for its start",
      because,
    };
  }
  return {
    machine,
    action: "left alone",
    text: whyNot(machine, { reservation, isOwn, canRelease }),
    because: NEEDS_ZERO,
  };
}

interface Held {
  reservation: CapacityReservation | undefined;
  isOwn: boolean;
  canRelease: boolean;
}

function whyNot({ power }: VirtualMachine, { reservation, isOwn, canRelease }: Held): string {
  const { name = "", provisioningState } = reservation ?? {};
  const restart =
    power === "running" ? "--allow-restart" : "az vm deallocate, as it is stopped but still allocated";
  if (canRelease) return `it holds a unit of ${name}: use --release to give the units up, or ${restart}`;
  if (!isOwn) return `${name} belongs to another subscription: use ${restart}`;
  if (provisioningState !== "Succeeded") return `${name} is ${provisioningState}: use ${restart}`;
  return `others stay in ${name}: use ${restart}`;
}

function ownerOf(groupId: string | undefined): string | undefined {
  return groupId?.split("/")[2]?.toLowerCase();
}

function reservationOf(machine: VirtualMachine, { groups }: DetachState): CapacityReservation | undefined {
  const group = groups.find(({ id }) => sameId(id, machine.groupId));
  return group && findReservation(group, slotOf(machine));
}
