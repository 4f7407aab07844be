import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findCloud } from "../../../src/azure/clouds.ts";
import type { LoginPort, SignInRequest } from "../../../src/azure/login-ports.ts";
import type { Context } from "../../../src/context.ts";
import { findDestination, type Destination } from "../../../src/topics/login/login-destination.ts";
import { given } from "../../azure/given.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";

interface Named {
  tenant?: string;
  subscription?: string;
  /** The cloud of az's one account, which is of TENANT. */
  azCloud?: string;
}

async function destinationOf({ tenant, subscription, azCloud }: Named): Promise<Destination> {
  const environmentName = azCloud ?? "AzureCloud";
  const account = { tenantId: TENANT.toUpperCase(), environmentName, tenantDefaultDomain: "from-az.example" };
  const login = {
    wanted: {
      cloud: findCloud("public", {}),
      tenant: tenant && given(tenant, "--tenant"),
      subscriptions: subscription ? [given(subscription, "--subscription")] : [],
    },
    azProfile: { accounts: azCloud === undefined ? [] : [account] },
    settings: { pin: {} },
    findTenantId: async (tenant: string) => (tenant === "contoso.example" ? TENANT : tenant),
    findHomeTenant: async (id: string) => (id === SUBSCRIPTION ? TENANT : "another"),
  };
  const how = { discover: false, interactive: false };
  return findDestination(login as unknown as LoginPort, {} as Context, how);
}

test.each<[string, Named, Destination]>([
  ["ids", { tenant: TENANT, subscription: SUBSCRIPTION }, { tenantId: TENANT, subscriptionId: SUBSCRIPTION }],
  ["a domain", { tenant: "Contoso.example" }, { tenantId: TENANT, domain: "contoso.example" }],
  [
    "a subscription alone",
    { subscription: SUBSCRIPTION },
    { tenantId: TENANT, subscriptionId: SUBSCRIPTION },
  ],
  [
    "a tenant that az knows",
    { tenant: TENANT, azCloud: "AzureCloud" },
    { tenantId: TENANT, domain: "from-az.example" },
  ],
  [
    "a tenant that az knows in another cloud",
    { tenant: TENANT, azCloud: "AzureUSGovernment" },
    { tenantId: TENANT },
  ],
  [
    "a domain that was typed, before az's word",
    { tenant: "contoso.example", azCloud: "AzureCloud" },
    { tenantId: TENANT, domain: "contoso.example" },
  ],
])("%s", async (_, named, destination) => {
  expect(await destinationOf(named)).toEqual(destination);
});

const ONE = { tenantId: TENANT, category: "Home", name: undefined, domain: undefined };
const TWO = { ...ONE, tenantId: "b0000000-0000-4000-8000-00000000000b" };

/** A sign-in to two tenants, the second of which has a subscription called "shop"; it notes what it was asked. */
function portOfTwoTenants(asked: SignInRequest[]): LoginPort {
  const shop = { id: SUBSCRIPTION, name: "shop", tenantId: TWO.tenantId, state: "Enabled", managedBy: [] };
  return {
    wanted: {
      cloud: findCloud("public", {}),
      tenant: given(TENANT, "context prod"),
      subscriptions: [given("shop", "--subscription")],
      auth: given("environment", "--auth"),
    },
    env: {},
    azProfile: { accounts: [] },
    settings: { pin: {} },
    findTenantId: async (tenant: string) => tenant,
    async signIn(request: SignInRequest) {
      asked.push(request);
      return {
        tenantId: request.tenantId,
        auth: "environment",
        async *listTenants() {
          yield [ONE, TWO];
        },
        async *listSubscriptions() {
          yield request.tenantId === TWO.tenantId ? [shop] : [];
        },
      };
    },
  } as unknown as LoginPort;
}

test("the walk for a name asks Entra once in every tenant, whatever the token cache holds", async () => {
  const asked: SignInRequest[] = [];
  const folder = await mkdtemp(join(tmpdir(), "azwise-destination-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const ctx = {
    folders: { cache: folder, state: folder },
    progress: () => {},
    concurrency: 1,
    signal: new AbortController().signal,
    now: () => new Date("2026-11-21T08:00:00Z"),
  };

  const found = await findDestination(portOfTwoTenants(asked), ctx as unknown as Context, {
    discover: true,
    interactive: true,
  });

  expect(found).toMatchObject({ tenantId: TWO.tenantId, subscriptionId: SUBSCRIPTION, walked: true });
  expect(asked).toEqual([
    { tenantId: TENANT, interactive: true, fresh: true },
    { tenantId: TWO.tenantId, fresh: true },
  ]);
});

test("what is neither a GUID nor a domain is no tenant", async () => {
  await expect(destinationOf({ tenant: "contoso" })).rejects.toThrow('"contoso" is not a tenant id');
});

test("of az's accounts of the tenant the first one that has a domain names it", async () => {
  const account = { tenantId: TENANT, environmentName: "AzureCloud" };
  const login = {
    wanted: { cloud: findCloud("public", {}), tenant: given(TENANT, "--tenant"), subscriptions: [] },
    settings: { pin: {} },
    azProfile: { accounts: [account, { ...account, tenantDefaultDomain: "from-az.example" }] },
    findTenantId: async (tenant: string) => tenant,
  };
  const how = { discover: false, interactive: false };

  const { domain } = await findDestination(login as unknown as LoginPort, {} as Context, how);

  expect(domain).toBe("from-az.example");
});
