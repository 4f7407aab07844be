import type { Lag } from "./lag-history.ts";

/** Fewer say nothing of the slowest twentieth. */
export const LEAST_FOR_P95 = 20;

/** The lags of one replica, in milliseconds. */
export interface LagCount {
  cloud: string | null;
  registry: string;
  region: string;
  /** Of all, those in atMost included. */
  count: number;
  /** Those that may have taken anything from nothing to what was measured. */
  atMost: number;
  /** Of the others, as are p95, max and within; undefined when there are no others. */
  p50: number | undefined;
  /** Undefined for fewer than LEAST_FOR_P95. */
  p95: number | undefined;
  max: number | undefined;
  /** To within what the least exact of them is known. */
  within: number | undefined;
  /** ISO times. */
  first: string;
  last: string;
}

/** By cloud, registry and region; of one registry when it is named, by its name, its login server or a host. */
export function countLags(lags: readonly Lag[], wanted?: string): LagCount[] {
  const word = wanted?.toLowerCase();
  const groups = new Map<string, Lag[]>();
  for (const lag of lags.filter((each) => word === undefined || isOf(each, word))) {
    const key = JSON.stringify([lag.cloud ?? "", lag.registry, lag.region]);
    groups.set(key, [...(groups.get(key) ?? []), lag]);
  }
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, group]) => countOf(group));
}

function isOf({ registry, loginServer, host }: Lag, word: string): boolean {
  return [registry, loginServer, host].some((each) => each?.toLowerCase() === word);
}

function countOf(group: readonly Lag[]): LagCount[] {
  const [any] = group;
  if (!any) return [];
  const { cloud, registry, region } = any;
  const exact = group.filter(({ lagMs, withinMs }) => withinMs < lagMs);
  const sorted = exact.map(({ lagMs }) => lagMs).sort((left, right) => left - right);
  const withins = exact.map(({ withinMs }) => withinMs).sort((left, right) => left - right);
  const times = group.map(({ time }) => time).sort();
  return [
    {
      cloud,
      registry,
      region,
      count: group.length,
      atMost: group.length - exact.length,
      p50: nearestRank(sorted, 50),
      p95: exact.length < LEAST_FOR_P95 ? undefined : nearestRank(sorted, 95),
      max: nearestRank(sorted, 100),
      within: nearestRank(withins, 100),
      first: times[0] ?? "",
      last: times.at(-1) ?? "",
    },
  ];
}

/** The smallest value that so many percent of all are not above; undefined of none. */
function nearestRank(sorted: readonly number[], percent: number): number | undefined {
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1];
}
