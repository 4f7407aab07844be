import type { ListPrice } from "../../azure/ports.ts";
import { coverageOf, type Coverage } from "./coverage.ts";
import type { GroupStatus } from "./read-groups.ts";

/** What an hour costs by priceKey, or why nothing is known: not even asked for, or asked in vain. */
export type Prices =
  | { source: string; currency: string; retrievedAt: string; bySize: ReadonlyMap<string, ListPrice> }
  | { reason: string; wasAsked: boolean };

/** One reservation and what its idle units cost. */
export interface CostRow {
  coverage: Coverage;
  /** Of another subscription, which pays for it. */
  shared: boolean;
  /** Null when Azure does not say how many units are held. */
  idle: number | null;
  /** Of one unit for one hour. */
  unitPrice: number | null;
  /** Of all idle units. */
  perHour: number | null;
  perMonth: number | null;
  detail: string;
  because: string[];
}

export interface CostTotal {
  idle: number;
  /** Null without a price list. */
  perHour: number | null;
  perMonth: number | null;
  /** False when a reservation of ours is missing in one of the sums. */
  isComplete: boolean;
}

/** What a month is taken for. */
export const HOURS_A_MONTH = 730;

/** Prices do not depend on the zone. */
export function priceKey({ location, size }: { location: string; size: string }): string {
  return `${location}|${size}`.toLowerCase();
}

/** Sizes whose price is worth asking for: of reservations that we pay for at the price of a VM. */
export function pricedSizes(groups: readonly GroupStatus[]): Coverage[] {
  const priced = groups.flatMap(({ group, shared }) => (group && !shared ? coverageOf(group) : []));
  const bySize = new Map(
    priced.filter(({ kind }) => kind !== "block").map((each) => [priceKey(each), each] as const),
  );
  return [...bySize.values()];
}

export function costRows(groups: readonly GroupStatus[], prices: Prices, today?: string): CostRow[] {
  return groups.flatMap(({ group, shared }) =>
    group ? coverageOf(group, today).map((each) => costRow(each, shared, prices)) : [],
  );
}

function costRow(coverage: Coverage, shared: boolean, prices: Prices): CostRow {
  const held = countIdle(coverage);
  const price = findPrice(coverage, shared, prices);
  const perHour = held.idle === null || price.unitPrice === null ? null : held.idle * price.unitPrice;
  return {
    coverage,
    shared,
    idle: held.idle,
    unitPrice: price.unitPrice,
    perHour: perHour === null ? null : round(perHour, 4),
    perMonth: perHour === null ? null : round(perHour * HOURS_A_MONTH, 2),
    detail: [held.detail, price.detail].filter((text) => text !== "").join("; "),
    because: [...new Set([...held.because, ...price.because])],
  };
}

interface Held {
  idle: number | null;
  detail: string;
  because: string[];
}

/** Only what is known to be held counts; the quantity of some reservations is no more than a wish. */
function countIdle({ state, kind, reservationState, free, associated, allocated }: Coverage): Held {
  if (state === "failed") {
    const detail = "cannot tell what it holds: it is Failed";
    return { idle: free, detail, because: ["azure-wire/failed-raise"] };
  }
  if (kind === "future" && !/^live$/i.test(reservationState ?? "")) {
    const because = ["azure-wire/future-reservations"];
    if (free !== null) return { idle: free, detail: `holds nothing yet: ${reservationState}`, because };
    const known = reservationState === null ? "its state is not told" : "it is fulfilled in part";
    return { idle: free, detail: `cannot tell what it holds: ${known}`, because };
  }
  if (free === null) {
    const detail = "cannot tell what it holds: its dates do not say whether it holds by now";
    return { idle: null, detail, because: ["azure-wire/block-reservations"] };
  }
  if (free === 0) return { idle: 0, detail: "", because: [] };
  const away = associated - allocated;
  const detail = kind === "open" || away <= 0 ? "" : `${away} deallocated members use none`;
  const stopped = detail === "" ? [] : ["odcr/stopping-saves-nothing"];
  return { idle: free, detail, because: ["odcr/billing-starts-with-quantity", ...stopped] };
}

interface Priced {
  unitPrice: number | null;
  detail: string;
  because: string[];
}

function findPrice(coverage: Coverage, shared: boolean, prices: Prices): Priced {
  if (shared) {
    return { unitPrice: null, detail: "its owner pays", because: ["azure-wire/owner-pays-idle-units"] };
  }
  if (coverage.kind === "block") {
    const because = ["azure-wire/block-reservations", "odcr/no-double-billing"];
    return { unitPrice: null, detail: "no price: it is not on demand", because };
  }
  if ("reason" in prices) return { unitPrice: null, detail: "", because: [] };
  const { perHour, found } = prices.bySize.get(priceKey(coverage)) ?? { perHour: undefined, found: 0 };
  if (perHour !== undefined) return { unitPrice: perHour, detail: "", because: [] };
  const detail = found === 0 ? "no price: the list has none" : `no price: ${found} prices of the list fit`;
  return { unitPrice: null, detail, because: ["azure-wire/retail-meters"] };
}

/** The sum of what we pay for. */
export function totalOf(rows: readonly CostRow[], groups: readonly GroupStatus[], prices: Prices): CostTotal {
  const own = rows.filter(({ shared }) => !shared);
  const isPriced = !("reason" in prices);
  // Added up from what was not rounded yet.
  const perHour = own.reduce((sum, { idle, unitPrice }) => sum + (idle ?? 0) * (unitPrice ?? 0), 0);
  const isWhole = own.every(
    ({ idle, unitPrice }) => idle === 0 || (idle !== null && (unitPrice !== null || !isPriced)),
  );
  return {
    idle: own.reduce((sum, { idle }) => sum + (idle ?? 0), 0),
    perHour: isPriced ? round(perHour, 4) : null,
    perMonth: isPriced ? round(perHour * HOURS_A_MONTH, 2) : null,
    isComplete: isWhole && !isMissing(groups),
  };
}

/** Whether a group that we pay for cannot be read. */
export function isMissing(groups: readonly GroupStatus[]): boolean {
  return groups.some(({ group, reason, shared }) => !group && reason !== undefined && !shared);
}

/** Without the tail that binary fractions leave. */
function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
