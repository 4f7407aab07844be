import type { Lag } from "./lag-history.ts";

/** Fewer say nothing of the slowest twentieth. */
export const LEAST_FOR_P95 = 20;

/** The lags of one replica, in milliseconds. */
export interface LagCount {
  cloud: string | null;
  registry: string;
  region: string;
  count: number;
  /** Those that were there at the first look, so that they may have taken far less. */
  atMost: number;
  p50: number;
  /** Undefined for fewer than LEAST_FOR_P95. */
  p95: number | undefined;
  max: number;
  /** To within what the least exact of the others is known; undefined when there are no others. */
  within: number | undefined;
  /** ISO times. */
  first: string;
  last: string;
}

/** By cloud, registry and region; of one registry when it is named, by its name or a host. */
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

function isOf({ registry, host }: Lag, word: string): boolean {
  return [registry, host].some((each) => each.toLowerCase() === word);
}

function countOf(group: readonly Lag[]): LagCount[] {
  const [any] = group;
  if (!any) return [];
  const { cloud, registry, region } = any;
  const sorted = group.map(({ lagMs }) => lagMs).sort((left, right) => left - right);
  const exact = group.filter(({ lagMs, withinMs }) => withinMs < lagMs).map(({ withinMs }) => withinMs);
  const times = group.map(({ time }) => time).sort();
  const count = group.length;
  return [
    {
      cloud,
      registry,
      region,
      count,
      atMost: count - exact.length,
      p50: nearestRank(sorted, 50),
      p95: count < LEAST_FOR_P95 ? undefined : nearestRank(sorted, 95),
      max: nearestRank(sorted, 100),
      within: exact.length === 0 ? undefined : Math.max(...exact),
      first: times[0] ?? "",
      last: times.at(-1) ?? "",
    },
  ];
}

/** The smallest value that so many percent of all are not above. */
function nearestRank(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}
