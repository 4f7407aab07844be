import { COLLECTION_ENDPOINT, COLLECTION_RULE, find, list } from "../bodies.ts";
import { byId, pageOf, refuse, type Call, type Reply } from "../http.ts";
import type { Route } from "../route.ts";
import { scopeOf } from "../subscriptions.ts";

const SUBSCRIPTION = "/subscriptions/{subscription}";
const GROUP = `${SUBSCRIPTION}/resourceGroups/{group}`;
const RULES = "providers/Microsoft.Insights/dataCollectionRules";
const ENDPOINTS = "providers/Microsoft.Insights/dataCollectionEndpoints";
/** Older versions do not tell a rule's own address. */
const VERSIONS = ["2023-03-11", "2024-03-11"];

export const collectionRuleRoutes: readonly Route[] = [
  { method: "GET", path: `${SUBSCRIPTION}/${RULES}`, versions: VERSIONS, answer: listRules },
  { method: "GET", path: `${GROUP}/${RULES}`, versions: VERSIONS, answer: listRules },
  {
    method: "GET",
    path: `${GROUP}/${RULES}/{name}`,
    versions: VERSIONS,
    answer: (call) => one(call, COLLECTION_RULE),
  },
  {
    method: "GET",
    path: `${GROUP}/${ENDPOINTS}/{name}`,
    versions: VERSIONS,
    answer: (call) => one(call, COLLECTION_ENDPOINT),
  },
];

function listRules(call: Call): Reply {
  return pageOf(call, list(call.state.world, COLLECTION_RULE).filter(scopeOf(call)).sort(byId));
}

function one(call: Call, type: typeof COLLECTION_RULE | typeof COLLECTION_ENDPOINT): Reply {
  const body = find(call.state.world, type, call.path);
  if (body) return { status: 200, body };
  const message = `The Resource '${type}/${call.params["name"]}' under resource group '${call.params["group"]}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  throw refuse(404, { code: "ResourceNotFound", message });
}
