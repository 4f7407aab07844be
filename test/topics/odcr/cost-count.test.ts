import { expect, test } from "vitest";
import type { CapacityReservation, CapacityReservationGroup, ListPrice } from "../../../src/azure/ports.ts";
import {
  costRows,
  isMissing,
  pricedSizes,
  priceKey,
  totalOf,
  type CostRow,
  type Prices,
} from "../../../src/topics/odcr/cost-count.ts";
import type { GroupStatus } from "../../../src/topics/odcr/read-groups.ts";
import { group, LOCATION, reservation, vmId } from "./builders.ts";

const NO_PRICES: Prices = { reason: "nobody answers", wasAsked: true };
const SIZE = "Standard_D4s_v5";

function list(price: ListPrice, size = SIZE): Prices {
  const bySize = new Map([[priceKey({ location: LOCATION, size }), price]]);
  return { source: "prices.example", currency: "USD", retrievedAt: "2026-11-21T08:00:00.000Z", bySize };
}

const CHEAP = list({ perHour: 0.1, found: 1 });

function status(
  reservations: CapacityReservation[],
  change: Partial<CapacityReservationGroup> = {},
  shared = false,
): GroupStatus {
  const made = group("crg-a", { reservations, ...change });
  return { id: made.id, shared, group: made };
}

function row(each: Partial<CapacityReservation>, prices = CHEAP): CostRow {
  const [found] = costRows([status([reservation("r", each)])], prices);
  return found!;
}

function ids(...names: string[]): string[] {
  return names.map(vmId);
}

const used = { associated: ids("a", "b", "c"), allocated: ids("a") };

test("idle is the quantity minus what is allocated, and costs the list price", () => {
  expect(row({ quantity: 4, ...used })).toMatchObject({
    idle: 3,
    unitPrice: 0.1,
    perHour: 0.3,
    perMonth: 219,
    detail: "2 deallocated members use none",
    because: ["odcr/billing-starts-with-quantity", "odcr/stopping-saves-nothing"],
  });
});

test.each([
  ["used up", { quantity: 1, allocated: ids("a") }],
  ["overallocated", { quantity: 1, allocated: ids("a", "b") }],
  ["empty", { quantity: 0 }],
])("a slot that is %s has no idle units", (_, each) => {
  expect(row(each)).toMatchObject({ idle: 0, perHour: 0, perMonth: 0, detail: "", because: [] });
});

test.each(["Pending", "Declined", "Approved", "FulfillmentFailed", "Committed"])(
  "a future reservation that is %s holds nothing and costs nothing",
  (reservationState) => {
    const future = row({ quantity: 4, reservationState });

    expect(future).toMatchObject({
      idle: 0,
      perHour: 0,
      detail: `holds nothing yet: ${reservationState}`,
      because: ["azure-wire/future-reservations"],
    });
  },
);

test("a future reservation that is live is idle like any other", () => {
  expect(row({ quantity: 4, reservationState: "Live" })).toMatchObject({ idle: 4, perHour: 0.4 });
});

test.each<[string, Partial<CapacityReservation>]>([
  ["it is fulfilled in part", { reservationState: "PartiallyFulfilled" }],
  ["its state is not told", { schedule: { start: "2027-02-01", end: undefined } }],
  ["it is Failed", { provisioningState: "Failed" }],
])("what is held cannot be told when %s", (why, each) => {
  const unknown = row({ quantity: 4, ...each });

  expect(unknown).toMatchObject({ idle: null, perHour: null, perMonth: null });
  expect(unknown.detail).toBe(`cannot tell what it holds: ${why}`);
});

test("a shared group is its owner's: counted, without a price, and in no sum", () => {
  const groups = [status([reservation("r", { quantity: 4 })], {}, true)];
  const rows = costRows(groups, CHEAP);

  expect(rows).toMatchObject([{ idle: 4, unitPrice: null, perHour: null, detail: "its owner pays" }]);
  expect(totalOf(rows, groups, CHEAP)).toEqual({ idle: 0, perHour: 0, perMonth: 0, isComplete: true });
  expect(pricedSizes(groups)).toEqual([]);
});

