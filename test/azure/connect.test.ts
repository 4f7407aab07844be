import { expect, test } from "vitest";
import { findCloud } from "../../src/azure/clouds.ts";
import {
  json,
  openSignIn,
  OTHER_SUBSCRIPTION,
  OTHER_TENANT,
  SECRET,
  SUBSCRIPTION,
  TENANT,
  tokenOf,
} from "./sign-in.ts";
import { refusalOf } from "./wire.ts";

const TOKEN_REQUEST = `POST https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`;
const ARM_REQUEST = `GET https://management.azure.com/subscriptions/${SUBSCRIPTION}`;

test("a pinned sign-in is one token request and one ARM request", async () => {
  const { connect, seen } = await openSignIn();

  const { azure, subscription } = await connect();

  expect(seen).toEqual([TOKEN_REQUEST, ARM_REQUEST]);
  expect(azure.target).toEqual({
    cloud: "public",
    tenantId: TENANT,
    subscriptionIds: [SUBSCRIPTION],
    auth: "environment",
  });
  expect(subscription).toEqual({
    id: SUBSCRIPTION,
    name: "Contoso Shop Production",
    tenantId: TENANT,
    state: "Enabled",
  });
});

test("many reads at once share one token", async () => {
  const { connect, seen } = await openSignIn();
  const { azure } = await connect();

  await Promise.all([1, 2, 3, 4].map(() => azure.subscriptions.get(SUBSCRIPTION)));

  expect(seen.filter((line) => line === TOKEN_REQUEST)).toHaveLength(1);
});

test.each([
  ["usgov", "login.microsoftonline.us", "management.usgovcloudapi.net"],
  ["china", "login.partner.microsoftonline.cn", "management.chinacloudapi.cn"],
])("the authority of %s is known without a discovery request, too", async (name, login, arm) => {
  const { connect, seen } = await openSignIn({ cloud: findCloud(name, {}) });

  await connect().catch(() => undefined);

  const hosts = seen.map((line) => line.split("/")[2]);
  expect(new Set(hosts)).toEqual(new Set([login, arm]));
  expect(seen.filter((line) => line.includes(login))).toHaveLength(1);
});

test("a custom cloud is asked where its token endpoint is, and nobody else is", async () => {
  const own = { resourceManager: "https://arm.rig.test", authority: "https://login.rig.test" };
  const { connect, seen } = await openSignIn({ cloud: findCloud("rig", { rig: own }) });

  await connect();

  expect(seen).toEqual([
    `GET https://login.rig.test/${TENANT}/v2.0/.well-known/openid-configuration`,
    `POST https://login.rig.test/${TENANT}/oauth2/v2.0/token`,
    `GET https://arm.rig.test/subscriptions/${SUBSCRIPTION}`,
  ]);
});

test("sign-in requests are in the log as well, without the secret", async () => {
  const { connect, log } = await openSignIn();

  await connect();

  expect(log.map((line) => line.replace(/ \d+ ms .*/, ""))).toEqual([
    `POST login.microsoftonline.com/${TENANT}/oauth2/v2.0/token 200`,
    `GET management.azure.com/subscriptions/${SUBSCRIPTION} 200`,
  ]);
  expect(log.join()).not.toContain(SECRET);
});

test.each([
  ["a number", { access_token: "opaque", expires_in: 3599, token_type: "Bearer" }],
  ["a text", { access_token: "opaque", expires_in: "3599", token_type: "Bearer" }],
  ["a text, and nothing else", { access_token: "opaque", expires_in: "3599" }],
])("a token may be opaque, with a lifetime that is %s", async (_, token) => {
  const bearers: (string | undefined)[] = [];
  const { connect, seen } = await openSignIn({
    before(request) {
      if (request.url.includes("/oauth2/")) return json(200, token);
      bearers.push(request.headers["authorization"]);
      return json(200, { subscriptionId: SUBSCRIPTION });
    },
  });

  const { azure } = await connect();
  await azure.subscriptions.get(SUBSCRIPTION);

  expect(bearers).toEqual(["Bearer opaque", "Bearer opaque"]);
  expect(seen.filter((line) => line === TOKEN_REQUEST)).toHaveLength(1);
});

