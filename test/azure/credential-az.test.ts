import { resolve } from "node:path";
import { expect, test } from "vitest";
import { findCloud } from "../../src/azure/clouds.ts";
import { putOnPath } from "./on-path.ts";
import { openSignIn, OTHER_TENANT, SUBSCRIPTION, TENANT, tokenOf } from "./sign-in.ts";
import { refusalOf } from "./wire.ts";

const TOKEN = tokenOf({ tid: TENANT, oid: "o", aud: "https://management.azure.com", exp: 1795300000 });
const ARM_REQUEST = `GET https://management.azure.com/subscriptions/${SUBSCRIPTION}`;
const LOGIN = `run az login --tenant ${TENANT}`;

function printing(answer: Record<string, unknown>): string {
  return `echo '${JSON.stringify({ accessToken: TOKEN, ...answer })}'`;
}

function failing(text: string): string {
  return `cat >&2 <<'END'\n${text}\nEND\nexit 1`;
}

const GIVEN = printing({ expires_on: 1795300000, expiresOn: "2001-01-01 00:00:00.000000" });

test("az is asked once, for the tenant and never for the subscription", async () => {
  const { env, runs } = putOnPath({ az: GIVEN });
  const { connect, seen } = await openSignIn({ auth: "cli", env });

  const { azure } = await connect();
  await azure.subscriptions.get(SUBSCRIPTION);

  expect(runs()).toEqual([
    `az account get-access-token --output json --scope https://management.azure.com/.default --tenant ${TENANT}`,
  ]);
  expect(seen).toEqual([ARM_REQUEST, ARM_REQUEST]);
});

test("a relative AZURE_CONFIG_DIR is refused: az would read it elsewhere than azwise", async () => {
  const { env, runs } = putOnPath({ az: GIVEN });
  const { connect } = await openSignIn({ auth: "cli", env: { ...env, AZURE_CONFIG_DIR: "its az" } });

  expect(await refusalOf(connect())).toEqual({
    kind: "usage",
    message: "AZURE_CONFIG_DIR must be an absolute path",
    hint: `export AZURE_CONFIG_DIR='${resolve("its az")}'`,
  });
  expect(runs()).toEqual([]);
});

test("az's token of another tenant is refused before any request carries it", async () => {
  const { env } = putOnPath({
    az: printing({ accessToken: tokenOf({ tid: OTHER_TENANT }), expires_on: 9e9 }),
  });
  const { connect, seen } = await openSignIn({ auth: "cli", env });

  expect(await refusalOf(connect())).toMatchObject({ kind: "auth", code: "WrongTenant" });
  expect(seen).toEqual([]);
});

test.each([
  ["expires_on, in seconds", { expires_on: 1795300000, expiresOn: "2001-01-01 00:00:00.000000" }],
  ["expires_on as a text", { expires_on: "1795300000" }],
  ["expiresOn alone, in local time", { expiresOn: localTime(new Date(1795300000_000)) }],
])("a token lasts as %s says", async (_, answer) => {
  const { env, runs } = putOnPath({ az: printing(answer) });
  const { connect, clock } = await openSignIn({ auth: "cli", env });
  const { azure } = await connect();

  // Five minutes before the end a new one is asked for.
  await clock.sleep(1795300000_000 - clock.now().getTime() - 301_000);
  await azure.subscriptions.get(SUBSCRIPTION);
  const before = runs().length;
  await clock.sleep(2000);
  await azure.subscriptions.get(SUBSCRIPTION);

  expect([before, runs().length]).toEqual([1, 2]);
});

