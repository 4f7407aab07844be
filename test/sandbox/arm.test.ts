import { expect, test } from "vitest";
import { writeToken } from "../../src/sandbox/token.ts";
import {
  addAda,
  CLIENT,
  CRG_SHOP,
  FOREIGN,
  MAIN,
  machine,
  openCloud,
  OTHER_CLIENT,
  OTHER_TENANT,
  rehearse,
  SHARED,
  SHOP,
  signIn,
  START,
  TENANT,
} from "./azure.ts";

const WEB = machine("shop-web-01");
const SUBSCRIPTIONS = "2022-12-01";

test("a request without a token is refused and told the subscription's tenant", async () => {
  const { send } = await openCloud();

  const answer = await send("GET", WEB, { token: null });

  expect(answer.status).toBe(401);
  expect(answer.body.error.code).toBe("AuthenticationFailed");
  expect(answer.headers["www-authenticate"]).toContain(
    `authorization_uri="https://login.windows.net/${TENANT}"`,
  );
});

test("a subscription without a token is refused with its own tenant in the challenge", async () => {
  const { send } = await openCloud();

  const answer = await send("GET", `/subscriptions/${FOREIGN}`, { token: null, version: SUBSCRIPTIONS });

  const message = "Authentication failed. The 'Authorization' header is missing.";
  expect([answer.status, answer.body.error]).toEqual([401, { code: "AuthenticationFailed", message }]);
  expect(answer.headers["www-authenticate"]).toBe(
    `Bearer authorization_uri="https://login.windows.net/${OTHER_TENANT}", error="invalid_token", error_description="${message}"`,
  );
});

test.for([
  ["/subscriptions/0a000000-0000-4000-8000-000000000000", 404, "SubscriptionNotFound"],
  ["/subscriptions/nonsense", 400, "InvalidSubscriptionId"],
  ["/subscriptions", 401, "AuthenticationFailed"],
  ["/tenants", 401, "AuthenticationFailed"],
  ["/", 401, "AuthenticationFailed"],
] as const)("without a token %s is %d %s", async ([path, status, code]) => {
  const { send } = await openCloud();

  const answer = await send("GET", path, { token: null, version: SUBSCRIPTIONS });

  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});

test("a token of another tenant is refused with both tenants named", async () => {
  const { sandbox, send } = await openCloud();
  const token = await signIn(sandbox, { tenant: OTHER_TENANT, form: { client_id: OTHER_CLIENT } });

  const answer = await send("GET", WEB, { token });

  expect(answer.status).toBe(401);
  expect(answer.body.error.code).toBe("InvalidAuthenticationTokenTenant");
  expect(answer.body.error.message).toContain(`wrong issuer 'https://sts.windows.net/${OTHER_TENANT}/'`);
  expect(answer.headers["www-authenticate"]).toContain(`https://login.windows.net/${TENANT}`);
  expect(answer.headers["www-authenticate"]).toContain("wrong issuer");
});

test("a token expires by the world's clock", async () => {
  const { sandbox, send } = await openCloud();
  await send("GET", WEB);

  await sandbox.sleep(3_600_000);
  const answer = await send("GET", WEB);

  expect(answer.status).toBe(401);
  expect(answer.body.error).toEqual({
    code: "ExpiredAuthenticationToken",
    message:
      "The access token expiry UTC time '2026-11-21T08:59:59.000Z' is earlier than current UTC time '2026-11-21T09:00:00.000Z'.",
  });
});

test.for([
  ["not.a.token", "InvalidAuthenticationToken"],
  [tokenFor("https://vault.azure.net"), "InvalidAuthenticationTokenAudience"],
])("a bearer token that is not for ARM is refused: %s", async ([token, code]) => {
  const { send } = await openCloud();

  const answer = await send("GET", WEB, { token: token ?? "" });

  expect([answer.status, answer.body.error.code]).toEqual([401, code]);
});

function tokenFor(aud: string): string {
  const iat = START.getTime() / 1000;
  const iss = `https://sts.windows.net/${TENANT}/`;
  return writeToken({ tid: TENANT, oid: CLIENT, appid: CLIENT, aud, iss, iat, exp: iat + 3599 });
}

test.for([
  [WEB, null, "MissingApiVersionParameter"],
  [WEB, "2019-01-01", "NoRegisteredProviderFound"],
  ["/subscriptions", null, "MissingApiVersionParameter"],
  ["/subscriptions", "2031-01-01", "InvalidApiVersionParameter"],
] as const)("%s with api-version %s is refused as %s", async ([path, version, code]) => {
  const { send } = await openCloud();

  const answer = await send("GET", path, { version });

  expect([answer.status, answer.body.error.code]).toEqual([400, code]);
});

test("an unknown api-version is answered with the versions and locations that exist", async () => {
  const { send } = await openCloud();

  const { body } = await send("GET", WEB, { version: "2019-01-01" });

  expect(body.error.message).toBe(
    "No registered resource provider found for API version '2019-01-01' for type 'virtualMachines'. The supported api-versions are '2022-08-01, 2024-07-01, 2024-11-01, 2025-04-01, 2026-03-01, 2026-04-01'. The supported locations are 'eastus2, northcentralus'.",
  );
});

