import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { isDeepStrictEqual } from "node:util";
import {
  find,
  GROUP,
  groupIdOf,
  isHeld,
  list,
  MACHINE,
  powerOf,
  RESERVATION,
  type Machine,
  type Reservation,
  type Resource,
} from "../../src/sandbox/bodies.ts";
import { keyOf, nameOf, parentOf, sameText, subscriptionOf } from "../../src/sandbox/ids.ts";
import { ANSWERED, type Answered } from "../../src/sandbox/open.ts";
import type { World } from "../../src/sandbox/world.ts";
import { MAIN } from "./azure.ts";

/** What a command line allowed; a verb that reads, or a plan without --apply, allows nothing. */
export interface Allowed {
  verb: "attach" | "detach" | "resize" | "acquire" | "read";
  /** --allow-restart */
  restart?: boolean;
  /** --release */
  release?: boolean;
  /** --delete-empty */
  deleteEmpty?: boolean;
  /** --move */
  move?: boolean;
  /** The quantity that was typed, for a reservation of the group that was typed. */
  asked?: { group: string; quantity: number };
  /** Between two requests: a VM that had left may come back, where its start is refused. */
  comingBack?: boolean;
}

/** The same, and how the run ended. */
export interface Finished extends Allowed {
  /** A step failed, or the run was interrupted: it can be gone on with. */
  cut?: boolean;
}

type Moment = Pick<World, "resources">;

interface Change {
  before: Moment;
  after: Moment;
  allowed: Finished;
}

/**
 * What happened between two moments of one command that its command line does not allow, one sentence each.
 * Quantities are the units really held, so that putting back the old value after a failed raise lowers nothing.
 */
export function checkInvariants(before: Moment, after: Moment, allowed: Allowed): string[] {
  const change = { before, after, allowed };
  return [...changedPowers(change), ...checkLasting(change)];
}

/** What must hold, beside the above, between the beginning of a command and its end. */
export function checkEnd(before: Moment, after: Moment, allowed: Finished): string[] {
  const change = { before, after, allowed };
  const found = [...leftStopped(change), ...orphans(change), ...leftFailed(change), ...uncovered(change)];
  return [...new Set([...checkInvariants(before, after, allowed), ...found])];
}

export interface Watched {
  /** What was not allowed so far, with the request after which it was so. */
  violations: string[];
  /** How many requests were looked at. */
  requests: number;
  stop(): void;
}

/** Checks the world after every request that reaches a sandbox; `isMeant` tells it from others in the process. */
export function watchInvariants(
  start: Moment,
  allowed: Allowed,
  isMeant: (world: World) => boolean = () => true,
): Watched {
  const before = snapshot(start);
  let previous = before;
  const told = new Set<string>();
  const watched: Watched = { violations: [], requests: 0, stop: () => void unsubscribe(ANSWERED, look) };
  function look(message: unknown): void {
    const { request, world } = message as Answered;
    if (!isMeant(world)) return;
    watched.requests += 1;
    const after = snapshot(world);
    // A VM that is restarted passes through every power state, so that only the beginning counts for it.
    const found = [
      ...checkInvariants(before, after, allowed),
      ...checkLasting({ before: previous, after, allowed: { ...allowed, comingBack: true } }),
    ];
    previous = after;
    const where = new URL(request.url).pathname.split("/").slice(-2).join("/");
    for (const text of new Set(found)) {
      if (told.has(text)) continue;
      told.add(text);
      watched.violations.push(`${request.method} ${where}: ${text}`);
    }
  }
  subscribe(ANSWERED, look);
  return watched;
}

function snapshot({ resources }: Moment): Moment {
  return structuredClone({ resources });
}

function checkLasting(change: Change): string[] {
  return [
    ...changedFixed(change),
    ...changedMachines(change),
    ...lostGroups(change),
    ...changedUnits(change),
  ];
}

