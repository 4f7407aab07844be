import { expect, test } from "vitest";
import { readToken } from "../../src/sandbox/token.ts";
import {
  CLIENT,
  LOGIN,
  openCloud,
  OTHER_CLIENT,
  OTHER_TENANT,
  postToken,
  request,
  START,
  TENANT,
} from "./azure.ts";

const NOW = START.getTime() / 1000;

test("a client secret buys a bearer token of its tenant that lasts an hour less a second", async () => {
  const { sandbox } = await openCloud();

  const answer = await postToken(sandbox);

  const { access_token: token, ...rest } = answer.body;
  expect(answer.status).toBe(200);
  expect(rest).toEqual({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599 });
  expect(readToken(token)).toMatchObject({
    tid: TENANT,
    oid: "a2000000-0000-4000-8000-00000000000a",
    appid: CLIENT,
    aud: "https://management.azure.com",
    iss: `https://sts.windows.net/${TENANT}/`,
    iat: NOW,
    exp: NOW + 3599,
  });
});

test("two tokens of the same second differ", async () => {
  const { sandbox } = await openCloud();

  const [first, second] = [await postToken(sandbox), await postToken(sandbox)];

  expect(first.body.access_token).not.toBe(second.body.access_token);
});

test("a tenant may be named by its domain", async () => {
  const { sandbox } = await openCloud();

  const answer = await postToken(sandbox, { tenant: "contoso.com" });

  expect(readToken(answer.body.access_token)?.tid).toBe(TENANT);
});

test("a federated assertion stands in for the secret", async () => {
  const { sandbox } = await openCloud();
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    scope: "https://management.azure.com/.default",
    client_id: CLIENT,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: "a.b.c",
  });

  const answer = await request(sandbox, {
    method: "POST",
    url: `${LOGIN}/${TENANT}/oauth2/v2.0/token`,
    headers: {},
    body: form.toString(),
  });

  expect(answer.status).toBe(200);
});

test("a secret is checked even when no client id comes with it", async () => {
  const { sandbox } = await openCloud();

  const answer = await request(sandbox, {
    method: "POST",
    url: `${LOGIN}/${TENANT}/oauth2/v2.0/token`,
    headers: {},
    body: "grant_type=client_credentials&scope=https%3A%2F%2Fx%2F.default&client_secret=guess",
  });

  expect(answer.body.error).toBe("invalid_client");
});

test("without a client id the tenant's first application signs in", async () => {
  const { sandbox } = await openCloud();

  const answer = await request(sandbox, {
    method: "POST",
    url: `https://login.sandbox.invalid/${TENANT}/oauth2/v2.0/token`,
    headers: {},
    body: "grant_type=client_credentials&scope=https%3A%2F%2Fmanagement.sandbox.invalid%2F.default",
  });

  expect(readToken(answer.body.access_token)).toMatchObject({
    appid: CLIENT,
    aud: "https://management.sandbox.invalid",
  });
});

test.for([
  ["an unknown tenant", { tenant: "nowhere.example" }, 400, "invalid_tenant", 90002],
  ["a wrong secret", { form: { client_secret: "guess" } }, 401, "invalid_client", 7000215],
  [
    "an application of another tenant",
    { form: { client_id: OTHER_CLIENT } },
    400,
    "unauthorized_client",
    700016,
  ],
  ["the right application in the wrong tenant", { tenant: OTHER_TENANT }, 400, "unauthorized_client", 700016],
  ["a scope that is not .default", { form: { scope: "user.read" } }, 400, "invalid_scope", 70011],
  ["another grant type", { form: { grant_type: "password" } }, 400, "unsupported_grant_type", 70003],
] as const)("%s is refused in Entra's own shape", async ([, options, status, error, number]) => {
  const { sandbox } = await openCloud();

  const answer = await postToken(sandbox, options);

  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({
    error,
    error_description: expect.stringMatching(new RegExp(`^AADSTS${number}: .* Trace ID: `)),
    error_codes: [number],
    timestamp: "2026-11-21 08:00:00Z",
    trace_id: expect.any(String),
    correlation_id: expect.any(String),
    error_uri: `${LOGIN}/error?code=${number}`,
  });
});

test("the tenant's metadata leads back to the host that was asked", async () => {
  const { sandbox } = await openCloud();
  const base = `https://localhost:8443/${TENANT}`;

  const answer = await request(sandbox, {
    method: "GET",
    url: `${base}/v2.0/.well-known/openid-configuration`,
    headers: {},
    body: "",
  });

  expect(answer.body).toMatchObject({
    token_endpoint: `${base}/oauth2/v2.0/token`,
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
  });
});

test("without a tenant the issuer in the metadata is a pattern", async () => {
  const { sandbox } = await openCloud();

  const answer = await request(sandbox, {
    method: "GET",
    url: `${LOGIN}/organizations/v2.0/.well-known/openid-configuration`,
    headers: {},
    body: "",
  });

  expect(answer.body).toMatchObject({
    token_endpoint: `${LOGIN}/organizations/oauth2/v2.0/token`,
    issuer: `${LOGIN}/{tenantid}/v2.0`,
  });
});

test("instance discovery names the tenant's metadata", async () => {
  const { sandbox } = await openCloud();

  const answer = await request(sandbox, {
    method: "GET",
    url: `${LOGIN}/common/discovery/instance?api-version=1.1&authorization_endpoint=${LOGIN}/${TENANT}/oauth2/v2.0/authorize`,
    headers: {},
    body: "",
  });

  expect(answer.body).toMatchObject({
    tenant_discovery_endpoint: `${LOGIN}/${TENANT}/v2.0/.well-known/openid-configuration`,
    metadata: [{ preferred_network: "login.microsoftonline.com" }],
  });
});
