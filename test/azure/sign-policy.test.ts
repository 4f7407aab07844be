import { expect, test } from "vitest";
import type { AccessToken } from "@azure/core-auth";
import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { AuthKind } from "../../src/azure/auth-kind.ts";
import { findCloud } from "../../src/azure/clouds.ts";
import { createPipeline } from "../../src/azure/pipeline.ts";
import { openSignIn, SUBSCRIPTION, TENANT } from "./sign-in.ts";
import { ARM, createClock, openWire, refusalOf, reply, type Outcome } from "./wire.ts";

const URL = `${ARM}/subscriptions`;
const CLAIMS = "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWV9fX0=";

function refused(code: string, challenge = ""): Outcome {
  const header = `Bearer authorization_uri="https://login.microsoftonline.com/x", error="e"${challenge}`;
  return reply(401, { error: { code, message: "Words." } }, { "www-authenticate": header });
}

const DEMAND = refused("AuthenticationFailed", `, claims="${CLAIMS}"`);

interface Asked {
  /** Claims of each token that was asked for. */
  claims: (string | undefined)[];
  forgotten: string[];
  /** The token on each request so far. */
  sent(): (string | undefined)[];
  response: Promise<number>;
}

/** Sends one request with tokens that are numbered in the order in which they are given. */
function send(outcomes: Outcome[], kind: AuthKind = "environment"): Asked {
  const wire = openWire({ [`GET ${URL}`]: outcomes });
  const asked: Asked = {
    claims: [],
    forgotten: [],
    sent: () => wire.requests.map(({ authorization }) => authorization?.replace("Bearer ", "")),
    response: Promise.resolve(0),
  };
  let kept: string | undefined;
  const credential = {
    async getToken(_: string | string[], options: { claims?: string } = {}): Promise<AccessToken> {
      if (kept === undefined || options.claims !== undefined) {
        asked.claims.push(options.claims);
        kept = `token-${asked.claims.length}`;
      }
      return { token: kept, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
    },
    forget(token: string): void {
      asked.forgotten.push(token);
      kept = undefined;
    },
  };
  const pipeline = createPipeline({
    credential,
    scope: `${ARM}/.default`,
    signedInto: { kind, tenantId: TENANT, cloud: findCloud("public", {}) },
    hosts: ["management.azure.com"],
    clock: createClock(),
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    log: () => {},
    onWait: () => {},
  });
  const request = createPipelineRequest({ url: URL, headers: createHttpHeaders() });
  asked.response = pipeline.sendRequest(wire.httpClient, request).then(({ status }) => status);
  return asked;
}

test.each(["ExpiredAuthenticationToken", "InvalidAuthenticationToken"])(
  "%s is answered once with a token that is really new",
  async (code) => {
    const asked = send([refused(code), reply(200, {})]);

    expect(await asked.response).toBe(200);
    expect(asked.forgotten).toEqual(["token-1"]);
    expect(asked.sent()).toEqual(["token-1", "token-2"]);
  },
);

test("a new token that is refused as well ends it", async () => {
  const code = "ExpiredAuthenticationToken";
  const asked = send([refused(code), refused(code)]);

  expect(await refusalOf(asked.response)).toMatchObject({ kind: "auth", code });
  expect(asked.sent()).toEqual(["token-1", "token-2"]);
});

test("a token of the wrong tenant is not sent a second time", async () => {
  const code = "InvalidAuthenticationTokenTenant";
  const asked = send([refused(code)]);

  expect(await refusalOf(asked.response)).toMatchObject({ kind: "auth", code });
  expect(asked.forgotten).toEqual([]);
  expect(asked.sent()).toEqual(["token-1"]);
});

test("an error that repeats the token is shown without it", async () => {
  const asked = send([reply(400, { error: { code: "Bad", message: "What is token-1?" } })]);

  expect(await refusalOf(asked.response)).toMatchObject({ code: "Bad", message: "What is ***?" });
});

test("a claims challenge is answered once with a token that has the claims", async () => {
  const asked = send([DEMAND, reply(200, {})]);

  expect(await asked.response).toBe(200);
  expect(asked.claims).toEqual([undefined, Buffer.from(CLAIMS, "base64").toString("utf8")]);
  expect(asked.forgotten).toEqual(["token-1"]);
  expect(asked.sent()).toEqual(["token-1", "token-2"]);
});

test("a stale token may be challenged after it was replaced", async () => {
  const asked = send([refused("ExpiredAuthenticationToken"), DEMAND, reply(200, {})]);

  expect(await asked.response).toBe(200);
  expect(asked.sent()).toEqual(["token-1", "token-2", "token-3"]);
});

test.each([
  [
    "environment",
    "--auth environment cannot satisfy it: use --auth cli, browser or device, or ask the tenant's administrator",
  ],
  ["device", `run azwise login --tenant ${TENANT} --auth device --claims-challenge ${CLAIMS}`],
  ["cli", `run az login --tenant ${TENANT} --claims-challenge ${CLAIMS} --scope ${ARM}/.default`],
] as const)("claims that %s still lacks lead to the command, claims unchanged", async (kind, hint) => {
  const asked = send([DEMAND, DEMAND], kind);

  expect(await refusalOf(asked.response)).toEqual({
    kind: "auth",
    message: "Azure asks for a stronger sign-in",
    code: "insufficient_claims",
    hint,
    uncertain: false,
  });
  expect(asked.sent()).toEqual(["token-1", "token-2"]);
});

test("claims that are not base64 are not repeated in any command", async () => {
  const asked = send([refused("AuthenticationFailed", `, claims="; rm -rf $HOME"`)]);

  const refusal = await refusalOf(asked.response);

  expect(refusal).toMatchObject({ kind: "auth", code: "AuthenticationFailed" });
  expect(JSON.stringify(refusal)).not.toContain("rm -rf");
});

test("a secret's token that is refused is replaced by one that Entra was asked for anew", async () => {
  const { connect, seen } = await openSignIn({
    edit: (world) => {
      world.faults = [{ name: "expired-token", match: {}, times: 1, skip: 1 }];
    },
  });

  const { azure } = await connect();
  await azure.subscriptions.get(SUBSCRIPTION);

  expect(seen.map((line) => line.split(" ")[0])).toEqual(["POST", "GET", "GET", "POST", "GET"]);
});
