import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import type { Clock } from "./ports.ts";
import type { TokenKey } from "./token-file.ts";
import type { TokenStore } from "./token-store.ts";

/** A token that says who it is for, because that is known only once somebody has signed in. */
export interface OwnedToken extends AccessToken {
  /** As in TokenKey's `client`; undefined when nobody can tell, and then it is not stored. */
  owner: string | undefined;
}

/** A credential whose tokens are kept and can be given up. */
export interface RunCredential extends TokenCredential {
  /** Never gives this token again, from memory or store: the service refused it. */
  forget(token: string): void;
}

export interface CacheOptions {
  /** What the tokens are good for, whatever their scope. Without a client none is stored but an OwnedToken. */
  key: Omit<TokenKey, "scope" | "client"> & { client: string | undefined };
  clock: Clock;
  /** Tokens that outlive the run; undefined keeps them in memory only. */
  store: TokenStore | undefined;
  /** Ask first, whatever the store holds; what is got is stored. */
  fresh: boolean;
}

// As the article does, so that none ends on its way: sql-token-cache/renew-five-minutes-early.
const RENEW_BEFORE_MS = 5 * 60_000;

type Scopes = string | string[];

/** What is known of one scope. */
interface Slot {
  scopes: Scopes;
  /** Undefined when nobody can tell whose tokens these are. */
  key: TokenKey | undefined;
  kept: AccessToken | undefined;
  /** Requests under way, by the claims that they ask for. */
  asking: Map<string | undefined, Promise<AccessToken | null>>;
}

/**
 * Keeps tokens in memory and in the store, and asks `inner` only when there is none that lasts. Calls at the
 * same time share one request. A token with claims is always asked for, and replaces the one that was kept.
 */
export function cacheTokens(inner: TokenCredential, options: CacheOptions): RunCredential {
  const { clock, store, fresh } = options;
  const slots = new Map<string, Slot>();
  const refused = new Set<string>();
  let removals = Promise.resolve();

  const slotOf = (scopes: Scopes): Slot => {
    const scope = [scopes].flat().join(" ");
    const key = keyFor(scope, options.key);
    const slot = slots.get(scope) ?? { scopes, key, kept: undefined, asking: new Map() };
    slots.set(scope, slot);
    return slot;
  };
  const lasts = (token: AccessToken): boolean =>
    !refused.has(token.token) && token.expiresOnTimestamp - RENEW_BEFORE_MS > clock.now().getTime();

  const readStore = async ({ key }: Slot): Promise<AccessToken | undefined> => {
    const stored = fresh || key === undefined ? undefined : await store?.read(key);
    return stored && lasts(stored) ? stored : undefined;
  };

  const ask = async (slot: Slot, asked: GetTokenOptions): Promise<AccessToken | null> => {
    // A removal that is still under way would take the new token along.
    await removals;
    const stored = asked.claims === undefined ? await readStore(slot) : undefined;
    const token = stored ?? (await inner.getToken(slot.scopes, asked));
    // One that is about to end serves this call only.
    slot.kept = token !== null && lasts(token) ? token : undefined;
    if (slot.kept === undefined || stored !== undefined) return token;
    if (isOwned(slot.kept)) slot.key = keyFor(slot.scopes, { ...options.key, client: slot.kept.owner });
    if (slot.key !== undefined) await store?.write(slot.key, slot.kept);
    return token;
  };

  return {
    async getToken(scopes, options = {}) {
      // The signal of one call must not end what others wait for; the run's own signal ends it anyway.
      const { abortSignal: _signal, ...asked } = options;
      const slot = slotOf(scopes);
      const { kept, asking } = slot;
      const { claims } = asked;
      if (kept !== undefined && claims === undefined && lasts(kept)) return kept;
      const shared = asking.get(claims);
      if (shared !== undefined) return shared;
      const own = ask(slot, asked).finally(() => asking.delete(claims));
      asking.set(claims, own);
      return own;
    },
    forget(token) {
      refused.add(token);
      for (const slot of slots.values()) {
        if (slot.kept?.token !== token) continue;
        const { key } = slot;
        slot.kept = undefined;
        if (key !== undefined) removals = removals.then(() => store?.forget(key));
      }
    },
  };
}

function keyFor(scopes: Scopes, { client, ...key }: CacheOptions["key"]): TokenKey | undefined {
  return client === undefined ? undefined : { ...key, client, scope: [scopes].flat().join(" ") };
}

function isOwned(token: AccessToken): token is OwnedToken {
  return "owner" in token;
}
