import { AppError } from "../errors.ts";
import { isGuid } from "../resource-id.ts";
import { cloudFromAz, findCloud, type Cloud } from "./clouds.ts";
import type { AzAccount } from "./az-profile.ts";
import type { Settings } from "./settings.ts";

/** What the command line says about the target. */
export interface TargetFlags {
  cloud?: string | undefined;
  tenant?: string | undefined;
  subscriptions: readonly string[];
  auth?: string | undefined;
}

export interface TargetSources {
  flags: TargetFlags;
  env: Readonly<Record<string, string | undefined>>;
  settings: Settings;
  azAccounts: readonly AzAccount[];
  /** The default target of the sandbox's world. */
  sandbox?: { tenantId: string; subscriptionId: string } | undefined;
}

export interface ResolvedTarget {
  cloud: Cloud;
  tenantId: string;
  subscriptionIds: [string, ...string[]];
  auth: string;
}

const TENANT = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(\.[a-z0-9-]+)+)$/i;

/**
 * One cloud, tenant and set of subscriptions, by precedence: flags, AZWISE_* then AZURE_* variables,
 * the pin file, the active context, az's default account. An empty variable counts as unset.
 * Nothing is ever enumerated or guessed.
 */
export function resolveTarget(sources: TargetSources): ResolvedTarget {
  const cloud = resolveCloud(sources);
  const auth = sources.flags.auth ?? (sources.env["AZWISE_AUTH"] || sources.settings.context.auth || "auto");
  const candidates = cloud.name === "sandbox" ? sandboxCandidates(sources) : cloudCandidates(sources);
  const subscriptionIds = firstList(candidates);
  const tenantId =
    sources.flags.tenant ??
    candidates.tenants.find(Boolean) ??
    azAccountOf(subscriptionIds[0], sources.azAccounts)?.tenantId;
  return {
    cloud,
    auth,
    tenantId: checkTenant(tenantId),
    subscriptionIds: checkSubscriptions(subscriptionIds),
  };
}

interface Candidates {
  tenants: (string | undefined)[];
  subscriptions: string[][];
}

function cloudCandidates({ flags, env, settings, azAccounts }: TargetSources): Candidates {
  const account = azAccounts.find((each) => each.isDefault);
  const tenants = [
    env["AZWISE_TENANT"],
    env["AZURE_TENANT_ID"],
    settings.pin.tenant,
    settings.context.tenant,
  ];
  return {
    tenants,
    subscriptions: [
      [...flags.subscriptions],
      ...[
        env["AZWISE_SUBSCRIPTION"],
        env["AZURE_SUBSCRIPTION_ID"],
        settings.pin.subscription,
        settings.context.subscription,
        account?.subscriptionId,
      ].map(toList),
    ],
  };
}

/** Variables meant for real tenants must not leak into a rehearsal. */
function sandboxCandidates({ flags, env, sandbox }: TargetSources): Candidates {
  return {
    tenants: [env["AZWISE_TENANT"], sandbox?.tenantId],
    subscriptions: [
      [...flags.subscriptions],
      toList(env["AZWISE_SUBSCRIPTION"]),
      toList(sandbox?.subscriptionId),
    ],
  };
}

/** az speaks only for subscriptions that it knows: for their tenant, and for the cloud they are in. */
function azAccountOf(
  subscriptionId: string | undefined,
  azAccounts: readonly AzAccount[],
): AzAccount | undefined {
  const known = azAccounts.filter(
    (each) => each.subscriptionId?.toLowerCase() === subscriptionId?.toLowerCase(),
  );
  return known.find((each) => each.isDefault) ?? known[0];
}

export function resolveCloud(sources: Omit<TargetSources, "sandbox">): Cloud {
  const { flags, env, settings, azAccounts } = sources;
  const named = env["AZWISE_CLOUD"] || settings.pin.cloud || settings.context.cloud;
  const [subscriptionId] = firstList(cloudCandidates(sources));
  const account = azAccountOf(subscriptionId, azAccounts);
  const fromAz = account === undefined ? "public" : cloudFromAz(account.environmentName);
  return findCloud(flags.cloud ?? (named || fromAz), settings.clouds);
}

function firstList({ subscriptions }: Candidates): string[] {
  return subscriptions.find((each) => each.length > 0) ?? [];
}

function checkTenant(tenantId: string | undefined): string {
  if (tenantId === undefined) {
    const hint = "give --tenant, set AZURE_TENANT_ID, or run az login --tenant <tenant>";
    throw new AppError("auth", "no tenant is named", { hint });
  }
  if (TENANT.test(tenantId)) return tenantId.toLowerCase();
  throw new AppError("usage", `"${tenantId}" is not a tenant id`, {
    hint: "--tenant takes a GUID or a domain",
  });
}

function checkSubscriptions(ids: readonly string[]): [string, ...string[]] {
  const wrong = ids.find((id) => !isGuid(id));
  if (wrong !== undefined) {
    const hint = "--subscription takes the GUID; az account show --query id prints it";
    throw new AppError("usage", `"${wrong}" is not a subscription id`, { hint });
  }
  const [first, ...rest] = new Set(ids.map((id) => id.toLowerCase()));
  if (first !== undefined) return [first, ...rest];
  const hint = "give --subscription, or set AZURE_SUBSCRIPTION_ID";
  throw new AppError("auth", "no subscription is named", { hint });
}

function toList(id: string | undefined): string[] {
  return id === undefined || id === "" ? [] : [id];
}
