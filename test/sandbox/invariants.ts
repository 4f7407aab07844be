import {
  find,
  GROUP,
  groupIdOf,
  list,
  MACHINE,
  powerOf,
  RESERVATION,
  type Machine,
} from "../../src/sandbox/bodies.ts";
import { keyOf, nameOf } from "../../src/sandbox/ids.ts";
import type { World } from "../../src/sandbox/world.ts";

/** What got worse between two moments, one sentence each; empty when nothing did. */
export function checkInvariants(before: World, after: World): string[] {
  return [...lostMachines(before, after), ...lostGroups(before, after), ...lostReservations(before, after)];
}

function lostMachines(before: World, after: World): string[] {
  return list(before, MACHINE).flatMap((machine) => {
    const now = find(after, MACHINE, machine.id);
    return now ? [...lostPower(machine, now), ...lostAssociation(machine, now)] : [`${machine.name} is gone`];
  });
}

function lostPower(machine: Machine, now: Machine): string[] {
  const isWorse = powerOf(machine) === "running" && powerOf(now) !== "running";
  return isWorse ? [`${machine.name} was running and is ${powerOf(now)}`] : [];
}

function lostAssociation(machine: Machine, now: Machine): string[] {
  const had = groupIdOf(machine);
  const has = groupIdOf(now);
  if (had === undefined || keyOf(had) === keyOf(has ?? "")) return [];
  return [`${machine.name} was associated with ${nameOf(had)} and is ${has ? `with ${nameOf(has)}` : "not"}`];
}

function lostGroups(before: World, after: World): string[] {
  const gone = list(before, GROUP).filter((group) => !find(after, GROUP, group.id));
  return gone.map((group) => `group ${group.name} is gone`);
}

function lostReservations(before: World, after: World): string[] {
  return list(before, RESERVATION).flatMap((reservation) => {
    const now = find(after, RESERVATION, reservation.id);
    if (!now) return [`reservation ${reservation.name} is gone`];
    const [had, has] = [reservation.sku.capacity, now.sku.capacity];
    return has < had ? [`reservation ${reservation.name} went from ${had} to ${has}`] : [];
  });
}
