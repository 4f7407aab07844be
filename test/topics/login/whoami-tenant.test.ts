import { expect, test } from "vitest";
import { findCloud } from "../../../src/azure/clouds.ts";
import type { LoginPort, SignedIn } from "../../../src/azure/login-ports.ts";
import { createLogin } from "../../../src/azure/login.ts";
import { createSandboxClient } from "../../../src/azure/sandbox-client.ts";
import { openSandbox } from "../../../src/sandbox/open.ts";
import { whoami } from "../../../src/topics/login/whoami.ts";
import type { View } from "../../../src/output/view.ts";
import { loadWorld, NOW, openDriver, OTHER_TENANT } from "../../harness.ts";
import { given } from "../../azure/given.ts";
import { json, tokenOf } from "../../azure/sign-in.ts";
import { FOREIGN } from "./context-host.ts";

interface Port {
  login: LoginPort;
  /** "METHOD path" of each request. */
  seen: string[];
}

/** The real sign-in over the contoso world, asked for a subscription alone; `token` is in every token's stead. */
async function openPort(token?: string): Promise<Port> {
  const sandbox = openSandbox({ world: await loadWorld(), now: () => NOW });
  const seen: string[] = [];
  const httpClient = createSandboxClient(async (request) => {
    seen.push(`${request.method} ${new URL(request.url).pathname}`);
    const isToken = token !== undefined && request.method === "POST";
    return isToken ? json(200, { access_token: token, expires_in: 3599 }) : sandbox.answer(request);
  });
  const login = createLogin({
    flags: { subscriptions: [FOREIGN] },
    wanted: {
      cloud: findCloud("sandbox", {}),
      cloudFrom: "AZWISE_CLOUD",
      cloudBy: "variable",
      tenant: undefined,
      subscriptions: [given(FOREIGN, "--subscription")],
      auth: given("auto", "default"),
    },
    settings: { pin: {}, context: {}, clouds: {} },
    azProfile: { file: "", state: "missing", accounts: [], modified: undefined },
    run: {
      env: {},
      clock: {
        now: () => sandbox.now(),
        elapsed: () => sandbox.elapsed(),
        sleep: (ms, signal) => sandbox.sleep(ms, signal),
      },
      httpClient,
      signal: new AbortController().signal,
      timeoutMs: 60_000,
      log: () => {},
      onWait: () => {},
    },
  });
  return { login, seen };
}

async function view(login: LoginPort): Promise<View> {
  const { ctx } = await openDriver();
  return whoami.view(await whoami.run({ allTools: false }, { ...ctx, login: async () => login }));
}

test("with a subscription alone, its own challenge names the tenant", async () => {
  const { login, seen } = await openPort();

  const { data, exit } = await view(login);

  expect(exit).toBe(0);
  expect(data).toMatchObject({
    tenant: { id: OTHER_TENANT, from: "the subscription's challenge" },
    subscription: { id: FOREIGN, name: "Fabrikam Production" },
  });
  expect(seen.slice(0, 2)).toEqual([
    `GET /subscriptions/${FOREIGN}`,
    `POST /${OTHER_TENANT}/oauth2/v2.0/token`,
  ]);
});

test("an opaque token does not say whose it is", async () => {
  const { login } = await openPort();
  const nobody = { kind: "unknown", id: undefined, name: undefined, appId: undefined } as const;
  const signIn: LoginPort["signIn"] = async (request): Promise<SignedIn> => ({
    ...(await login.signIn(request)),
    principal: nobody,
  });

  const { data, tables } = await view({ ...login, signIn });

  expect(data["principal"]).toEqual({ kind: "unknown", id: null, name: null, appId: null });
  expect(tables[0]?.rows.map(({ cells }) => cells)).toContainEqual([
    "principal",
    { text: "unknown, because the token is opaque", tone: "warn" },
    null,
  ]);
});

test.each([
  ["of a tenant says so", { tid: OTHER_TENANT.toUpperCase() }, true],
  ["that names none leaves it at what was asked for", { oid: "o" }, false],
])("a token %s", async (_, claims, saysTenant) => {
  const { login } = await openPort(tokenOf(claims));

  expect(await login.signIn({ tenantId: OTHER_TENANT })).toMatchObject({
    tenantId: OTHER_TENANT,
    saysTenant,
  });
});
