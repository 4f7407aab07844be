import { requireAction } from "./access.ts";
import { isVisibleTo } from "./directory.ts";
import { sameText } from "./ids.ts";
import { refuse, type Call, type Identity, type Refusal, type Reply } from "./http.ts";
import { matchPath, type Match, type Route } from "./route.ts";
import { readToken, type Claims } from "./token.ts";
import type { Subscription } from "./world.ts";

const AUDIENCES = ["https://management.azure.com", "https://management.core.windows.net"];
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Azure Resource Manager: checks the token, the subscription and the api-version, then asks the service. */
export function answerArm(call: Call, routes: readonly Route[]): Reply {
  const subscription = subscriptionIn(call);
  const { tid, oid, appid, upn } = checkToken(call, subscription);
  call.identity = { tenantId: tid, objectId: oid, clientId: appid, name: upn ?? appid };
  if (subscription) checkSubscription(call, call.identity, subscription);
  const match = findRoute(call, routes);
  checkVersion(call, match.route);
  checkAllowed(call, match.route);
  call.params = match.params;
  return match.route.answer(call);
}

function findRoute(call: Call, routes: readonly Route[]): Match {
  const fitting = matchPath(routes, call.path);
  const match = fitting.find(({ route }) => route.method === call.method);
  if (match) return match;
  requireVersion(call);
  if (fitting.length > 0) {
    const message = `The requested resource does not support http method '${call.method}'.`;
    throw refuse(405, { code: "HttpMethodNotAllowed", message });
  }
  const [, namespace = "", type = ""] = /\/providers\/([^/]+)(?:\/([^/]+))?/i.exec(call.path) ?? [];
  if (!routes.some((route) => route.path.toLowerCase().includes(`/providers/${namespace.toLowerCase()}/`))) {
    throw refuse(404, {
      code: "InvalidResourceNamespace",
      message: `The resource namespace '${namespace}' is invalid.`,
    });
  }
  const message = `The resource type '${type}' could not be found in the namespace '${namespace}' for api version '${call.query["api-version"]}'.`;
  throw refuse(404, { code: "InvalidResourceType", message });
}

function requireVersion(call: Call): string {
  const version = call.query["api-version"];
  if (version) return version;
  const message = "The api-version query parameter (?api-version=) is required for all requests.";
  throw refuse(400, { code: "MissingApiVersionParameter", message });
}

function checkVersion(call: Call, route: Route): void {
  const version = requireVersion(call);
  if (route.versions.includes(version.toLowerCase())) return;
  const supported = route.versions.join(", ");
  const provider = /\/providers\/[^/]+\/(?:locations\/[^/]+\/)?([^/{]+)/i.exec(route.path);
  if (!provider || route.path.startsWith("/providers/")) {
    const message = `The api-version '${version}' is invalid. The supported versions are '${supported.replaceAll(" ", "")}'.`;
    throw refuse(400, { code: "InvalidApiVersionParameter", message });
  }
  const locations = Object.keys(call.state.world.sizes).join(", ");
  const message = `No registered resource provider found for API version '${version}' for type '${provider[1]}'. The supported api-versions are '${supported}'. The supported locations are '${locations}'.`;
  throw refuse(400, { code: "NoRegisteredProviderFound", message });
}

/** Before the service looks at anything: who may not change a resource is not told whether it is there. */
function checkAllowed(call: Call, { action, method }: Route): void {
  if (action === undefined) return;
  const scope = method === "POST" ? call.path.slice(0, call.path.lastIndexOf("/")) : call.path;
  requireAction(call, action, scope);
}

/** The subscription that the path is in; whether there is one is told even without a token. */
function subscriptionIn(call: Call): Subscription | undefined {
  const [, first = "", id] = call.path.split("/");
  if (id === undefined || !sameText(first, "subscriptions")) return undefined;
  if (!GUID.test(id)) {
    const message = `The provided subscription identifier '${id}' is malformed or invalid.`;
    throw refuse(400, { code: "InvalidSubscriptionId", message });
  }
  const subscription = findSubscription(call, id);
  if (subscription) return subscription;
  const message = `The subscription '${id}' could not be found.`;
  throw refuse(404, { code: "SubscriptionNotFound", message });
}

function bearerOf(call: Call): string | undefined {
  const [scheme, token] = (call.headers["authorization"] ?? "").split(" ");
  return scheme && sameText(scheme, "bearer") ? token : undefined;
}

/** The claims of the bearer token as they are, unchecked. */
export function readBearer(call: Call): Claims | undefined {
  return readToken(bearerOf(call) ?? "");
}

function checkToken(call: Call, subscription: Subscription | undefined): Claims {
  const challenge = challengeFor(subscription);
  const token = bearerOf(call);
  if (!token) {
    const message = "Authentication failed. The 'Authorization' header is missing.";
    throw challenge("AuthenticationFailed", message);
  }
  const claims = readToken(token);
  if (!claims) throw challenge("InvalidAuthenticationToken", "The access token is invalid.");
  if (![...AUDIENCES, call.origin].includes(claims.aud.replace(/\/+$/, ""))) {
    const message = `The access token has been obtained for wrong audience or resource '${claims.aud}'. It should exactly match with one of the allowed audiences '${AUDIENCES.join("/','")}/'.`;
    throw challenge("InvalidAuthenticationTokenAudience", message);
  }
  const now = call.state.now();
  if (claims.exp * 1000 <= now.getTime()) throw expired(challenge, new Date(claims.exp * 1000), now);
  return claims;
}

function expired(challenge: Challenge, end: Date, now: Date): Refusal {
  const message = `The access token expiry UTC time '${end.toISOString()}' is earlier than current UTC time '${now.toISOString()}'.`;
  return challenge("ExpiredAuthenticationToken", message);
}

/** What a request is told whose token ended a moment ago. */
export function refuseAsExpired(call: Call): Refusal {
  const now = call.state.now();
  const [, , id = ""] = call.path.split("/");
  return expired(challengeFor(findSubscription(call, id)), new Date(now.getTime() - 1000), now);
}

type Challenge = (code: string, message: string) => Refusal;

/** Even without a token the challenge tells which tenant a subscription belongs to. */
function challengeFor(subscription: Subscription | undefined): Challenge {
  const tenantId = subscription?.tenantId ?? "common";
  return (code, message) => {
    const header = `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token", error_description="${message}"`;
    return refuse(401, { code, message }, { headers: { "www-authenticate": header } });
  };
}

function findSubscription(call: Call, id: string): Subscription | undefined {
  return call.state.world.subscriptions.find((each) => sameText(each.subscriptionId, id));
}

function checkSubscription(call: Call, identity: Identity, subscription: Subscription): void {
  const { subscriptionId, tenantId, state } = subscription;
  if (!isVisibleTo(subscription, identity.tenantId)) {
    const message = `The access token is from the wrong issuer 'https://sts.windows.net/${identity.tenantId}/'. It must match the tenant 'https://sts.windows.net/${tenantId}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${tenantId}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`;
    throw challengeFor(subscription)("InvalidAuthenticationTokenTenant", message);
  }
  if (["Disabled", "Deleted"].includes(state) && call.method !== "GET") {
    const message = `The subscription '${subscriptionId}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`;
    throw refuse(409, { code: "ReadOnlyDisabledSubscription", message });
  }
}