test("a block is counted, but has no price of an on-demand unit", () => {
  const groups = [status([reservation("r", { quantity: 4 })], { reservationType: "Block" })];
  const rows = costRows(groups, CHEAP);

  expect(rows).toMatchObject([{ idle: 4, unitPrice: null, detail: "no price: it is not on demand" }]);
  expect(totalOf(rows, groups, CHEAP)).toMatchObject({ idle: 4, perHour: 0, isComplete: false });
  expect(pricedSizes(groups)).toEqual([]);
});

test.each([
  ["2026-11-02T08:00:00Z", null],
  ["2027-03-01T08:00:00Z", 0],
])("what a block holds at %s is what its dates say", (today, idle) => {
  const schedule = { start: "2026-11-02", end: "2027-02-01" };
  const groups = [status([reservation("r", { quantity: 4, schedule })], { reservationType: "Block" })];

  expect(costRows(groups, CHEAP, today)).toMatchObject([{ idle }]);
});

test("members of an open reservation are not counted as stopped", () => {
  const groups = [status([reservation("r", { quantity: 4, ...used })], { reservationType: "Open" })];

  expect(costRows(groups, CHEAP)).toMatchObject([{ idle: 3, detail: "" }]);
});

test.each([
  [0, "no price: the list has none"],
  [2, "no price: 2 prices of the list fit"],
])("with %i fitting prices none is printed, and the sum says that it lacks one", (found, detail) => {
  const prices = list({ perHour: undefined, found });
  const groups = [status([reservation("r", { quantity: 4 })])];
  const rows = costRows(groups, prices);

  expect(rows).toMatchObject([{ idle: 4, unitPrice: null, perHour: null, detail }]);
  expect(totalOf(rows, groups, prices)).toEqual({ idle: 4, perHour: 0, perMonth: 0, isComplete: false });
});

test("without a price list the quantities stand alone, and are complete", () => {
  const groups = [status([reservation("r", { quantity: 4 })])];
  const rows = costRows(groups, NO_PRICES);

  expect(rows).toMatchObject([{ idle: 4, unitPrice: null, perHour: null, perMonth: null, detail: "" }]);
  expect(totalOf(rows, groups, NO_PRICES)).toEqual({
    idle: 4,
    perHour: null,
    perMonth: null,
    isComplete: true,
  });
});

test("sums are added up before they are rounded", () => {
  const price = list({ perHour: 0.00004, found: 1 });
  const slots = ["1", "2", "3"].map((zone) => reservation(zone, { zone, quantity: 1 }));
  const groups = [status(slots)];

  expect(totalOf(costRows(groups, price), groups, price)).toMatchObject({ perHour: 0.0001, perMonth: 0.09 });
});

test("each size in each location is asked for once, whatever its zone and casing", () => {
  const slots = [
    reservation("a", { zone: "1" }),
    reservation("b", { zone: "2", size: SIZE.toUpperCase() }),
    reservation("c", { location: "westus3" }),
  ];

  expect(pricedSizes([status(slots)]).map(priceKey)).toEqual([
    "eastus2|standard_d4s_v5",
    "westus3|standard_d4s_v5",
  ]);
});

test("a group of ours that cannot be read is missing; a shared one or one that is gone is not", () => {
  const unread = { id: "x", shared: false, group: undefined };

  expect(isMissing([{ ...unread, reason: "not allowed to read it" }])).toBe(true);
  expect(isMissing([{ ...unread, shared: true, reason: "not allowed to read it" }])).toBe(false);
  expect(isMissing([unread])).toBe(false);
  expect(totalOf([], [{ ...unread, reason: "not allowed" }], CHEAP).isComplete).toBe(false);
});
