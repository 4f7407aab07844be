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

interface Serving {
  /** Replicas that can serve the global endpoint. */
  serving: Replica[];
  /** Whether the service does not tell it of another one. */
  isUntold: boolean;
}

export function servingOf(replicas: readonly Replica[]): Serving {
  return {
    serving: replicas.filter((each) => canServe(each) === true),
    isUntold: replicas.some((each) => canServe(each) === undefined),
  };
}

/** That few can serve the global endpoint: none, or only these. */
export function fewServe(serving: readonly Replica[]): string {
  const which = serving.length === 0 ? "no replica" : `only ${regionList(serving)}`;
  return `${which} can serve the global endpoint`;
}

/** Known to be in routing and ready, to be relied on while others change; a home region that is no replication counts. */
export function isRoutable(replica: Replica): boolean {
  return (
    isInRouting(replica) === true && (replica.id === undefined || replica.provisioningState === "Succeeded")
  );
}

/** Who is relied on to stay in routing: the home region that cannot leave, then the home region, last canaries. */
export function mostReliedOn(
  replicas: readonly Replica[],
  isCanary: (region: string) => boolean = isPublicCanary,
): Replica[] {
  const rank = ({ id, isHome, region }: Replica): number => {
    if (id === undefined) return 0;
    if (isCanary(region)) return 3;
    return isHome ? 1 : 2;
  };
  return [...replicas].sort((left, right) => rank(left) - rank(right));
}

export function isPublicCanary(region: string): boolean {
  return region.endsWith("euap");
}

/** Between two states: a change of it is under way. */
export function isInBetween({ provisioningState }: { provisioningState: string }): boolean {
  return /ing$/i.test(provisioningState);
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