function localTime(time: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":")}.000000`;
}

test.each([
  [
    "AADSTS50076: Due to a configuration change, you must use multi-factor authentication.\nPlease run: az login --scope x",
    {
      message: "sign-in was refused",
      code: "AADSTS50076",
      hint: `multi-factor authentication is required: ${LOGIN}`,
    },
  ],
  [
    "ERROR: AADSTS700082: The refresh token has expired due to inactivity.\nInteractive authentication is needed. Please run:\naz login",
    {
      message: "sign-in was refused",
      code: "AADSTS700082",
      hint: `the sign-in was unused for too long: ${LOGIN}`,
    },
  ],
  ["ERROR: Please run 'az login' to setup account.", { message: "az is not signed in", hint: LOGIN }],
  [
    "ERROR: something with a secret eyJ0eXAi in it",
    {
      message: "az gave no token (exit 1)",
      hint: `run az account get-access-token --tenant ${TENANT} --output none to see why`,
    },
  ],
])("az's refusal (%#) becomes one line with its code", async (text, expected) => {
  const { env } = putOnPath({ az: failing(text) });
  const { connect, seen } = await openSignIn({ auth: "cli", env });

  expect(await refusalOf(connect())).toEqual({ kind: "auth", uncertain: false, ...expected });
  expect(seen).toEqual([]);
});

test.each([
  "HTTPSConnectionPool(host='login.microsoftonline.com', port=443): Max retries exceeded with url: /x (Caused by NewConnectionError('refused'))",
  "NameResolutionError: Failed to resolve 'login.microsoftonline.com'. Please run az login",
  "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 secret'))",
  "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain",
])("a broken way (%#) is not taken for a refusal", async (text) => {
  const { env } = putOnPath({ az: failing(text) });
  const { connect } = await openSignIn({ auth: "cli", env });

  expect(await refusalOf(connect())).toEqual({
    kind: "failed",
    message: "az cannot reach Microsoft Entra",
    hint: "check the network, HTTPS_PROXY and REQUESTS_CA_BUNDLE",
    uncertain: false,
  });
});

test.each([
  ["no JSON", "echo hello"],
  ["null", "echo null"],
  ["no token", printing({ accessToken: undefined, expires_on: 1795300000 })],
  ["no end", printing({})],
])("an answer with %s is not a token", async (_, script) => {
  const { env } = putOnPath({ az: script });
  const { connect } = await openSignIn({ auth: "cli", env });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: "az answered something that is not a token",
    hint: "run az version, and update az when it is old",
    uncertain: false,
  });
});

test("without az on the path it is said to be missing", async () => {
  const { folder } = putOnPath({});
  const { connect } = await openSignIn({ auth: "cli", env: { PATH: folder } });

  expect(await refusalOf(connect())).toMatchObject({ kind: "auth", code: "AzNotFound" });
});

test("claims start no az, and lead to the command that satisfies them, claims unchanged", async () => {
  const { env, runs } = putOnPath({ az: GIVEN });
  const claims = Buffer.from('{"access_token":{"acrs":{"essential":true,"values":["p1"]}}}').toString(
    "base64",
  );
  const challenge = `Bearer error="insufficient_claims", claims="${claims}"`;
  const { connect } = await openSignIn({
    auth: "cli",
    env,
    before: () => ({ status: 401, headers: { "www-authenticate": challenge }, body: "" }),
  });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: "Azure asks for a stronger sign-in",
    code: "insufficient_claims",
    uncertain: false,
    hint: `${LOGIN} --claims-challenge ${claims} --scope https://management.azure.com/.default`,
  });
  expect(runs()).toHaveLength(1);
});

test("in another cloud az is asked for that cloud's resource manager, and told to change over", async () => {
  const { env, runs } = putOnPath({ az: failing("Please run 'az login'") });
  const { connect } = await openSignIn({ auth: "cli", env, cloud: findCloud("usgov", {}) });

  expect(await refusalOf(connect())).toMatchObject({
    hint: `run az cloud set --name AzureUSGovernment && az login --tenant ${TENANT}`,
  });
  expect(runs()[0]).toContain("--scope https://management.usgovcloudapi.net/.default");
});

test("Ctrl-C ends an az that does not answer", async () => {
  const { env, runs } = putOnPath({ az: "exec sleep 60" });
  const interrupted = new AbortController();
  const { connect } = await openSignIn({ auth: "cli", env, signal: interrupted.signal });

  const connecting = connect();
  await expect.poll(runs).toHaveLength(1);
  interrupted.abort();

  await expect(connecting).rejects.toHaveProperty("name", "AbortError");
});

test("--timeout holds for az too", async () => {
  const { env } = putOnPath({ az: "sleep 60" });
  const { connect } = await openSignIn({ auth: "cli", env, timeoutMs: 200 });

  expect(await refusalOf(connect())).toMatchObject({ kind: "timeout", message: "az did not answer in time" });
});
