import { linkedRefusal, mayDo } from "../access.ts";
import { find, GROUP, groupIdOf, isHeld, type Group, type Machine } from "../bodies.ts";
import { bodyOf, dig, isFields, refuse, type Call, type Reply } from "../http.ts";
import { keyOf, sameText, subscriptionOf } from "../ids.ts";
import { beginOperation } from "../operations.ts";
import type { Route } from "../route.ts";
import type { World } from "../world.ts";
import { claimHardware } from "./capacity.ts";
import { machineFacts, reservationFor, withMachine } from "./estate.ts";
import { plainBody, requireMachine } from "./machines.ts";
import { operationHeaders, refuseWhileBusy } from "./operations.ts";
import { checkQuota } from "./quota.ts";
import { COMPUTE_VERSIONS } from "./versions.ts";

const WRITE = "Microsoft.Compute/virtualMachines/write";
const DEPLOY = "Microsoft.Compute/capacityReservationGroups/deploy/action";

export const associationRoutes: readonly Route[] = [
  {
    method: "PATCH",
    path: "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}",
    versions: COMPUTE_VERSIONS,
    action: WRITE,
    answer: patchMachine,
  },
];

const ASSOCIATION_MS = 5000;

function patchMachine(call: Call): Reply {
  const machine = requireMachine(call);
  const body = bodyOf(call);
  checkEtag(call, machine.etag);
  refuseUnknown(body);
  refuseWhileBusy(call, machine.id);
  const had = groupIdOf(machine) ?? null;
  const wanted = wantedGroup(body);
  if (wanted !== undefined) checkChange(call, machine, wanted);
  if (!call.doom) applyPatch(call.state.world, machine, { body, wanted });
  const kind = wanted === undefined ? "nothing" : "associate";
  const operation = beginOperation(call, { kind, resource: machine, durationMs: ASSOCIATION_MS, had });
  machine.etag = nextEtag(machine.etag);
  if (kind === "associate") machine.properties.provisioningState = "Updating";
  const headers = { ...operationHeaders(call, operation, "async"), etag: machine.etag };
  return { status: 200, headers, body: plainBody(machine), pretty: true };
}

export function nextEtag(etag: string): string {
  return `"${Number(/\d+/.exec(etag)?.[0] ?? 0) + 1}"`;
}

export function checkEtag(call: Call, etag: string): void {
  const wanted = call.headers["if-match"];
  if (wanted === undefined || wanted === "*" || wanted === etag) return;
  const message = `The condition '${wanted}' in the If-Match header does not match the current etag.`;
  throw refuse(412, { code: "ConditionNotMet", message });
}

/** A sandbox that ignored what it does not know would report success for nothing. */
function refuseUnknown(body: Record<string, unknown>): void {
  const { tags: _tags, properties = {}, location: _location, ...others } = body;
  const { capacityReservation: _association, ...more } = isFields(properties) ? properties : {};
  const [first] = [...Object.keys(others), ...Object.keys(more)];
  if (first === undefined) return;
  if (first === "zones") {
    throw refuse(409, {
      code: "PropertyChangeNotAllowed",
      message: "Changing property 'zones' is not allowed.",
    });
  }
  throw refuse(501, {
    code: "NotImplemented",
    message: `The sandbox cannot change '${first}' of a machine.`,
  });
}

/** The id asked for; null to detach; undefined for nothing. Nulls further out change nothing at all. */
function wantedGroup(body: Record<string, unknown>): string | null | undefined {
  const group = dig(body, "properties", "capacityReservation", "capacityReservationGroup");
  if (!isFields(group) || !("id" in group)) return undefined;
  const { id } = group;
  if (id === null || typeof id === "string") return id;
  const message = "The value of parameter capacityReservationGroup.id is invalid.";
  throw refuse(400, { code: "InvalidParameter", message }, { target: "capacityReservationGroup.id" });
}

function checkChange(call: Call, machine: Machine, wanted: string | null): void {
  const { world } = call.state;
  const had = groupIdOf(machine);
  if (had !== undefined && wanted !== null && keyOf(had) === keyOf(wanted)) return;
  if (had !== undefined) checkDetach(world, machine, had);
  if (wanted === null) return;
  const group = requireGroup(call, machine, wanted);
  checkEligible(machine);
  checkMatch(world, machine, group);
  checkQuota(world, machineFacts(machine), withMachine(world, machine.id, { groupId: keyOf(wanted) }));
}

