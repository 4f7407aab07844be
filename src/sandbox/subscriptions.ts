import { find, list, RESOURCE_GROUP } from "./bodies.ts";
import { pageOf, refuse, type Call, type Reply } from "./http.ts";
import { sameText, subscriptionOf } from "./ids.ts";
import type { Route } from "./route.ts";
import type { Subscription, Tenant } from "./world.ts";

const VERSIONS = [
  "2016-06-01",
  "2018-05-01",
  "2019-06-01",
  "2019-11-01",
  "2020-01-01",
  "2021-01-01",
  "2021-04-01",
  "2022-09-01",
  "2022-12-01",
  "2024-11-01",
];

export const subscriptionRoutes: readonly Route[] = [
  { method: "GET", path: "/tenants", versions: VERSIONS, answer: listTenants },
  { method: "GET", path: "/subscriptions", versions: VERSIONS, answer: listSubscriptions },
  { method: "GET", path: "/subscriptions/{subscription}", versions: VERSIONS, answer: getSubscription },
  {
    method: "GET",
    path: "/subscriptions/{subscription}/resourceGroups",
    versions: VERSIONS,
    answer: listResourceGroups,
  },
  {
    method: "GET",
    path: "/subscriptions/{subscription}/resourceGroups/{group}",
    versions: VERSIONS,
    answer: getResourceGroup,
  },
];

/** An identity sees the tenants that know it. */
function listTenants(call: Call): Reply {
  const clientId = call.identity?.clientId ?? "";
  const known = call.state.world.tenants.filter((tenant) =>
    tenant.applications.some((application) => sameText(application.clientId, clientId)),
  );
  return pageOf(call, known.map(tenantBody).sort(byId));
}

function tenantBody(tenant: Tenant): { id: string } {
  const { tenantId, displayName, domains, countryCode } = tenant;
  const body = { tenantId, tenantCategory: "Home", countryCode, displayName, domains, tenantType: "AAD" };
  return Object.assign({ id: `/tenants/${tenantId}`, defaultDomain: domains[0] }, body);
}

function listSubscriptions(call: Call): Reply {
  const tenantId = call.identity?.tenantId ?? "";
  const visible = call.state.world.subscriptions.filter((each) => sameText(each.tenantId, tenantId));
  return pageOf(call, visible.map(subscriptionBody).sort(byId));
}

function getSubscription(call: Call): Reply {
  const id = call.params["subscription"] ?? "";
  const subscription = call.state.world.subscriptions.find((each) => sameText(each.subscriptionId, id));
  return { status: 200, body: subscription && subscriptionBody(subscription) };
}

function subscriptionBody(subscription: Subscription): { id: string } {
  const { subscriptionId, displayName, tenantId, state, quotaId, tags } = subscription;
  const body = { subscriptionId, tenantId, displayName, state, ...(tags ? { tags } : {}) };
  return Object.assign(body, {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionPolicies: { locationPlacementId: "Public_2014-09-01", quotaId, spendingLimit: "Off" },
  });
}

function listResourceGroups(call: Call): Reply {
  const subscription = call.params["subscription"] ?? "";
  const groups = list(call.state.world, RESOURCE_GROUP);
  return pageOf(
    call,
    groups.filter((group) => sameText(subscriptionOf(group.id), subscription)),
  );
}

function getResourceGroup(call: Call): Reply {
  return { status: 200, body: requireResourceGroup(call) };
}

/** The resource group that the request's path names. */
export function requireResourceGroup(call: Call): { location: string } {
  const { subscription = "", group = "" } = call.params;
  const found = find(
    call.state.world,
    RESOURCE_GROUP,
    `/subscriptions/${subscription}/resourceGroups/${group}`,
  );
  if (found) return found;
  throw refuse(404, {
    code: "ResourceGroupNotFound",
    message: `Resource group '${group}' could not be found.`,
  });
}

function byId(left: { id: string }, right: { id: string }): number {
  return left.id.toLowerCase() < right.id.toLowerCase() ? -1 : 1;
}
