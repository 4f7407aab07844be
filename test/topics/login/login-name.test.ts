import { expect, test } from "vitest";
import type { SavedContext } from "../../../src/azure/settings.ts";
import { AppError } from "../../../src/errors.ts";
import { chooseName } from "../../../src/topics/login/login-name.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const PROD: SavedContext = {
  cloud: "public",
  tenant: TENANT,
  domain: "contoso.example",
  subscription: SUBSCRIPTION,
  subscriptionName: "Contoso (Production)",
};

test.each<[string, SavedContext, string]>([
  ["its subscription", PROD, "Contoso-Production"],
  ["its domain", { cloud: "public", tenant: TENANT, domain: "contoso.example" }, "contoso.example"],
  ["its tenant", { cloud: "public", tenant: TENANT }, TENANT],
  [
    "its domain, where a name has no letters that fit",
    { ...PROD, subscriptionName: "本番" },
    "contoso.example",
  ],
])("a context is called after %s", (_, context, name) => {
  expect(chooseName(undefined, context, {})).toEqual({ name, replaced: undefined });
});

test.each<[string, Partial<SavedContext>]>([
  ["cloud", { cloud: "usgov" }],
  ["tenant", { tenant: "b0000000-0000-4000-8000-00000000000b", domain: "fabrikam.example" }],
  [
    "subscription",
    { subscription: "5a000000-0000-4000-8000-000000000002", subscriptionName: "Contoso Test" },
  ],
])("a default name that leads to another %s is refused, and replaced only when given", (_, other) => {
  const earlier = { ...PROD, ...other };
  const config = { contexts: { "Contoso-Production": earlier } };

  expect(() => chooseName(undefined, PROD, config)).toThrow(AppError);
  expect(chooseName("Contoso-Production", PROD, config)).toEqual({
    name: "Contoso-Production",
    replaced: earlier,
  });
});

test("the refusal says where the name leads, and what to type", () => {
  const earlier = { cloud: "public", tenant: TENANT };

  const choose = (): unknown => chooseName(undefined, PROD, { contexts: { "Contoso-Production": earlier } });

  expect(choose).toThrow(
    new AppError(
      "usage",
      `the context "Contoso-Production" leads elsewhere: public, tenant ${TENANT}, no subscription`,
      { hint: "choose another with --name, or replace it with --name Contoso-Production" },
    ),
  );
});

test("signing in to the same place again replaces nothing", () => {
  const again = { ...PROD, tenant: TENANT.toUpperCase(), auth: "device", principal: "somebody" };

  expect(chooseName(undefined, again, { contexts: { "Contoso-Production": PROD } }).replaced).toBeUndefined();
});

test("a name that is none is refused", () => {
  expect(() => chooseName("-", PROD, {})).toThrow('"-" cannot be the name of a context');
});
