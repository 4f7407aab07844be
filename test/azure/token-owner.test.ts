import { hostname } from "node:os";
import { expect, test } from "vitest";
import type { AzAccount } from "../../src/azure/az-profile.ts";
import { findCloud } from "../../src/azure/clouds.ts";
import { tokenOwner, type TokenAsker } from "../../src/azure/token-owner.ts";

const HOME = { HOME: "/home/ada" };

function account(name: string, change: Partial<AzAccount> = {}): AzAccount {
  return {
    tenantId: "t",
    subscriptionId: "s",
    name: "Shop",
    state: "Enabled",
    environmentName: "AzureCloud",
    isDefault: true,
    user: { name, type: "user" },
    homeTenantId: undefined,
    tenantDefaultDomain: undefined,
    ...change,
  };
}

function ownerOf(asker: Partial<TokenAsker>): string | undefined {
  const nothing = { cloud: findCloud("public", {}), env: {}, azAccounts: [], stateFolder: "/state" };
  return tokenOwner({ kind: "cli", ...nothing, ...asker });
}

test.each([
  ["environment", { AZURE_CLIENT_ID: "app" }, "app"],
  ["workload", { AZURE_CLIENT_ID: "app" }, "app"],
  ["pipelines", { AZURESUBSCRIPTION_CLIENT_ID: "app", AZURE_CLIENT_ID: "other" }, "app"],
  ["environment", { AZURE_CLIENT_ID: "" }, undefined],
  ["pipelines", { AZURE_CLIENT_ID: "other" }, undefined],
  ["sandbox", { AZURE_CLIENT_ID: "app" }, undefined],
  ["device", {}, "saved in /state"],
  ["browser", {}, "saved in /state"],
] as const)("%s with %o is kept for %s", (kind, env, owner) => {
  expect(ownerOf({ kind, env })).toBe(owner);
});

test("a managed identity is one machine's and one endpoint's", () => {
  const env = { AZURE_CLIENT_ID: "app", IDENTITY_ENDPOINT: "http://127.0.0.1:41/token" };

  expect([ownerOf({ kind: "managed", env }), ownerOf({ kind: "managed" })]).toEqual([
    `app of ${hostname()} http://127.0.0.1:41/token`,
    `system-assigned of ${hostname()}`,
  ]);
});

test("az's token is its default account's user's, in one folder of az", () => {
  const azAccounts = [account("bob", { isDefault: false }), account("ada")];

  expect([
    ownerOf({ azAccounts, env: HOME }),
    ownerOf({ azAccounts, env: { ...HOME, AZURE_CONFIG_DIR: "/other" } }),
  ]).toEqual(["user ada in /home/ada/.azure", "user ada in /other"]);
});

test("of two default accounts the cloud's own counts", () => {
  const azAccounts = [account("ada", { environmentName: "AzureUSGovernment" }), account("bob")];

  expect(ownerOf({ azAccounts, env: HOME })).toBe("user bob in /home/ada/.azure");
});

test.each([
  ["az's profile cannot be read", []],
  ["az has no default account", [account("ada", { isDefault: false })]],
  ["the account has no user", [account("")]],
  ["az uses a managed identity, which it does not name", [account("userAssignedIdentity")]],
  [
    "both default accounts are of other clouds",
    ["AzureUSGovernment", "AzureChinaCloud"].map((environmentName) => account("ada", { environmentName })),
  ],
])("nothing is kept when %s", (_, azAccounts) => {
  expect(ownerOf({ azAccounts, env: HOME })).toBeUndefined();
});
