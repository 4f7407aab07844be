import type { CapacityReservation, CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";
import { nameOf, sameId } from "../../resource-id.ts";
import { findObstacle, type Reason, type Surroundings } from "./eligibility.ts";
import { zonalityKey, zonalityOf, type ChosenGroup } from "./plan-groups.ts";
import { findForeignObstacle, type ForeignGroup } from "./plan-foreign.ts";
import { findFixed } from "./reservation-kind.ts";
import { isAllocated, slotKey, slotOf, type Slot } from "./slots.ts";

export interface AttachState extends Surroundings {
  machines: readonly VirtualMachine[];
  /** Where VMs of each kind go. */
  chosen: readonly ChosenGroup[];
  /** Groups that exist: the chosen ones, and those that selected VMs are in. */
  groups: readonly CapacityReservationGroup[];
  /** The chosen group, when it is in another subscription than the VMs. */
  foreign?: ForeignGroup | undefined;
}

export interface AttachOptions {
  cover: "running" | "all";
  /** Units for all selected VMs together; undefined covers each of them. */
  minimum?: number | undefined;
  allowRestart: boolean;
  move: boolean;
}

export type Action = "attach" | "restart" | "nothing to do" | "not needed" | "left alone" | "refused";

/** What becomes of one VM, and why. */
export interface Verdict extends Reason {
  machine: VirtualMachine;
  action: Action;
}

/** Decides what becomes of one VM; the first reason against it wins. */
export function judge(machine: VirtualMachine, state: AttachState, options: AttachOptions): Verdict {
  const verdict = (action: Action, text: string, because: string[]): Verdict => ({
    machine,
    action,
    text,
    because,
  });
  const obstacle =
    findObstacle(machine, state) ??
    findUnsettled(machine) ??
    findUnfit(machine, state) ??
    findForeignObstacle(machine, state.foreign, reservationFor(machine, state));
  if (obstacle) return verdict("refused", obstacle.text, obstacle.because);
  const target = chosenFor(machine, state);
  if (sameId(machine.groupId, target.id)) return verdict("nothing to do", `already in ${target.name}`, []);
  if (machine.groupId !== undefined && !options.move) {
    const text = `it is in group ${nameOf(machine.groupId)}; use --move to change that`;
    return verdict("refused", text, ["azure-wire/detach-running-needs-zero"]);
  }
  if (!isAllocated(machine)) return verdict("attach", "deallocated", ["odcr/stopped-immediate"]);
  const live = canJoinLive(machine, state);
  if (live === undefined) return verdict("attach", "joins while it runs", ["odcr/zonal-live-attach"]);
  if (machine.power === "stopped") {
    const text = "it is stopped but still allocated: deallocate or start it first";
    return verdict("refused", text, ["azure-wire/stopped-is-not-deallocated", ...live]);
  }
  return options.allowRestart
    ? verdict("restart", "is restarted once", live)
    : verdict("left alone", "it would have to be restarted: use --allow-restart", live);
}

/** Undefined when a VM that holds hardware can join without a stop; else the facts that forbid it. */
function canJoinLive(machine: VirtualMachine, state: AttachState): string[] | undefined {
  if (machine.zone === undefined)
    return [
      "azure-wire/regional-must-be-deallocated",
      "odcr/regional-restart",
      "azure-wire/regional-gives-up-its-place",
    ];
  if (machine.groupId === undefined) return undefined;
  const from = state.groups.find((group) => sameId(group.id, machine.groupId));
  const held = from && findReservation(from, slotOf(machine));
  return held?.quantity === 0 ? undefined : ["azure-wire/detach-running-needs-zero"];
}

export function findUnsettled({ power }: VirtualMachine): Reason | undefined {
  if (power === "running" || power === "stopped" || power === "deallocated") return undefined;
  const text = `its power state is ${power}; try again when it has settled`;
  return { text, because: ["azure-wire/verify-after-write"] };
}

/** A group that exists may not fit: its location, zones and type can never change. */
function findUnfit(machine: VirtualMachine, state: AttachState): Reason | undefined {
  const group = existingFor(machine, state);
  if (!group) return undefined;
  const zonal = machine.zone !== undefined;
  const fits =
    group.location === machine.location &&
    (zonal ? group.zones.includes(machine.zone ?? "") : group.zones.length === 0);
  if (!fits) {
    const where = group.zones.length === 0 ? "regional" : `zones ${group.zones.join(", ")}`;
    const text = `group ${group.name} (${group.location}, ${where}) cannot hold it: use another --group`;
    return { text, because: ["azure-wire/group-zones-immutable"] };
  }
  if (group.reservationType !== "Targeted") {
    const text = `group ${group.name} is of type ${group.reservationType}, which VMs do not join by association`;
    return { text, because: ["azure-wire/open-and-optout"] };
  }
  const reservation = findReservation(group, slotOf(machine));
  const fixed = findFixed(group, reservation);
  if (fixed) return fixed;
  if (!reservation || reservation.provisioningState === "Succeeded") return undefined;
  const text = `reservation ${reservation.name} is ${reservation.provisioningState}; set its quantity back first`;
  return { text, because: ["azure-wire/failed-raise"] };
}

export function chosenFor(machine: VirtualMachine, state: AttachState): ChosenGroup {
  const key = zonalityKey(zonalityOf(machine));
  const found = state.chosen.find((each) => zonalityKey(each.kind) === key);
  if (!found) throw new Error(`no group was chosen for ${key}`);
  return found;
}

export function existingFor(
  machine: VirtualMachine,
  state: AttachState,
): CapacityReservationGroup | undefined {
  const { id } = chosenFor(machine, state);
  return state.groups.find((group) => sameId(group.id, id));
}

export function reservationFor(machine: VirtualMachine, state: AttachState): CapacityReservation | undefined {
  const group = existingFor(machine, state);
  return group && findReservation(group, slotOf(machine));
}

export function findReservation(
  group: CapacityReservationGroup,
  slot: Slot,
): CapacityReservation | undefined {
  return group.reservations.find((reservation) => slotKey(slotOf(reservation)) === slotKey(slot));
}
