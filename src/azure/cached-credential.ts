import type { AccessToken, TokenCredential } from "@azure/core-auth";
import type { Clock } from "./ports.ts";
import type { TokenKey, TokenStore } from "./token-store.ts";

/** A credential whose tokens are kept and can be given up. */
export interface RunCredential extends TokenCredential {
  /** Never gives this token again: the service refused it. */
  forget(token: string): void;
}

export interface CacheOptions {
  key: TokenKey;
  clock: Clock;
  /** Tokens that outlive the run; undefined keeps them in memory only. */
  store: TokenStore | undefined;
  /** Ask once, whatever the store holds; what is got is stored. */
  fresh: boolean;
}

/** Tokens are renewed this long before they end. */
export const RENEW_BEFORE_MS = 5 * 60_000;

/** Keeps tokens in memory and in the store, and asks `inner` only when there is none that lasts. */
export function cacheTokens(inner: TokenCredential, { clock }: CacheOptions): RunCredential {
  let kept: AccessToken | undefined;
  return {
    async getToken(scopes, options) {
      const now = clock.now().getTime();
      const lasts = kept !== undefined && kept.expiresOnTimestamp - RENEW_BEFORE_MS > now;
      if (!lasts || options?.claims !== undefined)
        kept = (await inner.getToken(scopes, options)) ?? undefined;
      return kept ?? null;
    },
    forget(token) {
      if (kept?.token === token) kept = undefined;
    },
  };
}
