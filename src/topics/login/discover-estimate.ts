import type { Tenant } from "../../azure/login-ports.ts";
import type { Walk } from "./discover-record.ts";

/** Requests of a plain `az login`, and where the numbers come from. */
export interface Estimate {
  cloud: string;
  tenants: number;
  tokens: number;
  tenantPages: number;
  subscriptionPages: number;
  total: number;
  /** True when pages were not counted: each tenant has at least one, unless it refuses. */
  atLeast: boolean;
  /** When the walk that was counted took place; undefined when only the tenants were listed now. */
  walkedAt: string | undefined;
}

/** What `azwise login --tenant T --subscription S` sends. */
export const PINNED = { tokens: 1, subscriptionReads: 1, total: 2 } as const;

/**
 * A token for each tenant, the list of tenants, and every page of subscriptions. A tenant that refused costs its
 * token and no page; one that failed on the way may have more pages than were read.
 */
export function estimateFromWalk({ cloud, walkedAt, tenantPages, tenants }: Walk): Estimate {
  const subscriptionPages = tenants.reduce((sum, { pages }) => sum + pages, 0);
  const atLeast = tenants.some(({ state }) => state === "failed");
  return sum({ cloud, tenants: tenants.length, tenantPages, subscriptionPages, atLeast, walkedAt });
}

/** The same from the list of tenants alone: nobody has counted their pages. */
export function estimateFromTenants(
  cloud: string,
  tenants: readonly Tenant[],
  tenantPages: number,
): Estimate {
  const pages = { tenantPages, subscriptionPages: tenants.length };
  return sum({ cloud, tenants: tenants.length, ...pages, atLeast: true, walkedAt: undefined });
}

function sum(counts: Omit<Estimate, "tokens" | "total">): Estimate {
  const { tenants, tenantPages, subscriptionPages } = counts;
  return { ...counts, tokens: tenants, total: tenants + tenantPages + subscriptionPages };
}
