import { coresOf, sizesIn } from "./compute/quota.ts";
import { refuse, type Call, type Reply } from "./http.ts";
import { sameText } from "./ids.ts";
import { matchPath, type Route } from "./route.ts";
import type { Size } from "./world.ts";

/** The public price list, which anybody may ask. */
export const priceRoutes: readonly Route[] = [
  { method: "GET", path: "/api/retail/prices", versions: [], answer: listPrices },
];

export function isPricePath(path: string): boolean {
  return matchPath(priceRoutes, path).length > 0;
}

/** Invented: what a vCPU costs in an hour, by the first letter of its family, and how dear a currency is. */
const US_CENTS: Readonly<Record<string, number>> = { A: 4, D: 5, E: 7 };
const OTHER_US_CENTS = 10;
const RATES: Readonly<Record<string, number>> = { USD: 1, EUR: 0.9, JPY: 150 };

type Meter = Record<string, unknown>;

function listPrices(call: Call): Reply {
  const currency = (call.query["currencycode"] ?? "'USD'").replaceAll("'", "");
  const rate = RATES[currency];
  if (rate === undefined) throw unsupported(`The currency '${currency}' is not supported.`);
  const terms = readFilter(call.query["$filter"] ?? "");
  const { sizes, settings } = call.state.world;
  const meters = Object.keys(sizes).flatMap((location) =>
    sizesIn(call.state.world, location).flatMap((size) => metersOf(size, { location, currency, rate })),
  );
  const fitting = meters.filter((meter) => terms.every(([name, value]) => meter[name] === value));
  const start = Number(call.query["$skip"] ?? 0);
  const items = fitting.slice(start, start + settings.pageSize);
  const end = start + items.length;
  const body = {
    BillingCurrency: currency,
    CustomerEntityId: "Default",
    CustomerEntityType: "Retail",
    Items: items,
    NextPageLink: end < fitting.length ? nextLink(call, end) : null,
    Count: items.length,
  };
  return { status: 200, body };
}

/** Terms such as armRegionName eq 'eastus2', joined by "and"; nothing else is spoken here. Texts compare with case. */
function readFilter(filter: string): [string, string][] {
  if (filter === "") return [];
  return filter.split(/ and /i).map((term) => {
    const [, name, value] = /^\s*(\w+) eq '((?:[^']|'')*)'\s*$/i.exec(term) ?? [];
    if (name === undefined || value === undefined) throw unsupported(`The filter '${term}' is not valid.`);
    // The answer calls it by another name.
    return [sameText(name, "priceType") ? "type" : name, value.replaceAll("''", "'")];
  });
}

function unsupported(message: string): Error {
  return refuse(400, { code: "BadRequest", message });
}

function nextLink({ origin, path, query }: Call, skip: number): string {
  const { currencycode: currency = "'USD'", $filter: filter = "" } = query;
  return `${origin}${path}?currencyCode=${encodeURIComponent(currency)}&$filter=${encodeURIComponent(filter)}&$skip=${skip}`;
}

interface Place {
  location: string;
  currency: string;
  rate: number;
}

/** The machine itself, and the meters beside it that must not be taken for it. */
function metersOf(size: Size, { location, currency, rate }: Place): Meter[] {
  const short = size.name.replace(/^Standard_/i, "").replaceAll("_", " ");
  const cents = (US_CENTS[short.slice(0, 1).toUpperCase()] ?? OTHER_US_CENTS) * coresOf(size);
  const series = `${short.replace(/\d+/, "").replaceAll(" ", "")} Series`;
  const meter = (factor: number, change: Meter = {}): Meter => {
    const price = Math.round(cents * factor * rate * 100) / 10_000;
    return {
      currencyCode: currency,
      tierMinimumUnits: 0,
      retailPrice: price,
      unitPrice: price,
      armRegionName: location,
      location,
      effectiveStartDate: "2026-01-01T00:00:00Z",
      meterName: short,
      productName: `Virtual Machines ${series}`,
      skuName: short,
      serviceName: "Virtual Machines",
      serviceFamily: "Compute",
      unitOfMeasure: "1 Hour",
      type: "Consumption",
      isPrimaryMeterRegion: true,
      armSkuName: size.name,
      ...change,
    };
  };
  return [
    meter(1),
    meter(1.9, { productName: `Virtual Machines ${series} Windows` }),
    meter(1.9, { productName: `${series} CloudServices` }),
    meter(0.2, { skuName: `${short} Spot`, meterName: `${short} Spot` }),
    meter(0.4, { skuName: `${short} Low Priority`, meterName: `${short} Low Priority` }),
    meter(5000, { type: "Reservation", reservationTerm: "1 Year" }),
  ];
}
