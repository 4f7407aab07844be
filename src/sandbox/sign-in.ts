import { findMember, findTenant, requireAllowed } from "./directory.ts";
import type { Call, Reply } from "./http.ts";
import { sameText } from "./ids.ts";
import { issueToken } from "./issue-token.ts";
import { matchPath, type Route } from "./route.ts";
import { describeTenant, discoverInstance } from "./sign-in-metadata.ts";
import { refuseSignIn, requireField } from "./sign-in-refusal.ts";
import { authorize, redeemCode, redeemDeviceCode, redeemRefreshToken, startDevice } from "./user-grants.ts";
import { issueUserToken } from "./user-tokens.ts";
import type { Application, Tenant } from "./world.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** The standard's name, and the short one that MSAL sends. */
const DEVICE_GRANTS: readonly string[] = ["urn:ietf:params:oauth:grant-type:device_code", "device_code"];
/** Grants that a person has just taken part in. */
const PERSONAL_GRANTS: readonly string[] = [...DEVICE_GRANTS, "authorization_code"];
const NO_STORE = { "cache-control": "no-store, no-cache", pragma: "no-cache" };

const tokenRoute: Route = {
  method: "POST",
  path: "/{tenant}/oauth2/v2.0/token",
  versions: [],
  answer: answerToken,
};

/** What Microsoft Entra answers; these paths need neither a token nor an api-version. */
export const signInRoutes: readonly Route[] = [
  tokenRoute,
  { method: "POST", path: "/{tenant}/oauth2/v2.0/devicecode", versions: [], answer: startDevice },
  { method: "GET", path: "/{tenant}/oauth2/v2.0/authorize", versions: [], answer: authorize },
  {
    method: "GET",
    path: "/{tenant}/v2.0/.well-known/openid-configuration",
    versions: [],
    answer: describeTenant,
  },
  { method: "GET", path: "/common/discovery/instance", versions: [], answer: discoverInstance },
];

export function isSignInPath(path: string): boolean {
  return matchPath(signInRoutes, path).length > 0;
}

export function isTokenPath(path: string): boolean {
  return matchPath([tokenRoute], path).length > 0;
}

/** A person takes part in the sign-in of this token request, whatever they are asked for. */
export function hasPerson({ text }: Call): boolean {
  const form = new URLSearchParams(text);
  const grant = form.get("grant_type") ?? "";
  return form.get("interactive") === "true" || PERSONAL_GRANTS.includes(grant);
}

const grants = new Map<string, (call: Call, form: URLSearchParams) => Reply>([
  ["client_credentials", redeemCredentials],
  ...DEVICE_GRANTS.map((name) => [name, redeemDeviceCode] as const),
  ["authorization_code", redeemCode],
  ["refresh_token", redeemRefreshToken],
]);

function answerToken(call: Call): Reply {
  const form = new URLSearchParams(call.text);
  findTenant(call);
  const redeem = grants.get(requireField(call, form, "grant_type"));
  if (redeem) return { headers: NO_STORE, ...redeem(call, form) };
  const text = "The app requested an unsupported grant type.";
  throw refuseSignIn(call, { error: "unsupported_grant_type", aadsts: 70003, text });
}

/** A rehearsal names no application: the tenant's user signs in, else its first application. */
function redeemCredentials(call: Call, form: URLSearchParams): Reply {
  const tenant = findTenant(call);
  const isNamed = ["client_id", "client_secret", "client_assertion"].some((name) => form.has(name));
  const member = isNamed ? undefined : findMember(call.state.world, tenant.tenantId);
  if (member) {
    requireAllowed(call, member.membership, hasPerson(call));
    return { status: 200, body: issueUserToken(call, form, member) };
  }
  const application = findApplication(call, tenant, form.get("client_id"));
  if (isNamed) checkSecret(call, form, application);
  const { clientId, objectId } = application;
  const subject = { tid: tenant.tenantId, oid: objectId, appid: clientId, idtyp: "app" } as const;
  return { status: 200, body: issueToken(call, form, subject) };
}

function findApplication(call: Call, tenant: Tenant, clientId: string | null): Application {
  const application =
    clientId === null
      ? tenant.applications[0]
      : tenant.applications.find((each) => sameText(each.clientId, clientId));
  if (application) return application;
  const text = `Application with identifier '${clientId}' was not found in the directory '${tenant.displayName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`;
  throw refuseSignIn(call, { error: "unauthorized_client", aadsts: 700016, text });
}

function checkSecret(call: Call, form: URLSearchParams, application: Application): void {
  const assertion = form.get("client_assertion");
  if (assertion !== null && form.get("client_assertion_type") === ASSERTION_TYPE) {
    if (assertion.split(".").length === 3) return;
    throw refuseSignIn(call, {
      error: "invalid_client",
      aadsts: 50027,
      text: "JWT token is invalid or malformed.",
    });
  }
  const secret = form.get("client_secret");
  if (secret === null) {
    const text =
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    throw refuseSignIn(call, { error: "invalid_client", aadsts: 7000218, text });
  }
  if (secret === application.secret) return;
  const text = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${application.clientId}'.`;
  throw refuseSignIn(call, { error: "invalid_client", aadsts: 7000215, text });
}
