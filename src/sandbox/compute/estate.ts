import {
  all,
  find,
  GROUP,
  groupIdOf,
  isHeld,
  MACHINE,
  RESERVATION,
  type Machine,
  type Reservation,
} from "../bodies.ts";
import { keyOf, parentOf, subscriptionOf } from "../ids.ts";
import type { World } from "../world.ts";

/** Where hardware is: one size in one zone, or in a region ("" as zone). */
export interface Slot {
  location: string;
  zone: string;
  size: string;
}

export interface MachineFacts extends Slot {
  id: string;
  subscriptionId: string;
  groupId: string | undefined;
  /** Occupies hardware. */
  held: boolean;
}

export interface ReservationFacts extends Slot {
  id: string;
  subscriptionId: string;
  groupId: string;
  /** Units really obtained. */
  quantity: number;
}

/** All that decides about hardware and quota, apart from the world so that a change can be tried out. */
export interface Estate {
  machines: MachineFacts[];
  reservations: ReservationFacts[];
}

export function readEstate(world: World): Estate {
  return {
    machines: all(world, MACHINE).map(machineFacts),
    reservations: all(world, RESERVATION).map(reservationFacts),
  };
}

export function machineFacts(machine: Machine): MachineFacts {
  const groupId = groupIdOf(machine);
  return {
    id: keyOf(machine.id),
    subscriptionId: subscriptionOf(machine.id),
    groupId: groupId === undefined ? undefined : keyOf(groupId),
    held: isHeld(machine),
    ...slotOf(machine, machine.properties.hardwareProfile.vmSize),
  };
}

export function reservationFacts(reservation: Reservation): ReservationFacts {
  return {
    id: keyOf(reservation.id),
    subscriptionId: subscriptionOf(reservation.id),
    groupId: keyOf(parentOf(reservation.id)),
    quantity: reservation.properties.instanceView.utilizationInfo.currentCapacity,
    ...slotOf(reservation, reservation.sku.name),
  };
}

function slotOf(body: { location: string; zones?: string[] | undefined }, size: string): Slot {
  return { location: body.location.toLowerCase(), zone: body.zones?.[0] ?? "", size: size.toLowerCase() };
}

/** A change that is tried out before it is made. */
export interface EstateChange {
  before: Estate;
  after: Estate;
}

export function withMachine(world: World, id: string, facts: Partial<MachineFacts>): EstateChange {
  const before = readEstate(world);
  const key = keyOf(id);
  const machines = before.machines.map((each) => (each.id === key ? { ...each, ...facts } : each));
  return { before, after: { ...before, machines } };
}

/** The reservation is added, changed, or removed when `facts` is undefined. */
export function withReservation(world: World, id: string, facts: ReservationFacts | undefined): EstateChange {
  const before = readEstate(world);
  const others = before.reservations.filter((each) => each.id !== keyOf(id));
  return { before, after: { ...before, reservations: facts ? [...others, facts] : others } };
}

export function sameSlot(left: Slot, right: Slot): boolean {
  return left.location === right.location && left.zone === right.zone && left.size === right.size;
}

/** Machines configured with the reservation's group that it serves. */
export function membersOf(estate: Estate, reservation: ReservationFacts): MachineFacts[] {
  return estate.machines.filter(
    (machine) => machine.groupId === reservation.groupId && sameSlot(machine, reservation),
  );
}

/** The stored reservation that serves a slot in a group. */
export function reservationFor(world: World, groupId: string, slot: Slot): Reservation | undefined {
  if (!find(world, GROUP, groupId)) return undefined;
  return all(world, RESERVATION).find((each) => {
    const facts = reservationFacts(each);
    return facts.groupId === keyOf(groupId) && sameSlot(facts, slot);
  });
}
