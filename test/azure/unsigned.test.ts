import { expect, test } from "vitest";
import { findCloud } from "../../src/azure/clouds.ts";
import { createUnsignedRequests } from "../../src/azure/unsigned.ts";
import { ARM, createClock, lost, openWire, refusalOf, reply, type Outcome, type Wire } from "./wire.ts";

const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const TENANT = "a0000000-0000-4000-8000-00000000000a";
const ASKED_SUBSCRIPTION = `GET ${ARM}/subscriptions/${SUBSCRIPTION}`;
const ASKED_DOMAIN =
  "GET https://login.microsoftonline.com/contoso.example/v2.0/.well-known/openid-configuration";

function open(
  script: Record<string, Outcome | Outcome[]>,
  signal = new AbortController().signal,
): ReturnType<typeof createUnsignedRequests> & { wire: Wire; log: string[] } {
  const wire = openWire(script);
  const log: string[] = [];
  const requests = createUnsignedRequests(findCloud("public", {}), {
    env: {},
    clock: createClock(),
    httpClient: wire.httpClient,
    signal,
    timeoutMs: 60_000,
    log: (line) => log.push(line),
    onWait: () => {},
  });
  return { ...requests, wire, log };
}

function challenge(uri: string): Record<string, string> {
  const description = "The authentication failed because of missing 'Authorization' header.";
  return {
    "www-authenticate": `Bearer authorization_uri="${uri}", error="invalid_token", error_description="${description}"`,
  };
}

test("the challenge of a subscription names its tenant, and no token is sent", async () => {
  const headers = challenge(`https://login.windows.net/${TENANT.toUpperCase()}`);
  const { findHomeTenant, wire } = open({ [ASKED_SUBSCRIPTION]: reply(401, undefined, headers) });

  const tenant = await findHomeTenant(SUBSCRIPTION);

  expect(tenant).toBe(TENANT);
  expect(wire.seen).toEqual([`${ASKED_SUBSCRIPTION}?api-version=2022-12-01`]);
  expect(wire.requests).toEqual([{ authorization: undefined, body: "" }]);
});

test("a throttled request without a token is sent again", async () => {
  const headers = challenge(`https://login.windows.net/${TENANT}`);
  const answers = [reply(429, undefined, { "retry-after": "7" }), reply(401, undefined, headers)];
  const { findHomeTenant } = open({ [ASKED_SUBSCRIPTION]: answers });

  expect(await findHomeTenant(SUBSCRIPTION)).toBe(TENANT);
});

test("a subscription that does not exist has no tenant", async () => {
  const body = { error: { code: "SubscriptionNotFound", message: "could not be found" } };
  const { findHomeTenant } = open({ [ASKED_SUBSCRIPTION]: reply(404, body) });

  expect(await refusalOf(findHomeTenant(SUBSCRIPTION))).toEqual({
    kind: "auth",
    message: `this cloud has no subscription ${SUBSCRIPTION}`,
    code: "SubscriptionNotFound",
    status: 404,
    uncertain: false,
    hint: "check --subscription and --cloud",
  });
});

test.each([
  ["no challenge", {}],
  ["a challenge without a tenant", challenge("https://login.windows.net/common")],
])("%s leaves the tenant unknown", async (_, headers) => {
  const { findHomeTenant } = open({ [ASKED_SUBSCRIPTION]: reply(401, undefined, headers) });

  expect(await refusalOf(findHomeTenant(SUBSCRIPTION))).toEqual({
    kind: "auth",
    message: `Azure does not say which tenant subscription ${SUBSCRIPTION} belongs to`,
    status: 401,
    uncertain: false,
    hint: "give --tenant",
  });
});

test("another refusal is told as it is, not as a missing subscription", async () => {
  const body = { error: { code: "ServerError", message: "come back later" } };
  const { findHomeTenant } = open({ [ASKED_SUBSCRIPTION]: reply(501, body) });

  expect(await refusalOf(findHomeTenant(SUBSCRIPTION))).toEqual({
    kind: "failed",
    message: "come back later",
    code: "ServerError",
    status: 501,
    uncertain: false,
  });
});

test("a tenant that is given as a GUID is that, in lower case, and nobody is asked", async () => {
  const { findTenantId, wire } = open({});

  expect(await findTenantId(TENANT.toUpperCase())).toBe(TENANT);
  expect(wire.seen).toEqual([]);
});

