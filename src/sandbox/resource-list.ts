import { DIAGNOSTIC_SETTING, RESOURCE_GROUP, type Resource } from "./bodies.ts";
import { byId, pageOf, refuse, type Call, type Reply } from "./http.ts";
import { sameText, shoutResourceGroups } from "./ids.ts";
import type { Route } from "./route.ts";
import { scopeOf } from "./subscriptions.ts";

export const resourceListRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/subscriptions/{subscription}/resources",
    versions: ["2021-04-01", "2022-09-01", "2024-11-01"],
    answer: listResources,
  },
];

/** Resources of every kind, without their properties, and with resource groups in upper case. */
function listResources(call: Call): Reply {
  const type = wantedType(call.query["$filter"]);
  const isWanted = (each: Resource): boolean =>
    type === undefined
      ? each.type !== RESOURCE_GROUP && each.type !== DIAGNOSTIC_SETTING
      : sameText(each.type, type);
  const found = Object.values(call.state.world.resources).filter(scopeOf(call)).filter(isWanted);
  return pageOf(call, found.map(withoutProperties).sort(byId).map(shoutResourceGroups));
}

function withoutProperties(resource: Resource): { id: string } {
  const { properties: _, etag: _etag, ...rest } = resource;
  return rest;
}

/** The one filter that is understood here is the one by type. */
function wantedType(filter: string | undefined): string | undefined {
  if (filter === undefined) return undefined;
  const type = /^\s*resourceType eq '([^']+)'\s*$/i.exec(filter)?.[1];
  if (type !== undefined) return type;
  const message = `Invalid $filter '${filter}' specified in the query string.`;
  throw refuse(400, { code: "InvalidFilterInQueryString", message });
}
