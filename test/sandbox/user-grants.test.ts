import { createHash } from "node:crypto";
import { DeviceCodeCredential } from "@azure/identity";
import { expect, test } from "vitest";
import { createSandboxClient } from "../../src/azure/sandbox-client.ts";
import type { Sandbox } from "../../src/sandbox/open.ts";
import { readToken } from "../../src/sandbox/token.ts";
import {
  ADA,
  ADA_AS_GUEST,
  ADA_AT_HOME,
  addAda,
  LOGIN,
  openCloud,
  OTHER_TENANT,
  postForm,
  request,
  SCOPE,
  TENANT,
  type Answer,
  type Cloud,
} from "./azure.ts";

const CLIENT_ID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
const REDIRECT = "http://localhost:8400";
const VERIFIER = "a-verifier-that-only-the-client-knows-0123456789";
const FORM = { client_id: CLIENT_ID, scope: `${SCOPE} openid profile offline_access` };

function withAda(refusal?: number): Promise<Cloud> {
  return openCloud({ edit: (world) => addAda(world, refusal) });
}

function postGrant(sandbox: Sandbox, form: Record<string, string>, tenant = TENANT): Promise<Answer> {
  return postForm(sandbox, `${tenant}/oauth2/v2.0/token`, { ...FORM, ...form });
}

function payloadOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
}

async function startDevice(sandbox: Sandbox, tenant = TENANT): Promise<Answer> {
  return postForm(sandbox, `${tenant}/oauth2/v2.0/devicecode`, FORM);
}

/** What the browser is sent back with. */
async function authorize(
  sandbox: Sandbox,
  query: Record<string, string> = {},
  tenant = TENANT,
): Promise<URLSearchParams> {
  const asked = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: "code",
    redirect_uri: REDIRECT,
    state: "of-the-client",
    nonce: "once",
    code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
    code_challenge_method: "S256",
    ...query,
  });
  const url = `${LOGIN}/${tenant}/oauth2/v2.0/authorize?${asked.toString()}`;
  const answer = await request(sandbox, { method: "GET", url, headers: {}, body: "" });
  const [address, back] = (answer.headers["location"] ?? "").split("?");
  expect([answer.status, address]).toEqual([302, REDIRECT]);
  return new URLSearchParams(back);
}

function codeForm(code: string | null, more: Record<string, string> = {}): Record<string, string> {
  const proof = { redirect_uri: REDIRECT, code_verifier: VERIFIER, ...more };
  return { grant_type: "authorization_code", code: code ?? "", ...proof };
}

test("a device sign-in begins with a code and where to enter it", async () => {
  const { sandbox } = await withAda();

  const { status, body } = await startDevice(sandbox);

  expect(status).toBe(200);
  expect(body).toEqual({
    user_code: expect.stringMatching(/^[0-9A-F]{8}$/),
    device_code: expect.stringMatching(/^sandbox-device-/),
    verification_uri: "https://microsoft.com/devicelogin",
    expires_in: 900,
    interval: 5,
    message: `To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ${body.user_code} to authenticate.`,
  });
});

test("a device code is pending once, then buys the user's tokens", async () => {
  const { sandbox } = await withAda();
  const { body: device } = await startDevice(sandbox);
  const form = { grant_type: DEVICE_CODE, device_code: device.device_code };

  const pending = await postGrant(sandbox, form);
  const { body } = await postGrant(sandbox, form);

  const { access_token: token, id_token: idToken, refresh_token: refresh, client_info: info, ...rest } = body;
  expect([pending.status, pending.body.error, pending.body.error_codes]).toEqual([
    400,
    "authorization_pending",
    [70016],
  ]);
  expect(rest).toEqual({
    token_type: "Bearer",
    expires_in: 3599,
    ext_expires_in: 3599,
    scope: "https://management.azure.com/user_impersonation https://management.azure.com/.default",
  });
  expect(readToken(token)).toMatchObject({ tid: TENANT, oid: ADA_AT_HOME, upn: ADA, appid: CLIENT_ID });
  expect(payloadOf(idToken)).toMatchObject({ aud: CLIENT_ID, tid: TENANT, preferred_username: ADA });
  expect(JSON.parse(Buffer.from(info, "base64url").toString())).toEqual({ uid: ADA_AT_HOME, utid: TENANT });
  expect(refresh).toMatch(/^sandbox-refresh-/);
});

test("a person who enters the code clears the second factor", async () => {
  const { sandbox, world } = await withAda(50076);
  const { body: device } = await startDevice(sandbox, OTHER_TENANT);
  const form = { grant_type: DEVICE_CODE, device_code: device.device_code };

  await postGrant(sandbox, form, OTHER_TENANT);
  const { status } = await postGrant(sandbox, form, OTHER_TENANT);

  expect(status).toBe(200);
  expect(world.users[0]?.memberships[1]).not.toHaveProperty("refusal");
});

