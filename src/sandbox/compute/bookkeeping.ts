import { all, find, groupIdOf, MACHINE, type Machine, type Reservation } from "../bodies.ts";
import type { State } from "../http.ts";
import { keyOf, parentOf } from "../ids.ts";
import { machineFacts, reservationFacts, sameSlot } from "./estate.ts";

export function isCreated(reservation: Reservation): boolean {
  return reservation.properties.provisioningState !== "Creating";
}

/** Machines that a group's lists name: what was configured a moment ago. */
export function machinesListedFor(state: State, groupId: string): Machine[] {
  const lagging = laggingGroups(state);
  const key = keyOf(groupId);
  const listed = all(state.world, MACHINE).filter((machine) => {
    const isLagging = lagging.size > 0 && lagging.has(keyOf(machine.id));
    const listedGroup = isLagging ? lagging.get(keyOf(machine.id)) : groupIdOf(machine);
    return listedGroup !== undefined && keyOf(listedGroup) === key;
  });
  return listed.sort((left, right) => (keyOf(left.id) < keyOf(right.id) ? -1 : 1));
}

export function machinesListedForReservation(state: State, reservation: Reservation): Machine[] {
  const facts = reservationFacts(state.world, reservation);
  const machines = machinesListedFor(state, parentOf(reservation.id));
  return machines.filter((machine) => sameSlot(machineFacts(machine), facts));
}

/** Machines whose listed group is still the one before their last changes, with that group. */
function laggingGroups({ world, now }: State): Map<string, string | undefined> {
  const groups = new Map<string, string | undefined>();
  const lag = world.settings.associationLagMs;
  const recent = Object.values(world.operations).filter((operation) => {
    if (operation.kind !== "associate" || operation.status === "Failed") return false;
    return operation.status === "InProgress" || Date.parse(operation.dueTime) + lag > now().getTime();
  });
  for (const operation of recent.sort((left, right) => (left.startTime < right.startTime ? -1 : 1))) {
    const key = keyOf(operation.resourceId);
    if (groups.has(key) || !find(world, MACHINE, key)) continue;
    groups.set(key, typeof operation.had === "string" ? operation.had : undefined);
  }
  return groups;
}

/** True while a group still counts a reservation that was just deleted. */
export function hasNestedGhosts({ world, now }: State, groupId: string): boolean {
  const lag = world.settings.nestedLagMs;
  return Object.values(world.operations).some(
    (operation) =>
      operation.kind === "delete-reservation" &&
      operation.status === "Succeeded" &&
      keyOf(parentOf(operation.resourceId)) === keyOf(groupId) &&
      Date.parse(operation.dueTime) + lag > now().getTime(),
  );
}
