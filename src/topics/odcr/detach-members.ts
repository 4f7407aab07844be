import type { CapacityReservationGroup, VirtualMachine } from "../../azure/ports.ts";
import { idKey, sameId } from "../../resource-id.ts";
import { slotKey, slotOf } from "./slots.ts";

/** The group with those members that say so themselves and that its lists do not name yet. */
export function addUnlisted(
  group: CapacityReservationGroup,
  machines: readonly VirtualMachine[],
): CapacityReservationGroup {
  const members = machines.filter((machine) => sameId(machine.groupId, group.id));
  const reservations = group.reservations.map((reservation) => {
    const own = members.filter((machine) => slotKey(slotOf(machine)) === slotKey(slotOf(reservation)));
    const unlisted = own.filter(({ id }) => !reservation.associated.some((each) => sameId(each, id)));
    return { ...reservation, associated: [...reservation.associated, ...unlisted.map(({ id }) => id)] };
  });
  return { ...group, reservations };
}

/**
 * Of these VMs those whom the group's lists still name, although they say themselves that they have left. VMs on an
 * Open reservation are in no group, so there it says nothing.
 */
export function leftOf(
  group: CapacityReservationGroup | undefined,
  machines: readonly VirtualMachine[],
): VirtualMachine[] {
  if (group?.reservationType !== "Targeted") return [];
  const listed = new Set(listedIn(group).map(idKey));
  return machines.filter(({ id, groupId }) => listed.has(idKey(id)) && !sameId(groupId, group.id));
}

/** The group without those who have left it. */
export function withoutLeft(
  group: CapacityReservationGroup,
  machines: readonly VirtualMachine[],
): CapacityReservationGroup {
  const left = new Set(leftOf(group, machines).map(({ id }) => idKey(id)));
  const stay = (ids: readonly string[]): string[] => ids.filter((id) => !left.has(idKey(id)));
  const reservations = group.reservations.map((each) => ({
    ...each,
    associated: stay(each.associated),
    allocated: stay(each.allocated),
  }));
  return { ...group, reservations };
}

function listedIn({ reservations }: CapacityReservationGroup): string[] {
  return reservations.flatMap(({ associated, allocated }) => [...associated, ...allocated]);
}
