import { expect, onTestFinished, test, vi } from "vitest";
import { findPrice } from "../../src/azure/prices.ts";
import { createClock, lost, openWire, refusalOf, reply, type Outcome, type Wire } from "./wire.ts";

const BASE = "https://prices.azure.com";
const ASKED = `GET ${BASE}/api/retail/prices`;
const WANTED = { location: "eastus2", size: "Standard_D4s_v5", currency: "USD" };

/** One meter in the shape of the list; the numbers are invented. */
function meter(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    currencyCode: "USD",
    tierMinimumUnits: 0,
    retailPrice: 0.2,
    unitPrice: 0.2,
    armRegionName: "eastus2",
    location: "US East 2",
    effectiveStartDate: "2021-11-01T00:00:00Z",
    meterName: "D4s v5",
    productName: "Virtual Machines Dsv5 Series",
    skuName: "Standard_D4s_v5",
    serviceName: "Virtual Machines",
    serviceFamily: "Compute",
    unitOfMeasure: "1 Hour",
    type: "Consumption",
    isPrimaryMeterRegion: true,
    armSkuName: "Standard_D4s_v5",
    ...change,
  };
}

function page(items: unknown, next: string | null = null): Outcome {
  return reply(200, { BillingCurrency: "USD", Items: items, NextPageLink: next });
}

function find(
  outcomes: Outcome[],
  wanted = WANTED,
  further: Record<string, Outcome> = {},
): { price: ReturnType<typeof findPrice>; wire: Wire; slept: number[] } {
  const more = further[ASKED];
  const wire = openWire({ ...further, [ASKED]: more === undefined ? outcomes : [...outcomes, more] });
  const clock = createClock();
  const price = findPrice(BASE, wanted, {
    env: {},
    clock,
    httpClient: wire.httpClient,
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    log: () => {},
    onWait: () => {},
  });
  return { price, wire, slept: clock.slept };
}

test("the list is asked for one size in one location, without a token", async () => {
  const { price, wire } = find([page([meter()])]);

  expect(await price).toEqual({ perHour: 0.2, found: 1 });
  const url = new URL(wire.seen[0]!.slice("GET ".length));
  expect(Object.fromEntries(url.searchParams)).toEqual({
    currencyCode: "'USD'",
    $filter:
      "serviceName eq 'Virtual Machines' and armRegionName eq 'eastus2' and armSkuName eq 'Standard_D4s_v5' and priceType eq 'Consumption'",
  });
  expect(wire.requests).toEqual([{ authorization: undefined, body: "" }]);
});

test.each([
  ["Spot", { skuName: "D4s v5 Spot", meterName: "D4s v5 Spot" }],
  ["low priority", { skuName: "D4s v5 Low Priority", meterName: "D4s v5 Low Priority" }],
  ["a Windows licence", { productName: "Virtual Machines Dsv5 Series Windows" }],
  ["a dedicated host", { productName: "Dsv5 Series Dedicated Host" }],
  ["cloud services in one word", { productName: "Dsv5 Series CloudServices" }],
  ["cloud services in two words", { productName: "Dsv5 Series Cloud Services" }],
  ["a prepaid term", { type: "Reservation" }],
  ["another unit", { unitOfMeasure: "1 GB/Month" }],
  ["another currency", { currencyCode: "EUR" }],
  ["another location", { armRegionName: "eastus" }],
  ["another size", { armSkuName: "Standard_D4s_v4" }],
  ["nothing", { retailPrice: 0 }],
  ["a price of the past", { effectiveEndDate: "2026-01-01T00:00:00Z" }],
  ["a price to come", { effectiveStartDate: "2027-01-01T00:00:00Z" }],
])("a meter for %s is left out", async (_, change) => {
  const { price } = find([page([meter({ retailPrice: 0.7, ...change }), meter()])]);

  expect(await price).toEqual({ perHour: 0.2, found: 1 });
});

test("the same price of several meters is one price; two prices are none", async () => {
  expect(await find([page([meter(), meter({ isPrimaryMeterRegion: false })])]).price).toEqual({
    perHour: 0.2,
    found: 1,
  });
  expect(await find([page([meter(), meter({ retailPrice: 0.3 })])]).price).toEqual({
    perHour: undefined,
    found: 2,
  });
  expect(await find([page([])]).price).toEqual({ perHour: undefined, found: 0 });
});

test("sizes are compared without regard to case, and a quote stays in its string", async () => {
  const { price, wire } = find([page([meter()])], {
    ...WANTED,
    size: "standard_d4S_V5",
    location: "east'us",
  });

  expect(await price).toEqual({ perHour: undefined, found: 0 });
  expect(decodeURIComponent(wire.seen[0]!)).toContain("armRegionName eq 'east''us'");
});

test.each(["", ":443"])("a further page of the same host%s is read", async (port) => {
  const next = `${BASE}${port}/api/retail/prices?$skip=1`;
  const { price } = find([page([meter({ type: "Reservation" })], next)], WANTED, {
    [`GET ${BASE}${port}/api/retail/prices`]: page([meter()]),
  });

  expect(await price).toEqual({ perHour: 0.2, found: 1 });
});

test.each(["https://attacker.example", BASE.replace("https:", "http:")])(
  "a further page at %s is not asked for",
  async (elsewhere) => {
    const { price, wire } = find([page([meter()], `${elsewhere}/api/retail/prices?$skip=100`)]);

    expect(await refusalOf(price)).toMatchObject({
      code: "NoPrices",
      message: "prices.azure.com points to a further page on another host",
    });
    expect(wire.seen).toHaveLength(1);
  },
);

test("pages without end are given up", async () => {
  const { price } = find(
    Array.from({ length: 10 }, () => page([meter()], `${BASE}/api/retail/prices?$skip=1`)),
  );

  expect(await refusalOf(price)).toMatchObject({ message: "prices.azure.com answered more than 10 pages" });
});

test.each<[string, Outcome, string]>([
  ["a refusal", reply(400, { error: "currency" }), "prices.azure.com answered 400"],
  ["an outage", reply(503), "prices.azure.com answered 503"],
  [
    "a redirect",
    reply(302, undefined, { location: "https://attacker.example/" }),
    "prices.azure.com answered 302",
  ],
  ["a page of a portal", reply(200, "<html>"), "prices.azure.com answered something that is not JSON"],
  [
    "another document",
    reply(200, { value: [] }),
    "prices.azure.com answered something that is no price list",
  ],
  ["null", reply(200, "null"), "prices.azure.com answered something that is no price list"],
  ["nobody", lost("ENOTFOUND"), "cannot reach prices.azure.com"],
])("%s is told, and not asked again", async (_, outcome, message) => {
  const { price, wire, slept } = find([outcome]);

  expect((await refusalOf(price))["message"]).toBe(message);
  expect([wire.seen.length, slept]).toEqual([1, []]);
});

test("an answer that takes longer than five seconds counts as lost", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const aborted: boolean[] = [];
  const price = findPrice(BASE, WANTED, {
    env: {},
    clock: createClock(),
    httpClient: {
      sendRequest: async ({ abortSignal }) => {
        const signal = abortSignal as AbortSignal;
        for (const ms of [4999, 1]) {
          vi.advanceTimersByTime(ms);
          aborted.push(signal.aborted);
        }
        signal.throwIfAborted();
        throw new Error("it had no time limit");
      },
    },
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    log: () => {},
    onWait: () => {},
  });

  expect(await refusalOf(price)).toMatchObject({ message: "the answer of prices.azure.com was lost" });
  expect(aborted).toEqual([false, true]);
});
