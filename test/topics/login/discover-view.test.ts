import { expect, test } from "vitest";
import { viewDiscover } from "../../../src/topics/login/discover-view.ts";
import type { TenantRecord } from "../../../src/topics/login/discover-record.ts";
import { NOW } from "../../harness.ts";
import { tenantRecord, walkOf } from "./walks.ts";

function exitFor(...states: TenantRecord["state"][]): number | undefined {
  const tenants = states.map((state, index) => tenantRecord(`t${index}`, { state }));
  return viewDiscover({
    walk: walkOf(tenants),
    cached: false,
    subscriptions: false,
    listing: "azwise login discover --cached --subscriptions",
    now: NOW,
  }).exit;
}

test("a refusal is an answer, a tenant that could not be asked is missing", () => {
  expect(exitFor("walked")).toBe(0);
  expect(exitFor("walked", "needs MFA", "refused")).toBe(0);
  expect(exitFor("walked", "needs MFA", "failed")).toBe(6);
});
