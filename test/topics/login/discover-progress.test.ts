import { expect, test } from "vitest";
import { progressBar } from "../../../src/topics/login/discover-progress.ts";

test.each([
  [0, 40, 0, "[--------------------] 0 of 40 tenants, 0 subscriptions"],
  [14, 40, 3250, "[#######-------------] 14 of 40 tenants, 3,250 subscriptions"],
  [39, 40, 9750, "[###################-] 39 of 40 tenants, 9,750 subscriptions"],
  [40, 40, 10_000, "[####################] 40 of 40 tenants, 10,000 subscriptions"],
  [1, 1, 1, "[####################] 1 of 1 tenant, 1 subscription"],
  [0, 0, 0, "[####################] 0 of 0 tenants, 0 subscriptions"],
  [1, 1000, 3, "[--------------------] 1 of 1,000 tenants, 3 subscriptions"],
])("%i of %i tenants", (done, tenants, subscriptions, bar) => {
  expect(progressBar(done, tenants, subscriptions)).toBe(bar);
});
