import type { Replica } from "../../azure/registry-ports.ts";

/** Whether the global endpoint may send clients there; undefined when the service does not tell. */
export function isInRouting({ inRouting, isHome, id }: Replica): boolean | undefined {
  // Only a replication can be taken out, and this home region is not shown as one.
  return inRouting ?? (isHome && id === undefined ? true : undefined);
}

const NOT_SERVING = new Set(["creating", "deleting", "failed", "canceled"]);

/** Whether clients of the global endpoint may end up there now; undefined when the service does not tell. */
export function canServe(replica: Replica): boolean | undefined {
  return NOT_SERVING.has(replica.provisioningState.toLowerCase()) ? false : isInRouting(replica);
}

export function isCreating({ provisioningState }: Replica): boolean {
  return provisioningState.toLowerCase() === "creating";
}

const HOUR_MS = 3_600_000;

/** Whole hours since a replica began to be created without a word of status; undefined below one hour. */
export function hoursStuck(replica: Replica, nowMs: number): number | undefined {
  if (!isCreating(replica) || replica.status !== undefined || replica.since === undefined) return undefined;
  const hours = Math.floor((nowMs - Date.parse(replica.since)) / HOUR_MS);
  return hours >= 1 ? hours : undefined;
}

/** Regions as a sentence names them. */
export function regionList(replicas: readonly Replica[]): string {
  return replicas.map(({ region }) => region).join(", ");
}
