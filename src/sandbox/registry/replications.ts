import { isAllowed } from "../access.ts";
import { find, REGISTRY, REPLICATION, type Registry, type Replication } from "../bodies.ts";
import { bodyOf, dig, isFields, pageOf, refuse, type Call, type Reply } from "../http.ts";
import { keyOf, sameText, shoutResourceGroups } from "../ids.ts";
import { beginOperation } from "../operations.ts";
import type { Route } from "../route.ts";
import { requireResourceGroup, resourceNotFound } from "../subscriptions.ts";
import { endpointsOf, lacksAddresses } from "./addresses.ts";
import { refuseWhileChanging, resultHeaders, statusConflict, statusHeaders } from "./operations.ts";
import { addressError, registryOf, requirePremium, requireRegistry, versionOf } from "./registries.ts";
import { findReplication, isHome, listedReplications, regionsOf } from "./registry-body.ts";
import { checkNewReplication, readReplication } from "./replication-request.ts";
import { REGISTRY_VERSIONS } from "./versions.ts";

const PATH =
  "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}/replications";
const versions = REGISTRY_VERSIONS;

export const replicationRoutes: readonly Route[] = [
  { method: "GET", path: PATH, versions, answer: listReplications },
  { method: "GET", path: `${PATH}/{replication}`, versions, answer: getReplication },
  { method: "PUT", path: `${PATH}/{replication}`, versions, answer: putReplication },
  { method: "PATCH", path: `${PATH}/{replication}`, versions, answer: patchReplication },
  { method: "DELETE", path: `${PATH}/{replication}`, versions, answer: deleteReplication },
];

const CREATE_MS = 60_000;
const UPDATE_MS = 10_000;
const DELETE_MS = 40_000;

function listReplications(call: Call): Reply {
  const registry = requireRegistry(call);
  const replications = listedReplications(call.state.world, registry, versionOf(call));
  return pageOf(call, replications.map(shoutResourceGroups));
}

function getReplication(call: Call): Reply {
  return { status: 200, body: requireReplication(call, requireRegistry(call)) };
}

function findIn(call: Call, registry: Registry): Replication | undefined {
  const { replication: name = "" } = call.params;
  return findReplication(call.state.world, registry, { name, version: versionOf(call) });
}

function requireReplication(call: Call, registry: Registry): Replication {
  const replication = findIn(call, registry);
  if (replication) return replication;
  throw resourceNotFound(call, `${REPLICATION}/${registry.name}/${call.params["replication"]}`);
}

function requireParent(call: Call): Registry {
  requireResourceGroup(call);
  const registry = registryOf(call);
  if (registry) return registry;
  const message = `Failed to perform 'write' on resource(s) of type 'registries/replications', because the parent resource '${REGISTRY}/${call.params["name"]}' could not be found.`;
  throw refuse(404, { code: "ParentResourceNotFound", message });
}

function putReplication(call: Call): Reply {
  const { world } = call.state;
  const registry = requireParent(call);
  requirePremium(registry, "replications");
  const wanted = readReplication(call, registry);
  checkNewReplication(registry, wanted);
  const existing = find(world, REPLICATION, wanted.id);
  if (existing) return replaceReplication(call, existing, wanted);
  refuseWhileChanging(call, registry);
  world.resources[keyOf(wanted.id)] = wanted;
  const operation = beginOperation(call, {
    kind: "create-replication",
    resource: wanted,
    ...fate(call, registry, wanted),
  });
  // Recordings do not tell whether this is 200 or 201.
  return { status: 201, headers: statusHeaders(call, operation), body: wanted };
}

const LINK = "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write";

/** Without the right to change its private endpoints a replica stays in Creating, and nobody is told why. */
function fate(
  call: Call,
  registry: Registry,
  { location }: Replication,
): { durationMs: number; error?: { code: string; message: string } } {
  const { world } = call.state;
  if (endpointsOf(world, registry).some(({ id }) => !isAllowed(world, id, LINK))) {
    return { durationMs: Infinity };
  }
  const regional = registry.properties.regionalEndpoints === "Enabled";
  const served = { regions: [...regionsOf(world, registry), location], regional };
  const error = lacksAddresses(world, registry, served) ? { error: addressError(registry) } : {};
  return { durationMs: CREATE_MS, ...error };
}

function replaceReplication(call: Call, existing: Replication, wanted: Replication): Reply {
  if (!sameText(existing.location, wanted.location)) {
    const message = `The resource '${existing.name}' already exists in location '${existing.location}' in resource group '${call.params["group"]}'. A resource with the same name cannot be created in location '${wanted.location}'. Please select a new resource name.`;
    throw refuse(409, { code: "InvalidResourceLocation", message });
  }
  const { regionEndpointEnabled } = wanted.properties;
  return updateReplication(call, existing, { tags: wanted.tags, regionEndpointEnabled });
}

function patchReplication(call: Call): Reply {
  const registry = requireRegistry(call);
  const replication = requireReplication(call, registry);
  const body = bodyOf(call);
  const value =
    dig(body, "properties", "regionEndpointEnabled") ?? replication.properties.regionEndpointEnabled;
  if (typeof value !== "boolean") {
    const message = "The value of property 'regionEndpointEnabled' is invalid.";
    throw refuse(400, { code: "InvalidParameter", message }, { target: "regionEndpointEnabled" });
  }
  return updateReplication(call, replication, { tags: body["tags"], regionEndpointEnabled: value });
}

interface Update {
  tags: unknown;
  regionEndpointEnabled: boolean;
}

/** Zone redundancy is decided at the creation; a later wish is ignored. */
function updateReplication(
  call: Call,
  replication: Replication,
  { tags, regionEndpointEnabled }: Update,
): Reply {
  const { properties } = replication;
  const registry = requireRegistry(call);
  refuseWhileChanging(call, registry);
  if (properties.provisioningState === "Creating") throw statusConflict(registry);
  const had = String(properties.regionEndpointEnabled);
  if (isFields(tags)) replication.tags = tags as Record<string, string>;
  properties.regionEndpointEnabled = regionEndpointEnabled;
  properties.provisioningState = "Updating";
  call.state.world.resources[keyOf(replication.id)] = replication;
  const operation = beginOperation(call, {
    kind: "update-replication",
    resource: replication,
    durationMs: UPDATE_MS,
    had,
  });
  return { status: 200, headers: statusHeaders(call, operation), body: replication };
}

function deleteReplication(call: Call): Reply {
  const registry = requireRegistry(call);
  const replication = findIn(call, registry);
  if (!replication) return { status: 204 };
  if (isHome(registry, replication.location)) {
    const message = `The replication '${replication.name}' is in the home region of registry '${registry.name}' and cannot be deleted.`;
    throw refuse(409, { code: "OperationNotAllowed", message });
  }
  refuseWhileChanging(call, registry);
  giveUp(call, replication);
  if (!call.doom) replication.properties.provisioningState = "Deleting";
  const operation = beginOperation(call, {
    kind: "delete-replication",
    resource: replication,
    durationMs: DELETE_MS,
  });
  return { status: 202, headers: resultHeaders(call, operation) };
}

/** Deleting a replica is the way out when its creation never ends. */
function giveUp(call: Call, replication: Replication): void {
  for (const operation of Object.values(call.state.world.operations)) {
    if (operation.status !== "InProgress" || keyOf(operation.resourceId) !== keyOf(replication.id)) continue;
    operation.status = "Failed";
    operation.dueTime = call.state.now().toISOString();
    operation.error = { code: "OperationPreempted", message: "The operation was preempted by a deletion." };
  }
}
