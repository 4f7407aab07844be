import type { CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";
import { idKey } from "../../resource-id.ts";
import type { Reason } from "./eligibility.ts";
import { stateOf } from "./coverage.ts";
import { slotKey, slotOf } from "./slots.ts";

export const AUDIT_STATES = [
  "unprotected",
  "needs-restart",
  "overallocated",
  "unknown",
  "deallocated",
  "not-eligible",
  "covered",
] as const;
/** In order of urgency; "needs-restart" is unprotected too, and protecting it costs a restart. */
export type AuditState = (typeof AUDIT_STATES)[number];

/** One VM as Resource Graph shows it, reduced to what the audit needs. */
export interface AuditMachine extends Pick<
  VirtualMachine,
  | "id"
  | "name"
  | "subscriptionId"
  | "resourceGroup"
  | "location"
  | "zone"
  | "size"
  | "power"
  | "groupId"
  | "tags"
> {
  /** Why it can never be in a reservation as it is, from its own definition. */
  obstacle: Reason | undefined;
}

export interface AuditRow {
  machine: AuditMachine;
  state: AuditState;
  text: string;
  because: string[];
}

export interface AuditFacts {
  /** Groups in use, by idKey; a group that could not be read is missing. */
  groups: ReadonlyMap<string, CapacityReservationGroup>;
  /** Keys "location|size" of sizes that cannot be reserved. */
  unsupported: ReadonlySet<string>;
}

export function sizeKey({ location, size }: { location: string; size: string }): string {
  return `${location}|${size.toLowerCase()}`;
}

/** What one VM's protection is worth. Says "unknown" rather than guess. */
export function classify(machine: AuditMachine, facts: AuditFacts): AuditRow {
  if (machine.groupId !== undefined) return classifyMember(machine, facts);
  const row = rowFor(machine);
  if (machine.obstacle) return row("not-eligible", machine.obstacle.text, machine.obstacle.because);
  if (facts.unsupported.has(sizeKey(machine))) {
    const text = `size ${machine.size} does not support capacity reservations`;
    return row("not-eligible", text, ["azure-wire/size-must-support"]);
  }
  if (machine.power === "unknown") {
    return row("unprotected", "no reservation; its power state is not known", ["odcr/no-start-sla-without"]);
  }
  if (machine.zone === undefined && machine.power !== "deallocated") {
    const because = ["azure-wire/regional-must-be-deallocated", "odcr/regional-restart"];
    return row("needs-restart", "no reservation; a running regional VM joins only with a restart", because);
  }
  return row("unprotected", "no reservation", ["odcr/no-start-sla-without"]);
}

function classifyMember(machine: AuditMachine, facts: AuditFacts): AuditRow {
  const row = rowFor(machine);
  const group = facts.groups.get(idKey(machine.groupId ?? ""));
  if (!group)
    return row("unknown", "its group cannot be read by this identity", ["azure-wire/shared-groups-hidden"]);
  if (machine.power === "deallocated" || machine.power === "deallocating") {
    return row("deallocated", `associated with ${group.name}, but deallocated`, [
      "azure-wire/deallocated-counts-quota",
    ]);
  }
  const held = group.reservations.find((each) => slotKey(slotOf(each)) === slotKey(machine));
  if (!held) {
    const text = `${group.name} holds no reservation for its size and zone`;
    return row("unprotected", text, ["azure-wire/no-matching-reservation-refused"]);
  }
  const state = stateOf(held);
  if (state === "failed")
    return row("unprotected", `reservation ${held.name} is failed`, ["azure-wire/failed-raise"]);
  if (held.quantity === 0) {
    return row("overallocated", `the quantity of ${held.name} is 0`, ["odcr/overallocation-first-come"]);
  }
  const counted = held.allocated.some((id) => idKey(id) === idKey(machine.id));
  if (!counted && held.allocated.length >= held.quantity) {
    const text = `${held.name} is full and does not count this VM as allocated`;
    return row("unknown", text, ["azure-wire/overallocated-counts-allocated"]);
  }
  if (state !== "overallocated") {
    return row("covered", `${held.allocated.length} of ${held.quantity} units of ${held.name} in use`, [
      "odcr/protected-when-quantity-covers",
    ]);
  }
  const text = `${held.allocated.length} VMs share ${held.quantity} units of ${held.name}; which ones is not known`;
  return row("overallocated", text, ["odcr/overallocation-first-come", "azure-wire/which-vm-unknown"]);
}

function rowFor(machine: AuditMachine): (state: AuditState, text: string, because: string[]) => AuditRow {
  return (state, text, because) => ({ machine, state, text, because });
}

/** Most urgent first, then by id, so that two runs print the same. */
export function sortRows(rows: readonly AuditRow[]): AuditRow[] {
  const rank = (row: AuditRow): number => AUDIT_STATES.indexOf(row.state);
  return [...rows].sort(
    (left, right) =>
      rank(left) - rank(right) || idKey(left.machine.id).localeCompare(idKey(right.machine.id)),
  );
}
