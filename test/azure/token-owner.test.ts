import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AzAccount } from "../../src/azure/az-profile.ts";
import { findCloud } from "../../src/azure/clouds.ts";
import { saveAccount } from "../../src/azure/saved-account.ts";
import { tokenOwner, type TokenAsker } from "../../src/azure/token-owner.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
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

async function ownerOf(asker: Partial<TokenAsker>): Promise<string | undefined> {
  const where = { cloud: findCloud("public", {}), tenantId: TENANT, stateFolder: "/none" };
  const nothing = { ...where, env: {}, azAccounts: [] };
  return tokenOwner({ kind: "cli", ...nothing, ...asker });
}

test.each([
  ["environment", { AZURE_CLIENT_ID: "app" }, "app"],
  ["workload", { AZURE_CLIENT_ID: "app" }, "app"],
  ["pipelines", { AZURESUBSCRIPTION_CLIENT_ID: "app", AZURE_CLIENT_ID: "other" }, "app"],
  ["environment", { AZURE_CLIENT_ID: "" }, undefined],
  ["pipelines", { AZURE_CLIENT_ID: "other" }, undefined],
  ["sandbox", { AZURE_CLIENT_ID: "app" }, undefined],
  ["device", {}, undefined],
  ["browser", {}, undefined],
] as const)("%s with %o is kept for %s", async (kind, env, owner) => {
  expect(await ownerOf({ kind, env })).toBe(owner);
});

test("a person's token is theirs whose saved sign-in the tenant would be asked with", async () => {
  const stateFolder = mkdtempSync(join(tmpdir(), "azwise-owner-"));
  onTestFinished(() => rmSync(stateFolder, { recursive: true, force: true }));
  const save = (tenantId: string, homeAccountId: string, savedAt: string): Promise<void> => {
    const account = { homeAccountId, localAccountId: "", environment: "", tenantId, username: "" };
    return saveAccount(stateFolder, { formatVersion: 1, cloud: "public", tenantId, savedAt, account });
  };
  const owners = async (): Promise<(string | undefined)[]> => [
    await ownerOf({ kind: "device", stateFolder }),
    await ownerOf({ kind: "browser", stateFolder, tenantId: OTHER_TENANT }),
    await ownerOf({ kind: "browser", stateFolder, cloud: findCloud("usgov", {}) }),
  ];

  await save(TENANT, "ada", "2026-11-21T08:00:00Z");
  const before = await owners();
  await save(OTHER_TENANT, "bob", "2026-11-21T09:00:00Z");

  expect(before).toEqual(["ada", "ada", undefined]);
  expect(await owners()).toEqual(["ada", "bob", undefined]);
});

test("a managed identity is one machine's and one endpoint's", async () => {
  const env = { AZURE_CLIENT_ID: "app", IDENTITY_ENDPOINT: "http://127.0.0.1:41/token" };

  expect([await ownerOf({ kind: "managed", env }), await ownerOf({ kind: "managed" })]).toEqual([
    `app of ${hostname()} http://127.0.0.1:41/token`,
    `system-assigned of ${hostname()}`,
  ]);
});

test("az's token is its default account's user's, in one folder of az", async () => {
  const azAccounts = [account("bob", { isDefault: false }), account("ada")];

  expect([
    await ownerOf({ azAccounts, env: HOME }),
    await ownerOf({ azAccounts, env: { ...HOME, AZURE_CONFIG_DIR: "/other" } }),
  ]).toEqual(["user ada in /home/ada/.azure", "user ada in /other"]);
});

test("of two default accounts the cloud's own counts", async () => {
  const azAccounts = [account("ada", { environmentName: "AzureUSGovernment" }), account("bob")];

  expect(await ownerOf({ azAccounts, env: HOME })).toBe("user bob in /home/ada/.azure");
});

test.each([
  ["az's profile cannot be read", []],
  ["az has no default account", [account("ada", { isDefault: false })]],
  ["the account has no user", [account("")]],
  ["az uses a managed identity, which it does not name", [account("userAssignedIdentity")]],
  ["the default account is of another cloud", [account("ada", { environmentName: "AzureUSGovernment" })]],
  [
    "both default accounts are of other clouds",
    ["AzureUSGovernment", "AzureChinaCloud"].map((environmentName) => account("ada", { environmentName })),
  ],
])("nothing is kept when %s", async (_, azAccounts) => {
  expect(await ownerOf({ azAccounts, env: HOME })).toBeUndefined();
});
