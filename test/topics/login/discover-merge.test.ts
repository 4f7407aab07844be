import { expect, test } from "vitest";
import type { VisibleSubscription } from "../../../src/azure/login-ports.ts";
import {
  countDuplicates,
  mergeTenants,
  type WalkedTenant,
} from "../../../src/topics/login/discover-merge.ts";

function walked(tenantId: string, ...subscriptions: VisibleSubscription[]): WalkedTenant {
  return { tenant: { tenantId, category: "Home", state: "walked", pages: 1 }, subscriptions };
}

function subscription(id: string, tenantId: string, managedBy: string[] = []): VisibleSubscription {
  return { id, name: `name of ${id}`, state: "Enabled", tenantId, managedBy };
}

test("a subscription seen through two tenants is one row, its home tenant first", () => {
  const managed = subscription("s1", "home", ["manager"]);

  const { subscriptions } = mergeTenants([
    walked("manager", managed, subscription("s2", "manager")),
    walked("home", managed),
  ]);

  expect(subscriptions).toEqual([
    {
      id: "s1",
      name: "name of s1",
      state: "Enabled",
      homeTenantId: "home",
      seenThrough: ["home", "manager"],
      managedBy: ["manager"],
    },
    {
      id: "s2",
      name: "name of s2",
      state: "Enabled",
      homeTenantId: "manager",
      seenThrough: ["manager"],
      managedBy: [],
    },
  ]);
  expect(countDuplicates(subscriptions)).toBe(1);
});

test("tenants that see a subscription keep their order behind its home", () => {
  const managed = subscription("s1", "HOME");

  const { subscriptions } = mergeTenants([
    walked("one", managed),
    walked("two", managed),
    walked("home", managed),
    walked("three", managed),
  ]);

  expect(subscriptions.map(({ seenThrough }) => seenThrough)).toEqual([["home", "one", "two", "three"]]);
});

test("a list that names a subscription twice makes no duplicate", () => {
  const { subscriptions } = mergeTenants([
    walked("home", subscription("s1", "home"), subscription("s1", "home")),
  ]);

  expect(subscriptions.map(({ seenThrough }) => seenThrough)).toEqual([["home"]]);
  expect(countDuplicates(subscriptions)).toBe(0);
});

test("a tenant that refused keeps its reason, and counts what was seen before", () => {
  const refused: WalkedTenant = {
    tenant: { tenantId: "t", category: "Home", state: "failed", reason: "lost", pages: 1 },
    subscriptions: [subscription("s1", "t")],
  };

  expect(mergeTenants([refused, walked("empty")]).tenants).toEqual([
    { tenantId: "t", category: "Home", state: "failed", reason: "lost", pages: 1, subscriptions: 1 },
    { tenantId: "empty", category: "Home", state: "walked", pages: 1, subscriptions: 0 },
  ]);
});
