import { bodyOf, refuse, type Call, type Reply } from "./http.ts";
import { isVisibleTo } from "./directory.ts";
import { keyOf, sameText } from "./ids.ts";
import { sizesIn } from "./compute/quota.ts";
import type { Route } from "./route.ts";
import { requireResourceGroup } from "./subscriptions.ts";
import type { World } from "./world.ts";

const SUBSCRIPTION = "/subscriptions/{subscription}";
const GROUP = `${SUBSCRIPTION}/resourceGroups/{group}`;
const PERMISSIONS = "providers/Microsoft.Authorization/permissions";
const PERMISSION_VERSIONS = ["2015-07-01", "2018-07-01", "2022-04-01"];

/** What the caller may do, and which zone is which. */
export const accessRoutes: readonly Route[] = [
  ...[SUBSCRIPTION, GROUP, `${GROUP}/providers/{namespace}/{type}/{name}`].map((scope) => ({
    method: "GET",
    path: `${scope}/${PERMISSIONS}`,
    versions: PERMISSION_VERSIONS,
    answer: listPermissions,
  })),
  {
    method: "POST",
    path: `${SUBSCRIPTION}/providers/Microsoft.Resources/checkZonePeers`,
    versions: ["2019-11-01", "2020-01-01", "2022-12-01"],
    answer: compareZones,
  },
];

function listPermissions(call: Call): Reply {
  const { world } = call.state;
  const scope = keyOf(call.path.slice(0, -`/${PERMISSIONS}`.length));
  if (call.params["group"] !== undefined) requireResourceGroup(call);
  if (call.params["name"] !== undefined && !world.resources[scope]) {
    throw refuse(404, { code: "ResourceNotFound", message: `The Resource '${scope}' was not found.` });
  }
  const held = world.settings.permissions.filter((each) => isWithin(scope, each.scope));
  const value = held.map(({ actions, notActions }) => ({
    actions,
    notActions,
    dataActions: [],
    notDataActions: [],
  }));
  return { status: 200, body: { value } };
}

/** Whether a role of the caller grants an action at a scope. */
export function mayDo(world: World, action: string, scope: string): boolean {
  return world.settings.permissions.some(
    ({ actions, notActions, ...role }) =>
      isWithin(keyOf(scope), role.scope) &&
      actions.some((each) => covers(each, action)) &&
      !notActions.some((each) => covers(each, action)),
  );
}

/** Refuses a caller whom no role grants this at the resource itself. */
export function requireAction(call: Call, action: string, scope: string): void {
  if (mayDo(call.state.world, action, scope)) return;
  const message = `The client '${call.identity?.name}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  throw refuse(403, { code: "AuthorizationFailed", message });
}

/** What a caller who may write one resource needs at another one that it names. */
export interface Linked {
  from: string;
  write: string;
  to: string;
  action: string;
}

export function linkedRefusal(call: Call, { from, write, to, action }: Linked): Error {
  const message = `The client '${call.identity?.name}' has permission to perform action '${write}' on scope '${from}'; however, it does not have permission to perform action(s) '${action}' on the linked scope(s) '${to}' (respectively) or the linked scope(s) are invalid.`;
  return refuse(403, { code: "LinkedAuthorizationFailed", message });
}

function covers(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[^a-z0-9]/gi, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}

function isWithin(scope: string, granted: string): boolean {
  return `${scope}/`.startsWith(`${keyOf(granted).replace(/\/$/, "")}/`);
}

/** Whether the world's roles allow an action on a resource. */
export function isAllowed(world: World, scope: string, action: string): boolean {
  const fits = (pattern: string): boolean => fitsAction(pattern, action);
  return world.settings.permissions.some(
    (each) => isWithin(keyOf(scope), each.scope) && each.actions.some(fits) && !each.notActions.some(fits),
  );
}

function fitsAction(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}

function compareZones(call: Call): Reply {
  const { world } = call.state;
  const { location, subscriptionIds } = bodyOf(call);
  if (typeof location !== "string" || !Array.isArray(subscriptionIds)) {
    throw refuse(400, {
      code: "InvalidRequestContent",
      message: "location and subscriptionIds are required.",
    });
  }
  const own = call.params["subscription"] ?? "";
  const peers = subscriptionIds.map((each) => peerOf(call, String(each)));
  const zones = sizesIn(world, location).flatMap((size) => size.locationInfo.flatMap((each) => each.zones));
  const availabilityZonePeers = [...new Set(zones)].sort().map((zone) => ({
    availabilityZone: zone,
    peers: peers.map((subscriptionId) => ({
      subscriptionId,
      availabilityZone: logicalOf(
        world,
        `${subscriptionId}|${location}`,
        physicalOf(world, `${own}|${location}`, zone),
      ),
    })),
  }));
  return { status: 200, body: { subscriptionId: own, location, availabilityZonePeers } };
}

function peerOf(call: Call, text: string): string {
  const id = text.replace(/^\/?subscriptions\//i, "");
  const found = call.state.world.subscriptions.find((each) => sameText(each.subscriptionId, id));
  if (found && isVisibleTo(found, call.identity?.tenantId ?? "")) return found.subscriptionId;
  throw refuse(404, {
    code: "SubscriptionNotFound",
    message: `The subscription '${id}' could not be found.`,
  });
}

function mapOf(world: World, key: string): Record<string, string> {
  const found = Object.entries(world.settings.zoneMaps).find(([each]) => sameText(each, key));
  return found?.[1] ?? {};
}

function physicalOf(world: World, key: string, zone: string): string {
  return mapOf(world, key)[zone] ?? zone;
}

function logicalOf(world: World, key: string, physical: string): string {
  const found = Object.entries(mapOf(world, key)).find(([, each]) => each === physical);
  return found?.[0] ?? physical;
}
