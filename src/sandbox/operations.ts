import { createHash } from "node:crypto";
import { refuse, type Call } from "./http.ts";
import { guidFrom, sameText, subscriptionOf } from "./ids.ts";
import type { Operation, World } from "./world.ts";

/** Ended operations are forgotten after this long, as in Azure. */
const KEPT_MS = 3_600_000;
/** Ticks of .NET at the Unix epoch. */
const EPOCH_TICKS = 621_355_968_000_000_000n;

/** When an operation is due that never ends. */
const NEVER = "9999-12-31T23:59:59.999Z";

export interface Beginning {
  kind: Operation["kind"];
  resource: { id: string; location: string };
  /** Infinity for an operation that never ends. */
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
    dueTime: durationMs === Infinity ? NEVER : new Date(state.now().getTime() + durationMs).toISOString(),
    status: "InProgress",
    ...(error ? { error } : {}),
    ...(had === undefined ? {} : { had }),
    urls: 0,
  };
  state.world.operations[operation.id] = operation;
  state.touch();
  return operation;
}

export function isEndless(operation: Operation): boolean {
  return operation.dueTime === NEVER;
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

/** A new address to ask for an operation at: the path with a signed query of several kilobytes. */
export function pollUrl(call: Call, operation: Operation, path: string): string {
  operation.urls += 1;
  const { id, location } = operation;
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

/** The operation that a poll asks for by its id. */
export function requireOperation(call: Call, id: string): Operation {
  const { subscription = "" } = call.params;
  const operation = call.state.world.operations[id.toLowerCase()];
  if (!operation || !sameText(subscriptionOf(operation.resourceId), subscription)) {
    throw refuse(404, { code: "NotFound", message: `The operation '${id}' was not found.` });
  }
  checkUrl(call, operation);
  return operation;
}

/** The query is signed: a changed URL never works, an old one not in strict worlds. */
function checkUrl(call: Call, operation: Operation): void {
  const { t: time = "", h: signature } = call.query;
  const stale = call.state.world.settings.strictPolls && time !== stampOf(operation);
  if (!stale && signature === signatureOf(operation.id, time)) return;
  const message = "The operation status URL is invalid or no longer valid.";
  throw refuse(400, { code: "InvalidOperationStatusUrl", message });
}
