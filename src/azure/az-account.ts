import { join } from "node:path";
import { sameId } from "../resource-id.ts";
import { readAzEntries, type AzEntry } from "./az-profile.ts";
import { azCloudName, type Cloud } from "./clouds.ts";
import type { Subscription } from "./ports.ts";
import { writePrivate } from "./private-file.ts";

/** The one account that az is to know. */
export interface PinnedAccount {
  cloud: Cloud;
  tenantId: string;
  /** Undefined for an account of the tenant itself. */
  subscriptionId: string | undefined;
  /** What Azure says about it, once it was asked. */
  subscription?: Subscription | undefined;
}

/** What az calls an account without a subscription; its id is the tenant's. */
const TENANT_LEVEL = "N/A(tenant level account)";

/**
 * Writes a profile into az's folder `to` that holds the pinned account alone, as the user of the default account
 * in the folder `from`: az asks for tokens as that user. Writes none when az has no default account there.
 */
export async function writePinnedProfile(from: string, to: string, pinned: PinnedAccount): Promise<void> {
  const account = pinAccount(await readAzEntries(from), pinned);
  if (account === undefined) return;
  await writePrivate(join(to, "azureProfile.json"), JSON.stringify({ subscriptions: [account] }));
}

/** The entry for the pinned account: az's own where it has one, else one made of what Azure said. */
export function pinAccount(entries: readonly AzEntry[], pinned: PinnedAccount): AzEntry | undefined {
  const { cloud, tenantId, subscriptionId, subscription } = pinned;
  const environmentName = azCloudName(cloud);
  const ofCloud = entries.filter((each) => (each["environmentName"] ?? "AzureCloud") === environmentName);
  // az signs in as its default account only in that account's own cloud.
  const user = ofCloud.find((each) => each["isDefault"] === true)?.["user"];
  if (user === undefined) return undefined;
  const id = subscriptionId ?? tenantId;
  const known = ofCloud.find((each) => isText(each["id"], id) && isText(each["tenantId"], tenantId));
  const made = {
    id,
    name: subscriptionId === undefined ? TENANT_LEVEL : subscription?.name || id,
    state: subscription?.state || "Enabled",
    tenantId,
    environmentName,
    homeTenantId: subscription?.tenantId || tenantId,
    managedByTenants: [],
  };
  return { ...(known ?? made), user, isDefault: true };
}

function isText(value: unknown, expected: string): boolean {
  return typeof value === "string" && sameId(value, expected);
}
