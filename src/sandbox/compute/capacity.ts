import type { World } from "../world.ts";
import { membersOf, sameSlot, type Estate, type EstateChange, type Slot } from "./estate.ts";

/**
 * Physical slots in use: reservations hold what they obtained, or what their running members
 * occupy when that is more, because a running VM needs no second place.
 */
export function slotsInUse(estate: Estate, slot: Slot): number {
  const inSlot = estate.machines.filter((machine) => machine.held && sameSlot(machine, slot));
  let free = inSlot.length;
  let reserved = 0;
  for (const reservation of estate.reservations.filter((each) => sameSlot(each, slot))) {
    const held = membersOf(estate, reservation).filter((machine) => machine.held).length;
    reserved += Math.max(reservation.quantity, held);
    free -= held;
  }
  return reserved + free;
}

/** Takes or gives back the hardware that a change needs in a slot; false when there is too little. */
export function claimHardware(world: World, slot: Slot, { before, after }: EstateChange): boolean {
  const key = capacityKey(world, slot);
  const free = key === undefined ? undefined : world.capacity[key];
  if (key === undefined || free === undefined) return true;
  const needed = slotsInUse(after, slot) - slotsInUse(before, slot);
  if (needed > 0 && needed > free) return false;
  world.capacity[key] = free - needed;
  return true;
}

function capacityKey(world: World, slot: Slot): string | undefined {
  const wanted = `${slot.location}|${slot.zone}|${slot.size}`.toLowerCase();
  return Object.keys(world.capacity).find((key) => key.toLowerCase() === wanted);
}

/** What Azure says when there is no hardware left in a slot. */
export function allocationError(slot: Slot): { code: string; message: string } {
  if (slot.zone === "") {
    const message =
      "Allocation failed. We do not have sufficient capacity for the requested VM size in this region. Read more about improving likelihood of allocation success at https://aka.ms/allocation-guidance";
    return { code: "AllocationFailed", message };
  }
  const message =
    "Allocation failed. We do not have sufficient capacity for the requested VM size in this zone. Read more about improving likelihood of allocation success at https://aka.ms/allocation-guidance";
  return { code: "ZonalAllocationFailed", message };
}
