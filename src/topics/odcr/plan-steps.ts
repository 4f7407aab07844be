import type { Observation, Step } from "../../plan/plan.ts";
import type { VirtualMachine } from "../../azure/ports.ts";
import { flagWords, shellWord } from "../../azure/shell-word.ts";
import { nameOf, parseResourceId } from "../../resource-id.ts";
import { slotText, type Slot } from "./slots.ts";

/** The version that the bundled SDK speaks, so that reads and writes see the same shapes. */
export const API = "2026-03-01";
const POWER = "properties.instanceView.statuses[?starts_with(code, 'PowerState/')].code | [0]";
/** A resource that does not tell its provisioning state has none to wait for. */
export const STATE = "properties.provisioningState || 'Succeeded'";
export const GROUP_OF_VM = "properties.capacityReservation.capacityReservationGroup.id";

export function here(path: string, fields: Observation["fields"]): Observation {
  return { path, apiVersion: API, exists: true, fields };
}

export function absent(path: string): Observation {
  return { path, apiVersion: API, exists: false, fields: {} };
}

/** What a VM looked like when it was planned for. */
export function seen(machine: VirtualMachine): Observation {
  return {
    ...here(machine.id, {
      "properties.hardwareProfile.vmSize": machine.size,
      "zones[0]": machine.zone ?? null,
      [GROUP_OF_VM]: machine.groupId ?? null,
      [POWER]: `PowerState/${machine.power}`,
    }),
    query: { $expand: "instanceView" },
  };
}

function power(machine: VirtualMachine, state: "running" | "deallocated"): Observation {
  return { ...here(machine.id, { [POWER]: `PowerState/${state}` }), query: { $expand: "instanceView" } };
}

export function createGroup(id: string, location: string, zones: readonly string[]): Step {
  return {
    id: `create ${placeOf(id)}`,
    title: `Create capacity reservation group ${nameOf(id)} (${zones.length === 0 ? "regional" : `zones ${zones.join(", ")}`})`,
    kind: "create",
    resource: id,
    saw: [absent(id)],
    request: {
      method: "PUT",
      path: id,
      apiVersion: API,
      body: { location, ...(zones.length === 0 ? {} : { zones: [...zones] }) },
    },
    expect: here(id, {}),
    because: ["odcr/group-is-a-bucket", "azure-wire/group-zones-immutable"],
    impact: "none",
    dependsOn: [],
  };
}

export function createReservation(id: string, slot: Slot, dependsOn: readonly string[]): Step {
  return {
    id: `create ${placeOf(id)}`,
    title: `Create reservation ${nameOf(id)} with quantity 0 for ${slotText(slot)}`,
    kind: "create",
    resource: id,
    saw: [absent(id)],
    request: {
      method: "PUT",
      path: id,
      apiVersion: API,
      body: {
        location: slot.location,
        sku: { name: slot.size, capacity: 0 },
        ...(slot.zone === undefined ? {} : { zones: [slot.zone] }),
      },
    },
    expect: here(id, { "sku.name": slot.size, [STATE]: "Succeeded" }),
    because: ["odcr/zero-quantity", "odcr/naming"],
    impact: "none",
    dependsOn: [...dependsOn],
  };
}

/** A quantity that was read and that the plan builds on. */
export interface SeenQuantity {
  reservationId: string;
  quantity: number;
}

function seenQuantity({ reservationId, quantity }: SeenQuantity): Observation {
  return here(reservationId, { "sku.capacity": quantity });
}

export interface Join {
  groupId: string;
  dependsOn: readonly string[];
  /** The reservation it relies on, where that exists already. */
  relies: SeenQuantity | undefined;
}

export function associate(machine: VirtualMachine, { groupId, dependsOn, relies }: Join): Step {
  const live = machine.power !== "deallocated";
  return {
    id: `associate ${keyOf(machine)}`,
    title: `Associate ${machine.name} with ${nameOf(groupId)}${live ? " while it runs" : ""}`,
    kind: "associate",
    resource: machine.id,
    saw: [seen(machine), ...(relies ? [seenQuantity(relies)] : [])],
    request: {
      method: "PATCH",
      path: machine.id,
      apiVersion: API,
      body: { properties: { capacityReservation: { capacityReservationGroup: { id: groupId } } } },
    },
    expect: here(machine.id, { [GROUP_OF_VM]: groupId, [STATE]: "Succeeded" }),
    because: live
      ? ["odcr/zonal-live-attach", "azure-wire/zonal-attach-preview"]
      : ["odcr/stopped-immediate"],
    impact: "none",
    dependsOn: [...dependsOn],
  };
}

export interface Raise {
  id: string;
  from: number;
  to: number;
  /** Undefined when an earlier step of the plan makes the reservation or its quantity. */
  saw: number | undefined;
  because: string[];
  dependsOn: readonly string[];
}

