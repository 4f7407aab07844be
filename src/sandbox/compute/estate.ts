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
  /** Uses Open reservations of its subscription without being associated. */
  joinsOpen: boolean;
  /** Occupies hardware. */
  held: boolean;
}

export interface ReservationFacts extends Slot {
  id: string;
  subscriptionId: string;
  groupId: string;
  /** Units really obtained. */
  quantity: number;
  /** Of an Open group: it serves VMs that are in no group. */
  open: boolean;
}

/** All that decides about hardware and quota, apart from the world so that a change can be tried out. */
export interface Estate {
  machines: MachineFacts[];
  reservations: ReservationFacts[];
}

export function readEstate(world: World): Estate {
  return {
    machines: all(world, MACHINE).map(machineFacts),
    reservations: all(world, RESERVATION).map((each) => reservationFacts(world, each)),
  };
}

export function machineFacts(machine: Machine): MachineFacts {
  const groupId = groupIdOf(machine);
  return {
    id: keyOf(machine.id),
    subscriptionId: subscriptionOf(machine.id),
    groupId: groupId === undefined ? undefined : keyOf(groupId),
    joinsOpen: groupId === undefined && canJoinOpen(machine),
    held: isHeld(machine),
    ...slotOf(machine, machine.properties.hardwareProfile.vmSize),
  };
}

function canJoinOpen({ properties }: Machine): boolean {
  const { priority, availabilitySet, proximityPlacementGroup, host, hostGroup } = properties;
  const obstacles = [availabilitySet, proximityPlacementGroup, host, hostGroup];
  const optedOut = properties.capacityReservation?.disableCapacityReservationAssignment === true;
  return !optedOut && priority !== "Spot" && obstacles.every((each) => each === undefined);
}

export function reservationFacts(world: World, reservation: Reservation): ReservationFacts {
  const groupId = keyOf(parentOf(reservation.id));
  return {
    id: keyOf(reservation.id),
    subscriptionId: subscriptionOf(reservation.id),
    groupId,
    open: find(world, GROUP, groupId)?.properties.reservationType === "Open",
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

/** Machines that the reservation serves: those configured with its group, or all that match an Open one. */
export function membersOf(estate: Estate, reservation: ReservationFacts): MachineFacts[] {
  return estate.machines.filter((machine) => isServed(machine, reservation));
}

function isServed(machine: MachineFacts, reservation: ReservationFacts): boolean {
  if (!sameSlot(machine, reservation)) return false;
  if (machine.groupId === reservation.groupId) return true;
  return reservation.open && machine.joinsOpen && machine.subscriptionId === reservation.subscriptionId;
}

/** The stored machines that hold hardware and that the reservation serves, in the order of their ids. */
export function heldMembersOf(world: World, reservation: ReservationFacts): Machine[] {
  const served = all(world, MACHINE).filter((machine) => {
    // Most machines of a large world are elsewhere; their slot tells so at the least cost.
    const slot = slotOf(machine, machine.properties.hardwareProfile.vmSize);
    return sameSlot(slot, reservation) && isHeld(machine) && isServed(machineFacts(machine), reservation);
  });
  return served.sort((left, right) => (keyOf(left.id) < keyOf(right.id) ? -1 : 1));
}

/** The Open reservation that serves a machine which is in no group. */
export function openReservationFor(world: World, machine: MachineFacts): Reservation | undefined {
  return all(world, RESERVATION).find((each) => isServed(machine, reservationFacts(world, each)));
}

/** The stored reservation that serves a slot in a group. */
export function reservationFor(world: World, groupId: string, slot: Slot): Reservation | undefined {
  if (!find(world, GROUP, groupId)) return undefined;
  return all(world, RESERVATION).find((each) => {
    const facts = reservationFacts(world, each);
    return facts.groupId === keyOf(groupId) && sameSlot(facts, slot);
  });
}
