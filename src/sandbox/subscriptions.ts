import { find, list, RESOURCE_GROUP } from "./bodies.ts";
import { isVisibleTo } from "./directory.ts";
import { byId, pageOf, refuse, type Call, type Reply } from "./http.ts";
import { resourceGroupOf, sameText, subscriptionOf } from "./ids.ts";
import type { Route } from "./route.ts";
import { listTenants } from "./tenants.ts";
import type { Subscription } from "./world.ts";

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

function listSubscriptions(call: Call): Reply {
  const tenantId = call.identity?.tenantId ?? "";
  const visible = call.state.world.subscriptions.filter((each) => isVisibleTo(each, tenantId));
  return pageOf(call, visible.map(subscriptionBody).sort(byId));
}

function getSubscription(call: Call): Reply {
  const id = call.params["subscription"] ?? "";
  const subscription = call.state.world.subscriptions.find((each) => sameText(each.subscriptionId, id));
  return { status: 200, body: subscription && subscriptionBody(subscription) };
}

function subscriptionBody(subscription: Subscription): { id: string } {
  const { subscriptionId, displayName, tenantId, state, quotaId, tags } = subscription;
  const managers = subscription.managedByTenants ?? [];
  const body = { subscriptionId, tenantId, displayName, state, ...(tags ? { tags } : {}) };
  return Object.assign(body, {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: "RoleBased",
    managedByTenants: managers.map((each) => ({ tenantId: each })),
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

/** Tells what is in the subscription of the request's path, and in its resource group when it names one. */
export function scopeOf(call: Call): (resource: { id: string }) => boolean {
  const { subscription = "", group } = call.params;
  if (group !== undefined) requireResourceGroup(call);
  return ({ id }) =>
    sameText(subscriptionOf(id), subscription) &&
    (group === undefined || sameText(resourceGroupOf(id), group));
}

/** What a request is told of a resource that is not there; the resource's name includes its type. */
export function resourceNotFound(call: Call, resource: string): Error {
  const message = `The Resource '${resource}' under resource group '${call.params["group"]}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  return refuse(404, { code: "ResourceNotFound", message });
}
