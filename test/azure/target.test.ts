import { expect, test } from "vitest";
import { lookUpTarget } from "../../src/azure/target-lookup.ts";
import { requireTarget } from "../../src/azure/target.ts";
import { ACCOUNT, id, sourcesOf, targetOf, type Parts } from "./target-sources.ts";

const ALL: Parts = {
  flags: { cloud: "usgov", tenant: id("b"), subscriptions: [id("2")], auth: "cli" },
  env: {
    AZWISE_CLOUD: "china",
    AZWISE_TENANT: id("c"),
    AZWISE_SUBSCRIPTION: id("3"),
    AZWISE_AUTH: "environment",
    AZURE_TENANT_ID: id("d"),
    AZURE_SUBSCRIPTION_ID: id("4"),
  },
  settings: {
    pin: { cloud: "public", tenant: id("e"), subscription: id("5") },
    context: { cloud: "usgov", tenant: id("f"), subscription: id("6"), auth: "cli" },
  },
  azAccounts: [ACCOUNT],
};

test("flags win over everything", () => {
  expect(targetOf(ALL)).toEqual({
    cloud: "usgov",
    tenantId: id("b"),
    subscriptionIds: [id("2")],
    auth: "cli",
  });
});

test("then AZWISE_* variables", () => {
  expect(targetOf({ ...ALL, flags: {} })).toEqual({
    cloud: "china",
    tenantId: id("c"),
    subscriptionIds: [id("3")],
    auth: "environment",
  });
});

test("then AZURE_* variables, which name no cloud", () => {
  const env = { AZURE_TENANT_ID: id("d"), AZURE_SUBSCRIPTION_ID: id("4") };

  expect(targetOf({ ...ALL, flags: {}, env })).toEqual({
    cloud: "public",
    tenantId: id("d"),
    subscriptionIds: [id("4")],
    auth: "auto",
  });
});

test("then the pin", () => {
  expect(targetOf({ ...ALL, flags: {}, env: {} })).toEqual({
    cloud: "public",
    tenantId: id("e"),
    subscriptionIds: [id("5")],
    auth: "auto",
  });
});

test("then the active context", () => {
  const settings = { context: ALL.settings!.context! };

  expect(targetOf({ azAccounts: [ACCOUNT], settings })).toEqual({
    cloud: "usgov",
    tenantId: id("f"),
    subscriptionIds: [id("6")],
    auth: "cli",
  });
});

test("a context of another cloud names neither a tenant nor a way to sign in", () => {
  const context = { cloud: "usgov", tenant: id("f"), subscription: id("6"), auth: "device" };
  const flags = { cloud: "public" };

  expect(targetOf({ flags, azAccounts: [ACCOUNT], settings: { context } })).toEqual({
    cloud: "public",
    tenantId: id("a"),
    subscriptionIds: [id("1")],
    auth: "auto",
  });
});

test("then az's default account", () => {
  const account = { ...ACCOUNT, environmentName: "AzureUSGovernment" };

  expect(targetOf({ azAccounts: [{ ...ACCOUNT, isDefault: false, tenantId: id("9") }, account] })).toEqual({
    cloud: "usgov",
    tenantId: id("a"),
    subscriptionIds: [id("1")],
    auth: "auto",
  });
});

test.each(["AZWISE_TENANT", "AZURE_TENANT_ID"])("an empty %s counts as unset", (name) => {
  const env = { [name]: "", AZURE_SUBSCRIPTION_ID: "" };

  expect(targetOf({ env, azAccounts: [ACCOUNT] })).toMatchObject({
    tenantId: id("a"),
    subscriptionIds: [id("1")],
  });
});

test("an empty flag is a mistake, not a wish for the default", () => {
  expect(() => targetOf({ ...ALL, flags: { tenant: "" } })).toThrow('"" is not a tenant id');
  expect(() => targetOf({ ...ALL, flags: { subscriptions: [""] } })).toThrow('"" is not a subscription id');
});

