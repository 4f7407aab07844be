import { refuse, type Call, type Reply } from "../http.ts";
import { displayLocation, keyOf, subscriptionOf } from "../ids.ts";
import { pollUrl, requireOperation } from "../operations.ts";
import type { Route } from "../route.ts";
import type { Operation } from "../world.ts";
import { COMPUTE_VERSIONS } from "./versions.ts";

export const operationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/operations/{operation}",
    versions: COMPUTE_VERSIONS,
    answer: answerPoll,
  },
];

/** Compute refuses a second change of a resource while the first goes on. */
export function refuseWhileBusy(call: Call, id: string): void {
  const busy = Object.values(call.state.world.operations).some(
    (operation) => operation.status === "InProgress" && keyOf(operation.resourceId) === keyOf(id),
  );
  if (!busy) return;
  const message =
    "The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.";
  throw refuse(409, { code: "Conflict", message });
}

/** Headers that tell where to ask about an operation; some answers name a Location, too. */
export function operationHeaders(
  call: Call,
  operation: Operation,
  where: "async" | "both",
): Record<string, string> {
  const { id, resourceId, location } = operation;
  const path = `/subscriptions/${subscriptionOf(resourceId)}/providers/Microsoft.Compute/locations/${displayLocation(location)}/operations/${id}`;
  const url = pollUrl(call, operation, path);
  const headers = { "azure-asyncoperation": url, "azure-asyncnotification": "Enabled" };
  return where === "async" ? headers : { ...headers, location: `${url}&monitor=true` };
}

function answerPoll(call: Call): Reply {
  const operation = requireOperation(call, call.params["operation"] ?? "");
  return call.query["monitor"] === "true" ? answerMonitor(call, operation) : answerStatus(call, operation);
}

function answerStatus(call: Call, operation: Operation): Reply {
  const { startTime, dueTime, status, id, error } = operation;
  if (status === "InProgress") {
    const headers = operationHeaders(call, operation, "async");
    call.state.touch();
    return { status: 200, headers, body: { startTime, status, name: id }, pretty: true };
  }
  const body = { startTime, endTime: dueTime, status, ...(error ? { error } : {}), name: id };
  return { status: 200, body, pretty: true };
}

function answerMonitor(call: Call, operation: Operation): Reply {
  if (operation.status === "InProgress") {
    const { location = "" } = operationHeaders(call, operation, "both");
    call.state.touch();
    return { status: 202, headers: { location } };
  }
  if (operation.error) throw refuse(409, operation.error);
  return { status: 200 };
}