test("a domain's metadata name its tenant", async () => {
  const issuer = `https://login.microsoftonline.com/${TENANT}/v2.0`;
  const { findTenantId, wire } = open({ [ASKED_DOMAIN]: reply(200, { issuer }) });

  expect(await findTenantId("contoso.example")).toBe(TENANT);
  expect(wire.requests).toEqual([{ authorization: undefined, body: "" }]);
});

test("a domain that Entra does not know belongs to nobody", async () => {
  const body = { error: "invalid_tenant", error_description: "AADSTS90002: Tenant not found." };
  const { findTenantId } = open({ [ASKED_DOMAIN]: reply(400, body) });

  expect(await refusalOf(findTenantId("contoso.example"))).toEqual({
    kind: "auth",
    message: "no tenant of cloud public owns the domain contoso.example",
    code: "AADSTS90002",
    status: 400,
    uncertain: false,
    hint: "check --tenant and --cloud",
  });
});

test.each([
  ["an authority without tenants", reply(200, { issuer: "https://adfs.local.example/adfs" }), 200],
  ["a gateway's refusal", reply(403, "<html>no</html>"), 403],
])("%s leaves open who owns a domain", async (_, answer, status) => {
  const { findTenantId } = open({ [ASKED_DOMAIN]: answer });

  expect(await refusalOf(findTenantId("contoso.example"))).toEqual({
    kind: "failed",
    message: "the sign-in service does not say which tenant owns contoso.example",
    status,
    uncertain: false,
    hint: "give the tenant's GUID as --tenant, or try again",
  });
});

test("a page in the place of the metadata is not taken for them", async () => {
  const { findTenantId } = open({
    [ASKED_DOMAIN]: reply(200, "<html>sign in to the hotel's network</html>"),
  });

  expect((await refusalOf(findTenantId("contoso.example")))["message"]).toBe(
    "the sign-in service answered something that is not JSON",
  );
});

test("the resource manager's clock is read from any answer", async () => {
  const asked = `GET ${ARM}/`;
  const { readServerTime } = open({
    [asked]: [reply(401, undefined, { date: "Sat, 21 Nov 2026 08:00:05 GMT" }), reply(401)],
  });

  expect(await readServerTime()).toEqual(new Date("2026-11-21T08:00:05Z"));
  expect(await readServerTime()).toBeUndefined();
});

test.each([
  ["nobody answers", lost("ECONNREFUSED"), "cannot reach management.azure.com"],
  ["the answer is lost", lost("ECONNRESET"), "the answer of management.azure.com was lost"],
])("where %s the clock is asked for once", async (_, outcome, message) => {
  const { readServerTime, wire } = open({ [`GET ${ARM}/`]: outcome });

  expect(await refusalOf(readServerTime())).toMatchObject({ message });
  expect(wire.seen).toHaveLength(1);
});

test("whoever asks for the clock may give up before the run does", async () => {
  const { readServerTime, wire } = open({ [`GET ${ARM}/`]: lost("ECONNREFUSED") });

  await expect(readServerTime(AbortSignal.abort())).rejects.toThrow("connection broke");
  expect(wire.seen).toHaveLength(1);
});

test("a redirect is an answer, and leads to no second host", async () => {
  const headers = { location: `https://attacker.example/subscriptions/${SUBSCRIPTION}` };
  const { findHomeTenant, wire } = open({ [ASKED_SUBSCRIPTION]: reply(302, undefined, headers) });

  expect(await refusalOf(findHomeTenant(SUBSCRIPTION))).toMatchObject({ status: 302, hint: "give --tenant" });
  expect(wire.seen).toHaveLength(1);
});

test("an interrupt ends the question for the clock as well", async () => {
  const { readServerTime, wire } = open({ [`GET ${ARM}/`]: lost("ECONNREFUSED") }, AbortSignal.abort());

  await expect(readServerTime(new AbortController().signal)).rejects.toThrow("connection broke");
  expect(wire.seen).toHaveLength(1);
});

test("the log shows neither query nor headers", async () => {
  const { readServerTime, log } = open({ [`GET ${ARM}/`]: reply(401) });

  await readServerTime();

  expect(log.map((line) => line.replace(/\d+ ms/, "0 ms"))).toEqual(["GET management.azure.com/ 401 0 ms"]);
});
