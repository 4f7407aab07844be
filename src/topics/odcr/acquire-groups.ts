import type { CapacityReservationGroup } from "../../azure/ports.ts";
import { AppError } from "../../errors.ts";
import type { Reason } from "./eligibility.ts";
import {
  derivedName,
  isWished,
  newGroupId,
  zonalityKey,
  zonalityOf,
  parseWish,
  suffixed,
  type GroupWish,
} from "./plan-groups.ts";
import { findFixed } from "./reservation-kind.ts";
import type { Slot } from "./slots.ts";

/** Where the reservation of a slot is, or will be. */
export interface SlotGroup {
  id: string;
  name: string;
  /** The group as it is; undefined when it has to be made. */
  found: CapacityReservationGroup | undefined;
  /** Why it cannot hold the slot. */
  unfit: Reason | undefined;
}

export interface Grouping {
  slots: readonly Slot[];
  wish: GroupWish;
  /** Groups with one of the names in question. */
  existing: readonly CapacityReservationGroup[];
}

/**
 * The group of each slot. The first one goes to the group that was named; an alternative goes there too when that
 * can hold it, and else to the one with the suffix. Throws AppError "usage" when it is not clear where to make one.
 */
export function groupsOf({ slots, wish, existing }: Grouping): SlotGroup[] {
  const wished = wish.group === undefined ? undefined : parseWish(wish.group);
  const named = wished && existing.find((each) => isWished(each, wished));
  const resourceGroup = wished?.resourceGroup ?? wish.resourceGroup ?? named?.resourceGroup;
  const [first] = slots as [Slot, ...Slot[]];
  return slots.map((slot) => {
    const kind = zonalityOf(slot);
    const isAlike = zonalityKey(kind) === zonalityKey(zonalityOf(first));
    const goesToWished = slot === first || (isAlike && (!named || findUnfit(slot, named) === undefined));
    if (wished?.id !== undefined && goesToWished)
      return toGroup(wished.id, wished.name, { slot, found: named });
    const name =
      wished === undefined ? derivedName(kind) : goesToWished ? wished.name : suffixed(wished.name, kind);
    const found = existing.find((each) => each.name.toLowerCase() === name.toLowerCase());
    return toGroup(found?.id ?? newId(name, resourceGroup, wish), name, { slot, found });
  });
}

function toGroup(
  id: string,
  name: string,
  { slot, found }: { slot: Slot; found: CapacityReservationGroup | undefined },
): SlotGroup {
  return { id, name, found, unfit: found && findUnfit(slot, found) };
}

function newId(name: string, resourceGroup: string | undefined, wish: GroupWish): string {
  if (resourceGroup === undefined) {
    const hint = "give --resource-group, or name an existing group with --group";
    throw new AppError("usage", `group ${name} has to be made, and no resource group was named`, { hint });
  }
  return newGroupId(name, resourceGroup, wish);
}

function findUnfit({ location, zone }: Slot, group: CapacityReservationGroup): Reason | undefined {
  const fixed = findFixed(group, undefined);
  if (fixed) return fixed;
  const { name, zones } = group;
  const fits = zone === undefined ? zones.length === 0 : zones.includes(zone);
  if (group.location === location && fits) return undefined;
  const where = zones.length === 0 ? "regional" : `zones ${zones.join(", ")}`;
  return {
    text: `group ${name} is in ${group.location}, ${where}`,
    because:
      group.location === location
        ? ["azure-wire/group-zones-immutable", "azure-wire/one-zone-per-reservation"]
        : ["azure-wire/location-of-group"],
  };
}
