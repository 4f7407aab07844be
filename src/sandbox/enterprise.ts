import { WORLD_FORMAT } from "./world.ts";
import type * as z from "zod";
import type { World as schema } from "./world-schema.ts";

type Raw = z.input<typeof schema>;

const SUBSCRIPTIONS_PER_TENANT = 250;
const PAGE_SIZE = 100;

/** One tenant for each country; the group's own comes first. */
const COUNTRIES = [
  ["DE", "Germany"],
  ["AT", "Austria"],
  ["AU", "Australia"],
  ["BE", "Belgium"],
  ["BR", "Brazil"],
  ["CA", "Canada"],
  ["CH", "Switzerland"],
  ["CL", "Chile"],
  ["CO", "Colombia"],
  ["CZ", "Czechia"],
  ["DK", "Denmark"],
  ["EG", "Egypt"],
  ["ES", "Spain"],
  ["FI", "Finland"],
  ["FR", "France"],
  ["GB", "United Kingdom"],
  ["GR", "Greece"],
  ["HU", "Hungary"],
  ["IE", "Ireland"],
  ["IN", "India"],
  ["IT", "Italy"],
  ["JP", "Japan"],
  ["KE", "Kenya"],
  ["KR", "Korea"],
  ["MA", "Morocco"],
  ["MX", "Mexico"],
  ["MY", "Malaysia"],
  ["NG", "Nigeria"],
  ["NL", "Netherlands"],
  ["NO", "Norway"],
  ["NZ", "New Zealand"],
  ["PE", "Peru"],
  ["PL", "Poland"],
  ["PT", "Portugal"],
  ["RO", "Romania"],
  ["SE", "Sweden"],
  ["SG", "Singapore"],
  ["TH", "Thailand"],
  ["US", "United States"],
  ["ZA", "South Africa"],
] as const;

/** What stops the user, by the tenant's number. */
const REFUSALS: Readonly<Record<number, number>> = {
  11: 50076,
  17: 50076,
  23: 50076,
  29: 50076,
  31: 53003,
  37: 700082,
};

/** The group's own tenant manages the first four subscriptions of these tenants. */
const MANAGED_TENANTS: readonly number[] = [2, 3, 4];
const MANAGED_EACH = 4;

/** Each of these tenants calls its fifth subscription the same. */
const NAMESAKES: readonly number[] = [5, 6];

/** 40 tenants of 250 subscriptions each, and one user who is known in all of them. Ids are numbered, from 1. */
export function makeEnterprise(): Raw {
  return {
    formatVersion: WORLD_FORMAT,
    name: "enterprise",
    clockOffsetMs: 0,
    counters: {},
    tenants: COUNTRIES.map(([countryCode, country], index) => ({
      tenantId: tenantId(index + 1),
      displayName: index === 0 ? "Northwind Group" : `Northwind ${country}`,
      domains: [`${domainOf(countryCode, index)}.onmicrosoft.com`, `${domainOf(countryCode, index)}.example`],
      countryCode,
    })),
    users: [makeUser()],
    subscriptions: COUNTRIES.flatMap((_, index) => makeSubscriptions(index + 1)),
    resources: {},
    sizes: {},
    capacity: {},
    quota: {},
    operations: {},
    faults: [],
    settings: { pageSize: PAGE_SIZE },
  };
}

function domainOf(countryCode: string, index: number): string {
  return index === 0 ? "northwind" : `northwind-${countryCode.toLowerCase()}`;
}

function tenantId(tenant: number): string {
  return `e0000000-0000-4000-8000-${String(tenant).padStart(12, "0")}`;
}

/** E.g. e5000000-0000-4000-8000-000000002117 is number 117 of tenant 2. */
function subscriptionId(tenant: number, number: number): string {
  return `e5000000-0000-4000-8000-${String(tenant * 1000 + number).padStart(12, "0")}`;
}

function makeUser(): NonNullable<Raw["users"]>[number] {
  return {
    signInName: "alex.morgan@northwind.example",
    displayName: "Alex Morgan",
    homeTenantId: tenantId(1),
    memberships: COUNTRIES.map((_, index) => {
      const refusal = REFUSALS[index + 1];
      const objectId = `e2000000-0000-4000-8000-${String(index + 1).padStart(12, "0")}`;
      return { tenantId: tenantId(index + 1), objectId, ...(refusal === undefined ? {} : { refusal }) };
    }),
  };
}

function makeSubscriptions(tenant: number): Raw["subscriptions"] {
  return Array.from({ length: SUBSCRIPTIONS_PER_TENANT }, (_, index) => {
    const number = index + 1;
    const isManaged = MANAGED_TENANTS.includes(tenant) && number <= MANAGED_EACH;
    return {
      subscriptionId: subscriptionId(tenant, number),
      displayName: nameOf(tenant, number),
      tenantId: tenantId(tenant),
      state: number % 50 === 0 ? "Disabled" : "Enabled",
      ...(isManaged ? { managedByTenants: [tenantId(1)] } : {}),
    };
  });
}

const STAGES = ["prod", "test", "dev"] as const;

function nameOf(tenant: number, number: number): string {
  if (NAMESAKES.includes(tenant) && number === 5) return "Shared Services";
  const [code] = COUNTRIES[tenant - 1] ?? ["XX"];
  return `nw-${code.toLowerCase()}-${STAGES[number % STAGES.length]}-${String(number).padStart(3, "0")}`;
}
