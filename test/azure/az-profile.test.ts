import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readAzProfile, type AzAccount } from "../../src/azure/az-profile.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";

const ENTRY = {
  id: SUBSCRIPTION,
  name: "Contoso",
  state: "Enabled",
  user: { name: "ada@contoso.com", type: "user" },
  isDefault: true,
  tenantId: TENANT,
  environmentName: "AzureCloud",
  homeTenantId: TENANT,
  managedByTenants: [],
};

async function accountsIn(text: string): Promise<AzAccount[]> {
  const folder = await makeFolder();
  await writeFile(join(folder, "azureProfile.json"), text);
  return (await readAzProfile({ AZURE_CONFIG_DIR: folder })).accounts;
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "azwise-az-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test("the file begins with a byte order mark", async () => {
  expect(await accountsIn(`\uFEFF${JSON.stringify({ subscriptions: [ENTRY] })}`)).toEqual([
    {
      tenantId: TENANT,
      subscriptionId: SUBSCRIPTION,
      name: "Contoso",
      state: "Enabled",
      environmentName: "AzureCloud",
      isDefault: true,
      user: { name: "ada@contoso.com", type: "user" },
      homeTenantId: TENANT,
      tenantDefaultDomain: undefined,
    },
  ]);
});

test("an account whose id is its tenant names no subscription", async () => {
  const level = { ...ENTRY, id: TENANT, name: "N/A(tenant level account)" };

  expect(await accountsIn(JSON.stringify({ subscriptions: [level] }))).toMatchObject([
    { tenantId: TENANT, subscriptionId: undefined },
  ]);
});

test.each([
  ["half-written", JSON.stringify({ subscriptions: [ENTRY] }).slice(0, 80)],
  ["empty", ""],
  ["without subscriptions", "{}"],
  ["a list", "[]"],
  ["null", "null"],
  ["with subscriptions that are no list", '{"subscriptions":{}}'],
  ["with an entry that is null", '{"subscriptions":[null]}'],
])("a file that is %s has no accounts", async (_, text) => {
  expect(await accountsIn(text)).toEqual([]);
});

test.each([
  ["no tenant", { ...ENTRY, tenantId: undefined }],
  ["no id", { ...ENTRY, id: undefined }],
])("an entry with %s is left out", async (_, entry) => {
  expect(await accountsIn(JSON.stringify({ subscriptions: [entry] }))).toEqual([]);
});

test("entries that are no accounts are counted", async () => {
  const folder = await makeFolder();
  const entries = [ENTRY, null, { ...ENTRY, id: undefined }, { ...ENTRY, tenantId: "" }];
  await writeFile(join(folder, "azureProfile.json"), JSON.stringify({ subscriptions: entries }));

  const { state, accounts, skipped } = await readAzProfile({ AZURE_CONFIG_DIR: folder });

  expect({ state, accounts: accounts.length, skipped }).toEqual({ state: "read", accounts: 1, skipped: 3 });
});

test("without a file there are no accounts", async () => {
  const { state, accounts } = await readAzProfile({ AZURE_CONFIG_DIR: await makeFolder() });

  expect({ state, accounts }).toEqual({ state: "missing", accounts: [] });
});

test("the file is looked for in the home folder", async () => {
  const home = await makeFolder();
  await mkdir(join(home, ".azure"));
  await writeFile(join(home, ".azure", "azureProfile.json"), JSON.stringify({ subscriptions: [ENTRY] }));

  const { accounts } = await readAzProfile({ HOME: home });

  expect(accounts).toHaveLength(1);
});
