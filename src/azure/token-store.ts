import type { AccessToken } from "@azure/core-auth";

/** What a token is good for. None of it is secret. */
export interface TokenKey {
  cloud: string;
  tenantId: string;
  /** Who asks: an application's client id, or the user that az or the saved sign-in stands for. */
  client: string;
  scope: string;
  kind: string;
}

/** Access tokens on disk, each in a file of its own, readable by this user only. */
export interface TokenStore {
  /** Undefined when there is none, or none that may be trusted. */
  read(key: TokenKey): Promise<AccessToken | undefined>;
  write(key: TokenKey, token: AccessToken): Promise<void>;
  forget(key: TokenKey): Promise<void>;
}

export interface TokenStoreOptions {
  /** azwise's cache folder. */
  folder: string;
  /** Hears why a file was not trusted. */
  warn: (text: string) => void;
}

export function createTokenStore(_options: TokenStoreOptions): TokenStore {
  return { read: async () => undefined, write: async () => {}, forget: async () => {} };
}
