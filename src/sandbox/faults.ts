import { readBearer } from "./arm.ts";
import { CHALLENGED } from "./fault-replies.ts";
import { Refusal, type Call, type Reply } from "./http.ts";
import { isPricePath } from "./prices.ts";
import { isDataCall } from "./registry/data-hosts.ts";
import { hasPerson, isSignInPath, isTokenPath } from "./sign-in.ts";
import { askedStream } from "./workspace/ingestion-calls.ts";
import { askedWorkspace } from "./workspace/log-calls.ts";
import type { Fault, FaultName } from "./world.ts";

/** Faults that only a request in need of hardware can meet, unless a path says otherwise. */
const CAPACITY_FAULTS: readonly FaultName[] = [
  "allocation-failed",
  "zonal-allocation-failed",
  "overconstrained",
  "sku-not-available",
  "quota",
];

/** Faults of the token endpoint; no path is needed to meet them. */
const SIGN_IN_FAULTS: readonly FaultName[] = ["mfa-required", "wrong-tenant"];

/** Faults that a registry's own hosts have, too. */
const DATA_FAULTS: readonly FaultName[] = [
  "throttle",
  "throttle-no-retry-after",
  "lost-before",
  "lost-after",
  "server-error",
  "not-json",
];

/** Faults that only a question about logs can meet. */
const LOG_FAULTS: readonly FaultName[] = ["no-content", "empty-answer", "gateway-timeout", "partial-answer"];

/** Faults that sending events can meet. */
const INGESTION_FAULTS: readonly FaultName[] = [...DATA_FAULTS, "expired-token", "too-large"];

/** Faults of a token that was brought along. */
const TOKEN_FAULTS: readonly FaultName[] = ["expired-token", "claims-challenge"];

/** The next fault that this request meets; counts it down. */
export function takeFault(call: Call): FaultName | undefined {
  const { world } = call.state;
  for (const fault of world.faults.filter((each) => each.times > 0 && meets(call, each))) {
    call.state.touch();
    if (fault.skip > 0) {
      fault.skip -= 1;
      continue;
    }
    fault.times -= 1;
    world.faults = world.faults.filter((each) => each.times > 0);
    return fault.name;
  }
  return undefined;
}

function meets(call: Call, { name, match }: Fault): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== call.method) return false;
  const path = match.path?.toLowerCase();
  if (path !== undefined && !call.path.toLowerCase().includes(path)) return false;
  const isNamed = path !== undefined;
  if (isDataCall(call)) return isNamed && DATA_FAULTS.includes(name);
  const isOpen = isSignInPath(call.path) || isPricePath(call.path);
  return isOpen ? meetsOpen(call, name, isNamed) : meetsService(call, name, isNamed);
}

/** Sign-in and the price list are spared, unless the fault is one of their own or the path says so. */
function meetsOpen(call: Call, name: FaultName, isNamed: boolean): boolean {
  if (name === "mfa-required" && hasPerson(call)) return false;
  if (SIGN_IN_FAULTS.includes(name)) return isTokenPath(call.path);
  return isNamed && !TOKEN_FAULTS.includes(name);
}

function meetsService(call: Call, name: FaultName, isNamed: boolean): boolean {
  if (SIGN_IN_FAULTS.includes(name)) return false;
  if (askedStream(call)) return INGESTION_FAULTS.includes(name);
  if (name === "too-large") return false;
  if (LOG_FAULTS.includes(name)) return askedWorkspace(call) !== undefined;
  if (name === "claims-challenge") return !readBearer(call)?.acrs?.includes(CHALLENGED);
  if (CAPACITY_FAULTS.includes(name)) return isWrite(call) && (isNamed || needsHardware(call));
  if (name === "silent-no-op") return isWrite(call);
  if (name === "foreign-poll") return isWrite(call) || /\/operation(s|Statuses|Results)\//i.test(call.path);
  return true;
}

function isWrite(call: Call): boolean {
  if (askedWorkspace(call) !== undefined) return false;
  return call.method !== "GET" && !/\/providers\/Microsoft\.ResourceGraph\//i.test(call.path);
}

function needsHardware(call: Call): boolean {
  if (call.method === "POST") return /\/start$/i.test(call.path);
  return ["PUT", "PATCH"].includes(call.method) && /\/capacityReservations\/[^/]+$/i.test(call.path);
}

/** Runs the service and then takes back what it did, but not what it said. */
export function withoutEffect(call: Call, act: () => Reply): Reply {
  const { world } = call.state;
  const { resources, capacity } = structuredClone({ resources: world.resources, capacity: world.capacity });
  const known = new Set(Object.keys(world.operations));
  const reply = act();
  Object.assign(world, { resources, capacity });
  for (const operation of Object.values(world.operations)) {
    if (!known.has(operation.id)) operation.kind = "nothing";
  }
  return reply;
}

export function replyOfRefusal(act: () => Reply): Reply {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}
