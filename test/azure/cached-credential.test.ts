import type { AccessToken, GetTokenOptions } from "@azure/core-auth";
import { expect, test } from "vitest";
import { cacheTokens, type RunCredential } from "../../src/azure/cached-credential.ts";
import type { TokenKey } from "../../src/azure/token-file.ts";
import type { TokenStore } from "../../src/azure/token-store.ts";
import { createClock, START, type TestClock } from "./wire.ts";

const SCOPE = "https://management.azure.com/.default";
const OTHER_SCOPE = "https://vault.azure.net/.default";
const MINUTE_MS = 60_000;
const LIFETIME_MS = 60 * MINUTE_MS;

interface Opened {
  credential: RunCredential;
  /** What was asked of the credential inside: its scope, and the claims. */
  asked: string[];
  clock: TestClock;
  /** What outlives the run, by scope. */
  kept: Map<string, AccessToken>;
  store: TokenStore;
}

interface Options {
  kept?: Record<string, AccessToken>;
  fresh?: boolean;
  lifetimeMs?: number;
  /** Instead of a token of that number. */
  answer?: (count: number) => Promise<AccessToken | null>;
}

/** Tokens are "token-1", "token-2", ... */
function open({ kept = {}, fresh = false, lifetimeMs = LIFETIME_MS, answer }: Options = {}): Opened {
  const clock = createClock();
  const stored = new Map(Object.entries(kept));
  const asked: string[] = [];
  const store = storeOver(stored);
  const inner = {
    async getToken(scopes: string | string[], { claims, abortSignal }: GetTokenOptions = {}) {
      if (abortSignal?.aborted) throw new Error("aborted");
      asked.push([scopes, claims ?? []].flat().join(" "));
      const count = asked.length;
      if (answer) return answer(count);
      return { token: `token-${count}`, expiresOnTimestamp: clock.now().getTime() + lifetimeMs };
    },
  };
  const key = { cloud: "public", tenantId: "t", client: "c", kind: "environment" };
  return { credential: cacheTokens(inner, { key, clock, store, fresh }), asked, clock, kept: stored, store };
}

/** Takes its time to remove, as a disk does. */
function storeOver(kept: Map<string, AccessToken>): TokenStore {
  return {
    read: async ({ scope }: TokenKey) => kept.get(scope),
    write: async ({ scope }, token) => void kept.set(scope, token),
    async forget({ scope }) {
      await new Promise(setImmediate);
      kept.delete(scope);
    },
    forgetTenant: async () => {},
  };
}

function ending(token: string, inMs: number): AccessToken {
  return { token, expiresOnTimestamp: START.getTime() + inMs };
}

async function textOf(token: Promise<AccessToken | null>): Promise<string | undefined> {
  return (await token)?.token;
}

test("the first token is asked for and stored; the next calls get the same one", async () => {
  const { credential, asked, kept } = open();

  const tokens = [await credential.getToken(SCOPE), await credential.getToken([SCOPE])];

  expect(tokens).toEqual([ending("token-1", LIFETIME_MS), ending("token-1", LIFETIME_MS)]);
  expect(asked).toEqual([SCOPE]);
  expect([...kept]).toEqual([[SCOPE, ending("token-1", LIFETIME_MS)]]);
});

test("a stored token is used, and nobody is asked", async () => {
  const { credential, asked } = open({ kept: { [SCOPE]: ending("stored", LIFETIME_MS) } });

  expect(await textOf(credential.getToken(SCOPE))).toBe("stored");
  expect(asked).toEqual([]);
});

test("each scope has a token of its own", async () => {
  const { credential, kept } = open();

  const tokens = [await textOf(credential.getToken(SCOPE)), await textOf(credential.getToken(OTHER_SCOPE))];

  expect(tokens).toEqual(["token-1", "token-2"]);
  expect([...kept.keys()]).toEqual([SCOPE, OTHER_SCOPE]);
});

test.each([
  [5 * MINUTE_MS, "token-1"],
  [5 * MINUTE_MS + 1, "stored"],
])("a stored token that ends in %i ms gives %s", async (inMs, token) => {
  const { credential } = open({ kept: { [SCOPE]: ending("stored", inMs) } });

  expect(await textOf(credential.getToken(SCOPE))).toBe(token);
});

test("a token is renewed five minutes before it ends, and the new one is stored", async () => {
  const { credential, clock, kept } = open();
  await credential.getToken(SCOPE);
  await clock.sleep(LIFETIME_MS - 5 * MINUTE_MS - 1);
  const before = await textOf(credential.getToken(SCOPE));
  await clock.sleep(1);

  const after = await textOf(credential.getToken(SCOPE));

  expect([before, after, kept.get(SCOPE)?.token]).toEqual(["token-1", "token-2", "token-2"]);
});

test("a token that another process has renewed meanwhile is taken from the store", async () => {
  const { credential, asked, clock, kept } = open();
  await credential.getToken(SCOPE);
  await clock.sleep(LIFETIME_MS);
  kept.set(SCOPE, ending("renewed-elsewhere", 2 * LIFETIME_MS));

  expect(await textOf(credential.getToken(SCOPE))).toBe("renewed-elsewhere");
  expect(asked).toHaveLength(1);
});

