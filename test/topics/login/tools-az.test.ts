import { expect, test } from "vitest";
import type { AzAccount, AzProfile } from "../../../src/azure/az-profile.ts";
import { readAz } from "../../../src/topics/login/tools-az.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const CLIENT = "a1000000-0000-4000-8000-00000000000a";

const ACCOUNT: AzAccount = {
  tenantId: TENANT,
  subscriptionId: "5a000000-0000-4000-8000-000000000001",
  name: "Contoso",
  state: "Enabled",
  environmentName: "AzureUSGovernment",
  isDefault: true,
  user: { name: "ada@contoso.com", type: "user" },
  homeTenantId: TENANT,
  tenantDefaultDomain: undefined,
};

function profile(accounts: AzAccount[], state: AzProfile["state"] = "read"): AzProfile {
  return { file: "/az/azureProfile.json", state, accounts, modified: undefined };
}

const PLACE = {
  tool: "az",
  from: "/az/azureProfile.json",
  because: ["azure-wire/az-profile-is-shared"],
};

test("az leads where its default account is", () => {
  const other = { ...ACCOUNT, isDefault: false, tenantId: "b" };

  expect(readAz(profile([other, ACCOUNT]))).toEqual({
    ...PLACE,
    state: "in use",
    target: {
      cloud: "usgov",
      tenant: TENANT,
      subscription: ACCOUNT.subscriptionId,
      principal: { by: "sign-in name", value: "ada@contoso.com" },
    },
  });
});

test.each([
  ["servicePrincipal", CLIENT, { by: "client id", value: CLIENT }],
  [
    "servicePrincipal",
    "systemAssignedIdentity",
    {
      by: "nothing",
      value: "systemAssignedIdentity",
      unsure: "az does not say who systemAssignedIdentity is",
    },
  ],
  ["user", "MSI@50342", { by: "nothing", value: "MSI@50342", unsure: "az does not say who MSI@50342 is" }],
  ["user", "", undefined],
])("a %s called %j", (type, name, principal) => {
  expect(readAz(profile([{ ...ACCOUNT, user: { name, type } }]))).toMatchObject({ target: { principal } });
});

test("a tenant-level account names no subscription", () => {
  const reading = readAz(profile([{ ...ACCOUNT, subscriptionId: undefined }]));

  expect(reading).toMatchObject({ target: { tenant: TENANT, subscription: undefined } });
});

test.each([
  ["missing", "not in use", "nobody is signed in to az"],
  ["read", "not in use", "nobody is signed in to az"],
  ["broken", "unknown", "az's profile cannot be read, or is half-written"],
] as const)("a profile that is %s and without accounts", (state, expected, reason) => {
  expect(readAz(profile([], state))).toEqual({ ...PLACE, state: expected, reason });
});
