import type { CapacityReservation, CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";
import { idKey, sameId } from "../../resource-id.ts";
import type { Reason } from "./eligibility.ts";
import { stateOf } from "./coverage.ts";
import { findFixed, reservationKind, scheduleText, type ReservationKind } from "./reservation-kind.ts";
import { slotKey, slotOf } from "./slots.ts";

export const AUDIT_STATES = [
  "unprotected",
  "needs-restart",
  "overallocated",
  "unknown",
  "deallocated",
  "opted-out",
  "not-eligible",
  "open",
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
  | "optedOut"
> {
  /** Why it can never be in a reservation as it is, from its own definition. */
  obstacle: Reason | undefined;
}

export interface AuditRow {
  machine: AuditMachine;
  state: AuditState;
  text: string;
  because: string[];
  /** What its group lacks; only for a member of one that is "overallocated" or "unprotected". */
  held?: HeldUnits;
}

export interface HeldUnits {
  groupId: string;
  /** too few units, unusable since a failed change, none for its slot, or one that does not hold yet */
  lack: "units" | "repair" | "reservation" | "date";
  /** Undefined when there is none for its slot. */
  reservation: string | undefined;
  quantity: number;
  /** VMs that Azure counts in it. */
  allocated: number;
  /** Why it is never changed here; undefined when it may be. */
  fixed: string | undefined;
}

export interface AuditFacts {
  /** Groups in use, by idKey; a group that could not be read is missing. */
  groups: ReadonlyMap<string, CapacityReservationGroup>;
  /** Groups of type Open. */
  openGroups: readonly CapacityReservationGroup[];
  /** By idKey: what Azure says VMs in the slots of those run on; undefined when it does not say. */
  reservationTypes: ReadonlyMap<string, string | undefined>;
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
  if (machine.optedOut) {
    return row("opted-out", "it opted out of capacity reservations", ["azure-wire/open-and-optout"]);
  }
  const open = findOpenReservation(machine, facts.openGroups);
  if (open) return classifyOpen(machine, open, facts.reservationTypes);
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
  if (machine.optedOut) {
    const text = `it is associated with ${group.name} and opted out: cannot tell which of the two counts`;
    return row("unknown", text, ["azure-wire/open-and-optout"]);
  }
  if (holdsNothing(machine)) {
    return row("deallocated", `associated with ${group.name}, but deallocated`, [
      "azure-wire/deallocated-counts-quota",
    ]);
  }
  const isShared = group.subscriptionId !== machine.subscriptionId.toLowerCase();
  const held = isShared ? findListed(machine, group) : findInSlot(machine, group);
  if (!held && isShared) {
    const text = `no reservation of ${group.name} lists it: cannot tell whether one is for its zone, whose number there may be another`;
    return row("unknown", text, ["azure-wire/zones-are-logical"]);
  }
  if (!held) {
    const text = `${group.name} holds no reservation for its size and zone`;
    return {
      ...row("unprotected", text, ["azure-wire/no-matching-reservation-refused"]),
      held: heldUnits(group, undefined, "reservation"),
    };
  }
  const matched = classifyMatched(machine, held, reservationKind(group, held));
  if (matched.state === "overallocated") return { ...matched, held: heldUnits(group, held, "units") };
  if (matched.state !== "unprotected") return matched;
  return { ...matched, held: heldUnits(group, held, stateOf(held) === "failed" ? "repair" : "date") };
}

function findInSlot(
  machine: AuditMachine,
  { reservations }: CapacityReservationGroup,
): CapacityReservation | undefined {
  return reservations.find((each) => slotKey(slotOf(each)) === slotKey(machine));
}

/** Zones are numbered by subscription, so for a VM of another one than the group's the group's own lists count. */
function findListed(machine: AuditMachine, group: CapacityReservationGroup): CapacityReservation | undefined {
  const listed = group.reservations.find(({ associated, allocated }) =>
    [...associated, ...allocated].some((id) => sameId(id, machine.id)),
  );
  return listed ?? (machine.zone === undefined ? findInSlot(machine, group) : undefined);
}

function heldUnits(
  group: CapacityReservationGroup,
  held: CapacityReservation | undefined,
  lack: HeldUnits["lack"],
): HeldUnits {
  return {
    groupId: group.id,
    lack,
    reservation: held?.name,
    quantity: held?.quantity ?? 0,
    allocated: held?.allocated.length ?? 0,
    fixed: findFixed(group, held)?.text,
  };
}

function classifyMatched(machine: AuditMachine, held: CapacityReservation, kind: ReservationKind): AuditRow {
  const row = rowFor(machine);
  const state = stateOf(held);
  if (state === "failed")
    return row("unprotected", `reservation ${held.name} is failed`, ["azure-wire/failed-raise"]);
  if (kind === "future" && held.reservationState !== "Live") return classifyFuture(machine, held);
  if (held.quantity === 0) {
    return row("overallocated", `the quantity of ${held.name} is 0`, ["odcr/overallocation-first-come"]);
  }
  const counted = held.allocated.some((id) => idKey(id) === idKey(machine.id));
  if (!counted && kind === "block") {
    const text = `block ${held.name} (${scheduleText(held)}) does not count this VM as allocated`;
    return row("unknown", text, ["azure-wire/block-reservations"]);
  }
  if (!counted && held.allocated.length >= held.quantity) {
    const text = `${held.name} is full and does not count this VM as allocated`;
    return row("unknown", text, ["azure-wire/overallocated-counts-allocated"]);
  }
  if (state !== "overallocated") {
    const text = `${held.allocated.length} of ${held.quantity} units of ${held.name} in use`;
    return kind === "block"
      ? row("covered", `${text}; it is a block, ${scheduleText(held)}`, ["azure-wire/block-reservations"])
      : row("covered", text, ["odcr/protected-when-quantity-covers"]);
  }
  return overallocatedRow(machine, held);
}

function overallocatedRow(machine: AuditMachine, held: CapacityReservation): AuditRow {
  const text = `${held.allocated.length} VMs share ${held.quantity} units of ${held.name}; which ones is not known`;
  const because = ["odcr/overallocation-first-come", "azure-wire/which-vm-unknown"];
  return rowFor(machine)("overallocated", text, because);
}

function classifyFuture(machine: AuditMachine, held: CapacityReservation): AuditRow {
  const row = rowFor(machine);
  const because = ["azure-wire/future-reservations"];
  const { name, reservationState } = held;
  if (reservationState === undefined || reservationState === "PartiallyFulfilled") {
    const why = reservationState === undefined ? "its state is not told" : "it is fulfilled in part";
    return row(
      "unknown",
      `${name} is a future reservation: cannot tell what it holds, because ${why}`,
      because,
    );
  }
  const text = `${name} is a future reservation in state ${reservationState}: it holds nothing now`;
  return row("unprotected", text, because);
}

/** The Open reservation of the VM's own subscription that is for its slot. */
export function findOpenReservation(
  machine: AuditMachine,
  groups: readonly CapacityReservationGroup[],
): CapacityReservation | undefined {
  return groups
    .filter(({ subscriptionId }) => subscriptionId === machine.subscriptionId.toLowerCase())
    .flatMap(({ reservations }) => reservations)
    .find((each) => slotKey(slotOf(each)) === slotKey(machine));
}

function classifyOpen(
  machine: AuditMachine,
  held: CapacityReservation,
  types: AuditFacts["reservationTypes"],
): AuditRow {
  const row = rowFor(machine);
  const because = ["azure-wire/open-and-optout", "azure-wire/reservation-type-of-vm"];
  if (holdsNothing(machine)) {
    return row(
      "deallocated",
      `Open reservation ${held.name} is for its slot, but it is deallocated`,
      because,
    );
  }
  const type = types.get(idKey(machine.id));
  if (type === undefined) {
    const text = `Open reservation ${held.name} is for its slot: cannot tell whether it uses that, because Azure does not say`;
    return row("unknown", text, because);
  }
  if (!/^open$/i.test(type)) {
    const text = `Open reservation ${held.name} is for its slot, but Azure tells ${type} of it`;
    return row("unprotected", text, because);
  }
  if (held.allocated.length > held.quantity) return overallocatedRow(machine, held);
  return row(
    "open",
    `${held.allocated.length} of ${held.quantity} units of Open ${held.name} in use`,
    because,
  );
}

export function holdsNothing({ power }: Pick<AuditMachine, "power">): boolean {
  return power === "deallocated" || power === "deallocating";
}

function rowFor(machine: AuditMachine): (state: AuditState, text: string, because: string[]) => AuditRow {
  return (state, text, because) => ({ machine, state, text, because });
}

/** Most urgent first, then by id, so that two runs print the same. */
export function sortRows(rows: readonly AuditRow[]): AuditRow[] {
  return AUDIT_STATES.flatMap((state) => {
    const keyed = rows.flatMap((row) => (row.state === state ? [{ row, key: idKey(row.machine.id) }] : []));
    return keyed.sort((left, right) => left.key.localeCompare(right.key)).map(({ row }) => row);
  });
}