test.each([0, 5 * MINUTE_MS])(
  "a new token that ends in %i ms is used once and not stored",
  async (lifetimeMs) => {
    const { credential, asked, kept } = open({ lifetimeMs });

    const tokens = [await textOf(credential.getToken(SCOPE)), await textOf(credential.getToken(SCOPE))];

    expect(tokens).toEqual(["token-1", "token-2"]);
    expect(asked).toHaveLength(2);
    expect(kept.size).toBe(0);
  },
);

test("a token with claims is always asked for, and replaces what was kept", async () => {
  const { credential, asked, kept } = open({ kept: { [SCOPE]: ending("stored", LIFETIME_MS) } });
  await credential.getToken(SCOPE);

  const stronger = await textOf(credential.getToken(SCOPE, { claims: "{}" }));
  const next = await textOf(credential.getToken(SCOPE));

  expect([stronger, next, kept.get(SCOPE)?.token]).toEqual(["token-1", "token-1", "token-1"]);
  expect(asked).toEqual([`${SCOPE} {}`]);
});

test("fresh asks first, stores, and then uses what it got", async () => {
  const { credential, asked, kept } = open({ fresh: true, kept: { [SCOPE]: ending("stored", LIFETIME_MS) } });

  const tokens = [await textOf(credential.getToken(SCOPE)), await textOf(credential.getToken(SCOPE))];

  expect(tokens).toEqual(["token-1", "token-1"]);
  expect(asked).toHaveLength(1);
  expect(kept.get(SCOPE)?.token).toBe("token-1");
});

test("calls at the same time share one request, unless their claims differ; one's abort is not another's", async () => {
  const { credential, asked } = open();

  const tokens = await Promise.all([
    credential.getToken(SCOPE, { abortSignal: AbortSignal.abort() }),
    credential.getToken(SCOPE),
    credential.getToken(SCOPE, { claims: "a" }),
    credential.getToken(SCOPE, { claims: "a" }),
    credential.getToken(SCOPE, { claims: "b" }),
  ]);

  expect(asked.sort()).toEqual([SCOPE, `${SCOPE} a`, `${SCOPE} b`]);
  expect(new Set(tokens.slice(0, 2)).size).toBe(1);
  expect(new Set(tokens.slice(2, 4)).size).toBe(1);
  expect(new Set(tokens).size).toBe(3);
});

test("a failure goes to everybody who waits, and is not remembered", async () => {
  const { credential, asked } = open({
    answer: async (count) => {
      if (count === 1) throw new Error("no answer");
      return ending("second", LIFETIME_MS);
    },
  });

  const both = await Promise.allSettled([credential.getToken(SCOPE), credential.getToken(SCOPE)]);
  const next = await textOf(credential.getToken(SCOPE));

  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect([next, asked.length]).toEqual(["second", 2]);
});

test("no token is no token, and is not remembered either", async () => {
  const { credential, asked } = open({ answer: async () => null });

  expect([await credential.getToken(SCOPE), await credential.getToken(SCOPE)]).toEqual([null, null]);
  expect(asked).toHaveLength(2);
});

test("a refused token is never given again: not from memory, and not from the store", async () => {
  const { credential, kept } = open({ kept: { [SCOPE]: ending("refused", LIFETIME_MS) } });
  await credential.getToken(SCOPE);

  credential.forget("refused");
  const next = await textOf(credential.getToken(SCOPE));
  await new Promise(setImmediate);

  expect([next, kept.get(SCOPE)?.token]).toEqual(["token-1", "token-1"]);
});

test("a refused token is not given again when it cannot be removed", async () => {
  const { credential, store } = open({ kept: { [SCOPE]: ending("refused", LIFETIME_MS) } });
  store.forget = async () => {};
  await credential.getToken(SCOPE);

  credential.forget("refused");

  expect(await textOf(credential.getToken(SCOPE))).toBe("token-1");
});

test("forgetting a token that is not the kept one changes nothing", async () => {
  const { credential, asked, kept } = open();
  await credential.getToken(SCOPE);

  credential.forget("another");

  expect(await textOf(credential.getToken(SCOPE))).toBe("token-1");
  expect([asked.length, kept.size]).toEqual([1, 1]);
});

test("without a store tokens are kept in memory", async () => {
  const clock = createClock();
  let count = 0;
  const inner = { getToken: async () => ending(`token-${(count += 1)}`, LIFETIME_MS) };
  const key = { cloud: "sandbox", tenantId: "t", client: "", kind: "sandbox" };
  const credential = cacheTokens(inner, { key, clock, store: undefined, fresh: false });

  const first = await textOf(credential.getToken(SCOPE));
  credential.forget("token-1");

  expect([first, await textOf(credential.getToken(SCOPE))]).toEqual(["token-1", "token-2"]);
});
