import { find, GROUP, list, MACHINE, SCALE_SET, type Machine } from "../bodies.ts";
import { pageOf, refuse, type Call, type Reply } from "../http.ts";
import { parentOf, sameText, shoutResourceGroups } from "../ids.ts";
import type { Route } from "../route.ts";
import { requireResourceGroup, resourceNotFound, scopeOf } from "../subscriptions.ts";
import { isCreated } from "./bookkeeping.ts";
import { machineFacts, openReservationFor, reservationFor } from "./estate.ts";
import { COMPUTE_VERSIONS, knowsOpenReservations } from "./versions.ts";

const SUBSCRIPTION = "/subscriptions/{subscription}";
const PROVIDER = "providers/Microsoft.Compute";

export const machineRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${SUBSCRIPTION}/${PROVIDER}/virtualMachines`,
    versions: COMPUTE_VERSIONS,
    answer: listMachines,
  },
  {
    method: "GET",
    path: `${SUBSCRIPTION}/resourceGroups/{group}/${PROVIDER}/virtualMachines`,
    versions: COMPUTE_VERSIONS,
    answer: listMachines,
  },
  {
    method: "GET",
    path: `${SUBSCRIPTION}/resourceGroups/{group}/${PROVIDER}/virtualMachines/{name}`,
    versions: COMPUTE_VERSIONS,
    answer: getMachine,
  },
  {
    method: "GET",
    path: `${SUBSCRIPTION}/resourceGroups/{group}/${PROVIDER}/virtualMachines/{name}/instanceView`,
    versions: COMPUTE_VERSIONS,
    answer: getInstanceView,
  },
  {
    method: "GET",
    path: `${SUBSCRIPTION}/${PROVIDER}/virtualMachineScaleSets`,
    versions: COMPUTE_VERSIONS,
    answer: listScaleSets,
  },
  {
    method: "GET",
    path: `${SUBSCRIPTION}/resourceGroups/{group}/${PROVIDER}/virtualMachineScaleSets/{name}`,
    versions: COMPUTE_VERSIONS,
    answer: getScaleSet,
  },
];

function listMachines(call: Call): Reply {
  const isWanted = scopeOf(call);
  if (call.query["$expand"] !== undefined) {
    const message = "The $expand parameter needs a $filter by virtual machine scale set.";
    throw refuse(400, { code: "InvalidParameter", message }, { target: "$expand" });
  }
  const machines = list(call.state.world, MACHINE).filter(isWanted);
  const page = pageOf(call, machines);
  const { value, ...rest } = page.body as { value: Machine[] };
  // Lists never carry the instance view, and they shout resource groups.
  return {
    ...page,
    body: { value: value.map((machine) => shoutResourceGroups(plainBody(machine))), ...rest },
  };
}

function getMachine(call: Call): Reply {
  const machine = requireMachine(call);
  const expanded = (call.query["$expand"] ?? "").split(",").some((each) => sameText(each, "instanceView"));
  const body = expanded ? withView(call, machine) : plainBody(machine);
  return { status: 200, headers: { etag: machine.etag }, body, pretty: true };
}

function getInstanceView(call: Call): Reply {
  return { status: 200, body: instanceView(call, requireMachine(call)), pretty: true };
}

function listScaleSets(call: Call): Reply {
  return pageOf(call, list(call.state.world, SCALE_SET).filter(scopeOf(call)));
}

function getScaleSet(call: Call): Reply {
  const id = resourceIdOf(call, "virtualMachineScaleSets");
  const set = find(call.state.world, SCALE_SET, id);
  if (!set) throw notFound(call, "virtualMachineScaleSets");
  return { status: 200, body: set, pretty: true };
}

export function requireMachine(call: Call): Machine {
  const machine = find(call.state.world, MACHINE, resourceIdOf(call, "virtualMachines"));
  if (machine) return machine;
  requireResourceGroup(call);
  throw notFound(call, "virtualMachines");
}

export function resourceIdOf(call: Call, type: string): string {
  const { subscription, group, name } = call.params;
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/${type}/${name}`;
}

export function notFound(call: Call, type: string, name = call.params["name"]): Error {
  return resourceNotFound(call, `Microsoft.Compute/${type}/${name}`);
}

export function plainBody(machine: Machine): Machine {
  const { instanceView: _, ...properties } = machine.properties;
  return { ...machine, properties } as Machine;
}

function withView(call: Call, machine: Machine): object {
  return { ...machine, properties: { ...machine.properties, instanceView: instanceView(call, machine) } };
}

function instanceView(call: Call, machine: Machine): object {
  const { instanceView: view, provisioningState: state } = machine.properties;
  const power = view.statuses.filter((status) => status.code.startsWith("PowerState/"));
  const provisioning = {
    code: `ProvisioningState/${state.toLowerCase()}`,
    level: state === "Failed" ? "Error" : "Info",
    displayStatus: `Provisioning ${state.toLowerCase()}`,
  };
  const type = knowsOpenReservations(call.query["api-version"])
    ? { capacityReservationType: reservationTypeOf(call, machine) }
    : {};
  return { ...view, ...type, statuses: [provisioning, ...power] };
}

/** Tells the type only, never which reservation or unit the machine occupies. */
function reservationTypeOf(call: Call, machine: Machine): string {
  const { world } = call.state;
  const { priority, capacityReservation } = machine.properties;
  if (capacityReservation?.disableCapacityReservationAssignment) return "Disabled";
  const groupId = capacityReservation?.capacityReservationGroup?.id;
  if (priority === "Spot") return "NotEligible";
  const facts = machineFacts(machine);
  const reservation =
    groupId === undefined ? openReservationFor(world, facts) : reservationFor(world, groupId, facts);
  const isIdle = groupId === undefined && !facts.held;
  if (!reservation || !isCreated(reservation) || isIdle) return "NotEligible";
  return find(world, GROUP, parentOf(reservation.id))?.properties.reservationType ?? "NotEligible";
}
