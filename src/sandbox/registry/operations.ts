import type { Registry } from "../bodies.ts";
import { refuse, type Call, type Reply } from "../http.ts";
import { keyOf, subscriptionOf } from "../ids.ts";
import { isEndless, pollUrl, requireOperation } from "../operations.ts";
import type { Route } from "../route.ts";
import type { Operation } from "../world.ts";
import { REGISTRY_VERSIONS } from "./versions.ts";

const PREFIX = "replications-";
const SUBSCRIPTION = "/subscriptions/{subscription}";
const PROVIDER = "providers/Microsoft.ContainerRegistry";
const versions = REGISTRY_VERSIONS;

export const registryOperationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${SUBSCRIPTION}/resourceGroups/{group}/${PROVIDER}/registries/{name}/replications/{replication}/operationStatuses/{operation}`,
    versions,
    answer: answerStatus,
  },
  {
    method: "GET",
    path: `${SUBSCRIPTION}/${PROVIDER}/locations/{location}/operationResults/{operation}`,
    versions,
    answer: answerResult,
  },
];

/** A PUT or PATCH of a replication names one URL, which stays the same from poll to poll. */
export function statusHeaders(call: Call, operation: Operation): Record<string, string> {
  const path = `${operation.resourceId}/operationStatuses/${PREFIX}${operation.id}`;
  return { "azure-asyncoperation": pollUrl(call, operation, path) };
}

/** A DELETE names a Location in the replica's region, and another one at each poll. */
export function resultHeaders(call: Call, operation: Operation): Record<string, string> {
  const { id, resourceId, location } = operation;
  const path = `/subscriptions/${subscriptionOf(resourceId)}/${PROVIDER}/locations/${location}/operationResults/${PREFIX}${id}`;
  return { location: pollUrl(call, operation, path) };
}

function operationOf(call: Call): Operation {
  return requireOperation(call, (call.params["operation"] ?? "").slice(PREFIX.length));
}

/** While it lasts the registry's word is the state of the replica, not InProgress. */
function answerStatus(call: Call): Reply {
  const { status, kind, error } = operationOf(call);
  if (status !== "InProgress") return { status: 200, body: { status, ...(error ? { error } : {}) } };
  return { status: 200, body: { status: kind === "create-replication" ? "Creating" : "Updating" } };
}

function answerResult(call: Call): Reply {
  const operation = operationOf(call);
  if (operation.status !== "InProgress") {
    if (operation.error) throw refuse(409, operation.error);
    return { status: 200 };
  }
  const headers = resultHeaders(call, operation);
  call.state.touch();
  return { status: 202, headers };
}

/**
 * One change of a registry at a time. A replica that is stuck for ever blocks no other change here; whether it
 * does on real Azure is not known.
 */
export function refuseWhileChanging(call: Call, registry: Registry): void {
  const key = keyOf(registry.id);
  const isBusy = Object.values(call.state.world.operations).some(
    (each) =>
      each.status === "InProgress" && !isEndless(each) && keyOf(each.resourceId).startsWith(`${key}/`),
  );
  if (isBusy) throw statusConflict(registry);
}

export function statusConflict(registry: Registry): Error {
  const message = `The registry '${registry.name}' is being changed by another operation. Try again when that has ended.`;
  return refuse(409, { code: "RegistryStatusConflict", message });
}
