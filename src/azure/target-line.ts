import type { Target } from "./ports.ts";

type Aim = Omit<Target, "subscriptionIds"> & { subscriptionIds: readonly string[] };

/** Where a run goes, on one line; `name` is the first subscription's, when this identity may read it. */
export function targetLine({ cloud, tenantId, subscriptionIds, auth }: Aim, name?: string): string {
  const [first, ...others] = subscriptionIds;
  const named = name ? ` (${name})` : "";
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  const where = first === undefined ? "no subscription" : `subscription ${first}${named}${more}`;
  return `target: ${cloud} · tenant ${tenantId} · ${where} · ${auth}`;
}
