/** What decides how many addresses each private endpoint of a registry takes. */
export interface Served {
  /** Regions with a replica, the home region counted. */
  replicas: number;
  regional: boolean;
}

/** Addresses of one private endpoint, by what they are for. */
export interface Addresses {
  global: number;
  data: number;
  regional: number;
  total: number;
}

/** One for the global endpoint, one for each replica's data, one more for each with regional endpoints. */
export function addressesOf({ replicas, regional }: Served): Addresses {
  const added = regional ? replicas : 0;
  return { global: 1, data: replicas, regional: added, total: 1 + replicas + added };
}

/** Azure keeps the first four addresses and the last one. */
const KEPT = 5;

/** Prefix length that a subnet for private endpoints has at least, and the one that it has where possible. */
export const AT_LEAST = 27;
const WHERE_POSSIBLE = 24;

/** Addresses that a subnet has for what is in it. */
export function usableIn(prefixLength: number): number {
  return Math.max(0, 2 ** (32 - prefixLength) - KEPT);
}

/**
 * Addresses of all IPv4 prefixes of a subnet together; undefined when it has none. Only of one prefix it is known
 * that five are kept, so five of each are taken off.
 */
export function usableAddresses(prefixes: readonly string[]): number | undefined {
  const lengths = prefixes.flatMap(prefixLength);
  return lengths.length === 0 ? undefined : lengths.reduce((total, each) => total + usableIn(each), 0);
}

/** Nothing for an IPv6 prefix, and for what is none. */
function prefixLength(prefix: string): number[] {
  const [, length] = /^[\d.]+\/(\d{1,2})$/.exec(prefix) ?? [];
  return length === undefined || Number(length) > 32 ? [] : [Number(length)];
}

export interface SubnetSize {
  prefixLength: number;
  usable: number;
  /** Private endpoints of this registry that it holds, when nothing else is in it. */
  holds: number;
  advice: "too small" | "smaller than advised" | "at least" | "where possible" | "";
}

/** What subnets of usual sizes are worth for private endpoints of so many addresses. */
export function subnetSizes({ total }: Addresses): SubnetSize[] {
  const lengths = [28, 27, 26, 25, 24];
  const atLeast = lengths.find((length) => length <= AT_LEAST && usableIn(length) >= total);
  return lengths.map((length) => {
    const usable = usableIn(length);
    const holds = Math.floor(usable / total);
    return { prefixLength: length, usable, holds, advice: adviceOn(length, { holds, atLeast }) };
  });
}

function adviceOn(
  length: number,
  { holds, atLeast }: { holds: number; atLeast: number | undefined },
): SubnetSize["advice"] {
  if (holds === 0) return "too small";
  if (length === atLeast) return "at least";
  if (length === WHERE_POSSIBLE) return "where possible";
  return length > AT_LEAST ? "smaller than advised" : "";
}
