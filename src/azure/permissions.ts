import type { Known } from "./known.ts";
import type { Permission } from "./ports.ts";

export type Answer = "yes" | "no" | "cannot tell";

/** Whether the caller's permissions at one scope grant an action there; the detail names it, or says why not. */
export function judgeAction(
  action: string,
  permissions: Known<Permission[]>,
): { answer: Answer; detail: string } {
  if ("unknown" in permissions) return { answer: "cannot tell", detail: permissions.unknown };
  if (isGranted(action, permissions.value)) return { answer: "yes", detail: action };
  return { answer: "no", detail: `no role grants ${action} here` };
}

/** An entry's exclusions count for that entry only: another role may grant the same action. */
export function isGranted(action: string, permissions: readonly Permission[]): boolean {
  return permissions.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => matches(pattern, action)) &&
      !notActions.some((pattern) => matches(pattern, action)),
  );
}

function matches(pattern: string, action: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "i").test(action);
}
