import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RestError, type HttpClient } from "@azure/core-rest-pipeline";
import { expect, onTestFinished, test } from "vitest";
import { createTokenStore } from "../../src/azure/token-store.ts";
import { json, openSignIn, OTHER_TENANT, TENANT, tokenOf } from "./sign-in.ts";
import { doublings, refusalOf } from "./wire.ts";

const LOGIN = "login.microsoftonline.com";

test("the sandbox's Entra refuses a wrong secret in the same way, and the secret is not repeated", async () => {
  const { connect } = await openSignIn({ env: { AZURE_CLIENT_SECRET: "guessed-wrong" } });

  const refusal = await refusalOf(connect());

  expect(refusal).toMatchObject({ kind: "auth", code: "AADSTS7000215" });
  expect(JSON.stringify(refusal)).not.toContain("guessed-wrong");
});

test.each([
  ["without Retry-After", {}, [0]],
  ["with Retry-After", { "retry-after": "2" }, [0]],
])("a throttled sign-in %s waits and asks again", async (_, headers, pauses) => {
  let tries = 0;
  const { connect, clock } = await openSignIn({
    before({ url }) {
      if (!url.includes("/oauth2/")) return undefined;
      tries += 1;
      return tries === 1 ? json(429, { error: "temporarily_unavailable" }, headers) : undefined;
    },
  });

  await connect();

  expect(tries).toBe(2);
  expect(doublings(clock.slept)).toEqual(pauses);
});

test.each([
  [500, '{"error":"server_error"}'],
  [503, "<html>"],
])("a sign-in service that stays broken is not taken for a refusal: HTTP %i", async (status, body) => {
  const { connect, seen } = await openSignIn({
    before: () => ({ status, headers: { "content-type": "text/html" }, body }),
  });

  expect(await refusalOf(connect())).toEqual({
    kind: "failed",
    message: `${LOGIN} answered HTTP ${status}`,
    status,
    uncertain: false,
    hint: "try again later",
  });
  expect(seen).toHaveLength(4);
});

test("a page in the place of a token is named as such", async () => {
  const { connect } = await openSignIn({
    before: () => ({ status: 200, headers: { "content-type": "text/html" }, body: "<html>sign in to Wi-Fi" }),
  });

  expect(await refusalOf(connect())).toEqual({
    kind: "failed",
    message: `${LOGIN} answered HTTP 200 with something that is not JSON`,
    status: 200,
    uncertain: false,
    hint: "check that no proxy or portal answers in its place, and --cloud",
  });
});

test("a portal that forbids the sign-in is not taken for a subscription that may not be read", async () => {
  const { connect, seen } = await openSignIn({
    before: () => ({ status: 403, headers: { "content-type": "text/html" }, body: "<html>not here" }),
  });

  expect(await refusalOf(connect())).toMatchObject({ kind: "failed", status: 403 });
  expect(seen).toHaveLength(1);
});

test.each([
  ["SELF_SIGNED_CERT_IN_CHAIN", `the certificate of ${LOGIN} is not trusted`, 1],
  ["ENOTFOUND", `cannot reach ${LOGIN}`, 4],
])("%s on the way to the sign-in is reported as itself, not reworded", async (code, message, requests) => {
  let sent = 0;
  const httpClient: HttpClient = {
    async sendRequest(request) {
      sent += 1;
      throw new RestError("broke", { code, request });
    },
  };
  const { connect } = await openSignIn({ httpClient });

  expect(await refusalOf(connect())).toMatchObject({ kind: "failed", message, code });
  expect(sent).toBe(requests);
});

test("a lost answer to a token request is asked for again, as that changes nothing", async () => {
  const { connect, seen } = await openSignIn({
    edit: (world) => {
      world.faults = [{ name: "lost-after", match: { path: "/oauth2/" }, times: 1, skip: 0 }];
    },
  });

  await connect();

  expect(seen.filter((line) => line.includes("/oauth2/"))).toHaveLength(2);
});

test("a redirect does not carry the secret to another host", async () => {
  const { connect, seen } = await openSignIn({
    before: () => ({ status: 307, headers: { location: "https://attacker.example/token" }, body: "" }),
  });

  expect(await refusalOf(connect())).toMatchObject({
    kind: "failed",
    message: `${LOGIN} answered HTTP 307 with something that is not JSON`,
  });
  expect(seen).toEqual([`POST https://${LOGIN}/${TENANT}/oauth2/v2.0/token`]);
});

test("a step-up challenge is answered once with a new token", async () => {
  const { connect, seen } = await openSignIn({
    edit: (world) => {
      world.faults = [{ name: "claims-challenge", match: {}, times: 1, skip: 0 }];
    },
  });

  await connect();

  expect(seen.map((line) => line.split(" ")[0])).toEqual(["POST", "GET", "POST", "GET"]);
});

test("a token of another tenant is neither kept nor sent", async () => {
  const folder = await mkdtemp(join(tmpdir(), "azwise-credential-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const access_token = tokenOf({ tid: OTHER_TENANT });
  const { connect, seen } = await openSignIn({
    tokens: createTokenStore({ folder, warn: () => {} }),
    before: () => json(200, { token_type: "Bearer", expires_in: 86_400, access_token }),
  });

  expect(await refusalOf(connect())).toMatchObject({ kind: "auth", code: "WrongTenant" });
  expect(seen).toHaveLength(1);
  expect(await readdir(folder)).toEqual([]);
});