/** Raises a quantity; never lowers one, not even when somebody else raised it further in the meantime. */
export function raise({ id, from, to, saw, because, dependsOn }: Raise): Step {
  const patch = (capacity: number): Step["request"] => ({
    method: "PATCH",
    path: id,
    apiVersion: API,
    body: { sku: { capacity } },
  });
  return {
    id: `raise ${placeOf(id)} to ${to}`,
    title: `Raise ${nameOf(id)} from ${from} to ${to}`,
    kind: "raise",
    resource: id,
    saw: saw === undefined ? [] : [here(id, { "sku.capacity": saw })],
    request: patch(to),
    expect: here(id, { [`sku.capacity >= \`${to}\``]: true, [STATE]: "Succeeded" }),
    restore: {
      when: here(id, { [STATE]: "Failed" }),
      keep: "sku.capacity",
      request: patch(from),
      title: `${nameOf(id)} was left Failed and got its old quantity back`,
      byHand: resizeCommand(id),
    },
    because,
    impact: "none",
    dependsOn: [...dependsOn],
  };
}

/** Sets the quantity of a reservation to what follows. */
function resizeCommand(id: string): string {
  const groupId = id.slice(0, id.lastIndexOf("/capacityReservations/"));
  const { subscriptionId = "" } = parseResourceId(id) ?? {};
  const words = [
    "odcr",
    "resize",
    groupId,
    "--subscription",
    subscriptionId,
    ...flagWords("--slot", nameOf(id)),
  ];
  return `azwise ${words.map(shellWord).join(" ")} --apply --quantity`;
}

export interface Restart extends Join {
  /** The reservation that must have a unit free before the VM is stopped. */
  reservationId: string;
  /** Why the VM cannot join while it runs. */
  because: string[];
}

export const ALLOCATED = "properties.instanceView.utilizationInfo.virtualMachinesAllocated || `[]`";
const USED = `length(${ALLOCATED})`;

/** Another VM may take the unit between planning and sending; then this one is left as it is. */
export function freeUnit(reservationId: string): Observation {
  const query = { $expand: "instanceView" };
  return { ...here(reservationId, { [`sku.capacity > ${USED}`]: true }), query };
}

/** Deallocate, associate, start. */
export function restart(machine: VirtualMachine, { because, reservationId, ...rest }: Restart): Step[] {
  const join = associate({ ...machine, power: "deallocated" }, { ...rest, dependsOn: [] });
  return whileStopped(machine, join, {
    because,
    saw: rest.relies ? [seenQuantity(rest.relies)] : [],
    needs: freeUnit(reservationId),
    dependsOn: rest.dependsOn,
  });
}

export interface Outage {
  because: string[];
  /** What it builds on, beside the VM itself. */
  saw: Observation[];
  /** What must hold right before the VM is stopped. */
  needs?: Observation;
  dependsOn: readonly string[];
}

/** Deallocate, change, start; the start follows the deallocation whatever happens in between. */
export function whileStopped(machine: VirtualMachine, change: Step, outage: Outage): Step[] {
  const { because, saw, needs, dependsOn } = outage;
  const action = (verb: "deallocate" | "start"): Step["request"] => ({
    method: "POST",
    path: `${machine.id}/${verb}`,
    apiVersion: API,
  });
  const stop: Step = {
    id: `deallocate ${keyOf(machine)}`,
    title: `Deallocate ${machine.name}`,
    kind: "stop",
    resource: machine.id,
    saw: [seen(machine), ...saw],
    request: action("deallocate"),
    expect: power(machine, "deallocated"),
    unless: change.expect,
    ...(needs ? { needs } : {}),
    transient: true,
    because,
    impact: "restart",
    dependsOn: [...dependsOn],
  };
  const start: Step = {
    id: startId(machine),
    title: `Start ${machine.name}`,
    kind: "start",
    resource: machine.id,
    saw: [],
    request: action("start"),
    expect: power(machine, "running"),
    transient: false,
    because,
    impact: "none",
    dependsOn: [change.id],
    mustFollow: stop.id,
    byHand: `az vm start --ids ${machine.id}`,
  };
  return [stop, { ...change, saw: [], because, dependsOn: [stop.id] }, start];
}

/** The step that starts a VM again. */
export function startId(machine: VirtualMachine): string {
  return `start ${keyOf(machine)}`;
}

/** Names are unique in a resource group only. */
export function keyOf(machine: VirtualMachine): string {
  return `${nameOf(machine.id)} ${machine.resourceGroup.toLowerCase()}`;
}

/** Resource group and names, for ids of steps: groups of one name may be in several resource groups, and reservations of one name in each. */
export function placeOf(id: string): string {
  const [, , , , resourceGroup, , , , ...names] = id.toLowerCase().split("/");
  return [resourceGroup, ...names].join("/");
}
