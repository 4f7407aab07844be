import { find, GROUP, MACHINE, RESERVATION, type Machine } from "../bodies.ts";
import { keyOf } from "../ids.ts";
import type { Endings, Operation, World } from "../world.ts";
import { claimHardware } from "./capacity.ts";
import { machineFacts, reservationFacts, withMachine, withReservation } from "./estate.ts";

/** What the end of each operation of Compute does. */
export const computeEndings = {
  "create-group": (world, operation) => {
    if (operation.error) delete world.resources[keyOf(operation.resourceId)];
    else settleProvisioning(world, operation);
  },
  "delete-group": (world, operation) => {
    if (operation.error) settleProvisioning(world, operation);
    else delete world.resources[keyOf(operation.resourceId)];
  },
  "create-reservation": (world, operation) => {
    // All or nothing: a reservation that got no hardware never was.
    if (operation.error) delete world.resources[keyOf(operation.resourceId)];
    else stampReservation(world, operation);
  },
  "update-reservation": (world, operation) => {
    if (operation.error) failRaise(world, operation);
    else stampReservation(world, operation);
  },
  "delete-reservation": removeReservation,
  associate: (world, operation) => settleMachine(world, operation, undefined),
  start: (world, operation) =>
    settleMachine(world, operation, operation.error ? powerBefore(operation) : "running"),
  deallocate: finishDeallocation,
} satisfies Partial<Endings>;

function settleProvisioning(world: World, operation: Operation): void {
  const group = find(world, GROUP, operation.resourceId);
  if (group) group.properties.provisioningState = "Succeeded";
}

function stampReservation(world: World, operation: Operation): void {
  const reservation = find(world, RESERVATION, operation.resourceId);
  if (!reservation) return;
  reservation.properties.provisioningState = "Succeeded";
  reservation.properties["provisioningTime"] = operation.dueTime;
}

/** Usually the old quantity simply stays; Azure documents the harder outcome, too. */
function failRaise(world: World, operation: Operation): void {
  const reservation = find(world, RESERVATION, operation.resourceId);
  if (!reservation) return;
  if (world.settings.failedRaiseLeavesFailed) {
    reservation.properties.provisioningState = "Failed";
    return;
  }
  reservation.sku.capacity = Number(operation.had ?? 0);
  reservation.properties.provisioningState = "Succeeded";
}

function removeReservation(world: World, operation: Operation): void {
  const reservation = find(world, RESERVATION, operation.resourceId);
  if (!reservation) return;
  if (operation.error) {
    reservation.properties.provisioningState = "Succeeded";
    return;
  }
  claimHardware(
    world,
    reservationFacts(world, reservation),
    withReservation(world, reservation.id, undefined),
  );
  delete world.resources[keyOf(reservation.id)];
}

function finishDeallocation(world: World, operation: Operation): void {
  const machine = find(world, MACHINE, operation.resourceId);
  if (machine && !operation.error) {
    claimHardware(world, machineFacts(machine), withMachine(world, machine.id, { held: false }));
  }
  settleMachine(world, operation, operation.error ? powerBefore(operation) : "deallocated");
}

function powerBefore(operation: Operation): string {
  return typeof operation.had === "string" ? operation.had : "deallocated";
}

function settleMachine(world: World, operation: Operation, power: string | undefined): void {
  const machine = find(world, MACHINE, operation.resourceId);
  if (!machine) return;
  machine.properties.provisioningState = operation.error ? "Failed" : "Succeeded";
  if (power !== undefined) setPower(machine, power);
}

export function setPower(machine: Machine, power: string): void {
  const view = machine.properties.instanceView;
  const others = view.statuses.filter((status) => !status.code.startsWith("PowerState/"));
  view.statuses = [...others, { code: `PowerState/${power}`, level: "Info", displayStatus: `VM ${power}` }];
}
