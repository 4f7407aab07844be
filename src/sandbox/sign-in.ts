import { sameText } from "./ids.ts";
import { Refusal, type Call, type Reply } from "./http.ts";
import { matchPath, type Route } from "./route.ts";
import { TOKEN_LIFETIME_S, writeToken } from "./token.ts";
import type { Application, Tenant, World } from "./world.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** What Microsoft Entra answers; these paths need neither a token nor an api-version. */
export const signInRoutes: readonly Route[] = [
  { method: "POST", path: "/{tenant}/oauth2/v2.0/token", versions: [], answer: issueToken },
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

function issueToken(call: Call): Reply {
  const form = new URLSearchParams(call.text);
  const tenant = findTenant(call);
  requireField(call, form, "grant_type");
  if (form.get("grant_type") !== "client_credentials") {
    throw refuseSignIn(
      call,
      ["unsupported_grant_type", 70003],
      "The app requested an unsupported grant type.",
    );
  }
  const application = findApplication(call, tenant, form.get("client_id"));
  const audience = audienceOf(call, requireField(call, form, "scope"));
  const names = ["client_id", "client_secret", "client_assertion"];
  if (names.some((name) => form.has(name))) checkSecret(call, form, application);
  const now = Math.floor(call.state.now().getTime() / 1000);
  const token = writeToken({
    tid: tenant.tenantId,
    oid: application.objectId,
    appid: application.clientId,
    aud: audience,
    iss: `https://sts.windows.net/${tenant.tenantId}/`,
    iat: now,
    exp: now + TOKEN_LIFETIME_S,
  });
  const body = {
    token_type: "Bearer",
    expires_in: TOKEN_LIFETIME_S,
    ext_expires_in: TOKEN_LIFETIME_S,
    access_token: token,
  };
  return { status: 200, headers: { "cache-control": "no-store, no-cache", pragma: "no-cache" }, body };
}

function tenantNamed(world: World, name: string): Tenant | undefined {
  return world.tenants.find(
    (tenant) => sameText(tenant.tenantId, name) || tenant.domains.some((domain) => sameText(domain, name)),
  );
}

function findTenant(call: Call): Tenant {
  const name = call.params["tenant"] ?? "";
  const tenant = tenantNamed(call.state.world, name);
  if (tenant) return tenant;
  const text = `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`;
  throw refuseSignIn(call, ["invalid_tenant", 90002], text);
}

/** A rehearsal has no application of its own: without a client id the tenant's first one signs in. */
function findApplication(call: Call, tenant: Tenant, clientId: string | null): Application {
  const application =
    clientId === null
      ? tenant.applications[0]
      : tenant.applications.find((each) => sameText(each.clientId, clientId));
  if (application) return application;
  const text = `Application with identifier '${clientId}' was not found in the directory '${tenant.displayName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`;
  throw refuseSignIn(call, ["unauthorized_client", 700016], text);
}

function checkSecret(call: Call, form: URLSearchParams, application: Application): void {
  const assertion = form.get("client_assertion");
  if (assertion !== null && form.get("client_assertion_type") === ASSERTION_TYPE) {
    if (assertion.split(".").length === 3) return;
    throw refuseSignIn(call, ["invalid_client", 50027], "JWT token is invalid or malformed.");
  }
  const secret = form.get("client_secret");
  if (secret === null) {
    const text =
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    throw refuseSignIn(call, ["invalid_client", 7000218], text);
  }
  if (secret === application.secret) return;
  const text = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${application.clientId}'.`;
  throw refuseSignIn(call, ["invalid_client", 7000215], text);
}

function audienceOf(call: Call, scope: string): string {
  const wanted = scope.split(" ").find((each) => each.endsWith("/.default"));
  if (wanted !== undefined) return wanted.slice(0, -"/.default".length);
  const text = `The provided request must include a 'scope' input parameter that ends in /.default. The scope ${scope} is not valid.`;
  throw refuseSignIn(call, ["invalid_scope", 70011], text);
}

function requireField(call: Call, form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value !== null && value !== "") return value;
  throw refuseSignIn(
    call,
    ["invalid_request", 900144],
    `The request body must contain the following parameter: '${name}'.`,
  );
}

function describeTenant(call: Call): Reply {
  const { tenantId } = findTenant(call);
  const base = `${call.origin}/${tenantId}`;
  const body = {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${base}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: "NA",
    cloud_instance_name: new URL(call.origin).host,
  };
  return { status: 200, body };
}

function discoverInstance(call: Call): Reply {
  const asked = call.query["authorization_endpoint"] ?? "";
  const tenant = /^https:\/\/[^/]+\/([^/]+)/.exec(asked)?.[1] ?? "common";
  const { host } = new URL(call.origin);
  const body = {
    tenant_discovery_endpoint: `${call.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
  return { status: 200, body };
}

/** `problem` is the OAuth error and the AADSTS number, e.g. ["invalid_client", 7000215]. */
function refuseSignIn(call: Call, problem: [string, number], text: string): Refusal {
  const [error, aadsts] = problem;
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
  };
  return new Refusal({ status: error === "invalid_client" ? 401 : 400, body });
}
