import { GROUP, list, RESERVATION, type Group, type Reservation } from "../bodies.ts";
import { refuse, type Call, type Reply } from "../http.ts";
import { keyOf, parentOf, subscriptionOf } from "../ids.ts";
import { machinesListedFor, machinesListedForReservation } from "./bookkeeping.ts";
import { heldMembersOf, reservationFacts } from "./estate.ts";
import { knowsOpenReservations } from "./versions.ts";

/** What a request wants to see beside the resource itself. */
export interface Shown {
  view: boolean;
  machines: boolean;
}

const REFERENCES = ["virtualMachines/$ref", "virtualMachineScaleSetVMs/$ref"];

export function shownByGet(call: Call): Shown {
  const expand = parseExpand(call, ["instanceView"]);
  return { view: expand.length > 0, machines: expand.length > 0 };
}

export function shownByList(call: Call): Shown {
  const expand = parseExpand(call, REFERENCES);
  return { view: false, machines: expand.includes(REFERENCES[0]?.toLowerCase() ?? "") };
}

function parseExpand(call: Call, allowed: string[]): string[] {
  const given = (call.query["$expand"] ?? "").split(",").filter((each) => each !== "");
  const wrong = given.find((each) => !allowed.some((one) => one.toLowerCase() === each.trim().toLowerCase()));
  if (wrong === undefined) return given.map((each) => each.trim().toLowerCase());
  const message = `The value '${wrong}' of parameter $expand is invalid. Allowed: ${allowed.join(", ")}.`;
  throw refuse(400, { code: "InvalidParameter", message }, { target: "$expand" });
}

export function reservationsOf(call: Call, groupId: string): Reservation[] {
  return list(call.state.world, RESERVATION).filter((each) => keyOf(parentOf(each.id)) === keyOf(groupId));
}

export function groupBody(call: Call, group: Group, shown: Shown): Group {
  const reservations = reservationsOf(call, group.id);
  const machines = shown.machines ? machinesListedFor(call.state, group.id) : [];
  const properties = {
    ...(reservations.length > 0 ? { capacityReservations: reservations.map(reference) } : {}),
    ...group.properties,
    ...(machines.length > 0 ? { virtualMachinesAssociated: machines.map(reference) } : {}),
    ...(shown.view ? { instanceView: groupView(call, group, reservations) } : {}),
  };
  return { ...group, type: GROUP, properties };
}

function groupView(call: Call, group: Group, reservations: Reservation[]): object {
  const shared = group.properties.sharingProfile?.subscriptionIds;
  return {
    capacityReservations: reservations.map((each) => ({ name: each.name, ...reservationView(call, each) })),
    ...(shared ? { sharedSubscriptionIds: shared } : {}),
  };
}

export function reservationBody(call: Call, reservation: Reservation, shown: Shown): Reservation {
  const { instanceView: _, ...properties } = reservation.properties;
  const machines = shown.machines ? machinesListedForReservation(call.state, reservation) : [];
  return {
    ...reservation,
    properties: {
      ...properties,
      ...(machines.length > 0 ? { virtualMachinesAssociated: machines.map(reference) } : {}),
      ...(shown.view ? { instanceView: reservationView(call, reservation) } : {}),
    },
  } as Reservation;
}

function reservationView(call: Call, reservation: Reservation): object {
  const { world } = call.state;
  const facts = reservationFacts(world, reservation);
  const { reservationStateInfo } = reservation.properties.instanceView;
  // What was ordered for later has nothing to allocate; until then its members run on ordinary capacity.
  const isLater = reservationStateInfo !== undefined && facts.quantity === 0;
  const held = isLater ? [] : heldMembersOf(world, facts);
  const newer = knowsOpenReservations(call.query["api-version"]);
  const state = reservation.properties.provisioningState;
  const used: Record<string, number> = {};
  for (const { id } of held) used[subscriptionOf(id)] = (used[subscriptionOf(id)] ?? 0) + 1;
  return {
    utilizationInfo: {
      currentCapacity: facts.quantity,
      virtualMachinesAllocated: held.map(reference),
      ...(newer ? { usedReservedCountBySubscription: used } : {}),
    },
    ...(newer && reservationStateInfo ? { reservationStateInfo } : {}),
    statuses: [
      {
        code: `ProvisioningState/${state.toLowerCase()}`,
        level: state === "Failed" ? "Error" : "Info",
        displayStatus: `Provisioning ${state.toLowerCase()}`,
        time: reservation.properties["provisioningTime"] ?? reservation.properties["timeCreated"],
      },
    ],
  };
}

function reference({ id }: { id: string }): { id: string } {
  return { id };
}

/** An answer about one resource, printed as Compute prints it. */
export function single(status: number, body: object, headers: Record<string, string> = {}): Reply {
  return { status, headers, body, pretty: true };
}
