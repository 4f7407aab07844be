import type { CapacityReservationGroup, GroupSummary, VirtualMachine } from "../../azure/ports.ts";
import { parseResourceId } from "../../resource-id.ts";

/** Zonal and regional VMs of one location each need a group of their own. */
export interface Kind {
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
  kind: Kind;
  id: string;
  name: string;
}

export function kindOf(machine: VirtualMachine): Kind {
  return { location: machine.location, zonal: machine.zone !== undefined };
}

export function kindKey({ location, zonal }: Kind): string {
  return `${location}|${zonal ? "zonal" : "regional"}`;
}

export interface Choosing {
  machines: readonly VirtualMachine[];
  wish: GroupWish;
  /** Groups with one of the names in question. */
  existing: readonly (Pick<CapacityReservationGroup, "id" | "name" | "location" | "zones"> | GroupSummary)[];
}

/**
 * One group per kind. A wished name goes to the first kind it fits (its group exists with that location and
 * zonality, or does not exist yet); further kinds get the name with a suffix. Without a wish the name is derived.
 */
export function chooseGroups({ machines, wish, existing }: Choosing): ChosenGroup[] {
  const kinds = [...new Map(machines.map((machine) => [kindKey(kindOf(machine)), kindOf(machine)])).values()];
  kinds.sort(
    (left, right) => Number(right.zonal) - Number(left.zonal) || left.location.localeCompare(right.location),
  );
  const wished = wish.group === undefined ? undefined : parseWish(wish.group);
  const owner = wished === undefined ? undefined : ownerOf(wished.name, kinds, existing);
  return kinds.map((kind) => {
    const name = wished === undefined ? derivedName(kind) : nameFor(wished.name, kind, owner);
    const found = findExisting(existing, name, wished?.id);
    if (found) return { kind, id: found.id, name: found.name };
    const resourceGroup = wished?.resourceGroup ?? wish.resourceGroup ?? mainResourceGroup(machines, kind);
    const path = `/subscriptions/${wish.subscriptionId}/resourceGroups/${resourceGroup}`;
    return { kind, name, id: `${path}/providers/Microsoft.Compute/capacityReservationGroups/${name}` };
  });
}

/** Every name that chooseGroups may come up with, so that only those groups need to be read. */
export function possibleNames(machines: readonly VirtualMachine[], group: string | undefined): string[] {
  const kinds = machines.map(kindOf);
  const names =
    group === undefined
      ? kinds.map(derivedName)
      : [parseWish(group).name, ...kinds.map((kind) => suffixed(parseWish(group).name, kind))];
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

function parseWish(group: string): { name: string; id?: string; resourceGroup?: string } {
  const parsed = parseResourceId(group);
  return parsed ? { name: parsed.name, id: group, resourceGroup: parsed.resourceGroup } : { name: group };
}

function ownerOf(name: string, kinds: readonly Kind[], existing: Choosing["existing"]): Kind | undefined {
  const found = existing.find((each) => sameText(each.name, name));
  if (!found) return kinds[0];
  const zonal = "zones" in found ? found.zones.length > 0 : undefined;
  return kinds.find(
    (kind) => kind.location === found.location && (zonal === undefined || kind.zonal === zonal),
  );
}

function nameFor(name: string, kind: Kind, owner: Kind | undefined): string {
  return owner !== undefined && kindKey(owner) === kindKey(kind) ? name : suffixed(name, kind);
}

function suffixed(name: string, kind: Kind): string {
  return `${name}-${kind.location}-${kind.zonal ? "zonal" : "regional"}`;
}

function derivedName(kind: Kind): string {
  return suffixed("crg", kind);
}

function findExisting(
  existing: Choosing["existing"],
  name: string,
  id: string | undefined,
): { id: string; name: string } | undefined {
  const sameName = existing.filter((each) => sameText(each.name, name));
  return sameName.find((each) => id !== undefined && sameText(each.id, id)) ?? sameName[0];
}

/** Where most of the VMs are; ties go to the first name, so that the order of VMs does not matter. */
function mainResourceGroup(machines: readonly VirtualMachine[], kind: Kind): string {
  const counts = new Map<string, number>();
  for (const machine of machines) {
    if (kindKey(kindOf(machine)) !== kindKey(kind)) continue;
    const name = machine.resourceGroup.toLowerCase();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([a, left], [b, right]) => right - left || a.localeCompare(b));
  return ranked[0]?.[0] ?? "";
}

function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
