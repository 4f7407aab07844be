import type { CapacityReservationGroup, SizeOffer, VirtualMachine } from "../../azure/ports.ts";
import { parseResourceId, sameId, sameText } from "../../resource-id.ts";
import type { Slot } from "./slots.ts";

/** Zonal and regional VMs of one location each need a group of their own. */
export interface Zonality {
  location: string;
  zonal: boolean;
}

export interface GroupWish {
  /** Name, or the whole id, from --group. */
  group: string | undefined;
  /** From --resource-group. */
  resourceGroup: string | undefined;
  subscriptionId: string;
}

/** The group that VMs of one kind go to; `existing` when it is there already. */
export interface ChosenGroup {
  kind: Zonality;
  id: string;
  name: string;
}

/** Where something is to be held. */
export type Place = Pick<Slot, "location" | "zone">;

export function zonalityOf(machine: Place): Zonality {
  return { location: machine.location, zonal: machine.zone !== undefined };
}

export function zonalityKey({ location, zonal }: Zonality): string {
  return `${location}|${zonal ? "zonal" : "regional"}`;
}

export interface Choosing {
  machines: readonly VirtualMachine[];
  wish: GroupWish;
  /** Groups with one of the names in question. */
  existing: readonly Pick<CapacityReservationGroup, "id" | "name" | "location" | "zones">[];
}

/**
 * One group per kind. A wished group that exists takes the kind it fits; one that does not exist takes the
 * first kind. Further kinds get the name with a suffix, but when the wished group exists and fits nothing that
 * was selected, it is chosen all the same, so that the VMs are refused instead of put where nobody asked for.
 */
export function chooseGroups({ machines, wish, existing }: Choosing): ChosenGroup[] {
  const kinds = [
    ...new Map(machines.map((machine) => [zonalityKey(zonalityOf(machine)), zonalityOf(machine)])).values(),
  ];
  kinds.sort(
    (left, right) => Number(right.zonal) - Number(left.zonal) || left.location.localeCompare(right.location),
  );
  const place = { machines, wish, existing };
  if (wish.group === undefined) return kinds.map((kind) => chooseByName(derivedName(kind), kind, place));
  const wished = parseWish(wish.group);
  const found = existing.find((each) => isWished(each, wished));
  // Nothing is made in another subscription, so what does not fit there is refused.
  if (found && !isIn(wish.subscriptionId, found)) {
    return kinds.map((kind) => ({ kind, id: found.id, name: found.name }));
  }
  const owner = found ? kinds.find((kind) => fits(kind, found)) : kinds[0];
  return kinds.map((kind) => {
    if (found && (!owner || kind === owner))
      return chosen(kind, found, suffixedOf(wished.name, kind, existing));
    if (kind === owner && wished.id !== undefined) return { kind, id: wished.id, name: wished.name };
    return chooseByName(kind === owner ? wished.name : suffixed(wished.name, kind), kind, place);
  });
}

type Existing = Choosing["existing"][number];

/** A group with the suffix, made by an earlier run, is preferred to one that does not fit. */
function chosen(kind: Zonality, found: Existing, earlier: Existing | undefined): ChosenGroup {
  const { id, name } = fits(kind, found) ? found : (earlier ?? found);
  return { kind, id, name };
}

function suffixedOf(name: string, kind: Zonality, existing: Choosing["existing"]): Existing | undefined {
  return existing.find((each) => sameText(each.name, suffixed(name, kind)));
}

function fits(kind: Zonality, group: Existing): boolean {
  return group.location === kind.location && group.zones.length > 0 === kind.zonal;
}

function isIn(subscriptionId: string, { id }: Existing): boolean {
  return parseResourceId(id)?.subscriptionId === subscriptionId;
}

/** Whether a group is the one that was named, or has that id. */
export function isWished(group: Pick<Existing, "id" | "name">, { id, name }: Wished): boolean {
  return id === undefined ? sameText(group.name, name) : sameId(group.id, id);
}

function chooseByName(name: string, kind: Zonality, { machines, wish, existing }: Choosing): ChosenGroup {
  const found = existing.find((each) => sameText(each.name, name));
  if (found) return { kind, id: found.id, name: found.name };
  const wished = wish.group === undefined ? undefined : parseWish(wish.group);
  const resourceGroup = wished?.resourceGroup ?? wish.resourceGroup ?? mainResourceGroup(machines, kind);
  return { kind, name, id: newGroupId(name, resourceGroup, wish) };
}

/** The id that a group will have once it is made. */
export function newGroupId(
  name: string,
  resourceGroup: string,
  { subscriptionId }: Pick<GroupWish, "subscriptionId">,
): string {
  const path = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  return `${path}/providers/Microsoft.Compute/capacityReservationGroups/${name}`;
}

/** Every name that chooseGroups may come up with, so that only those groups need to be read. */
export function possibleNames(machines: readonly Place[], group: string | undefined): string[] {
  const kinds = machines.map(zonalityOf);
  const names =
    group === undefined
      ? kinds.map(derivedName)
      : [parseWish(group).name, ...kinds.map((kind) => suffixed(parseWish(group).name, kind))];
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

export interface Wished {
  name: string;
  id?: string;
  resourceGroup?: string;
}

export function parseWish(group: string): Wished {
  const parsed = parseResourceId(group);
  return parsed ? { name: parsed.name, id: group, resourceGroup: parsed.resourceGroup } : { name: group };
}

export function suffixed(name: string, kind: Zonality): string {
  return `${name}-${kind.location}-${kind.zonal ? "zonal" : "regional"}`;
}

export function derivedName(kind: Zonality): string {
  return suffixed("crg", kind);
}

/** A new group gets every zone its sizes are offered in, because zones cannot be added later. */
export function zonesForGroup(slots: readonly Slot[], offers: readonly SizeOffer[]): string[] {
  const own = slots.flatMap(({ zone }) => zone ?? []);
  if (own.length === 0) return [];
  const offered = offers.filter(({ location, size }) =>
    slots.some((slot) => slot.location === location && sameText(slot.size, size)),
  );
  return [...new Set([...own, ...offered.flatMap(({ zones }) => zones)])].sort();
}

/** Where most of the VMs are; ties go to the first name, so that the order of VMs does not matter. */
function mainResourceGroup(machines: readonly VirtualMachine[], kind: Zonality): string {
  const counts = new Map<string, number>();
  for (const machine of machines) {
    if (zonalityKey(zonalityOf(machine)) !== zonalityKey(kind)) continue;
    const name = machine.resourceGroup.toLowerCase();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([a, left], [b, right]) => right - left || a.localeCompare(b));
  return ranked[0]?.[0] ?? "";
}
