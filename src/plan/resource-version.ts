import type { Json } from "../json.ts";
import { evaluate } from "./observe.ts";
import type { Step } from "./plan.ts";

/** The version of the resource that a step changes: null when it cannot be told, undefined for a step without one. */
export function versionOf({ version }: Step, body: Json | undefined): Json | undefined {
  if (version === undefined) return undefined;
  return body === undefined ? null : evaluate(body, version);
}

/**
 * Whether a step that an earlier run sent may have taken effect and have been taken back by somebody since: sending it
 * again would undo that.
 */
export function isUnclear(step: Step, body: Json | undefined, sentAt: Json | undefined): boolean {
  const now = versionOf(step, body);
  if (now === undefined || sentAt === undefined) return false;
  return now === null || JSON.stringify(now) !== JSON.stringify(sentAt);
}
