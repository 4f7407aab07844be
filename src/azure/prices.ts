import { AzureError } from "./azure-error.ts";
import type { RunOptions } from "./connect.ts";
import type { ListPrice } from "./ports.ts";
import { getUnsigned } from "./unsigned.ts";

export interface Wanted {
  location: string;
  size: string;
  currency: string;
}

/** Quantities are worth more than a long wait for prices. */
const ANSWER_TIMEOUT_MS = 5000;
/** One size in one location fits on one page; more than this is not an answer to what was asked. */
const MOST_PAGES = 10;

interface Meter {
  currencyCode?: unknown;
  retailPrice?: unknown;
  armRegionName?: unknown;
  armSkuName?: unknown;
  productName?: unknown;
  skuName?: unknown;
  meterName?: unknown;
  unitOfMeasure?: unknown;
  type?: unknown;
  effectiveStartDate?: unknown;
  effectiveEndDate?: unknown;
}

/** Asks the public price list at this base URL; no token goes there. */
export async function findPrice(base: string, wanted: Wanted, run: RunOptions): Promise<ListPrice> {
  const meters: Meter[] = [];
  let url: string | undefined = urlFor(base, wanted);
  for (let page = 1; url !== undefined; page += 1) {
    if (page > MOST_PAGES) throw unusable(url, `answered more than ${MOST_PAGES} pages`);
    const answer: Answer = await ask(url, run);
    meters.push(...answer.meters);
    url = answer.next;
  }
  const now = run.clock.now();
  const fitting = meters.flatMap((meter) =>
    isOrdinary(meter, wanted, now) ? [Number(meter.retailPrice)] : [],
  );
  const prices = [...new Set(fitting)];
  return { perHour: prices.length === 1 ? prices[0] : undefined, found: prices.length };
}

function urlFor(base: string, { location, size, currency }: Wanted): string {
  const terms = {
    serviceName: "Virtual Machines",
    armRegionName: location,
    armSkuName: size,
    priceType: "Consumption",
  };
  const filter = Object.entries(terms).map(([name, value]) => `${name} eq '${value.replaceAll("'", "''")}'`);
  const query = { currencyCode: `'${currency}'`, $filter: filter.join(" and ") };
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${base}/api/retail/prices?${pairs.join("&")}`;
}

interface Answer {
  meters: Meter[];
  next: string | undefined;
}

async function ask(url: string, run: RunOptions): Promise<Answer> {
  const options = { isRepeated: false, timeoutMs: ANSWER_TIMEOUT_MS };
  const { status, bodyAsText } = await getUnsigned(url, run, options);
  if (status !== 200) throw unusable(url, `answered ${status}`, status);
  const { Items: items, NextPageLink: next } = parse(url, bodyAsText ?? "");
  if (!Array.isArray(items)) throw unusable(url, "answered something that is no price list");
  return { meters: items as Meter[], next: typeof next === "string" ? onSameHost(url, next) : undefined };
}

function parse(url: string, text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw unusable(url, "answered something that is not JSON");
  }
}

function onSameHost(url: string, next: string): string {
  const link = URL.canParse(next) ? new URL(next) : undefined;
  if (link?.protocol === "https:" && link.host === new URL(url).host) return next;
  throw unusable(url, "points to a further page on another host");
}

function unusable(url: string, what: string, status?: number): AzureError {
  const hint = status === 400 ? { hint: "check --currency" } : {};
  const detail = { code: "NoPrices", ...hint, ...(status === undefined ? {} : { status }) };
  return new AzureError("failed", `${new URL(url).host} ${what}`, detail);
}

/**
 * The price of the machine itself, as it is now. The list has other meters for the same size: with a licence, that
 * can be taken back, of the old cloud services, and of periods that are over or to come.
 */
function isOrdinary(meter: Meter, { location, size, currency }: Wanted, now: Date): boolean {
  const { retailPrice, productName, skuName, meterName } = meter;
  const names = `${text(skuName)} ${text(meterName)}`;
  return (
    sameText(meter.armRegionName, location) &&
    sameText(meter.armSkuName, size) &&
    sameText(meter.currencyCode, currency) &&
    sameText(meter.type, "Consumption") &&
    sameText(meter.unitOfMeasure, "1 Hour") &&
    typeof retailPrice === "number" &&
    retailPrice > 0 &&
    !/spot|low priority/i.test(names) &&
    !/windows|dedicated host|cloud ?services/i.test(text(productName)) &&
    isNow(meter, now)
  );
}

function isNow({ effectiveStartDate: start, effectiveEndDate: end }: Meter, now: Date): boolean {
  const isOver = typeof end === "string" && Date.parse(end) <= now.getTime();
  const isToCome = typeof start === "string" && Date.parse(start) > now.getTime();
  return !isOver && !isToCome;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function sameText(value: unknown, wanted: string): boolean {
  return text(value).toLowerCase() === wanted.toLowerCase();
}
