import { expect, test } from "vitest";
import { estimateFromTenants, estimateFromWalk } from "../../../src/topics/login/discover-estimate.ts";
import { tenantRecord, walkOf } from "./walks.ts";

test("a walk is counted: a token for each tenant, the tenant lists, every page of subscriptions", () => {
  const tenants = [
    tenantRecord("a", { pages: 3 }),
    tenantRecord("b", { pages: 4 }),
    tenantRecord("c", { state: "needs MFA", pages: 0 }),
  ];

  const estimate = estimateFromWalk({ ...walkOf(tenants), tenantPages: 2 });

  expect(estimate).toEqual({
    cloud: "public",
    tenants: 3,
    tokens: 3,
    tenantPages: 2,
    subscriptionPages: 7,
    total: 12,
    atLeast: false,
    walkedAt: "2026-11-21T07:48:00.000Z",
  });
});

test("a tenant that failed on the way makes it a lower bound", () => {
  const tenants = [tenantRecord("a"), tenantRecord("b", { state: "failed", pages: 1 })];

  expect(estimateFromWalk(walkOf(tenants))).toMatchObject({ subscriptionPages: 2, total: 5, atLeast: true });
});

test("the list of tenants alone gives a lower bound of one page each", () => {
  const tenant = { tenantId: "a", category: "Home", name: undefined, domain: undefined };

  expect(estimateFromTenants("usgov", [tenant, { ...tenant, tenantId: "b" }], 1)).toEqual({
    cloud: "usgov",
    tenants: 2,
    tokens: 2,
    tenantPages: 1,
    subscriptionPages: 2,
    total: 5,
    atLeast: true,
    walkedAt: undefined,
  });
});
