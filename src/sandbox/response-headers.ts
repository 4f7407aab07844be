import type { Call } from "./http.ts";
import { isPricePath } from "./prices.ts";
import { isDataCall } from "./registry/data-hosts.ts";
import { isSignInPath } from "./sign-in.ts";
import { askedStream } from "./workspace/ingestion-calls.ts";
import { askedWorkspace } from "./workspace/log-calls.ts";

/** Headers that every answer carries: correlation, date, and what is left before throttling. */
export function commonHeaders(call: Call, status: number): Record<string, string> {
  const requestId = crypto.randomUUID();
  const headers = {
    date: call.state.now().toUTCString(),
    "cache-control": "no-cache",
    pragma: "no-cache",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-ms-request-id": requestId,
  };
  if (isDataCall(call)) {
    return {
      date: headers.date,
      "docker-distribution-api-version": "registry/2.0",
      "x-ms-correlation-request-id": requestId,
    };
  }
  const isData = askedWorkspace(call) !== undefined || askedStream(call) !== undefined;
  const hasNoQuota = isData || isSignInPath(call.path) || isPricePath(call.path);
  if (hasNoQuota) return headers;
  return {
    ...headers,
    "x-ms-correlation-request-id": call.headers["x-ms-correlation-request-id"] ?? requestId,
    "x-ms-routing-request-id": `EASTUS2:${stamp(call.state.now())}:${requestId}`,
    ...(status === 429 || status === 401 ? {} : remaining(call)),
  };
}

function stamp(now: Date): string {
  return now.toISOString().replace(/[-:]|\.\d+/g, "");
}

function remaining(call: Call): Record<string, string> {
  const scope = call.path.toLowerCase().startsWith("/subscriptions/") ? "subscription" : "tenant";
  const prefix = `x-ms-ratelimit-remaining-${scope}`;
  if (scope === "tenant") return { [`${prefix}-reads`]: "249" };
  if (call.method === "GET") return { [`${prefix}-global-reads`]: "3749", ...computePolicies(call) };
  const kind = call.method === "DELETE" ? "deletes" : "writes";
  return { [`${prefix}-${kind}`]: "199", [`${prefix}-global-${kind}`]: "2999", ...computePolicies(call) };
}

const POLICIES: readonly [RegExp, Record<string, string>][] = [
  [
    /\/locations\/[^/]+\/operations\//i,
    { GET: "GetOperationResource;44,GetOperationSubscriptionMaximum;14999" },
  ],
  [
    /\/subscriptions\/[^/]+\/providers\/Microsoft\.Compute\/capacityReservationGroups$/i,
    {
      GET: "HighCostCapacityReservationSubscriptionMaximum;149",
    },
  ],
  [
    /\/capacityReservationGroups\//i,
    {
      GET: "GetCapacityReservationSubscriptionMaximum;356",
      PUT: "PutCapacityReservationSubscriptionMaximum;149",
      PATCH: "PutCapacityReservationSubscriptionMaximum;149",
      DELETE: "DeleteCapacityReservationSubscriptionMaximum;149",
    },
  ],
];

/** Compute's own buckets, several of them separated by commas. */
function computePolicies(call: Call): Record<string, string> {
  const policies = POLICIES.find(([path]) => path.test(call.path))?.[1][call.method];
  if (policies === undefined) return {};
  const value = policies.split(",").map((each) => `Microsoft.Compute/${each}`);
  return { "x-ms-ratelimit-remaining-resource": value.join(",") };
}
