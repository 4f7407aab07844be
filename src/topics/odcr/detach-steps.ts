import type { CapacityReservation, VirtualMachine } from "../../azure/ports.ts";
import type { Observation, Step } from "../../plan/plan.ts";
import { nameOf } from "../../resource-id.ts";
import { shellWord } from "../../azure/shell-word.ts";
import {
  absent,
  ALLOCATED,
  API,
  associate,
  GROUP_OF_VM,
  here,
  keyOf,
  placeOf,
  seen,
  startId,
  STATE,
  whileStopped,
} from "./plan-steps.ts";

/** Azure's books lag minutes behind what was detached or deleted, and it refuses a deletion until then. */
const BOOKS_LAG = { codes: ["OperationNotAllowed", "CannotDeleteResource"], pauseMs: 30_000, mostTries: 15 };

export interface Lower {
  reservation: CapacityReservation;
  to: number;
  because: string[];
  dependsOn: readonly string[];
  /** VMs that may hold its hardware by then; with one more nothing is given up. */
  mostUsed: number;
  /** VMs that may be associated by then; any number when left out. */
  mostMembers?: number;
  /** VMs that do not count, because they have left although the lists still name them. */
  left?: readonly VirtualMachine[];
}

/** Gives units up; never when somebody else changed the quantity, or joined, since it was planned or sent. */
export function lower({ reservation, to, because, dependsOn, left = [], ...most }: Lower): Step {
  const { id, name, quantity } = reservation;
  const used = atMost(ALLOCATED, most.mostUsed, left);
  const members = most.mostMembers === undefined ? {} : atMost(ASSOCIATED, most.mostMembers, left);
  const needs = {
    ...here(id, { "sku.capacity": quantity, ...used, ...members }),
    query: { $expand: "instanceView" },
  };
  return {
    id: `lower ${placeOf(id)} to ${to}`,
    title: `Lower ${name} from ${quantity} to ${to}`,
    kind: "lower",
    resource: id,
    // What earlier steps of the plan change is looked at when it is sent.
    saw: [
      dependsOn.length === 0 ? needs : here(id, { "sku.capacity": quantity }),
      ...left.map((machine) => here(machine.id, { [GROUP_OF_VM]: machine.groupId ?? null })),
    ],
    request: { method: "PATCH", path: id, apiVersion: API, body: { sku: { capacity: to } } },
    expect: here(id, { "sku.capacity": to, [STATE]: "Succeeded" }),
    needs,
    version: VERSION,
    because,
    impact: "none",
    dependsOn: [...dependsOn],
  };
}

/** Every change of a reservation alters its etag, and the time of its provisioning. */
const VERSION = "etag || properties.provisioningTime";

/** One that somebody makes again under the same name differs in these; no change of it alters them. */
const MADE = "properties.reservationId || properties.timeCreated";

const ASSOCIATED = "properties.virtualMachinesAssociated || `[]`";

/** That a list of VMs names no more than these, beside those that do not count. */
function atMost(list: string, most: number, left: readonly VirtualMachine[]): Observation["fields"] {
  // Azure's lists write ids in another case than the VMs themselves; one in yet another case counts.
  const ids = left.flatMap(({ id }) => [id, id.toLowerCase(), withLoudGroup(id)]);
  const counted = ids.length === 0 ? list : `(${list})[?!contains(\`${JSON.stringify(ids)}\`, id)]`;
  return { [`length(${counted}) <= \`${most}\``]: true };
}

function withLoudGroup(id: string): string {
  return id.replace(/(?<=\/resourceGroups\/)[^/]+/i, (name) => name.toUpperCase());
}

/** The step with which a VM leaves, restarted or not. */
export function leaveId(machine: VirtualMachine): string {
  return `detach ${keyOf(machine)}`;
}

/** The step after which nothing needs the unit any more that a VM left; one that is restarted may come back to it. */
export function goneId(machine: VirtualMachine, isRestarted: boolean): string {
  return isRestarted ? startId(machine) : leaveId(machine);
}

/** Takes one VM out of its group: the null goes inside, because further out it changes nothing. */
export function leave(machine: VirtualMachine, dependsOn: readonly string[]): Step {
  const live = machine.power !== "deallocated";
  return {
    id: leaveId(machine),
    title: `Detach ${machine.name} from ${nameOf(machine.groupId ?? "")}${live ? " while it runs" : ""}`,
    kind: "detach",
    resource: machine.id,
    saw: [seen(machine)],
    request: {
      method: "PATCH",
      path: machine.id,
      apiVersion: API,
      body: { properties: { capacityReservation: { capacityReservationGroup: { id: null } } } },
    },
    expect: here(machine.id, { [GROUP_OF_VM]: null, [STATE]: "Succeeded" }),
    because: ["azure-wire/detach-null-inside"],
    impact: "none",
    dependsOn: [...dependsOn],
  };
}

/**
 * Deallocate, detach, start. Nothing holds hardware for the start, but the unit that was left does: where the start is
 * refused for capacity, the VM joins its group again and starts there.
 */
export function leaveStopped(
  machine: VirtualMachine,
  because: string[],
  dependsOn: readonly string[],
): Step[] {
  const step = leave({ ...machine, power: "deallocated" }, []);
  const steps = whileStopped(machine, step, { because, saw: [], dependsOn });
  return steps.map((each) => (each.kind === "start" ? { ...each, fallBack: comeBack(machine) } : each));
}

function comeBack(machine: VirtualMachine): NonNullable<Step["fallBack"]> {
  const { id, name, groupId = "" } = machine;
  const { request, expect } = associate(machine, { groupId, dependsOn: [], relies: undefined });
  // After a refused start its provisioning state is Failed, with which no verb would attach it.
  const words = ["az", "vm", "update", "--ids", id, "--capacity-reservation-group", groupId];
  return {
    title: `${name} could not leave ${nameOf(groupId)} and was put into it again`,
    byHand: words.map(shellWord).join(" "),
    request,
    expect,
  };
}

export interface Removing {
  /** An earlier step has set its quantity to 0. */
  zero: boolean;
  dependsOn: readonly string[];
}

/** Never when its quantity is another by then: that is not what was planned to be given up. */
export function removeReservation(reservation: CapacityReservation, { zero, dependsOn }: Removing): Step {
  const { id, name, quantity } = reservation;
  return {
    ...remove(id, `Delete reservation ${name}`, dependsOn),
    saw: zero ? [] : [here(id, { "sku.capacity": quantity })],
    needs: here(id, { "sku.capacity": zero ? 0 : quantity }),
    version: MADE,
  };
}

export function removeGroup(id: string, dependsOn: readonly string[]): Step {
  return remove(id, `Delete capacity reservation group ${nameOf(id)}`, dependsOn);
}

function remove(id: string, title: string, dependsOn: readonly string[]): Step {
  return {
    id: `delete ${placeOf(id)}`,
    title,
    kind: "delete",
    resource: id,
    saw: [here(id, {})],
    request: { method: "DELETE", path: id, apiVersion: API },
    expect: absent(id),
    lags: BOOKS_LAG,
    because: ["azure-wire/group-delete-waits"],
    impact: "none",
    dependsOn: [...dependsOn],
  };
}
