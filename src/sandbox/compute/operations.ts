import { createHash } from "node:crypto";
import { refuse, type Call, type Reply } from "../http.ts";
import { displayLocation, guidFrom, keyOf, sameText, subscriptionOf } from "../ids.ts";
import type { Route } from "../route.ts";
import type { Operation, World } from "../world.ts";
import { COMPUTE_VERSIONS } from "./versions.ts";

export const operationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/operations/{operation}",
    versions: COMPUTE_VERSIONS,
    answer: answerPoll,
  },
];

/** Ended operations are forgotten after this long, as in Azure. */
const KEPT_MS = 3_600_000;
/** Ticks of .NET at the Unix epoch. */
const EPOCH_TICKS = 621_355_968_000_000_000n;

export interface Beginning {
  kind: Operation["kind"];
  resource: { id: string; location: string };
  durationMs: number;
  had?: string | number | null;
  error?: { code: string; message: string } | undefined;
}

/** Records an operation that ends later, with the outcome already decided. */
export function beginOperation(call: Call, beginning: Beginning): Operation {
  const { state } = call;
  const { kind, resource, durationMs, had } = beginning;
  forgetOld(state.world, state.now());
  const error = call.doom ?? beginning.error;
  const operation: Operation = {
    id: nextGuid(state.world, "operation"),
    kind,
    resourceId: resource.id,
    location: resource.location,
    startTime: state.now().toISOString(),
    dueTime: new Date(state.now().getTime() + durationMs).toISOString(),
    status: "InProgress",
    ...(error ? { error } : {}),
    ...(had === undefined ? {} : { had }),
    urls: 0,
  };
  state.world.operations[operation.id] = operation;
  state.touch();
  return operation;
}

/** The next GUID of the world; the same history gives the same ones. */
export function nextGuid(world: World, kind: string): string {
  const number = (world.counters[kind] ?? 0) + 1;
  world.counters[kind] = number;
  return guidFrom(`${world.name}/${kind}/${number}`);
}

function forgetOld(world: World, now: Date): void {
  for (const operation of Object.values(world.operations)) {
    const isOld = Date.parse(operation.dueTime) + KEPT_MS < now.getTime();
    if (operation.status !== "InProgress" && isOld) delete world.operations[operation.id];
  }
}

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
  operation.urls += 1;
  const url = operationUrl(call, operation);
  const headers = { "azure-asyncoperation": url, "azure-asyncnotification": "Enabled" };
  return where === "async" ? headers : { ...headers, location: `${url}&monitor=true` };
}

function operationUrl(call: Call, operation: Operation): string {
  const { id, resourceId, location } = operation;
  const path = `/subscriptions/${subscriptionOf(resourceId)}/providers/Microsoft.Compute/locations/${displayLocation(location)}/operations/${id}`;
  const time = stampOf(operation);
  const query = [
    `p=${guidFrom(`partition/${location}`)}`,
    `api-version=${call.query["api-version"]}`,
    `t=${time}`,
    `c=${lengthen(`certificate/${location}`, 2800)}`,
    `s=${lengthen(`signature/${id}/${time}`, 342)}`,
    `h=${signatureOf(id, time)}`,
  ];
  return `${call.origin}${path}?${query.join("&")}`;
}

function stampOf(operation: Operation): string {
  return String(BigInt(Date.parse(operation.startTime)) * 10_000n + EPOCH_TICKS + BigInt(operation.urls));
}

function signatureOf(id: string, time: string): string {
  return createHash("sha256").update(`${id}/${time}`).digest("base64url");
}

function lengthen(seed: string, length: number): string {
  let text = "";
  for (let part = 0; text.length < length; part += 1) {
    text += createHash("sha512").update(`${seed}/${part}`).digest("base64url");
  }
  return text.slice(0, length);
}

function answerPoll(call: Call): Reply {
  const { subscription = "", operation: id = "" } = call.params;
  const operation = call.state.world.operations[id.toLowerCase()];
  if (!operation || !sameText(subscriptionOf(operation.resourceId), subscription)) {
    throw refuse(404, { code: "NotFound", message: `The operation '${id}' was not found.` });
  }
  checkUrl(call, operation);
  return call.query["monitor"] === "true" ? answerMonitor(call, operation) : answerStatus(call, operation);
}

/** The query is signed: a changed URL never works, an old one not in strict worlds. */
function checkUrl(call: Call, operation: Operation): void {
  const { t: time = "", h: signature } = call.query;
  const stale = call.state.world.settings.strictPolls && time !== stampOf(operation);
  if (!stale && signature === signatureOf(operation.id, time)) return;
  const message = "The operation status URL is invalid or no longer valid.";
  throw refuse(400, { code: "InvalidOperationStatusUrl", message });
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
