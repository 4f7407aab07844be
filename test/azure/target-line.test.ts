import { expect, test } from "vitest";
import { targetLine } from "../../src/azure/target-line.ts";

test.each([
  [[], undefined, "no subscription"],
  [["s1"], undefined, "subscription s1"],
  [["s1"], "", "subscription s1"],
  [["s1"], "Shop", "subscription s1 (Shop)"],
  [["s1", "s2", "s3"], "Shop", "subscription s1 (Shop) and 2 more"],
])("of subscriptions %j, the first called %s, the line says: %s", (subscriptionIds, name, where) => {
  const aim = { cloud: "public", tenantId: "t", subscriptionIds, auth: "cli" };

  expect(targetLine(aim, name)).toBe(`target: public · tenant t · ${where} · cli`);
});
