import { expect, test } from "vitest";
import type { Given } from "../../../src/azure/target.ts";
import { AppError } from "../../../src/errors.ts";
import { chooseTarget } from "../../../src/topics/login/login-choice.ts";
import { given } from "../../azure/given.ts";

const PIN = "/work/shop/.azwise.json";

function from(source: string | undefined, value: string): Given | undefined {
  return source === undefined ? undefined : given(value, source);
}

function choose(tenantFrom: string | undefined, subscriptionFrom?: string): ReturnType<typeof chooseTarget> {
  const subscription = from(subscriptionFrom, "S");
  return chooseTarget({ tenant: from(tenantFrom, "T"), subscriptions: subscription ? [subscription] : [] });
}

test.each([
  ["--tenant", "--subscription"],
  ["--tenant", "AZURE_SUBSCRIPTION_ID"],
  ["--tenant", "AZWISE_SUBSCRIPTION"],
  ["AZURE_TENANT_ID", "--subscription"],
  ["AZWISE_TENANT", "AZURE_SUBSCRIPTION_ID"],
  [PIN, PIN],
  ["context prod", "context prod"],
  ["az's profile", "az's profile"],
  ["the sandbox's world", "the sandbox's world"],
])("a tenant from %s and a subscription from %s belong together", (tenant, subscription) => {
  expect(choose(tenant, subscription)).toEqual({ tenant: "T", subscription: "S" });
});

test.each([
  ["--tenant", PIN],
  ["--tenant", "context prod"],
  ["--tenant", "the sandbox's world"],
  ["AZURE_TENANT_ID", PIN],
  [PIN, "context prod"],
  ["context prod", "az's profile"],
  ["--tenant", undefined],
])("a tenant from %s is not joined by a subscription from %s", (tenant, subscription) => {
  expect(choose(tenant, subscription)).toEqual({ tenant: "T" });
});

test.each([
  [PIN, "--subscription"],
  ["context prod", "--subscription"],
  ["az's profile", "AZURE_SUBSCRIPTION_ID"],
  ["context prod", PIN],
  ["az's profile", "context prod"],
  [undefined, "--subscription"],
])("a tenant from %s does not speak for a subscription from %s", (tenant, subscription) => {
  expect(choose(tenant, subscription)).toEqual({ subscription: "S" });
});

test("several subscriptions, or nothing at all, are wrong usage", () => {
  const flags = ["S", "S2"].map((value) => given(value, "--subscription"));

  const several = (): unknown => chooseTarget({ tenant: undefined, subscriptions: flags });

  expect(several).toThrow(
    new AppError("usage", "a sign-in leads to one subscription, not to several", {
      hint: "give --subscription once",
    }),
  );
  expect(() => choose(undefined)).toThrow("neither a tenant nor a subscription is named");
});

test("the same subscription twice counts once, in any case", () => {
  const subscriptions = ["a1", "A1"].map((value) => given(value, "--subscription"));

  expect(chooseTarget({ tenant: undefined, subscriptions })).toEqual({ subscription: "a1" });
});
