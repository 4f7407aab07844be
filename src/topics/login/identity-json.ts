import type { Principal } from "../../azure/login-ports.ts";
import type { JsonObject } from "../../json.ts";

/** Who a token speaks for; null for what it does not say. */
export function principalJson({ kind, id, name, appId }: Principal): JsonObject {
  return { kind, id: id ?? null, name: name ?? null, appId: appId ?? null };
}

/** When a token ends, to the second. */
export function utc(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
