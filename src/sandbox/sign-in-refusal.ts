import { guidFrom } from "./ids.ts";
import { Refusal, type Call } from "./http.ts";

export interface SignInProblem {
  /** The OAuth error, e.g. "invalid_client". */
  error: string;
  aadsts: number;
  text: string;
  /** Further properties of the answer. */
  more?: Record<string, unknown>;
}

/** Entra's own envelope: an OAuth error, and a description that begins with the AADSTS number. */
export function refuseSignIn(call: Call, { error, aadsts, text, more = {} }: SignInProblem): Refusal {
  const ids = { trace_id: crypto.randomUUID(), correlation_id: crypto.randomUUID() };
  const timestamp = call.state.now().toISOString().replace("T", " ").replace(/\.\d+/, "");
  const description = `AADSTS${aadsts}: ${text} Trace ID: ${ids.trace_id} Correlation ID: ${ids.correlation_id} Timestamp: ${timestamp}`;
  const body = {
    error,
    error_description: description,
    error_codes: [aadsts],
    timestamp,
    ...ids,
    error_uri: `${call.origin}/error?code=${aadsts}`,
    ...more,
  };
  return new Refusal({ status: error === "invalid_client" ? 401 : 400, body });
}

export function requireField(call: Call, form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value !== null && value !== "") return value;
  const text = `The request body must contain the following parameter: '${name}'.`;
  throw refuseSignIn(call, { error: "invalid_request", aadsts: 900144, text });
}

const RESOURCE = "Azure Resource Manager";

/** What stops a user in one tenant, by AADSTS number. */
const POLICIES: Readonly<Record<number, string>> = {
  50076: `Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '${RESOURCE}'.`,
  50078: `Presented multi-factor authentication has expired due to policies configured by your administrator, you must refresh your multi-factor authentication to access '${RESOURCE}'.`,
  50079: `Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '${RESOURCE}'.`,
  50173:
    "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.",
  53003:
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  700082: "The refresh token has expired due to inactivity. It was inactive for 90.00:00:00.",
};

const MULTI_FACTOR: readonly number[] = [50076, 50078, 50079];

/** A user's sign-in that the tenant's policies refuse. */
export function refuseByPolicy(call: Call, aadsts: number): Refusal {
  const text = POLICIES[aadsts] ?? "The sign-in was refused by the tenant.";
  const values = [guidFrom(`policy ${aadsts}`)];
  const claims = JSON.stringify({ access_token: { capolids: { essential: true, values } } });
  const more = MULTI_FACTOR.includes(aadsts) ? { suberror: "basic_action", claims } : {};
  return refuseSignIn(call, { error: "invalid_grant", aadsts, text, more });
}