test("a token of another tenant is refused before any request carries it", async () => {
  const { connect, seen } = await openSignIn({
    before: () => json(200, { access_token: tokenOf({ tid: OTHER_TENANT }), expires_in: 3599 }),
  });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: `signed in to tenant ${OTHER_TENANT}, but this run is pinned to ${TENANT}`,
    code: "WrongTenant",
    uncertain: false,
    hint: `sign in to the pinned tenant, or use --tenant ${OTHER_TENANT}`,
  });
  expect(seen).toEqual([TOKEN_REQUEST]);
});

test.each([
  ["in capitals", TENANT, tokenOf({ tid: TENANT.toUpperCase() })],
  ["pinned by domain", "contoso.com", tokenOf({ tid: TENANT })],
  ["that only looks like a JWT", TENANT, "a.b.c"],
  ["whose claims are null", TENANT, `x.${Buffer.from("null").toString("base64url")}.y`],
])("a token %s is let through", async (_, tenantId, token) => {
  const { connect } = await openSignIn({
    tenantId,
    before: ({ url }) =>
      url.includes("/oauth2/") ? json(200, { access_token: token, expires_in: 3599 }) : json(200, {}),
  });

  await expect(connect()).resolves.toMatchObject({ subscription: { id: SUBSCRIPTION } });
});

test("a subscription of another tenant leads to that tenant", async () => {
  const { connect } = await openSignIn({ subscriptionId: OTHER_SUBSCRIPTION });

  expect(await refusalOf(connect())).toMatchObject({
    kind: "auth",
    code: "InvalidAuthenticationTokenTenant",
    hint: `use --tenant ${OTHER_TENANT}`,
  });
});

test("a subscription that does not exist is not visible", async () => {
  const subscriptionId = "5a000000-0000-4000-8000-0000000000ff";
  const { connect } = await openSignIn({ subscriptionId });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: `subscription ${subscriptionId} is not visible in tenant ${TENANT}`,
    code: "SubscriptionNotFound",
    hint: "check --subscription and --tenant, and that this identity has a role there",
  });
});

test.each(["Disabled", "disabled"])("a subscription that is %s is refused", async (state) => {
  const { connect } = await openSignIn({
    before: ({ url }) => (url.includes("/subscriptions/") ? json(200, { state }) : undefined),
  });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: `subscription ${SUBSCRIPTION} is disabled`,
    hint: "use another --subscription",
  });
});

test.each([
  [
    "is not allowed to be read",
    json(403, { error: { code: "AuthorizationFailed", message: "no" } }),
    undefined,
  ],
  ["is unknown to the server, in words of its own", json(404, { error: { code: "NotFound" } }), ""],
  ["is unknown to the server, without words", { status: 404, headers: {}, body: "" }, ""],
  ["is described without any detail", json(200, {}), ""],
])("the work goes on when the subscription %s", async (_, answer, name) => {
  const { connect } = await openSignIn({
    before: ({ url }) => (url.includes("/oauth2/") ? undefined : answer),
  });

  expect((await connect()).subscription?.name).toBe(name);
});

test("a custom authority cannot send the secret elsewhere by what it says of itself", async () => {
  const own = { resourceManager: "https://arm.rig.test", authority: "https://login.rig.test" };
  const { connect, seen } = await openSignIn({
    cloud: findCloud("rig", { rig: own }),
    before: () =>
      json(200, {
        issuer: "https://login.rig.test/x/v2.0",
        authorization_endpoint: "https://login.rig.test/a",
        token_endpoint: "https://attacker.example/token",
        jwks_uri: "https://login.rig.test/k",
      }),
  });

  expect(await refusalOf(connect())).toMatchObject({ code: "ForeignHost" });
  expect(seen).toEqual([`GET https://login.rig.test/${TENANT}/v2.0/.well-known/openid-configuration`]);
});

test("Ctrl-C ends a sign-in that gets no answer", async () => {
  const interrupted = new AbortController();
  let asked = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { connect } = await openSignIn({
    signal: interrupted.signal,
    httpClient: {
      sendRequest: ({ abortSignal }) =>
        new Promise((_, reject) => {
          abortSignal?.addEventListener("abort", () => reject(new Error("aborted")));
          asked();
        }),
    },
  });

  const connecting = connect();
  await waiting;
  interrupted.abort();

  // Not an error of azwise's own: only the road above knows that it was asked for.
  await expect(connecting).rejects.not.toHaveProperty("kind");
});
