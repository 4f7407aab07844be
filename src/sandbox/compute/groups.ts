import { find, GROUP, groupIdOf, list, MACHINE, type Group } from "../bodies.ts";
import { bodyOf, dig, isFields, pageOf, refuse, type Call, type Reply } from "../http.ts";
import { keyOf, sameText, shoutResourceGroups } from "../ids.ts";
import { beginOperation } from "../operations.ts";
import type { Route } from "../route.ts";
import { requireResourceGroup, scopeOf } from "../subscriptions.ts";
import { isSharedWith } from "./association.ts";
import { hasNestedGhosts } from "./bookkeeping.ts";
import { groupBody, reservationsOf, shownByGet, shownByList, single } from "./group-answers.ts";
import { checkGroupPlace } from "./group-place.ts";
import { checkSharing, type Sharing } from "./group-sharing.ts";
import { notFound, resourceIdOf } from "./machines.ts";
import { operationHeaders } from "./operations.ts";
import { COMPUTE_VERSIONS } from "./versions.ts";

const TYPE = "capacityReservationGroups";
const IN_GROUP = `/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/${TYPE}`;
const IN_SUBSCRIPTION = `/subscriptions/{subscription}/providers/Microsoft.Compute/${TYPE}`;
const ACTION = `Microsoft.Compute/${TYPE}`;
const versions = COMPUTE_VERSIONS;

export const groupRoutes: readonly Route[] = [
  { method: "GET", path: IN_SUBSCRIPTION, versions, answer: listInSubscription },
  { method: "GET", path: IN_GROUP, versions, answer: listInResourceGroup },
  { method: "GET", path: `${IN_GROUP}/{name}`, versions, answer: getGroup },
  { method: "PUT", path: `${IN_GROUP}/{name}`, versions, action: `${ACTION}/write`, answer: putGroup },
  { method: "PATCH", path: `${IN_GROUP}/{name}`, versions, action: `${ACTION}/write`, answer: patchGroup },
  { method: "DELETE", path: `${IN_GROUP}/{name}`, versions, action: `${ACTION}/delete`, answer: deleteGroup },
];

const CREATE_MS = 1000;
const DELETE_MS = 10_000;

function listInSubscription(call: Call): Reply {
  const { subscription = "" } = call.params;
  const own = scopeOf(call);
  const shared = (group: Group): boolean => isSharedWith(group, subscription);
  const only = call.query["resourceidsonly"]?.toLowerCase();
  if (only === undefined) return listGroups(call, own);
  const wanted = new Map([
    ["createdinsubscription", own],
    ["sharedwithsubscription", shared],
    ["all", (group: Group): boolean => own(group) || shared(group)],
  ]);
  const filter = wanted.get(only);
  if (!filter) {
    const message = `The value '${only}' of parameter resourceIdsOnly is invalid.`;
    throw refuse(400, { code: "InvalidParameter", message }, { target: "resourceIdsOnly" });
  }
  const groups = list(call.state.world, GROUP).filter(filter);
  return pageOf(
    call,
    groups.map(({ id, type, location }) => shoutResourceGroups({ id, type, location })),
  );
}

function listInResourceGroup(call: Call): Reply {
  return listGroups(call, scopeOf(call));
}

/** Groups shared to a subscription never appear in a plain list. */
function listGroups(call: Call, isWanted: (group: Group) => boolean): Reply {
  const shown = shownByList(call);
  const groups = list(call.state.world, GROUP).filter(isWanted);
  return pageOf(
    call,
    groups.map((group) => shoutResourceGroups(groupBody(call, group, shown))),
  );
}

function getGroup(call: Call): Reply {
  return single(200, groupBody(call, requireGroup(call), shownByGet(call)));
}

function requireGroup(call: Call): Group {
  const group = find(call.state.world, GROUP, resourceIdOf(call, TYPE));
  if (group) return group;
  requireResourceGroup(call);
  throw notFound(call, TYPE);
}

function putGroup(call: Call): Reply {
  requireResourceGroup(call);
  const wanted = readGroup(call);
  const existing = find(call.state.world, GROUP, wanted.id);
  if (existing) return replaceGroup(call, existing, wanted);
  checkGroupPlace(call.state.world, wanted);
  const { sharingProfile } = wanted.properties;
  if (sharingProfile) checkSharing(call, wanted, { had: undefined, wanted: sharingProfile });
  call.state.world.resources[keyOf(wanted.id)] = wanted;
  const operation = beginOperation(call, { kind: "create-group", resource: wanted, durationMs: CREATE_MS });
  // Only the answers to PUT and LIST shout; a GET of the same group does not.
  const body = shoutResourceGroups(groupBody(call, wanted, { view: false, machines: false }));
  return single(201, body, operationHeaders(call, operation, "async"));
}

