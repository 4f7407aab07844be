import {
  find,
  GROUP,
  groupIdOf,
  list,
  MACHINE,
  RESERVATION,
  type Group,
  type Reservation,
} from "../bodies.ts";
import { bodyOf, dig, isFields, pageOf, refuse, type Call, type Reply } from "../http.ts";
import { keyOf, parentOf, sameText, shoutResourceGroups } from "../ids.ts";
import { beginOperation, nextGuid } from "../operations.ts";
import type { Route } from "../route.ts";
import { requireResourceGroup } from "../subscriptions.ts";
import { checkEtag, nextEtag } from "./association.ts";
import { machinesListedForReservation } from "./bookkeeping.ts";
import { machineFacts, reservationFacts, sameSlot } from "./estate.ts";
import { reservationBody, reservationsOf, shownByGet, shownByList, single } from "./group-answers.ts";
import { changeNotAllowed, refuseWhileDeleting } from "./groups.ts";
import { notFound, resourceIdOf } from "./machines.ts";
import { operationHeaders, refuseWhileBusy } from "./operations.ts";
import { changeQuantity, obtain } from "./quantity.ts";
import { checkNewReservation, readQuantity, readReservation } from "./reservation-request.ts";
import { COMPUTE_VERSIONS } from "./versions.ts";

const GROUPS = "capacityReservationGroups";
const PATH = `/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/${GROUPS}/{name}/capacityReservations`;
const ACTION = `Microsoft.Compute/${GROUPS}/capacityReservations`;
const versions = COMPUTE_VERSIONS;

export const reservationRoutes: readonly Route[] = [
  { method: "GET", path: PATH, versions, answer: listReservations },
  { method: "GET", path: `${PATH}/{reservation}`, versions, answer: getReservation },
  {
    method: "PUT",
    path: `${PATH}/{reservation}`,
    versions,
    action: `${ACTION}/write`,
    answer: putReservation,
  },
  {
    method: "PATCH",
    path: `${PATH}/{reservation}`,
    versions,
    action: `${ACTION}/write`,
    answer: patchReservation,
  },
  {
    method: "DELETE",
    path: `${PATH}/{reservation}`,
    versions,
    action: `${ACTION}/delete`,
    answer: deleteReservation,
  },
];

const WRITE_MS = 4000;

function listReservations(call: Call): Reply {
  const group = find(call.state.world, GROUP, resourceIdOf(call, GROUPS));
  if (!group) throw missing(call);
  const shown = shownByList(call);
  return pageOf(
    call,
    reservationsOf(call, group.id).map((each) => shoutResourceGroups(reservationBody(call, each, shown))),
  );
}

function getReservation(call: Call): Reply {
  const reservation = requireReservation(call);
  const { view } = shownByGet(call);
  const body = reservationBody(call, reservation, { view, machines: true });
  return single(200, body, { etag: reservation.etag });
}

function idOf(call: Call): string {
  return `${resourceIdOf(call, GROUPS)}/capacityReservations/${call.params["reservation"]}`;
}

function requireReservation(call: Call): Reservation {
  const reservation = find(call.state.world, RESERVATION, idOf(call));
  if (reservation) return reservation;
  throw missing(call);
}

function missing(call: Call): Error {
  requireResourceGroup(call);
  const { name, reservation } = call.params;
  if (reservation === undefined) return notFound(call, GROUPS);
  return notFound(call, GROUPS, `${name}/capacityReservations/${reservation}`);
}

function requireParent(call: Call): Group {
  requireResourceGroup(call);
  const id = resourceIdOf(call, GROUPS);
  const group = find(call.state.world, GROUP, id);
  if (group) {
    refuseWhileDeleting(group);
    return group;
  }
  const message = `Failed to perform 'write' on resource(s) of type '${GROUPS}/capacityReservations', because the parent resource '${id}' could not be found.`;
  throw refuse(404, { code: "ParentResourceNotFound", message });
}

