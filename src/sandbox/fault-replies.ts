import { refuseAsExpired } from "./arm.ts";
import { allocationError } from "./compute/capacity.ts";
import { quotaError } from "./compute/quota.ts";
import { skuNotAvailable } from "./compute/sizes.ts";
import { dig, isFields, refuse, type Call, type Reply } from "./http.ts";
import { subscriptionOf } from "./ids.ts";
import { refuseByPolicy } from "./sign-in-refusal.ts";
import { tooMany } from "./registry/data.ts";
import { isDataCall } from "./registry/data-hosts.ts";
import { askedWorkspace } from "./workspace/log-calls.ts";
import { refuseSize } from "./workspace/ingestion.ts";
import { partialError, refuseLogs } from "./workspace/log-refusals.ts";
import type { FaultName } from "./world.ts";

/** The authentication context that a claims challenge asks for. */
export const CHALLENGED = "p1";

/** The answer that a fault gives in place of the service's own; undefined when the service still acts. */
export function faultReply(call: Call, name: FaultName): Reply | undefined {
  if (isDataCall(call) && name === "throttle") return tooMany({ "retry-after": "5" }).reply;
  if (isDataCall(call) && name === "throttle-no-retry-after") return tooMany().reply;
  if (askedWorkspace(call) !== undefined && name.startsWith("throttle")) {
    const message = "Rate limit is exceeded. Please see https://aka.ms/AzureMonitorQueryLimits";
    const headers = name === "throttle" ? { "retry-after": "5" } : {};
    return { ...refuseLogs(429, { code: "ThrottledError", message }).reply, headers };
  }
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
    const claims = JSON.stringify({ access_token: { acrs: { essential: true, values: [CHALLENGED] } } });
    const encoded = Buffer.from(claims).toString("base64");
    const header = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${encoded}"`;
    const message = "Continuous access evaluation resulted in challenge with result: InteractionRequired.";
    return refuse(401, { code: "AuthenticationFailed", message }, { headers: { "www-authenticate": header } })
      .reply;
  },
  "no-content": () => ({ status: 204 }),
  "empty-answer": () => ({ status: 200 }),
  "gateway-timeout": () => ({ status: 504 }),
  "too-large": () => refuseSize().reply,
  "expired-token": (call) => refuseAsExpired(call).reply,
  "mfa-required": (call) => refuseByPolicy(call, 50076).reply,
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

/** Half of the rows of an answer about logs, and that there would have been more. */
export function withoutTheEnd(reply: Reply): Reply {
  const tables = dig(reply.body, "tables");
  if (!isFields(reply.body) || !Array.isArray(tables)) return reply;
  const [{ rows = [], ...table } = {}] = tables as { rows?: unknown[] }[];
  const half = { ...table, rows: rows.slice(0, Math.floor(rows.length / 2)) };
  const error = partialError("The query was given up on one of the nodes that hold its data.");
  return { ...reply, body: { ...reply.body, tables: [half], error } };
}
