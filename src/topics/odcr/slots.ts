import type { CapacityReservation, CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";

/** Where a reservation can be held: one location, one zone or none, one size. */
export interface Slot {
  location: string;
  /** Undefined means regional. */
  zone: string | undefined;
  size: string;
}

export function slotOf({ location, zone, size }: VirtualMachine | CapacityReservation): Slot {
  return { location, zone, size };
}

/** Sizes come in any casing; two slots with the same key are the same slot. */
export function slotKey({ location, zone, size }: Slot): string {
  return [location, zone ?? "", size.toLowerCase()].join("|");
}

/** "eastus2 zone 2 Standard_D16s_v6" */
export function slotText({ location, zone, size }: Slot): string {
  return `${location} ${zone === undefined ? "regional" : `zone ${zone}`} ${size}`;
}

/** The article's way of naming reservations: Zone2_D16s_v6, Regional_E8s_v5. */
function reservationName({ zone, size }: Slot): string {
  const short = size.replace(/^standard_/i, "");
  return `${zone === undefined ? "Regional" : `Zone${zone}`}_${short}`;
}

/** "1 unit", "2 units" */
export function unitsText(count: number): string {
  return `${count} unit${count === 1 ? "" : "s"}`;
}

/** The article's name, unless another slot's reservation already has it. */
export function freeName(slot: Slot, group: CapacityReservationGroup | undefined): string {
  const name = reservationName(slot);
  const taken = group?.reservations.some((each) => each.name.toLowerCase() === name.toLowerCase()) === true;
  return taken ? `${name}_${slot.location}` : name;
}

/** Holds hardware now: running, or stopped inside the guest but still allocated. */
export function isAllocated(machine: VirtualMachine): boolean {
  return machine.power === "running" || machine.power === "stopped";
}