test("nobody can enter a code where there are no users", async () => {
  const { sandbox } = await openCloud();

  const { status, body } = await startDevice(sandbox);

  expect([status, body.error_codes]).toEqual([400, [50034]]);
});

test("the SDK's device credential signs in, as MSAL finds all that it checks", async () => {
  const { sandbox, world } = await withAda();
  world.settings.devicePollSeconds = 0;
  const messages: string[] = [];
  const credential = new DeviceCodeCredential({
    tenantId: TENANT,
    authorityHost: LOGIN,
    userPromptCallback: ({ message }) => void messages.push(message),
    httpClient: createSandboxClient((asked) => sandbox.answer(asked)),
  });

  const account = await credential.authenticate(SCOPE, { enableCae: true });
  const token = await credential.getToken(SCOPE, { enableCae: true });

  expect(messages).toHaveLength(1);
  expect(account).toMatchObject({
    homeAccountId: `${ADA_AT_HOME}.${TENANT}`,
    tenantId: TENANT,
    username: ADA,
  });
  expect(readToken(token.token)).toMatchObject({ oid: ADA_AT_HOME });
});

test("the browser comes back with the state and a code, which buys tokens with the nonce", async () => {
  const { sandbox } = await withAda();

  const back = await authorize(sandbox);
  const { status, body } = await postGrant(sandbox, codeForm(back.get("code")));

  expect([...back.keys()]).toEqual(["code", "state"]);
  expect(back.get("state")).toBe("of-the-client");
  expect(status).toBe(200);
  expect(payloadOf(body.id_token)).toMatchObject({ nonce: "once", oid: ADA_AT_HOME });
});

test.for([
  ["another verifier", { code_verifier: "guessed" }, 501481],
  ["no verifier", { code_verifier: "" }, 501481],
  ["another reply address", { redirect_uri: "http://localhost:1" }, 500112],
  ["another code", { code: "sandbox-code-e30" }, 70000],
  ["a refresh token in the place of the code", { code: "sandbox-refresh-e30" }, 70000],
] as const)("a code is refused with %s", async ([, more, aadsts]) => {
  const { sandbox } = await withAda();
  const back = await authorize(sandbox);

  const { status, body } = await postGrant(sandbox, codeForm(back.get("code"), more));

  expect([status, body.error, body.error_codes]).toEqual([400, "invalid_grant", [aadsts]]);
});

test("what a person cannot clear sends the browser back with the reason", async () => {
  const { sandbox } = await withAda(53003);

  const back = await authorize(sandbox, {}, OTHER_TENANT);

  expect(Object.fromEntries(back)).toEqual({
    error: "invalid_grant",
    error_description: expect.stringMatching(/^AADSTS53003: /),
    state: "of-the-client",
  });
});

test("a hint that nobody answers to is refused", async () => {
  const { sandbox } = await withAda();

  const known = await authorize(sandbox, { login_hint: ADA.toUpperCase() });
  const unknown = await authorize(sandbox, { login_hint: "eve@contoso.com" });

  expect(known.has("code")).toBe(true);
  expect(unknown.get("error_description")).toMatch(/^AADSTS50034: /);
});

test("a refresh token goes on without a person, in every tenant that knows the user", async () => {
  const { sandbox } = await withAda();
  const back = await authorize(sandbox);
  const { body: first } = await postGrant(sandbox, codeForm(back.get("code")));
  const form = { grant_type: "refresh_token", refresh_token: first.refresh_token };

  const here = await postGrant(sandbox, form);
  const there = await postGrant(sandbox, form, OTHER_TENANT);

  expect(readToken(here.body.access_token)).toMatchObject({ tid: TENANT, oid: ADA_AT_HOME });
  expect(readToken(there.body.access_token)).toMatchObject({ tid: OTHER_TENANT, oid: ADA_AS_GUEST });
});

test.for([
  [50076, "basic_action"],
  [700082, undefined],
] as const)("a refresh token cannot satisfy %d", async ([refusal, suberror]) => {
  const { sandbox } = await withAda(refusal);
  const back = await authorize(sandbox);
  const { body: first } = await postGrant(sandbox, codeForm(back.get("code")));
  const form = { grant_type: "refresh_token", refresh_token: first.refresh_token };

  const { body } = await postGrant(sandbox, form, OTHER_TENANT);

  expect([body.error_codes, body.suberror]).toEqual([[refusal], suberror]);
});

test("a user whom the tenant does not know is refused there", async () => {
  const { sandbox, world } = await withAda();
  const back = await authorize(sandbox);
  const { body: first } = await postGrant(sandbox, codeForm(back.get("code")));
  world.users[0]?.memberships.pop();

  const form = { grant_type: "refresh_token", refresh_token: first.refresh_token };
  const { body } = await postGrant(sandbox, form, OTHER_TENANT);

  expect([body.error, body.error_codes]).toEqual(["invalid_grant", [50020]]);
});
