import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { readPrivate, writePrivate } from "./private-file.ts";
import { clearSecret, type SecretToolOptions } from "./secret-tool.ts";

/** Who signed in to a tenant by browser or device code. No secret: the sign-in itself is kept elsewhere. */
const SavedAccount = z.strictObject({
  formatVersion: z.literal(1),
  cloud: z.string(),
  /** The tenant that was signed in to; the account's own tenant is another one for a guest. */
  tenantId: z.string(),
  savedAt: z.iso.datetime(),
  account: z.strictObject({
    homeAccountId: z.string(),
    localAccountId: z.string(),
    environment: z.string(),
    tenantId: z.string(),
    username: z.string(),
  }),
});

export type SavedAccount = z.infer<typeof SavedAccount>;

export interface AccountQuery {
  /** azwise's state folder. */
  stateFolder: string;
  cloud: string;
  /** GUID or domain. */
  tenantId: string;
}

/**
 * The account that signed in to the tenant; without one the account that signed in to this cloud last, which may
 * be a guest there. Files that are not ours to trust count as absent.
 */
export async function findAccount(query: AccountQuery): Promise<SavedAccount | undefined> {
  const exact = await readAccount(fileOf(query));
  if (exact !== undefined) return exact;
  const folder = folderOf(query.stateFolder);
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".json"));
  const accounts = await Promise.all(files.map((name) => readAccount(join(folder, name))));
  return accounts
    .filter((each) => each?.cloud === query.cloud)
    .sort((a, b) => (b?.savedAt ?? "").localeCompare(a?.savedAt ?? ""))[0];
}

/** Throws AppError "failed" when it cannot be written. */
export async function saveAccount(stateFolder: string, saved: SavedAccount): Promise<void> {
  const { cloud, tenantId } = saved;
  await writePrivate(fileOf({ stateFolder, cloud, tenantId }), `${JSON.stringify(saved, undefined, 2)}\n`);
}

/**
 * Removes what is kept of a person's sign-in to the tenant; nothing is sent. Returns why the refresh token may still
 * be in the secret store, or nothing.
 */
export async function forgetPerson(
  query: AccountQuery,
  options: SecretToolOptions,
): Promise<string | undefined> {
  const saved = await readAccount(fileOf(query));
  if (saved === undefined) return undefined;
  const problem = await clearSecret(saved, options);
  await rm(fileOf(query), { force: true });
  return problem;
}

async function readAccount(file: string): Promise<SavedAccount | undefined> {
  const found = await readPrivate(file);
  if (found === undefined || "refused" in found) return undefined;
  try {
    return SavedAccount.parse(JSON.parse(found.text));
  } catch {
    // A new sign-in replaces it, and its absence leads to one.
    return undefined;
  }
}

function folderOf(stateFolder: string): string {
  return join(stateFolder, "accounts");
}

function fileOf({ stateFolder, cloud, tenantId }: AccountQuery): string {
  const name = createHash("sha256").update(`${cloud}\n${tenantId.toLowerCase()}`).digest("hex").slice(0, 32);
  return join(folderOf(stateFolder), `${name}.json`);
}
