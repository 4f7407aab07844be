import type { AccessToken } from "@azure/core-auth";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { writePrivate } from "./private-file.ts";
import {
  mayBeOfTenant,
  mismatchOf,
  printTokenFile,
  readTokenFile,
  tokenFileName,
  type TokenKey,
} from "./token-file.ts";

/** Access tokens on disk, each in a file of its own, readable by this user only. Trouble with them is a warning. */
export interface TokenStore {
  /** Undefined when there is none, or none that may be trusted. It may have ended. */
  read(key: TokenKey): Promise<AccessToken | undefined>;
  write(key: TokenKey, token: AccessToken): Promise<void>;
  forget(key: TokenKey): Promise<void>;
  /** Removes all tokens of a tenant, and whatever may be one of them. Throws AppError "failed" when it cannot. */
  forgetTenant(cloud: string, tenantId: string): Promise<void>;
}

export interface TokenStoreOptions {
  /** azwise's cache folder. */
  folder: string;
  /** Hears why a file was not trusted, or why none can be written: one line. */
  warn: (text: string) => void;
}

/** Keeps tokens in `tokens/` below the cache folder. Several processes may do so at once. */
export function createTokenStore({ folder: cache, warn }: TokenStoreOptions): TokenStore {
  const folder = join(cache, "tokens");
  const fileOf = (key: TokenKey): string => join(folder, tokenFileName(key));
  let isPruned = false;
  return {
    async read(key) {
      const file = await readTokenFile(fileOf(key));
      if (file === undefined) return undefined;
      const refused = "refused" in file ? file.refused : mismatchOf(file, key);
      if (refused !== undefined) warn(`warning: the cached token in ${fileOf(key)} is ignored: ${refused}`);
      if (refused !== undefined || "refused" in file) return undefined;
      return { token: file.token, expiresOnTimestamp: Date.parse(file.expiresOn) };
    },
    async write(key, { token, expiresOnTimestamp }) {
      try {
        await writePrivate(
          fileOf(key),
          printTokenFile(key, { token, expires: new Date(expiresOnTimestamp) }),
        );
        if (!isPruned) await prune(folder);
        isPruned = true;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        warn(
          `warning: no token can be kept in ${folder}: ${error.code}; AZWISE_NO_TOKEN_CACHE=1 goes without`,
        );
      }
    },
    async forget(key) {
      try {
        await rm(fileOf(key), { force: true });
      } catch (error) {
        warn(`warning: the refused token in ${fileOf(key)} cannot be removed: ${codeOf(error)}`);
      }
    },
    forgetTenant: (cloud, tenantId) => forgetTenant(folder, { cloud, tenantId }),
  };
}

/** What was not written for so long has ended: Entra's tokens last for a day and a few hours at most. */
const KEEP_MS = 48 * 60 * 60_000;

/** Removes what is too old to be of use, temporary files of killed processes included. */
async function prune(folder: string): Promise<void> {
  for (const path of await listFiles(folder)) {
    // Another process may have removed it meanwhile; and what cannot be removed has ended all the same.
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > KEEP_MS) await rm(path, { force: true }).catch(() => {});
  }
}

async function forgetTenant(folder: string, whose: { cloud: string; tenantId: string }): Promise<void> {
  try {
    for (const path of await listFiles(folder)) {
      const file = await readTokenFile(path);
      const isOther = file && !("refused" in file) && !mayBeOfTenant(file, whose.cloud, whose.tenantId);
      if (!isOther) await rm(path, { force: true });
    }
  } catch (cause) {
    const hint = `delete the folder ${folder}`;
    throw new AppError("failed", `cannot remove the tokens of tenant ${whose.tenantId}`, { hint, cause });
  }
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown error";
}