function checkDetach(world: World, machine: Machine, groupId: string): void {
  const reservation = reservationFor(world, groupId, machineFacts(machine));
  if (!isHeld(machine) || !reservation || reservation.sku.capacity === 0) return;
  const message = `The capacity reservation group of VM '${machine.name}' cannot be removed while the VM is allocated and the matching capacity reservation '${reservation.name}' has a reserved capacity of ${reservation.sku.capacity}. Deallocate the VM, or set the reserved capacity to 0.`;
  throw notAllowed(message);
}

function requireGroup(call: Call, machine: Machine, id: string): Group {
  const group = find(call.state.world, GROUP, id);
  if (!group || !sameText(group.location, machine.location)) {
    const message = `Resource ${id} referenced by resource ${machine.id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`;
    throw refuse(400, { code: "InvalidResourceReference", message });
  }
  const subscription = subscriptionOf(machine.id);
  const isOpenTo = subscriptionOf(group.id) === subscription || isSharedWith(group, subscription);
  if (isOpenTo && mayDo(call.state.world, DEPLOY, group.id)) return group;
  throw linkedRefusal(call, { from: machine.id, write: WRITE, to: group.id, action: DEPLOY });
}

export function isSharedWith(group: Group, subscriptionId: string): boolean {
  const shared = group.properties.sharingProfile?.subscriptionIds ?? [];
  return shared.some(({ id }) => subscriptionOf(id) === subscriptionId.toLowerCase());
}

function checkEligible(machine: Machine): void {
  const { priority, availabilitySet, proximityPlacementGroup, host, hostGroup } = machine.properties;
  const problems: [string, boolean][] = [
    ["Spot VMs", priority === "Spot"],
    ["VMs in an availability set", availabilitySet !== undefined],
    ["VMs in a proximity placement group", proximityPlacementGroup !== undefined],
    ["VMs on a dedicated host", host !== undefined || hostGroup !== undefined],
    ["VMs with Ultra disks", hasUltraDisk(machine)],
  ];
  const problem = problems.find(([, isSo]) => isSo);
  if (problem)
    throw notAllowed(`Capacity reservations are not supported for ${problem[0]} ('${machine.name}').`);
  if (machine.zones === undefined && isHeld(machine)) {
    throw notAllowed(
      `The capacity reservation group of regional VM '${machine.name}' can be changed only when the VM is deallocated.`,
    );
  }
}

function hasUltraDisk(machine: Machine): boolean {
  if (machine.properties.additionalCapabilities?.ultraSSDEnabled) return true;
  const disks = dig(machine.properties, "storageProfile", "dataDisks");
  return (
    Array.isArray(disks) &&
    disks.some((disk) => dig(disk, "managedDisk", "storageAccountType") === "UltraSSD_LRS")
  );
}

function checkMatch(world: World, machine: Machine, group: Group): void {
  if (group.properties.reservationType === "Open") {
    throw notAllowed(`VMs cannot be associated with the open capacity reservation group '${group.name}'.`);
  }
  const reservation = reservationFor(world, group.id, machineFacts(machine));
  const unusable = ["Failed", "Creating", "Deleting"];
  if (reservation && !unusable.includes(reservation.properties.provisioningState)) return;
  const where = machine.zones ? `zone '${machine.zones[0]}'` : `region '${machine.location}'`;
  const message = `The capacity reservation group '${group.name}' has no usable capacity reservation for size '${machine.properties.hardwareProfile.vmSize}' in ${where}, which VM '${machine.name}' needs.`;
  throw notAllowed(message);
}

function notAllowed(message: string): Error {
  return refuse(409, { code: "OperationNotAllowed", message });
}

interface Patch {
  body: Record<string, unknown>;
  wanted: string | null | undefined;
}

function applyPatch(world: World, machine: Machine, { body, wanted }: Patch): void {
  if (isFields(body["tags"])) machine.tags = body["tags"] as Record<string, string>;
  const association = { ...machine.properties.capacityReservation };
  const optOut = dig(body, "properties", "capacityReservation", "disableCapacityReservationAssignment");
  if (typeof optOut === "boolean") association.disableCapacityReservationAssignment = optOut;
  if (wanted !== undefined) {
    const groupId = wanted === null ? undefined : keyOf(wanted);
    claimHardware(world, machineFacts(machine), withMachine(world, machine.id, { groupId }));
    if (wanted === null) delete association.capacityReservationGroup;
    else association.capacityReservationGroup = { id: wanted };
  }
  if (Object.keys(association).length > 0) machine.properties.capacityReservation = association;
  else delete machine.properties.capacityReservation;
}
