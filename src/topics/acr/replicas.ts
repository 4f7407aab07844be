import type { Replica } from "../../azure/registry-ports.ts";

/** Whether the global endpoint may send clients there; undefined when the service does not tell. */
export function isInRouting({ inRouting, isHome, id }: Replica): boolean | undefined {
  // Only a replication can be taken out, and this home region is not shown as one.
  return inRouting ?? (isHome && id === undefined ? true : undefined);
}