/** Who was running stays so unless a restart is allowed; who was not is neither started nor deallocated. */
function changedPowers({ before, after, allowed }: Change): string[] {
  return list(before, MACHINE).flatMap((machine) => {
    const now = find(after, MACHINE, machine.id);
    if (!now || powerOf(machine) === powerOf(now)) return [];
    if (powerOf(machine) === "running" && allowed.restart) return [];
    return [`${machine.name} was ${powerOf(machine)} and is ${powerOf(now)}`];
  });
}

function leftStopped({ before, after }: Change): string[] {
  const running = list(before, MACHINE).filter((machine) => powerOf(machine) === "running");
  return running.flatMap(({ id, name }) => {
    const now = find(after, MACHINE, id);
    return !now || powerOf(now) === "running" ? [] : [`${name} was running and is ${powerOf(now)}`];
  });
}

function changedMachines({ before, after, allowed }: Change): string[] {
  return list(before, MACHINE).flatMap((machine) => {
    const now = find(after, MACHINE, machine.id);
    if (!now) return [`${machine.name} is gone`];
    const other = isDeepStrictEqual(otherwise(machine), otherwise(now));
    return [
      ...(mayMove(groupIdOf(machine), groupIdOf(now), allowed) ? [] : [movedText(machine, now)]),
      ...(other ? [] : [`${machine.name} changed otherwise`]),
    ];
  });
}

/** All of a VM but what attaching, detaching and restarting it changes. */
function otherwise(machine: Machine): object {
  const { capacityReservation, ...rest } = machine.properties;
  const { capacityReservationGroup: _, ...association } = capacityReservation ?? {};
  const properties = { ...rest, association, provisioningState: "", instanceView: "" };
  return { ...machine, etag: "", properties };
}

function mayMove(had: string | undefined, has: string | undefined, allowed: Allowed): boolean {
  const { verb, restart, move, comingBack } = allowed;
  if (keyOf(had ?? "") === keyOf(has ?? "")) return true;
  if (has === undefined) return verb === "detach";
  if (verb === "detach") return had === undefined && restart === true && comingBack === true;
  return verb === "attach" && (had === undefined || move === true);
}

function movedText(machine: Machine, now: Machine): string {
  const text = (id: string | undefined): string => (id === undefined ? "in no group" : `in ${nameOf(id)}`);
  return `${machine.name} was ${text(groupIdOf(machine))} and is ${text(groupIdOf(now))}`;
}

function lostGroups({ before, after, allowed }: Change): string[] {
  const gone = list(before, GROUP).filter((group) => !find(after, GROUP, group.id));
  // What Azure could not create is taken away again by Azure.
  const lost = gone.filter(({ properties }) => properties.provisioningState !== "Creating");
  return allowed.deleteEmpty ? [] : lost.map((group) => `group ${group.name} is gone`);
}

function changedUnits(change: Change): string[] {
  const { before, after, allowed } = change;
  const lost = list(before, RESERVATION).flatMap((reservation) => {
    const now = find(after, RESERVATION, reservation.id);
    if (!now) return mayGo(reservation, allowed) ? [] : [`reservation ${reservation.name} is gone`];
    return [];
  });
  const changed = list(after, RESERVATION).flatMap((now) => {
    const had = unitsOf(find(before, RESERVATION, now.id));
    const has = unitsOf(now);
    return has === had || mayHold(now, had, change)
      ? []
      : [`reservation ${now.name} went from ${had} to ${has}`];
  });
  return [...lost, ...changed];
}

function mayGo(reservation: Reservation, { deleteEmpty, release }: Allowed): boolean {
  if (reservation.properties.provisioningState === "Creating") return true;
  return deleteEmpty === true && (release === true || unitsOf(reservation) === 0);
}

function mayHold(now: Reservation, had: number, { after, allowed }: Change): boolean {
  const { verb, release, asked } = allowed;
  const has = unitsOf(now);
  if (asked) {
    const isIt = has === asked.quantity && sameText(nameOf(parentOf(now.id)), asked.group);
    if (verb === "acquire") return isIt && has > had;
    return isIt && (has > had || release === true || has >= membersOf(now, after).filter(isHeld).length);
  }
  return has > had ? verb === "attach" : release === true;
}

