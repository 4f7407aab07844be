import { createHash } from "node:crypto";
import * as z from "zod";
import { isGuid } from "../resource-id.ts";
import { readClaims } from "./claims.ts";
import { readPrivate } from "./private-file.ts";

/** What a token is good for. None of it is secret. */
export interface TokenKey {
  cloud: string;
  tenantId: string;
  /** Who asks: an application's client id, or the user that az or the saved sign-in stands for. */
  client: string;
  scope: string;
  kind: string;
}

const TokenFile = z.strictObject({
  formatVersion: z.literal(1),
  cloud: z.string(),
  tenantId: z.string(),
  client: z.string(),
  scope: z.string(),
  kind: z.string(),
  token: z.string().min(1),
  expiresOn: z.iso.datetime(),
});

/** One access token on disk, with all that it is good for. */
export type TokenFile = z.infer<typeof TokenFile>;

/** The name says nothing; the file does. */
export function tokenFileName(key: TokenKey): string {
  return `${createHash("sha256")
    .update(JSON.stringify(partsOf(key)))
    .digest("hex")}.json`;
}

export function printTokenFile(key: TokenKey, { token, expires }: { token: string; expires: Date }): string {
  const [cloud, tenantId, client, scope, kind] = partsOf(key);
  const file = { formatVersion: 1, cloud, tenantId, client, scope, kind, token, expiresOn: expires };
  return `${JSON.stringify(file)}\n`;
}

/** The file's token, or why it must not be trusted; undefined when there is no such file. */
export async function readTokenFile(path: string): Promise<TokenFile | { refused: string } | undefined> {
  const found = await readPrivate(path);
  if (found === undefined || "refused" in found) return found;
  const { data } = TokenFile.safeParse(parseJson(found.text));
  return data ?? { refused: "it is damaged, or of another version" };
}

/** Why the file's token does not serve for the key; undefined when it does. */
export function mismatchOf(file: TokenFile, key: TokenKey): string | undefined {
  if (JSON.stringify(partsOf(file)) !== JSON.stringify(partsOf(key))) return "it is not what its name says";
  // A domain says no id; then the pin of the run decides.
  if (!isGuid(key.tenantId) || tenantIn(file) === undefined) return undefined;
  return tenantIn(file) === key.tenantId.toLowerCase() ? undefined : "its token is of another tenant";
}

/** Whether signing out of the tenant must remove the file: also when nobody can tell whose token it is. */
export function mayBeOfTenant(file: TokenFile, cloud: string, tenantId: string): boolean {
  if (file.cloud !== cloud) return false;
  const known = [tenantIn(file), isGuid(file.tenantId) ? file.tenantId : undefined];
  if (known.every((each) => each === undefined)) return true;
  return [...known, file.tenantId].includes(tenantId.toLowerCase());
}

function tenantIn({ token }: TokenFile): string | undefined {
  return readClaims(token)?.tenantId?.toLowerCase();
}

/** In the order that the file's name depends on. */
function partsOf({
  cloud,
  tenantId,
  client,
  scope,
  kind,
}: TokenKey): [string, string, string, string, string] {
  return [cloud, tenantId.toLowerCase(), client, scope, kind];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Is no token file either, and is reported as that.
    return undefined;
  }
}
