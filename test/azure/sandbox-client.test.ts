import { expect, test } from "vitest";
import { findCloud } from "../../src/azure/clouds.ts";
import { openTenant } from "../../src/azure/connect.ts";
import { createSandboxClient } from "../../src/azure/sandbox-client.ts";
import { openSandbox } from "../../src/sandbox/open.ts";
import { loadBundledWorld } from "../../src/sandbox/world-file.ts";
import { openSignIn, SUBSCRIPTION, TENANT } from "./sign-in.ts";
import { createClock, refusalOf } from "./wire.ts";

const SANDBOX = findCloud("sandbox", {});
const TOKEN_REQUEST = `POST https://login.sandbox.invalid/${TENANT}/oauth2/v2.0/token`;

test("one sign-in serves many requests", async () => {
  const { connect, seen } = await openSignIn({ cloud: SANDBOX });
  const { azure } = await connect();

  await azure.subscriptions.get(SUBSCRIPTION);
  await azure.subscriptions.get(SUBSCRIPTION);

  expect(seen.filter((line) => line === TOKEN_REQUEST)).toHaveLength(1);
});

test("a token that expired by the sandbox's clock is renewed", async () => {
  const { connect, clock, seen } = await openSignIn({ cloud: SANDBOX });
  const { azure } = await connect();

  await clock.sleep(3 * 3_600_000);

  await expect(azure.subscriptions.get(SUBSCRIPTION)).resolves.toMatchObject({ id: SUBSCRIPTION });
  expect(seen.filter((line) => line === TOKEN_REQUEST)).toHaveLength(2);
});

test("a step-up challenge makes it ask for a new token", async () => {
  const { connect, seen } = await openSignIn({
    cloud: SANDBOX,
    edit: (world) => {
      world.faults = [{ name: "claims-challenge", match: {}, times: 1, skip: 0 }];
    },
  });

  await connect();

  expect(seen.filter((line) => line === TOKEN_REQUEST)).toHaveLength(2);
});

test("a lasting challenge is satisfied, as the claims go into the token request", async () => {
  const { connect } = await openSignIn({
    cloud: SANDBOX,
    edit: (world) => {
      world.faults = [{ name: "claims-challenge", match: {}, times: 9, skip: 0 }];
    },
  });

  await expect(connect()).resolves.toMatchObject({ subscription: { id: SUBSCRIPTION } });
});

test.for([
  [true, { token: expect.any(String) }],
  [false, { code: "AADSTS50076" }],
] as const)("with interactive %s a second factor is answered accordingly", async ([interactive, outcome]) => {
  const world = (await loadBundledWorld("enterprise"))!;
  const clock = createClock();
  const sandbox = openSandbox({ world, now: clock.now });
  const { credential, scope } = await openTenant(
    { cloud: SANDBOX, tenantId: world.tenants[10]!.tenantId, auth: "auto", interactive },
    {
      env: {},
      clock,
      httpClient: createSandboxClient((request) => sandbox.answer(request)),
      signal: new AbortController().signal,
      timeoutMs: 1000,
      log: () => {},
      onWait: () => {},
    },
  );

  const answer = await credential.getToken(scope).catch((error: unknown) => error);

  expect(answer).toMatchObject(outcome);
});

test("sign-in requests are in the log", async () => {
  const { connect, log } = await openSignIn({ cloud: SANDBOX });

  await connect();

  expect(log[0]).toMatch(/^POST login\.sandbox\.invalid\/\S+\/oauth2\/v2\.0\/token 200 \d+ ms/);
});

test("a tenant that the world does not know is refused as Entra does", async () => {
  const { connect } = await openSignIn({ cloud: SANDBOX, tenantId: "a0000000-0000-4000-8000-0000000000ff" });

  expect(await refusalOf(connect())).toEqual({
    kind: "auth",
    message: "sign-in was refused",
    code: "AADSTS90002",
    uncertain: false,
    hint: "no such tenant in cloud sandbox: check --tenant and --cloud",
  });
});
