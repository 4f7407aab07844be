import { findTenant, isAnyTenant } from "./directory.ts";
import type { Call, Reply } from "./http.ts";

/** Where a tenant's endpoints are; without a tenant the issuer stays a pattern, as Entra has it. */
export function describeTenant(call: Call): Reply {
  const name = call.params["tenant"] ?? "";
  const tenant = isAnyTenant(name) ? name : findTenant(call).tenantId;
  const base = `${call.origin}/${tenant}`;
  const body = {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${call.origin}/${isAnyTenant(name) ? "{tenantid}" : tenant}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: "NA",
    cloud_instance_name: new URL(call.origin).host,
  };
  return { status: 200, body };
}

export function discoverInstance(call: Call): Reply {
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
