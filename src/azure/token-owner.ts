import { hostname } from "node:os";
import type { Env } from "../context.ts";
import type { AuthKind } from "./auth-kind.ts";
import { azFolder, defaultAzAccount, type AzAccount } from "./az-profile.ts";
import type { Cloud } from "./clouds.ts";

export interface TokenAsker {
  kind: AuthKind;
  cloud: Cloud;
  /** GUID or domain. */
  tenantId: string;
  env: Env;
  azAccounts: readonly AzAccount[];
  stateFolder: string;
}

/**
 * Who a token is for, as part of its key in the cache, so that nobody is given another one's. Undefined when
 * that cannot be told before asking: then no token may be taken from there.
 */
export async function tokenOwner(asker: TokenAsker): Promise<string | undefined> {
  const { kind, env } = asker;
  if (kind === "sandbox") return undefined;
  if (kind === "cli") return azUser(asker);
  if (kind === "browser" || kind === "device") return savedPerson(asker);
  if (kind === "pipelines") return env["AZURESUBSCRIPTION_CLIENT_ID"] || undefined;
  if (kind === "managed") return managedIdentity(env);
  return env["AZURE_CLIENT_ID"] || undefined;
}

/** Whoever the saved sign-in would be renewed for: several people may have signed in here, one after the other. */
async function savedPerson({ cloud, tenantId, stateFolder }: TokenAsker): Promise<string | undefined> {
  const { findAccount } = await import("./saved-account.ts");
  return (await findAccount({ stateFolder, cloud: cloud.name, tenantId }))?.account.homeAccountId;
}

/** az signs in as the user of its default account, in its cloud alone, and keeps users per folder. */
function azUser({ cloud, env, azAccounts }: TokenAsker): string | undefined {
  const { name, type } = defaultAzAccount(azAccounts, cloud)?.user ?? { name: "", type: "" };
  // az gives all managed identities of a machine these two names.
  if (name === "" || /^(system|user)AssignedIdentity$/.test(name)) return undefined;
  return `${type} ${name} in ${azFolder(env)}`;
}

/** Machines that share a home do not share their identity. */
function managedIdentity(env: Env): string {
  const endpoint = env["IDENTITY_ENDPOINT"] || env["MSI_ENDPOINT"] || "";
  return `${env["AZURE_CLIENT_ID"] || "system-assigned"} of ${hostname()} ${endpoint}`.trimEnd();
}