test("ids in capitals mean the same target", () => {
  const env = { AZURE_TENANT_ID: id("d").toUpperCase(), AZURE_SUBSCRIPTION_ID: id("e").toUpperCase() };

  expect(targetOf({ env })).toMatchObject({ tenantId: id("d"), subscriptionIds: [id("e")] });
});

test("the same subscription given twice counts once, and the order is kept", () => {
  const subscriptions = [id("f"), id("e"), id("f").toUpperCase()];

  expect(targetOf({ flags: { tenant: id("a"), subscriptions } })).toMatchObject({
    subscriptionIds: [id("f"), id("e")],
  });
});

test("az tells the tenant of a subscription that it knows", () => {
  const other = { ...ACCOUNT, isDefault: false, tenantId: id("b"), subscriptionId: id("2").toUpperCase() };

  expect(targetOf({ flags: { subscriptions: [id("2")] }, azAccounts: [ACCOUNT, other] })).toMatchObject({
    tenantId: id("b"),
  });
});

test("az's default tenant says nothing about a subscription that az does not know", () => {
  expect(() => targetOf({ flags: { subscriptions: [id("2")] }, azAccounts: [ACCOUNT] })).toThrow(
    "no tenant is named",
  );
});

test("az's default cloud says nothing about a subscription that az does not know", () => {
  const env = { AZURE_TENANT_ID: id("d"), AZURE_SUBSCRIPTION_ID: id("4") };
  const account = { ...ACCOUNT, environmentName: "AzureUSGovernment" };

  expect(targetOf({ env, azAccounts: [account] })).toMatchObject({ cloud: "public", tenantId: id("d") });
});

test("az's word for the cloud of a subscription is taken, and refused when nobody knows it", () => {
  const account = { ...ACCOUNT, environmentName: "OurStack" };

  expect(() => targetOf({ azAccounts: [account] })).toThrow('unknown cloud "OurStack"');
});

test("a tenant-level account names no subscription", () => {
  const account = { ...ACCOUNT, subscriptionId: undefined };

  expect(() => targetOf({ azAccounts: [account] })).toThrow("no subscription is named");
});

test("a tenant may be a domain", () => {
  const flags = { tenant: "Contoso.OnMicrosoft.com", subscriptions: [id("1")] };

  expect(targetOf({ flags })).toMatchObject({ tenantId: "contoso.onmicrosoft.com" });
});

test.each(["common", "not a tenant", `${id("a")}0`, `{${id("a")}}`, "../x", "a..b", "contoso.com/x"])(
  "%s is no tenant",
  (tenant) => {
    expect(() => targetOf({ flags: { tenant, subscriptions: [id("1")] } })).toThrow(
      `"${tenant}" is not a tenant id`,
    );
  },
);

test.each([
  "Contoso Shop",
  "123",
  `${id("a")}0`,
  `${id("a")}/resourceGroups/x`,
  "5a000000000040008000000000000001",
])("%s is no subscription", (subscription) => {
  expect(() => targetOf({ flags: { tenant: id("a"), subscriptions: [subscription] } })).toThrow(
    `"${subscription}" is not a subscription id`,
  );
});

test("a cloud that nobody described is wrong usage, and the known ones are named", () => {
  const clouds = { rig: { resourceManager: "https://arm.test", authority: "https://login.test" } };

  expect(() => targetOf({ ...ALL, flags: { cloud: "mars" }, settings: { clouds } })).toThrow(
    expect.objectContaining({
      kind: "usage",
      message: 'unknown cloud "mars"',
      hint: `use --cloud public|usgov|china|sandbox|rig, or describe it under "clouds" in azwise's config.json`,
    }),
  );
});

test.each(["constructor", "toString"])("%s is a word that every object has, and no cloud", (cloud) => {
  expect(() => targetOf({ ...ALL, flags: { cloud } })).toThrow(`unknown cloud "${cloud}"`);
  expect(() => targetOf({ azAccounts: [{ ...ACCOUNT, environmentName: cloud }] })).toThrow(
    `unknown cloud "${cloud}"`,
  );
});

