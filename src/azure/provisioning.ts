import type { Json } from "../json.ts";

/** True while a resource says that a change of it is under way. */
export function stillProvisioning(body: Json | undefined): boolean {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return false;
  const { properties } = body;
  if (typeof properties !== "object" || properties === null || Array.isArray(properties)) return false;
  const state = properties["provisioningState"];
  return typeof state === "string" && /^(creating|updating|deleting|migrating)$/i.test(state);
}
