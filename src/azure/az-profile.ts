import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/** The account that az would use; read only, `~/.azure` is never written. */
export interface AzAccount {
  tenantId: string;
  /** Undefined for tenant-level accounts, whose id is the tenant's. */
  subscriptionId: string | undefined;
  environmentName: string;
  isDefault: boolean;
}

/** az's accounts; empty when az was never used here, or its profile cannot be read just now. */
export async function readAzAccounts(
  env: Readonly<Record<string, string | undefined>>,
): Promise<AzAccount[]> {
  const folder = env["AZURE_CONFIG_DIR"] ?? join(env["HOME"] ?? env["USERPROFILE"] ?? "", ".azure");
  if (!isAbsolute(folder)) return [];
  try {
    return parseAzProfile(await readFile(join(folder, "azureProfile.json"), "utf8"));
  } catch {
    // Missing, or half-written: az rewrites the file in place. It is only the last source of defaults.
    return [];
  }
}

/** az writes a byte order mark, which JSON.parse does not accept. */
function parseAzProfile(text: string): AzAccount[] {
  const profile = JSON.parse(text.replace(/^\uFEFF/, "")) as { subscriptions?: Record<string, unknown>[] };
  return (profile.subscriptions ?? []).flatMap((entry) => {
    const { tenantId, id, environmentName, isDefault } = entry;
    if (typeof tenantId !== "string" || typeof id !== "string") return [];
    return {
      tenantId,
      subscriptionId: id === tenantId ? undefined : id,
      environmentName: typeof environmentName === "string" ? environmentName : "AzureCloud",
      isDefault: isDefault === true,
    };
  });
}
