import { expect, test } from "vitest";
import { pinAccount } from "../../src/azure/az-account.ts";
import { findCloud } from "../../src/azure/clouds.ts";
import { OTHER_SUBSCRIPTION, OTHER_TENANT, SUBSCRIPTION, TENANT } from "../harness.ts";

const ADA = { name: "ada@contoso.com", type: "user" };
const BOB = { name: "bob@contoso.com", type: "user", cloudShellID: true };
const PINNED = { cloud: findCloud("public", {}), tenantId: TENANT, subscriptionId: SUBSCRIPTION };

const DEFAULT = {
  id: OTHER_SUBSCRIPTION,
  name: "Contoso Platform",
  state: "Enabled",
  user: ADA,
  isDefault: true,
  tenantId: TENANT,
  environmentName: "AzureCloud",
};
const KNOWN = {
  ...DEFAULT,
  id: SUBSCRIPTION,
  isDefault: false,
  managedByTenants: [{ tenantId: OTHER_TENANT }],
};

test("az's own entry becomes the default one", () => {
  expect(pinAccount([DEFAULT, KNOWN], PINNED)).toEqual({ ...KNOWN, isDefault: true });
});

test("who signs in is the default account's user, whoever the entry belongs to", () => {
  const entries = [{ ...DEFAULT, user: BOB }, KNOWN];

  expect(pinAccount(entries, PINNED)).toEqual({ ...KNOWN, user: BOB, isDefault: true });
});

test("an entry of another tenant or cloud is not the pinned one", () => {
  const entries = [
    DEFAULT,
    { ...KNOWN, tenantId: OTHER_TENANT },
    { ...KNOWN, environmentName: "AzureChinaCloud" },
  ];
  const subscription = { id: SUBSCRIPTION, name: "Shop", tenantId: OTHER_TENANT, state: "Warned" };

  expect(pinAccount(entries, { ...PINNED, subscription })).toEqual({
    id: SUBSCRIPTION,
    name: "Shop",
    state: "Warned",
    user: ADA,
    isDefault: true,
    tenantId: TENANT,
    environmentName: "AzureCloud",
    homeTenantId: OTHER_TENANT,
    managedByTenants: [],
  });
});

test("without a subscription the account is the tenant's", () => {
  expect(pinAccount([DEFAULT], { ...PINNED, subscriptionId: undefined })).toMatchObject({
    id: TENANT,
    name: "N/A(tenant level account)",
    tenantId: TENANT,
  });
});

test("there is none where az has no default account in that cloud", () => {
  const china = { ...DEFAULT, environmentName: "AzureChinaCloud" };

  expect(pinAccount([china, KNOWN], PINNED)).toBeUndefined();
});
