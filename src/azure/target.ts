import { AppError } from "../errors.ts";
import { isGuid } from "../resource-id.ts";
import type { AzAccount } from "./az-profile.ts";
import { cloudFromAz, findCloud, type Cloud } from "./clouds.ts";
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

/** A value as it was given, and by whom: "--tenant", "AZURE_TENANT_ID", a pin file, "context prod", "az". */
export interface Sourced {
  value: string;
  from: string;
}

/** What a run was asked for, before anything is checked or sent. Values are as given. */
export interface Wanted {
  cloud: Cloud;
  cloudFrom: string;
  tenant: Sourced | undefined;
  /** Several only when several flags were given. */
  subscriptions: Sourced[];
  auth: Sourced;
}

export interface ResolvedTarget {
  cloud: Cloud;
  tenantId: string;
  subscriptionIds: [string, ...string[]];
  auth: string;
}

const TENANT = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(\.[a-z0-9-]+)+)$/i;

/**
 * Each part of the target by precedence: flags, AZWISE_* then AZURE_* variables, the pin file, the active
 * context, az's default account. An empty variable counts as unset. Nothing is ever enumerated or guessed.
 */
export function lookUpTarget(sources: TargetSources): Wanted {
  const { cloud, cloudFrom } = lookUpCloud(sources);
  const { flags, env } = sources;
  const settings = settingsOf(cloud, sources.settings);
  const ofCloud = { ...sources, settings };
  const auth = given(flags.auth, "--auth") ??
    variable(env, "AZWISE_AUTH") ??
    given(settings.context.auth, contextName(settings)) ?? { value: "auto", from: "default" };
  const candidates = cloud.name === "sandbox" ? sandboxCandidates(ofCloud) : cloudCandidates(ofCloud);
  const subscriptions = candidates.subscriptions.find((each) => each.length > 0) ?? [];
  const account = azAccountOf(subscriptions[0]?.value, sources.azAccounts);
  const tenant =
    given(flags.tenant, "--tenant") ??
    candidates.tenants.find((each) => each !== undefined) ??
    given(account?.tenantId, AZ);
  return { cloud, cloudFrom, auth, tenant, subscriptions };
}

/** A context of another cloud says nothing about this one, and neither does a pin that a rehearsal left behind. */
function settingsOf(cloud: Cloud, settings: Settings): Settings {
  const { pin, context } = settings;
  const isRehearsal = cloud.name === "sandbox";
  const pinApplies = isRehearsal ? pin.cloud === "sandbox" : pin.cloud !== "sandbox";
  const contextApplies = context.cloud === cloud.name || (context.cloud === undefined && !isRehearsal);
  return { ...settings, pin: pinApplies ? pin : {}, context: contextApplies ? context : {} };
}

/** The target of a run that touches resources: everything must be named, and be an id. */
export function requireTarget({ cloud, auth, tenant, subscriptions }: Wanted): ResolvedTarget {
  return {
    cloud,
    auth: auth.value,
    tenantId: checkTenant(tenant?.value),
    subscriptionIds: checkSubscriptions(subscriptions.map(({ value }) => value)),
  };
}

/** Who named a value that az's profile gave. */
export const AZ = "az's profile";

function given(value: string | undefined, from: string): Sourced | undefined {
  return value === undefined ? undefined : { value, from };
}

function variable(env: TargetSources["env"], name: string): Sourced | undefined {
  return env[name] ? { value: env[name], from: name } : undefined;
}

function contextName({ contextName: name }: Settings): string {
  return `context ${name ?? ""}`.trim();
}

export function pinName({ pinFile }: Pick<Settings, "pinFile">): string {
  return pinFile ?? ".azwise.json";
}

interface Candidates {
  tenants: (Sourced | undefined)[];
  subscriptions: Sourced[][];
}

function cloudCandidates(sources: TargetSources): Candidates {
  const { env, settings, azAccounts } = sources;
  const account = azAccounts.find((each) => each.isDefault);
  return {
    tenants: [
      variable(env, "AZWISE_TENANT"),
      variable(env, "AZURE_TENANT_ID"),
      given(settings.pin.tenant, pinName(settings)),
      given(settings.context.tenant, contextName(settings)),
    ],
    subscriptions: [
      flagged(sources),
      ...[
        variable(env, "AZWISE_SUBSCRIPTION"),
        variable(env, "AZURE_SUBSCRIPTION_ID"),
        given(settings.pin.subscription, pinName(settings)),
        given(settings.context.subscription, contextName(settings)),
        given(account?.subscriptionId, AZ),
      ].map(toList),
    ],
  };
}

/** Variables and files meant for real tenants must not leak into a rehearsal. */
function sandboxCandidates(sources: TargetSources): Candidates {
  const { env, settings, sandbox } = sources;
  return {
    tenants: [
      variable(env, "AZWISE_TENANT"),
      given(settings.pin.tenant, pinName(settings)),
      given(settings.context.tenant, contextName(settings)),
      given(sandbox?.tenantId, SANDBOX),
    ],
    subscriptions: [
      flagged(sources),
      ...[
        variable(env, "AZWISE_SUBSCRIPTION"),
        given(settings.pin.subscription, pinName(settings)),
        given(settings.context.subscription, contextName(settings)),
        given(sandbox?.subscriptionId, SANDBOX),
      ].map(toList),
    ],
  };
}

const SANDBOX = "the sandbox's world";

function flagged({ flags }: TargetSources): Sourced[] {
  return flags.subscriptions.map((value) => ({ value, from: "--subscription" }));
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

export function lookUpCloud(sources: Omit<TargetSources, "sandbox">): { cloud: Cloud; cloudFrom: string } {
  const { flags, env, settings, azAccounts } = sources;
  const subscriptions = cloudCandidates(sources).subscriptions.find((each) => each.length > 0);
  const account = azAccountOf(subscriptions?.[0]?.value, azAccounts);
  const named = given(flags.cloud, "--cloud") ??
    variable(env, "AZWISE_CLOUD") ??
    given(settings.pin.cloud, pinName(settings)) ??
    given(settings.context.cloud, contextName(settings)) ??
    given(account && cloudFromAz(account.environmentName), AZ) ?? { value: "public", from: "default" };
  return { cloud: findCloud(named.value, settings.clouds), cloudFrom: named.from };
}

/** A tenant's GUID or domain in lower case; throws "auth" when there is none, "usage" when it is neither. */
export function checkTenant(tenantId: string | undefined): string {
  if (tenantId === undefined) {
    const hint = "give --tenant, set AZURE_TENANT_ID, or run azwise login --tenant <tenant>";
    throw new AppError("auth", "no tenant is named", { hint });
  }
  if (TENANT.test(tenantId)) return tenantId.toLowerCase();
  throw new AppError("usage", `"${tenantId}" is not a tenant id`, {
    hint: "--tenant takes a GUID or a domain",
  });
}

export function checkSubscriptions(ids: readonly string[]): [string, ...string[]] {
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

function toList(each: Sourced | undefined): Sourced[] {
  return each === undefined ? [] : [each];
}