test("a kind of credential that does not exist is refused in every cloud", () => {
  for (const cloud of ["public", "sandbox"]) {
    expect(() => targetOf({ ...ALL, flags: { cloud, auth: "magic" } })).toThrow(
      "--auth magic is not available",
    );
  }
});

test("a custom cloud is used as described", () => {
  const rig = { resourceManager: "https://arm.test", authority: "https://login.test" };
  const flags = { cloud: "rig", tenant: id("a"), subscriptions: [id("1")] };

  expect(requireTarget(lookUpTarget(sourcesOf({ flags, settings: { clouds: { rig } } }))).cloud).toEqual({
    name: "rig",
    ...rig,
    wellKnown: false,
  });
});

test("the sandbox ignores what is meant for real tenants, and uses its world's own", () => {
  const env = { AZURE_TENANT_ID: id("d"), AZURE_SUBSCRIPTION_ID: id("4"), AZWISE_CLOUD: "sandbox" };
  const sandbox = { tenantId: id("7"), subscriptionId: id("8") };
  const settings = { pin: { tenant: id("e"), subscription: id("5") } };

  expect(targetOf({ env, settings, sandbox, azAccounts: [ACCOUNT] })).toEqual({
    cloud: "sandbox",
    tenantId: id("7"),
    subscriptionIds: [id("8")],
    auth: "auto",
  });
});

test("flags and AZWISE_* variables choose inside the sandbox, too", () => {
  const sandbox = { tenantId: id("7"), subscriptionId: id("8") };
  const env = { AZWISE_CLOUD: "sandbox", AZWISE_TENANT: id("c") };

  expect(targetOf({ env, sandbox, flags: { subscriptions: [id("2")] } })).toMatchObject({
    tenantId: id("c"),
    subscriptionIds: [id("2")],
  });
});

test("a pin and a context of the sandbox say nothing about a real cloud", () => {
  const rehearsal = { cloud: "sandbox", tenant: id("f"), subscription: id("6") };
  const settings = { pin: rehearsal, context: { ...rehearsal, auth: "sandbox" } };

  expect(targetOf({ azAccounts: [ACCOUNT], flags: { cloud: "public" }, settings })).toEqual({
    cloud: "public",
    tenantId: id("a"),
    subscriptionIds: [id("1")],
    auth: "auto",
  });
});

test("each value says what kind of source it has", () => {
  const { cloudBy, tenant, subscriptions, auth } = lookUpTarget(
    sourcesOf({ ...ALL, flags: { tenant: id("b") }, env: { AZWISE_AUTH: "cli" } }),
  );

  expect([cloudBy, tenant?.by, subscriptions[0]?.by, auth.by]).toEqual(["pin", "flag", "pin", "variable"]);
  expect(lookUpTarget(sourcesOf({ azAccounts: [ACCOUNT] }))).toMatchObject({
    cloudBy: "az",
    tenant: { by: "az" },
    auth: { by: "default" },
  });
});

test("az's default account of another cloud names neither tenant nor subscription", () => {
  const wanted = lookUpTarget(sourcesOf({ flags: { cloud: "usgov" }, azAccounts: [ACCOUNT] }));

  expect([wanted.tenant, wanted.subscriptions]).toEqual([undefined, []]);
});

test("the tenant of a subscription that az knows in another cloud is not taken", () => {
  const flags = { cloud: "usgov", subscriptions: [id("1")] };

  expect(lookUpTarget(sourcesOf({ flags, azAccounts: [ACCOUNT] })).tenant).toBeUndefined();
});

test("an account without a subscription that is not az's default one is not taken", () => {
  const level = { ...ACCOUNT, subscriptionId: undefined, isDefault: false };

  expect(lookUpTarget(sourcesOf({ azAccounts: [level] })).tenant).toBeUndefined();
});