function readGroup(call: Call): Group {
  const body = bodyOf(call);
  const { location, zones } = body;
  if (typeof location !== "string") {
    throw refuse(400, {
      code: "LocationRequired",
      message: "The location property is required for this definition.",
    });
  }
  const id = resourceIdOf(call, TYPE);
  const profile = dig(body, "properties", "sharingProfile");
  const type = dig(body, "properties", "reservationType") ?? "Targeted";
  return {
    name: call.params["name"] ?? "",
    id,
    type: GROUP,
    location: location.replaceAll(" ", "").toLowerCase(),
    ...(isFields(body["tags"]) ? { tags: body["tags"] as Record<string, string> } : {}),
    ...(Array.isArray(zones) && zones.length > 0 ? { zones: zones.map(String) } : {}),
    properties: {
      reservationType: String(type),
      provisioningState: "Creating",
      ...(isFields(profile) ? { sharingProfile: profile } : {}),
    },
  };
}

function replaceGroup(call: Call, existing: Group, wanted: Group): Reply {
  refuseWhileDeleting(existing);
  if (!sameText(existing.location, wanted.location)) {
    const message = `The resource '${existing.name}' already exists in location '${existing.location}' in resource group '${call.params["group"]}'. A resource with the same name cannot be created in location '${wanted.location}'. Please select a new resource name.`;
    throw refuse(409, { code: "InvalidResourceLocation", message });
  }
  checkZonesKept(existing, wanted.zones);
  if (!sameText(existing.properties.reservationType, wanted.properties.reservationType)) {
    throw changeNotAllowed("reservationType");
  }
  return updateGroup(call, existing, {
    tags: wanted.tags ?? {},
    profile: wanted.properties.sharingProfile ?? {},
  });
}

function patchGroup(call: Call): Reply {
  const group = requireGroup(call);
  const body = bodyOf(call);
  refuseWhileDeleting(group);
  const { zones, tags } = body;
  if (Array.isArray(zones)) checkZonesKept(group, zones.map(String));
  return updateGroup(call, group, { tags, profile: dig(body, "properties", "sharingProfile") });
}

/** Tags and sharing are replaced as a whole; nothing else of a group can change. */
function updateGroup(
  call: Call,
  group: Group,
  { tags, profile }: { tags: unknown; profile: unknown },
): Reply {
  const sharing = isFields(profile) ? (profile as Sharing) : undefined;
  if (sharing) checkSharing(call, group, { had: group.properties.sharingProfile, wanted: sharing });
  if (isFields(tags)) group.tags = tags as Record<string, string>;
  if (sharing) group.properties.sharingProfile = sharing;
  call.state.touch();
  return single(200, shoutResourceGroups(groupBody(call, group, { view: false, machines: false })));
}

function checkZonesKept(group: Group, zones: string[] | undefined): void {
  if ([...(group.zones ?? [])].sort().join() !== [...(zones ?? [])].sort().join())
    throw changeNotAllowed("zones");
}

export function changeNotAllowed(property: string): Error {
  const message = `Changing property '${property}' is not allowed.`;
  return refuse(409, { code: "PropertyChangeNotAllowed", message }, { target: property });
}

export function refuseWhileDeleting(group: Group): void {
  if (group.properties.provisioningState !== "Deleting") return;
  const message = `The resource '${group.name}' is being deleted.`;
  throw refuse(409, { code: "Conflict", message });
}

function deleteGroup(call: Call): Reply {
  const { world } = call.state;
  const group = find(world, GROUP, resourceIdOf(call, TYPE));
  if (!group) return { status: 204 };
  const [first] = reservationsOf(call, group.id);
  if (first || hasNestedGhosts(call.state, group.id)) {
    const nested = `Microsoft.Compute/${TYPE}/${group.name}/capacityReservations/${first?.name ?? "*"}`;
    const message = `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${nested}'. Please delete all nested resources before deleting this resource.`;
    throw refuse(409, { code: "CannotDeleteResource", message });
  }
  if (list(world, MACHINE).some((machine) => keyOf(groupIdOf(machine) ?? "") === keyOf(group.id))) {
    const message = `Capacity reservation group '${group.name}' cannot be deleted while a virtual machine is associated with it.`;
    throw refuse(409, { code: "OperationNotAllowed", message });
  }
  if (!call.doom) group.properties.provisioningState = "Deleting";
  const operation = beginOperation(call, { kind: "delete-group", resource: group, durationMs: DELETE_MS });
  return { status: 202, headers: operationHeaders(call, operation, "both") };
}
