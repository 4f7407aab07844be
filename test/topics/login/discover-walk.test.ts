import { expect, test } from "vitest";
import { AzureError } from "../../../src/azure/azure-error.ts";
import type { AuthKind } from "../../../src/azure/auth-kind.ts";
import { findCloud } from "../../../src/azure/clouds.ts";
import type {
  LoginPort,
  SignedIn,
  SignInRequest,
  Tenant,
  VisibleSubscription,
} from "../../../src/azure/login-ports.ts";
import type { Context, Env } from "../../../src/context.ts";
import { startTenant, walkTenants } from "../../../src/topics/login/discover-walk.ts";
import { NOW } from "../../harness.ts";

interface Scene {
  tenants: string[];
  auth?: AuthKind;
  /** What one tenant's sign-in, or its list after the first page, throws. */
  signIn?: Record<string, Error>;
  list?: Record<string, Error>;
}

interface Directory {
  login: LoginPort;
  asked: SignInRequest[];
  /** Most sign-ins under way at once. */
  most: number;
}

/** An identity that is known in these tenants, one subscription in each; the first one is where it starts. */
function openDirectory({ tenants, auth = "environment", signIn = {}, list = {} }: Scene): Directory {
  let underWay = 0;
  const directory = { asked: [] as SignInRequest[], most: 0 };
  const login = {
    wanted: { cloud: findCloud("public", {}) },
    async signIn(request: SignInRequest) {
      directory.asked.push(request);
      underWay += 1;
      directory.most = Math.max(directory.most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      const { tenantId } = request;
      if (signIn[tenantId]) throw signIn[tenantId];
      return { auth, tenantId, ...listsOf(tenantId, tenants, list) };
    },
  };
  return Object.assign(directory, { login: login as unknown as LoginPort });
}

function listsOf(
  tenantId: string,
  tenants: readonly string[],
  list: Record<string, Error>,
): Pick<SignedIn, "listTenants" | "listSubscriptions"> {
  return {
    async *listTenants(): AsyncIterable<Tenant[]> {
      yield tenants.map((each) => ({ tenantId: each, category: "Home", name: undefined, domain: undefined }));
    },
    async *listSubscriptions(): AsyncIterable<VisibleSubscription[]> {
      yield [{ id: `s-${tenantId}`, name: "", state: "Enabled", tenantId, managedBy: [] }];
      if (list[tenantId]) throw list[tenantId];
    },
  };
}

function contextFor(concurrency = 8): Context {
  const ctx: Partial<Context> = {
    signal: new AbortController().signal,
    now: () => NOW,
    progress: () => {},
    concurrency,
  };
  return ctx as Context;
}

const TENANTS = Array.from({ length: 12 }, (_, index) => `t${index}`);

test("the first tenant's sign-in is not repeated", async () => {
  const { login, asked } = openDirectory({ tenants: ["t0", "t1"] });

  await walkTenants(login, contextFor(), { tenantId: "t0" });

  expect(asked).toEqual([{ tenantId: "t0" }, { tenantId: "t1" }]);
});

test("a tenant that is listed twice is walked once", async () => {
  const { login, asked } = openDirectory({ tenants: ["t0", "t1", "t1"] });

  const { tenants } = await walkTenants(login, contextFor(), { tenantId: "t0" });

  expect(tenants.map(({ tenantId }) => tenantId)).toEqual(["t0", "t1"]);
  expect(asked).toHaveLength(2);
});

test.each<[AuthKind, number, number]>([
  ["environment", 8, 8],
  ["environment", 3, 3],
  ["cli", 8, 4],
  ["cli", 2, 2],
])(
  "with --auth %s and --concurrency %i at most %i tenants are signed in to at once",
  async (auth, n, most) => {
    const directory = openDirectory({ tenants: TENANTS, auth });

    await walkTenants(directory.login, contextFor(n), { tenantId: "t0" });

    expect(directory.most).toBe(most);
  },
);

test("what was seen before a failure counts, and the tenant says that it failed", async () => {
  const lost = new AzureError("failed", "the answer of management.azure.com was lost", { hint: "try again" });
  const { login } = openDirectory({ tenants: ["t0", "t1"], list: { t1: lost } });

  const { tenants, subscriptions } = await walkTenants(login, contextFor(), { tenantId: "t0" });

  expect(tenants[1]).toEqual({
    tenantId: "t1",
    category: "Home",
    state: "failed",
    reason: "the answer of management.azure.com was lost",
    next: "try again",
    pages: 1,
    subscriptions: 1,
  });
  expect(subscriptions.map(({ id }) => id)).toEqual(["s-t0", "s-t1"]);
});

test.each<[string, AuthKind, AzureError, Record<string, string>]>([
  [
    "MFA of az",
    "cli",
    new AzureError("auth", "sign-in was refused", { code: "AADSTS50076", hint: "do it" }),
    { state: "needs MFA", code: "AADSTS50076", next: "az login --tenant t1" },
  ],
  [
    "MFA of an application, which no person can satisfy",
    "environment",
    new AzureError("auth", "sign-in was refused", { code: "AADSTS50076", hint: "it takes a person" }),
    { state: "needs MFA", code: "AADSTS50076", next: "it takes a person" },
  ],
  [
    "an ended sign-in, where the hint ends with the command",
    "device",
    new AzureError("auth", "sign-in was refused", {
      code: "AADSTS70043",
      hint: "the sign-in expired: run azwise login --tenant t1 --auth device",
    }),
    { state: "refused", code: "AADSTS70043", next: "azwise login --tenant t1 --auth device" },
  ],
  [
    "a list that may not be read",
    "cli",
    new AzureError("auth", "not allowed", {
      code: "AuthorizationFailed",
      status: 403,
      hint: "ask for a role",
    }),
    { state: "refused", code: "AuthorizationFailed", next: "ask for a role" },
  ],
  [
    "that nobody was asked",
    "device",
    new AzureError("auth", "the sign-in of ada ended", {
      hint: "run azwise login --tenant t1 --auth device",
    }),
    { state: "failed", next: "azwise login --tenant t1 --auth device" },
  ],
  [
    "a service that gave up",
    "cli",
    new AzureError("timeout", "the service throttles", { code: "TooManyRequests" }),
    { state: "failed", code: "TooManyRequests" },
  ],
])("%s is a row of that tenant alone", async (_, auth, error, row) => {
  const { login } = openDirectory({ tenants: ["t0", "t1", "t2"], auth, signIn: { t1: error } });

  const { tenants } = await walkTenants(login, contextFor(), { tenantId: "t0" });

  const reason = error.message;
  expect(tenants[1]).toEqual({
    tenantId: "t1",
    category: "Home",
    reason,
    pages: 0,
    subscriptions: 0,
    ...row,
  });
  expect(tenants.map(({ state }) => state)).toEqual(["walked", row["state"], "walked"]);
});

test("a bug is not taken for a tenant's refusal", async () => {
  const { login } = openDirectory({ tenants: ["t0", "t1"], signIn: { t1: new TypeError("a bug") } });

  await expect(walkTenants(login, contextFor(), { tenantId: "t0" })).rejects.toThrow("a bug");
});

test("after a failure nothing new begins", async () => {
  const { login, asked } = openDirectory({ tenants: TENANTS, signIn: { t1: new TypeError("a bug") } });

  await expect(walkTenants(login, contextFor(1), { tenantId: "t0" })).rejects.toThrow("a bug");
  await new Promise((resolve) => setTimeout(resolve, 20));

  // The next one was begun in the same moment in which the failure was heard of.
  expect(asked.map(({ tenantId }) => tenantId)).toEqual(["t0", "t1", "t2"]);
});

test("after Ctrl-C nothing new begins, and the bar stands still", async () => {
  const interrupt = new AbortController();
  const { login, asked } = openDirectory({ tenants: TENANTS });
  const shown: string[] = [];
  const ctx: Context = {
    ...contextFor(1),
    signal: interrupt.signal,
    progress(text) {
      shown.push(text ?? "");
      if (text?.includes("] 2 of 12")) interrupt.abort();
    },
  };

  await expect(walkTenants(login, ctx, { tenantId: "t0" })).rejects.toThrow("aborted");
  await new Promise((resolve) => setTimeout(resolve, 20));

  expect(asked.map(({ tenantId }) => tenantId)).toEqual(["t0", "t1"]);
  expect(shown.filter((text) => text.includes("] 5 of 12"))).toEqual([]);
});

test("Ctrl-C in the last tenant ends the walk, too", async () => {
  const interrupt = new AbortController();
  const { login } = openDirectory({ tenants: ["t0", "t1"] });
  const ctx: Context = {
    ...contextFor(1),
    signal: interrupt.signal,
    progress(text) {
      if (text?.includes("] 2 of 2")) interrupt.abort();
    },
  };

  await expect(walkTenants(login, ctx, { tenantId: "t0" })).rejects.toThrow("aborted");
});

const SECRET = { AZURE_CLIENT_ID: "id", AZURE_CLIENT_SECRET: "secret" };

test.each<[string, Env]>([
  ["cli", {}],
  ["cli", SECRET],
  ["auto", {}],
  ["device", {}],
  ["browser", {}],
])("without a tenant --auth %s with %o begins where az's default account is", (auth, env) => {
  expect(startTenant(portOf(auth, env, "az-tenant.example"))).toBe("az-tenant.example");
});

test("az's default account of another cloud is no place to begin in", () => {
  const port = portOf("cli", {}, "az-tenant.example");
  const elsewhere = { ...port, wanted: { ...port.wanted, cloud: findCloud("usgov", {}) } };

  expect(() => startTenant(elsewhere)).toThrow("a walk begins in a tenant, and none is named");
});

test.each<[string, Env, string | undefined]>([
  ["cli", {}, undefined],
  ["environment", SECRET, "az-tenant.example"],
  ["auto", SECRET, "az-tenant.example"],
  ["managed", {}, "az-tenant.example"],
])("where --auth %s with %o begins is not guessed", (auth, env, azTenant) => {
  expect(() => startTenant(portOf(auth, env, azTenant))).toThrow(
    "a walk begins in a tenant, and none is named",
  );
});

function portOf(auth: string, env: Env, azTenant: string | undefined): LoginPort {
  const accounts =
    azTenant === undefined ? [] : [{ isDefault: true, tenantId: azTenant, environmentName: "AzureCloud" }];
  const wanted = { cloud: findCloud("public", {}), tenant: undefined, auth: { value: auth, from: "--auth" } };
  return { wanted, env, azProfile: { accounts } } as unknown as LoginPort;
}
