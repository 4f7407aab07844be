import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "../context.ts";
import { AppError } from "../errors.ts";
import { shellWord } from "./shell-word.ts";
import { sameId } from "../resource-id.ts";
import { cloudFromAz, type Cloud } from "./clouds.ts";

/** The account that az would use. azwise only reads there; az itself writes when it is asked for a token. */
export interface AzAccount {
  tenantId: string;
  /** Undefined for tenant-level accounts, whose id is the tenant's. */
  subscriptionId: string | undefined;
  /** Display name of the subscription; empty when az did not write one. */
  name: string;
  /** Enabled, Warned, PastDue, Disabled or Deleted; empty when az did not write one. */
  state: string;
  environmentName: string;
  isDefault: boolean;
  user: { name: string; type: string };
  /** The subscription's own tenant; another than `tenantId` when it is seen through a managing tenant. */
  homeTenantId: string | undefined;
  tenantDefaultDomain: string | undefined;
}

/** az's profile as far as it could be read. */
export interface AzProfile {
  file: string;
  /** "broken" when the file is there but is not a profile, e.g. half-written or not readable. */
  state: "read" | "missing" | "broken";
  accounts: AzAccount[];
  /** How many entries lack an id or a tenant, and so are no accounts; none when left out. */
  skipped?: number;
  /** When az last wrote it. */
  modified: Date | undefined;
}

/** az's default account; only when it is in this cloud, where one is given: in another one az has none then. */
export function defaultAzAccount(
  accounts: readonly AzAccount[],
  cloud?: Pick<Cloud, "name">,
): AzAccount | undefined {
  return accounts.find((each) => each.isDefault && (cloud === undefined || isInCloud(each, cloud)));
}

export function isInCloud({ environmentName }: AzAccount, { name }: Pick<Cloud, "name">): boolean {
  return cloudFromAz(environmentName) === name;
}

/** az's profile knows the domains of tenants that az signed in to, but not in every entry. */
export function domainInAz(
  accounts: readonly AzAccount[],
  { tenantId, cloud }: { tenantId: string; cloud: Pick<Cloud, "name"> },
): string | undefined {
  const ofTenant = accounts.filter((each) => sameId(each.tenantId, tenantId) && isInCloud(each, cloud));
  return ofTenant.find((each) => each.tenantDefaultDomain)?.tenantDefaultDomain;
}

/** az rewrites the file in place, so half of it may be seen; that lasts for milliseconds. */
const READ_AGAIN_AFTER_MS = 50;

/** The folder in which az keeps its profile and tokens; never one of the working directory for want of a home. */
export function azFolder(env: Env): string {
  return env["AZURE_CONFIG_DIR"] || join(env["HOME"] || env["USERPROFILE"] || homedir(), ".azure");
}

/**
 * Throws AppError "usage" for a relative AZURE_CONFIG_DIR: each program reads it from where it runs, and azwise
 * runs az elsewhere.
 */
export function requireAbsoluteFolder({ AZURE_CONFIG_DIR: folder }: Env): void {
  if (!folder || isAbsolute(folder)) return;
  throw new AppError("usage", "AZURE_CONFIG_DIR must be an absolute path", {
    hint: `export AZURE_CONFIG_DIR=${shellWord(resolve(folder))}`,
  });
}

/** No accounts when az was never used here, or its profile cannot be read just now. */
export async function readAzProfile(env: Env): Promise<AzProfile> {
  const file = join(azFolder(env), "azureProfile.json");
  if (!isAbsolute(file)) return { file, state: "missing", accounts: [], modified: undefined };
  const profile = await readOnce(file);
  if (profile.state !== "broken") return profile;
  await sleep(READ_AGAIN_AFTER_MS);
  return readOnce(file);
}

async function readOnce(file: string): Promise<AzProfile> {
  try {
    const { mtime } = await stat(file);
    const entries = parseAzProfile(await readFile(file, "utf8"));
    if (entries === undefined) return { file, state: "broken", accounts: [], modified: mtime };
    const accounts = entries.flatMap(toAccounts);
    const skipped = entries.length - accounts.length;
    return { file, state: "read", accounts, ...(skipped > 0 ? { skipped } : {}), modified: mtime };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const state = code === "ENOENT" || code === "ENOTDIR" ? "missing" : "broken";
    return { file, state, accounts: [], modified: undefined };
  }
}

/** An account as az wrote it, with all that azwise itself has no use for. */
export type AzEntry = Readonly<Record<string, unknown>>;

/** The accounts in that folder's profile; none when it cannot be read, as az then has none either. */
export async function readAzEntries(folder: string): Promise<AzEntry[]> {
  const text = await readFile(join(folder, "azureProfile.json"), "utf8").catch(() => "");
  return (parseAzProfile(text) ?? []).filter(isObject);
}

/** az writes a byte order mark, which JSON.parse does not accept. Undefined when it is not a profile. */
function parseAzProfile(text: string): unknown[] | undefined {
  const profile = parseObject(text.replace(/^\uFEFF/, ""));
  const entries = profile?.["subscriptions"] ?? [];
  return profile === undefined || !Array.isArray(entries) ? undefined : entries;
}

function toAccounts(entry: unknown): AzAccount[] {
  if (!isObject(entry)) return [];
  const [tenantId, id] = [textOf(entry["tenantId"]), textOf(entry["id"])];
  if (tenantId === undefined || id === undefined) return [];
  const user = isObject(entry["user"]) ? entry["user"] : {};
  return [
    {
      tenantId,
      subscriptionId: id.toLowerCase() === tenantId.toLowerCase() ? undefined : id,
      name: textOf(entry["name"]) ?? "",
      state: textOf(entry["state"]) ?? "",
      environmentName: textOf(entry["environmentName"]) ?? "AzureCloud",
      isDefault: entry["isDefault"] === true,
      user: { name: textOf(user["name"]) ?? "", type: textOf(user["type"]) ?? "user" },
      homeTenantId: textOf(entry["homeTenantId"]),
      tenantDefaultDomain: textOf(entry["tenantDefaultDomain"]),
    },
  ];
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Half-written; the caller reads again and then says so.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
