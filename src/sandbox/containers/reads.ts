import { CONTAINER_APP, CONTAINER_ENVIRONMENT, CONTAINER_JOB, find, list } from "../bodies.ts";
import { pageOf, type Call, type Reply } from "../http.ts";
import type { Route } from "../route.ts";
import { requireResourceGroup, resourceNotFound, scopeOf } from "../subscriptions.ts";

const SUBSCRIPTION = "/subscriptions/{subscription}";
const GROUP = `${SUBSCRIPTION}/resourceGroups/{group}`;
const versions = ["2023-05-01", "2024-03-01", "2025-01-01", "2025-07-01"];

const TYPES = [CONTAINER_APP, CONTAINER_JOB, CONTAINER_ENVIRONMENT] as const;

/** Apps, jobs and environments; nothing of them can be changed here. */
export const containerRoutes: readonly Route[] = TYPES.flatMap((type) => [
  ...[SUBSCRIPTION, GROUP].map((scope) => ({
    method: "GET",
    path: `${scope}/providers/${type}`,
    versions,
    answer: (call: Call): Reply => pageOf(call, list(call.state.world, type).filter(scopeOf(call))),
  })),
  {
    method: "GET",
    path: `${GROUP}/providers/${type}/{name}`,
    versions,
    answer: (call: Call): Reply => getOne(call, type),
  },
]);

function getOne(call: Call, type: (typeof TYPES)[number]): Reply {
  const body = find(call.state.world, type, call.path);
  if (body) return { status: 200, body };
  requireResourceGroup(call);
  throw resourceNotFound(call, `${type}/${call.params["name"]}`);
}
