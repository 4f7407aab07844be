import { expect, test } from "vitest";
import { AzureError } from "../../../src/azure/azure-error.ts";
import { findCloud } from "../../../src/azure/clouds.ts";
import type { LoginPort, SignedIn, Tenant } from "../../../src/azure/login-ports.ts";
import type { Settings } from "../../../src/azure/settings.ts";
import { findDomain, findSubscription } from "../../../src/topics/login/whoami-find.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const OTHER_TENANT = "b0000000-0000-4000-8000-00000000000b";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";

interface Known {
  cloud?: string;
  /** As it was asked for. */
  tenant?: string;
  context?: Settings["context"];
  /** az's one account. */
  account?: { tenantId?: string; environmentName?: string };
}

function portThatKnows({ cloud = "public", tenant = TENANT, context = {}, account }: Known): LoginPort {
  const accounts = account ? [{ tenantId: TENANT, environmentName: "AzureCloud", ...account }] : [];
  return {
    wanted: { cloud: findCloud(cloud, {}), tenant: { value: tenant, from: "--tenant" } },
    settings: { context, contextName: "shop" },
    azProfile: { accounts: accounts.map((each) => ({ ...each, tenantDefaultDomain: "az.example" })) },
  } as unknown as LoginPort;
}

function signedInWith(part: Partial<SignedIn>): SignedIn {
  return { tenantId: TENANT, ...part } as SignedIn;
}

/** Each list is a page. */
function listing(...pages: Tenant[][]): SignedIn {
  return signedInWith({
    async *listTenants() {
      yield* pages;
    },
  });
}

function tenant(tenantId: string, domain: string | undefined): Tenant {
  return { tenantId, domain, category: "Home", name: undefined };
}

const LISTED = listing(
  [tenant(OTHER_TENANT, "other.example")],
  [tenant(TENANT.toUpperCase(), "list.example")],
);
const CONTEXT = { tenant: TENANT, domain: "context.example" };
const FROM_LIST = { value: "list.example", from: "the list of tenants" };

test.each<[string, Known, object]>([
  ["the domain that was typed", { tenant: "typed.example" }, { value: "typed.example", from: "--tenant" }],
  [
    "the context of this tenant",
    { context: CONTEXT, account: {} },
    { value: "context.example", from: "context shop" },
  ],
  ["az's account of this tenant", { account: {} }, { value: "az.example", from: "az's profile" }],
  [
    "the list, when the context is of another tenant",
    { context: { ...CONTEXT, tenant: OTHER_TENANT } },
    FROM_LIST,
  ],
  ["the list, when the context is of another cloud", { context: { ...CONTEXT, cloud: "usgov" } }, FROM_LIST],
  ["the list, when az is in another tenant", { account: { tenantId: OTHER_TENANT } }, FROM_LIST],
  ["the list, when az is in another cloud", { account: { environmentName: "AzureUSGovernment" } }, FROM_LIST],
  ["the list, in the sandbox", { cloud: "sandbox", context: CONTEXT, account: {} }, FROM_LIST],
])("the domain comes from %s", async (_, known, domain) => {
  expect(await findDomain(portThatKnows(known), LISTED)).toEqual(domain);
});

/** A list that ends before its first page. */
function refusing(error: AzureError): AsyncIterable<never> {
  const next = async (): Promise<never> => {
    throw error;
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

test.each<[string, SignedIn, string]>([
  ["the list leaves it out", listing([tenant(TENANT, undefined)]), "this identity may not read it"],
  ["the tenant is not in the list", listing([], []), "this identity may not read it"],
  [
    "the list is refused",
    signedInWith({ listTenants: () => refusing(new AzureError("auth", "not allowed", { status: 403 })) }),
    "not allowed",
  ],
])("the domain is unknown when %s", async (_, signedIn, unknown) => {
  expect(await findDomain(portThatKnows({}), signedIn)).toEqual({ unknown });
});

const NAMED = { value: SUBSCRIPTION, from: "--subscription" };

function answering(getSubscription: SignedIn["getSubscription"]): SignedIn {
  return signedInWith({ getSubscription });
}

test.each(["Enabled", "Warned", "PastDue"])("a subscription that is %s can be used", async (state) => {
  const signedIn = answering(async (id) => ({ id, name: "Shop", tenantId: TENANT, state }));

  expect(await findSubscription(NAMED, signedIn)).toEqual({
    id: SUBSCRIPTION,
    from: "--subscription",
    name: "Shop",
    state,
    reason: undefined,
    problem: undefined,
  });
});

test.each(["Disabled", "Deleted"])("a subscription that is %s cannot", async (state) => {
  const signedIn = answering(async (id) => ({ id, name: "Shop", tenantId: TENANT, state }));

  expect(await findSubscription(NAMED, signedIn)).toMatchObject({
    name: "Shop",
    problem: `subscription ${SUBSCRIPTION} is ${state.toLowerCase()}`,
  });
});

test("one that may not be read is no problem: roles on a group do not reach it", async () => {
  const error = new AzureError("auth", "long", { status: 403, code: "AuthorizationFailed", hint: "ask" });
  const signedIn = answering(async () => {
    throw error;
  });

  expect(await findSubscription(NAMED, signedIn)).toMatchObject({
    name: undefined,
    reason: "Azure refused it (AuthorizationFailed)",
    problem: undefined,
  });
});

test("no answer is not a finding", async () => {
  const error = new AzureError("failed", "no answer");
  const signedIn = answering(async () => {
    throw error;
  });

  await expect(findSubscription(NAMED, signedIn)).rejects.toBe(error);
});
