import { refuse } from "../http.ts";
import { sameText } from "../ids.ts";
import type { Size, World } from "../world.ts";
import { membersOf, type Estate, type EstateChange, type Slot } from "./estate.ts";

/** What quota is counted by. */
export interface QuotaPlace {
  subscriptionId: string;
  location: string;
  family: string;
}

/** Sizes that a location knows. */
export function sizesIn(world: World, location: string): Size[] {
  const key = Object.keys(world.sizes).find((each) => sameText(each, location));
  const sizes = key === undefined ? [] : (world.sizes[key] ?? []);
  return sizes.filter((each) => each.resourceType === "virtualMachines");
}

export function findSize(world: World, slot: Pick<Slot, "location" | "size">): Size | undefined {
  return sizesIn(world, slot.location).find((each) => sameText(each.name, slot.size));
}

export function coresOf(size: Size): number {
  return Number(size.capabilities.find((each) => each.name === "vCPUs")?.value ?? 0);
}

export function limitOf(world: World, place: QuotaPlace): number | undefined {
  const wanted = `${place.subscriptionId}|${place.location}|${place.family}`;
  const key = Object.keys(world.quota).find((each) => sameText(each, wanted));
  return key === undefined ? undefined : world.quota[key];
}

/**
 * Cores that count against a quota. A reservation counts in full; its members count only beyond its
 * quantity, but then even when they are deallocated.
 */
export function coresInUse(world: World, estate: Estate, place: QuotaPlace): number {
  const cores = coresBySize(world, place);
  const isOurs = (facts: { subscriptionId: string }): boolean =>
    facts.subscriptionId === place.subscriptionId;
  let used = 0;
  const members = new Set<string>();
  for (const reservation of estate.reservations) {
    const ours = membersOf(estate, reservation).filter(isOurs);
    for (const machine of ours) members.add(machine.id);
    const covered = isOurs(reservation) ? Math.min(reservation.quantity, ours.length) : 0;
    const counted = (isOurs(reservation) ? reservation.quantity : 0) + ours.length - covered;
    used += counted * cores(reservation);
  }
  const others = estate.machines.filter((each) => isOurs(each) && each.held && !members.has(each.id));
  return used + others.reduce((sum, machine) => sum + cores(machine), 0);
}

/** Cores of one machine of a slot, 0 outside the place that is counted. */
function coresBySize(world: World, place: QuotaPlace): (slot: Slot) => number {
  const family = sizesIn(world, place.location).filter((size) => sameText(size.family, place.family));
  const cores = new Map(family.map((size) => [size.name.toLowerCase(), coresOf(size)]));
  return (slot) => (slot.location === place.location ? (cores.get(slot.size) ?? 0) : 0);
}

/** Refuses at once a change that would exceed the quota of its size's family. */
export function checkQuota(
  world: World,
  owner: Slot & { subscriptionId: string },
  change: EstateChange,
): void {
  const size = findSize(world, owner);
  if (!size) return;
  const place = { subscriptionId: owner.subscriptionId, location: owner.location, family: size.family };
  const limit = limitOf(world, place);
  if (limit === undefined) return;
  const before = coresInUse(world, change.before, place);
  const after = coresInUse(world, change.after, place);
  if (after > limit && after > before) throw refuse(409, quotaError({ ...place, limit, before, after }));
}

export interface QuotaNumbers extends QuotaPlace {
  limit: number;
  before: number;
  after: number;
}

export function quotaError(numbers: QuotaNumbers): { code: string; message: string } {
  const { family, location, limit, before, after } = numbers;
  const message = `Operation could not be completed as it results in exceeding approved ${family} Cores quota. Additional details - Deployment Model: Resource Manager, Location: ${location}, Current Limit: ${limit}, Current Usage: ${before}, Additional Required: ${after - before}, (Minimum) New Limit Required: ${after}. Setup Alerts when Quota reaches threshold. Learn more at https://aka.ms/quotamonitoringalerting . Please read more about quota limits at https://docs.microsoft.com/en-us/azure/azure-supportability/per-vm-quota-requests`;
  return { code: "OperationNotAllowed", message };
}