function putReservation(call: Call): Reply {
  const { world } = call.state;
  const group = requireParent(call);
  const wanted = readReservation(call, idOf(call), group);
  const existing = find(world, RESERVATION, wanted.id);
  if (existing) return replaceReservation(call, existing, wanted);
  checkNewReservation(world, wanted, group);
  const error = obtain(call, wanted, wanted.sku.capacity);
  wanted.properties["reservationId"] = nextGuid(world, "reservation");
  wanted.properties["timeCreated"] = call.state.now().toISOString();
  world.resources[keyOf(wanted.id)] = wanted;
  const operation = beginOperation(call, {
    kind: "create-reservation",
    resource: wanted,
    durationMs: WRITE_MS,
    error,
  });
  const headers = { ...operationHeaders(call, operation, "async"), etag: wanted.etag };
  return single(201, reservationBody(call, wanted, { view: false, machines: false }), headers);
}

function replaceReservation(call: Call, existing: Reservation, wanted: Reservation): Reply {
  if (!sameText(existing.sku.name, wanted.sku.name)) throw changeNotAllowed("sku.name");
  if ((existing.zones ?? []).join() !== (wanted.zones ?? []).join()) throw changeNotAllowed("zones");
  return updateReservation(call, existing, { tags: wanted.tags ?? {}, quantity: wanted.sku.capacity });
}

function patchReservation(call: Call): Reply {
  const reservation = requireReservation(call);
  const body = bodyOf(call);
  const size = dig(body, "sku", "name");
  if (typeof size === "string" && !sameText(size, reservation.sku.name)) throw changeNotAllowed("sku.name");
  if ("zones" in body && String(body["zones"]) !== String(reservation.zones ?? []))
    throw changeNotAllowed("zones");
  const quantity = dig(body, "sku", "capacity") === undefined ? reservation.sku.capacity : readQuantity(body);
  return updateReservation(call, reservation, { tags: body["tags"], quantity });
}

interface Update {
  tags: unknown;
  quantity: number;
}

function updateReservation(call: Call, reservation: Reservation, { tags, quantity }: Update): Reply {
  if (call.state.world.settings.reservationIfMatch) checkEtag(call, reservation.etag);
  refuseWhileBusy(call, reservation.id);
  refuseCommitted(reservation);
  const had = reservation.properties.instanceView.utilizationInfo.currentCapacity;
  const error = changeQuantity(call, reservation, quantity);
  // Tags are replaced as a whole.
  if (isFields(tags)) reservation.tags = tags as Record<string, string>;
  reservation.etag = nextEtag(reservation.etag);
  reservation.properties.provisioningState = "Updating";
  const operation = beginOperation(call, {
    kind: "update-reservation",
    resource: reservation,
    durationMs: WRITE_MS,
    had,
    error,
  });
  const headers = { ...operationHeaders(call, operation, "async"), etag: reservation.etag };
  return single(200, reservationBody(call, reservation, { view: false, machines: true }), headers);
}

const COMMITTED: readonly unknown[] = ["Committed", "Live", "PartiallyFulfilled"];

/** The code is a guess: no recording shows one. */
function refuseCommitted({ name, properties }: Reservation): void {
  const state = dig(properties.instanceView, "reservationStateInfo", "reservationState");
  if (!COMMITTED.includes(state)) return;
  const message = `Capacity reservation '${name}' is in state ${String(state)} and cannot be changed or deleted before its commitment ends.`;
  throw refuse(409, { code: "OperationNotAllowed", message });
}

function deleteReservation(call: Call): Reply {
  const reservation = find(call.state.world, RESERVATION, idOf(call));
  if (!reservation) return { status: 204 };
  refuseWhileBusy(call, reservation.id);
  refuseCommitted(reservation);
  if (isAssociated(call, reservation)) {
    const message = `Capacity reservation '${reservation.name}' cannot be deleted because a virtual machine is still associated with it. Remove the association of every virtual machine or vmss instance first.`;
    throw refuse(409, { code: "OperationNotAllowed", message });
  }
  if (!call.doom) reservation.properties.provisioningState = "Deleting";
  const operation = beginOperation(call, {
    kind: "delete-reservation",
    resource: reservation,
    durationMs: WRITE_MS,
  });
  return { status: 202, headers: operationHeaders(call, operation, "both") };
}

/** The bookkeeping may lag behind in both directions. */
function isAssociated(call: Call, reservation: Reservation): boolean {
  const facts = reservationFacts(call.state.world, reservation);
  const groupKey = keyOf(parentOf(reservation.id));
  const isMember = list(call.state.world, MACHINE).some(
    (machine) => keyOf(groupIdOf(machine) ?? "") === groupKey && sameSlot(machineFacts(machine), facts),
  );
  return isMember || machinesListedForReservation(call.state, reservation).length > 0;
}
