import { allocationError } from "./compute/capacity.ts";
import { quotaError } from "./compute/quota.ts";
import { skuNotAvailable } from "./compute/sizes.ts";
import { Refusal, refuse, type Call, type Reply } from "./http.ts";
import { subscriptionOf } from "./ids.ts";
import { isSignInPath } from "./sign-in.ts";
import type { Fault, FaultName } from "./world.ts";

/** Faults that only a request in need of hardware can meet, unless a path says otherwise. */
const CAPACITY_FAULTS: readonly FaultName[] = [
  "allocation-failed",
  "zonal-allocation-failed",
  "overconstrained",
  "sku-not-available",
  "quota",
];

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
  if (isSignInPath(call.path)) return path !== undefined;
  if (CAPACITY_FAULTS.includes(name)) return isWrite(call) && (path !== undefined || needsHardware(call));
  if (name === "silent-no-op") return isWrite(call);
  if (name === "foreign-poll") return isWrite(call) || /\/operations\//i.test(call.path);
  return true;
}

function isWrite(call: Call): boolean {
  return call.method !== "GET" && !/\/providers\/Microsoft\.ResourceGraph\//i.test(call.path);
}

function needsHardware(call: Call): boolean {
  if (call.method === "POST") return /\/start$/i.test(call.path);
  return ["PUT", "PATCH"].includes(call.method) && /\/capacityReservations\/[^/]+$/i.test(call.path);
}

/** The answer that a fault gives in place of the service's own; undefined when the service still acts. */
export function faultReply(call: Call, name: FaultName): Reply | undefined {
  return replies[name]?.(call);
}

const replies: Partial<Record<FaultName, (call: Call) => Reply>> = {
  throttle: () => ({
    status: 429,
    headers: { "retry-after": "5", "x-ms-failure-cause": "service" },
    // Compute leaves out the usual envelope here.
    body: {
      code: "OperationNotAllowed",
      message:
        "The server rejected the request because too many requests have been received for this subscription.",
      details: [
        {
          code: "TooManyRequests",
          target: "HighCostGet30Min",
          message: JSON.stringify({
            operationGroup: "HighCostGet30Min",
            startTime: "2026-01-01T00:00:00Z",
            endTime: "2026-01-01T00:30:00Z",
            allowedRequestCount: 800,
            measuredRequestCount: 1238,
          }),
        },
      ],
    },
  }),
  "throttle-no-retry-after": () => {
    const message =
      "The request is being throttled as the limit has been reached for operation type - Write.";
    return refuse(429, { code: "TooManyRequests", message }).reply;
  },
  "server-error": () => {
    const message = "The server encountered an unexpected internal error. Please retry the request.";
    return refuse(500, { code: "InternalServerError", message }).reply;
  },
  "not-json": () => {
    const text = "<html><head><title>502 Bad Gateway</title></head><body>Ref A: 0 Ref B: 0</body></html>";
    return { status: 502, raw: { contentType: "text/html", text } };
  },
  "sku-not-available": (call) => {
    const error = skuNotAvailable(call.path, "location 'eastus2'", subscriptionOf(call.path));
    return refuse(409, error).reply;
  },
  quota: (call) => {
    const place = {
      subscriptionId: subscriptionOf(call.path),
      location: "eastus2",
      family: "standardDSv5Family",
    };
    return refuse(409, quotaError({ ...place, limit: 100, before: 100, after: 104 })).reply;
  },
  "claims-challenge": () => {
    const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: "p1" } } });
    const encoded = Buffer.from(claims).toString("base64");
    const header = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${encoded}"`;
    const message = "Continuous access evaluation resulted in challenge with result: InteractionRequired.";
    return refuse(401, { code: "AuthenticationFailed", message }, { headers: { "www-authenticate": header } })
      .reply;
  },
};

const SLOT = { location: "", size: "" };

/** The error with which a fault lets an operation end, after it seemed to be accepted. */
export function doomOf(name: FaultName): Call["doom"] {
  if (name === "allocation-failed") return allocationError({ ...SLOT, zone: "" });
  if (name === "zonal-allocation-failed") return allocationError({ ...SLOT, zone: "1" });
  if (name !== "overconstrained") return undefined;
  const message =
    "Allocation failed. VM(s) with the following constraints cannot be allocated, because the condition is too restrictive. Please remove some constraints and try again. Constraints applied are:\n - VM Size\n - Networking Constraints (such as Accelerated Networking or IPv6)";
  return { code: "OverconstrainedAllocationRequest", message };
}

/** Where misdirected callers are sent; nobody answers there. */
export const FOREIGN_ORIGIN = "https://attacker.example";

/** Lets the answer send the caller to a host that is not Azure's. */
export function misdirect(call: Call, reply: Reply): Reply {
  const headers = { ...reply.headers };
  for (const name of ["azure-asyncoperation", "location"]) {
    if (headers[name] !== undefined) headers[name] = headers[name].replace(call.origin, FOREIGN_ORIGIN);
  }
  return { ...reply, headers };
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
