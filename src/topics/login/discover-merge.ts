import type { VisibleSubscription } from "../../azure/login-ports.ts";
import type { SubscriptionRecord, TenantRecord } from "./discover-record.ts";

/** One tenant as it was walked. */
export interface WalkedTenant {
  /** How it went, without the count of subscriptions. */
  tenant: Omit<TenantRecord, "subscriptions">;
  subscriptions: readonly VisibleSubscription[];
}

/** Tenants in the order of their list; each subscription once, with every tenant through which it is seen. */
export function mergeTenants(walked: readonly WalkedTenant[]): {
  tenants: TenantRecord[];
  subscriptions: SubscriptionRecord[];
} {
  const subscriptions = new Map<string, SubscriptionRecord>();
  for (const { tenant, subscriptions: seen } of walked) {
    for (const each of seen) {
      const known = subscriptions.get(each.id);
      subscriptions.set(each.id, known ? joined(known, tenant.tenantId) : seenFirst(each, tenant.tenantId));
    }
  }
  return {
    tenants: walked.map(({ tenant, subscriptions: seen }) => ({ ...tenant, subscriptions: seen.length })),
    subscriptions: [...subscriptions.values()],
  };
}

function seenFirst(each: VisibleSubscription, through: string): SubscriptionRecord {
  const { id, name, state, tenantId, managedBy } = each;
  return { id, name, state, homeTenantId: tenantId.toLowerCase(), seenThrough: [through], managedBy };
}

function joined(known: SubscriptionRecord, through: string): SubscriptionRecord {
  const { homeTenantId, seenThrough } = known;
  // A page that moved while it was read can name a subscription twice.
  if (seenThrough.includes(through)) return known;
  const isHome = through === homeTenantId;
  return { ...known, seenThrough: isHome ? [through, ...seenThrough] : [...seenThrough, through] };
}

/** Subscriptions that more than one tenant shows. */
export function countDuplicates(subscriptions: readonly SubscriptionRecord[]): number {
  return subscriptions.filter(({ seenThrough }) => seenThrough.length > 1).length;
}
