/** Where a watch is; times are milliseconds of 1970. */
export interface WatchMark {
  /** From where the next question asks. */
  fromMs: number;
  /** Up to where rows were asked for and told; undefined before the first answer. */
  untilMs: number | undefined;
  /** Rows at or after `fromMs` that were told, by their keys. */
  told: ReadonlyMap<string, Told>;
}

export interface Told {
  atMs: number;
  /** How often there was one: equal rows are several. */
  count: number;
}

export interface ArrivedRow {
  /** The same for equal rows. */
  key: string;
  /** TimeGenerated. */
  atMs: number;
}

export interface Arrived<T extends ArrivedRow> {
  /** All that is there from the mark's `fromMs` up to `untilMs`, or a part of it. */
  rows: readonly T[];
  untilMs: number;
  isAll: boolean;
  /** How long after it was generated a row may still arrive. */
  lateMs: number;
}

export function beginWatch(fromMs: number): WatchMark {
  return { fromMs, untilMs: undefined, told: new Map() };
}

/**
 * The rows that were not told before, and the mark once they were: of three equal rows, two of which were told, one is
 * new. What is not all moves no time, so that the next question asks about the same again.
 */
export function takeNew<T extends ArrivedRow>(
  mark: WatchMark,
  { rows, untilMs, isAll, lateMs }: Arrived<T>,
): { fresh: T[]; mark: WatchMark } {
  const met = new Map<string, Told>();
  const fresh = rows.filter(({ key, atMs }) => {
    const count = (met.get(key)?.count ?? 0) + 1;
    met.set(key, { atMs, count });
    return count > (mark.told.get(key)?.count ?? 0);
  });
  // What was told is kept also where this answer lacks it.
  const told = [...new Map([...mark.told, ...met])].map(([key, { atMs, count }]): [string, Told] => [
    key,
    { atMs, count: Math.max(count, mark.told.get(key)?.count ?? 0) },
  ]);
  if (!isAll) return { fresh, mark: { ...mark, told: new Map(told) } };
  const fromMs = Math.max(mark.fromMs, untilMs - lateMs);
  return { fresh, mark: { fromMs, untilMs, told: new Map(told.filter(([, { atMs }]) => atMs >= fromMs)) } };
}