test.for([
  [`/subscriptions/${MAIN}/providers/Microsoft.Nowhere/things`, 404, "InvalidResourceNamespace"],
  [`/subscriptions/${MAIN}/providers/Microsoft.Compute/things`, 404, "InvalidResourceType"],
  [`/subscriptions/0a000000-0000-4000-8000-000000000000`, 404, "SubscriptionNotFound"],
  [`/subscriptions/nonsense`, 400, "InvalidSubscriptionId"],
  [machine("nobody"), 404, "ResourceNotFound"],
  [SHOP.replace("rg-shop-prod", "rg-none") + "/virtualMachines", 404, "ResourceGroupNotFound"],
] as const)("%s is %d %s", async ([path, status, code]) => {
  const { send } = await openCloud();

  const answer = await send("GET", path, path.split("/").length === 3 ? { version: SUBSCRIPTIONS } : {});

  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});

test("paths and ids are read without regard to case", async () => {
  const { send } = await openCloud();

  const answer = await send("GET", WEB.toUpperCase());

  expect(answer.body.id).toBe(WEB);
});

test("reads show the remaining global reads, writes and deletes their own buckets", async () => {
  const { send } = await openCloud();

  const read = await send("GET", `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`);
  const write = await send("PATCH", CRG_SHOP, { body: { tags: {} } });

  expect(read.headers).toMatchObject({
    "x-ms-ratelimit-remaining-subscription-global-reads": "3749",
    "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/GetCapacityReservationSubscriptionMaximum;356",
    "x-ms-request-id": expect.any(String),
    "x-ms-correlation-request-id": expect.any(String),
    "x-ms-routing-request-id": expect.any(String),
  });
  expect(write.headers).toMatchObject({
    "x-ms-ratelimit-remaining-subscription-writes": "199",
    "x-ms-ratelimit-remaining-subscription-global-writes": "2999",
  });
});

test("a disabled subscription can be read but not changed", async () => {
  const { send } = await openCloud({ edit: (world) => (world.subscriptions[0]!.state = "Disabled") });

  const read = await send("GET", WEB);
  const write = await send("POST", `${WEB}/deallocate`);

  expect(read.status).toBe(200);
  expect([write.status, write.body.error.code]).toEqual([409, "ReadOnlyDisabledSubscription"]);
});

test("subscriptions are those of the token's tenant, page by page", async () => {
  const { send } = await openCloud({ edit: (world) => (world.settings.pageSize = 1) });

  const first = await send("GET", "/subscriptions", { version: SUBSCRIPTIONS });
  const second = await send("GET", first.body.nextLink);

  expect(first.body.value.map(idOf)).toEqual([MAIN]);
  expect(second.body.value.map(idOf)).toEqual([SHARED]);
  expect(second.body).not.toHaveProperty("nextLink");
});

test("a managing tenant sees a subscription beside its own, with the home tenant named", async () => {
  const { sandbox, send } = await openCloud({
    edit: (world) => (world.subscriptions[0]!.managedByTenants = [OTHER_TENANT]),
  });
  const token = await signIn(sandbox, { tenant: OTHER_TENANT, form: { client_id: OTHER_CLIENT } });

  const { body: list } = await send("GET", "/subscriptions", { version: SUBSCRIPTIONS, token });
  const one = await send("GET", `/subscriptions/${MAIN}`, { version: SUBSCRIPTIONS, token });
  const inside = await send("GET", WEB, { token });
  const other = await send("GET", `/subscriptions/${SHARED}`, { version: SUBSCRIPTIONS, token });

  expect(list.value.map(idOf)).toEqual([MAIN, FOREIGN]);
  expect(one.body).toMatchObject({ tenantId: TENANT, managedByTenants: [{ tenantId: OTHER_TENANT }] });
  expect([inside.status, other.status]).toEqual([200, 401]);
});

function idOf(subscription: { subscriptionId: string }): string {
  return subscription.subscriptionId;
}

test("one subscription can be read by its id", async () => {
  const { send } = await openCloud();

  const { body } = await send("GET", `/subscriptions/${MAIN}`, { version: SUBSCRIPTIONS });

  expect(body).toMatchObject({
    id: `/subscriptions/${MAIN}`,
    subscriptionId: MAIN,
    tenantId: TENANT,
    displayName: "Contoso Shop Production",
    state: "Enabled",
  });
});

const CONTOSO = {
  id: `/tenants/${TENANT}`,
  tenantId: TENANT,
  tenantCategory: "Home",
  countryCode: "US",
  displayName: "Contoso",
  domains: ["contoso.onmicrosoft.com", "contoso.com"],
  defaultDomain: "contoso.onmicrosoft.com",
  tenantType: "AAD",
};

test("an application sees the tenants that know it", async () => {
  const { send } = await openCloud();

  const { body } = await send("GET", "/tenants", { version: SUBSCRIPTIONS });

  expect(body.value).toEqual([CONTOSO]);
});

test("a user's token lists all tenants that know them, without names where they are stopped", async () => {
  const { sandbox, send } = await openCloud({ edit: (world) => addAda(world, 50076) });
  const { body: signedIn } = await rehearse(sandbox);

  const { body } = await send("GET", "/tenants", { version: SUBSCRIPTIONS, token: signedIn.access_token });

  expect(body.value).toEqual([
    CONTOSO,
    {
      id: `/tenants/${OTHER_TENANT}`,
      tenantId: OTHER_TENANT,
      tenantCategory: "Home",
      countryCode: "DE",
      tenantType: "AAD",
    },
  ]);
});

test("a subscription of another tenant is refused, not hidden", async () => {
  const { send } = await openCloud();

  const answer = await send("GET", `/subscriptions/${FOREIGN}`, { version: SUBSCRIPTIONS });

  expect([answer.status, answer.body.error.code]).toEqual([401, "InvalidAuthenticationTokenTenant"]);
});
