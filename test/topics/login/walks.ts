import type { SubscriptionRecord, TenantRecord, Walk } from "../../../src/topics/login/discover-record.ts";

export function tenantRecord(tenantId: string, more: Partial<TenantRecord> = {}): TenantRecord {
  return { tenantId, category: "Home", state: "walked", pages: 1, subscriptions: 0, ...more };
}

export function subscriptionRecord(
  id: string,
  name: string,
  ...seenThrough: [string, ...string[]]
): SubscriptionRecord {
  return { id, name, state: "Enabled", homeTenantId: seenThrough[0], seenThrough, managedBy: [] };
}

export function walkOf(tenants: TenantRecord[], subscriptions: SubscriptionRecord[] = []): Walk {
  return {
    formatVersion: 1,
    cloud: "public",
    auth: "cli",
    walkedAt: "2026-11-21T07:48:00.000Z",
    tenantPages: 1,
    tenants,
    subscriptions,
  };
}