/**
 * Orphan billing: units that this command obtained and that no VM has use for in the end. The reservation holds
 * more than it did, and more than VMs are associated with it, and its quantity was not typed. Units that
 * were there before are no orphans, as giving them up has to be asked for. A run that was cut short may hold
 * one unit for the VM that it was about to restart, because a unit is acquired before its VM is stopped.
 */
function orphans({ before, after, allowed }: Change): string[] {
  return list(after, RESERVATION).flatMap((now) => {
    const [had, has] = [unitsOf(find(before, RESERVATION, now.id)), unitsOf(now)];
    const members = membersOf(now, after).length;
    const isNext = allowed.cut && allowed.restart && hasOutsider(now, after);
    if (has <= Math.max(had, members + (isNext ? 1 : 0)) || allowed.asked?.quantity === has) return [];
    return [`reservation ${now.name} holds ${has}, had ${had}, and ${members} VMs are in it`];
  });
}

/** A reservation that a failed raise leaves unusable got its old quantity back. */
function leftFailed({ before, after }: Change): string[] {
  const failed = list(after, RESERVATION).filter((now) => stateOf(now) === "Failed");
  const newly = failed.filter(({ id }) => stateOf(find(before, RESERVATION, id)) !== "Failed");
  return newly.map(({ name }) => `reservation ${name} is left Failed`);
}

/** Units are given up for who leaves, never for who stays; who was to leave a cut run may not have left yet. */
function uncovered({ before, after, allowed }: Change): string[] {
  if (allowed.asked || allowed.cut) return [];
  return list(after, RESERVATION).flatMap((now) => {
    const [had, has] = [unitsOf(find(before, RESERVATION, now.id)), unitsOf(now)];
    const held = membersOf(now, after).filter(isHeld).length;
    if (has >= had || has >= held) return [];
    return [`reservation ${now.name} went from ${had} to ${has} while ${held} VMs use it`];
  });
}

/** What no verb changes: Open and Block groups, future reservations, and all of other subscriptions. */
function changedFixed({ before, after }: Change): string[] {
  const fixed = Object.values(before.resources).filter((body) => isFixed(body, before));
  const changed = fixed.filter(({ id, ...rest }) => {
    const { id: _, ...now } = after.resources[keyOf(id)] ?? {};
    return !isDeepStrictEqual(rest, now);
  });
  return changed.map(({ name }) => `${name} was changed, which is not ours to change`);
}

function isFixed(body: Resource, moment: Moment): boolean {
  if (subscriptionOf(body.id) !== MAIN) return true;
  if (body.type !== GROUP && body.type !== RESERVATION) return false;
  const group = find(moment, GROUP, body.type === GROUP ? body.id : parentOf(body.id));
  return body.properties["scheduleProfile"] !== undefined || group?.properties.reservationType !== "Targeted";
}

function unitsOf(reservation: Reservation | undefined): number {
  return reservation?.properties.instanceView.utilizationInfo.currentCapacity ?? 0;
}

function stateOf(reservation: Reservation | undefined): string | undefined {
  return reservation?.properties.provisioningState;
}

/** VMs that say themselves that they are in its group, in its slot. */
function membersOf(reservation: Reservation, moment: Moment): Machine[] {
  return fitting(reservation, moment).filter((each) => isIn(each, reservation));
}

function hasOutsider(reservation: Reservation, moment: Moment): boolean {
  return fitting(reservation, moment).some((each) => powerOf(each) === "running" && !isIn(each, reservation));
}

function isIn(machine: Machine, { id }: Reservation): boolean {
  return keyOf(groupIdOf(machine) ?? "") === keyOf(parentOf(id));
}

function fitting({ sku, zones, location }: Reservation, moment: Moment): Machine[] {
  return list(moment, MACHINE).filter(
    (machine) =>
      sameText(machine.properties.hardwareProfile.vmSize, sku.name) &&
      machine.location === location &&
      machine.zones?.[0] === zones?.[0],
  );
}
