import { AppError } from "../errors.ts";
import { sameId } from "../resource-id.ts";
import { requireAuth } from "./auth-kind.ts";
import { defaultAzAccount, isInCloud, type AzAccount } from "./az-profile.ts";
import { cloudFromAz, findCloud, type Cloud } from "./clouds.ts";
import type { Pin, Settings } from "./settings.ts";
import {
  isContextInForce,
  isOutsideRehearsal,
  type ChosenCloud,
  type Given,
  type SourceKind,
  type TargetSources,
  type Wanted,
} from "./target.ts";

/**
 * Each part of the target by precedence: flags, AZWISE_* then AZURE_* variables, the pin file, the active
 * context, az's default account. An empty variable counts as unset. Nothing is ever enumerated or guessed.
 */
export function lookUpTarget(sources: TargetSources): Wanted {
  const { cloud, cloudFrom, cloudBy } = lookUpCloud(sources);
  const { flags, env } = sources;
  const settings = settingsOf(cloud, sources.settings);
  // az's account of another cloud is no default here.
  const azAccounts = sources.azAccounts.filter((each) => isInCloud(each, cloud));
  const ofCloud = { ...sources, settings, azAccounts };
  const auth =
    flag(flags.auth, "--auth") ??
    variable(env, "AZWISE_AUTH") ??
    inContext("auth", settings) ??
    byDefault("auto");
  requireAuth(auth.value, cloud);
  const candidates = cloud.name === "sandbox" ? sandboxCandidates(ofCloud) : cloudCandidates(ofCloud);
  const subscriptions = candidates.subscriptions.find((each) => each.length > 0) ?? [];
  const account = azAccountOf(subscriptions[0]?.value, azAccounts);
  const tenant =
    flag(flags.tenant, "--tenant") ??
    candidates.tenants.find((each) => each !== undefined) ??
    inAz(account?.tenantId);
  return { cloud, cloudFrom, cloudBy, auth, tenant, subscriptions };
}

/** What has a say in this cloud; a pin that a rehearsal left behind has none in a real one. */
function settingsOf({ name }: Cloud, settings: Settings): Settings {
  const { pin, context } = settings;
  const isPinInForce = name === "sandbox" ? !isOutsideRehearsal(pin, name) : pin.cloud !== "sandbox";
  return {
    ...settings,
    pin: isPinInForce ? pin : {},
    context: isContextInForce(context, name) ? context : {},
  };
}

/** Who named a value that az's profile gave. */
export const AZ = "az's profile";

function given(value: string | undefined, by: SourceKind, from: string): Given | undefined {
  return value === undefined ? undefined : { value, by, from };
}

function flag(value: string | undefined, name: string): Given | undefined {
  return given(value, "flag", name);
}

function variable(env: TargetSources["env"], name: string): Given | undefined {
  return given(env[name] || undefined, "variable", name);
}

function inPin(part: keyof Pin, settings: Settings): Given | undefined {
  return given(settings.pin[part], "pin", pinName(settings));
}

function inContext(part: keyof Pin | "auth", { context, contextName }: Settings): Given | undefined {
  return given(context[part], "context", `context ${contextName ?? ""}`.trim());
}

function inAz(value: string | undefined): Given | undefined {
  return given(value, "az", AZ);
}

function inWorld(value: string | undefined): Given | undefined {
  return given(value, "sandbox", "the sandbox's world");
}

function byDefault(value: string): Given {
  return { value, by: "default", from: "default" };
}

export function pinName({ pinFile }: Pick<Settings, "pinFile">): string {
  return pinFile ?? ".azwise.json";
}

interface Candidates {
  tenants: (Given | undefined)[];
  subscriptions: Given[][];
}

function cloudCandidates(sources: TargetSources): Candidates {
  const { env, settings, azAccounts } = sources;
  const account = defaultAzAccount(azAccounts);
  return {
    tenants: [
      variable(env, "AZWISE_TENANT"),
      variable(env, "AZURE_TENANT_ID"),
      inPin("tenant", settings),
      inContext("tenant", settings),
    ],
    subscriptions: [
      flagged(sources),
      ...[
        variable(env, "AZWISE_SUBSCRIPTION"),
        variable(env, "AZURE_SUBSCRIPTION_ID"),
        inPin("subscription", settings),
        inContext("subscription", settings),
        inAz(account?.subscriptionId),
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
      inPin("tenant", settings),
      inContext("tenant", settings),
      inWorld(sandbox?.tenantId),
    ],
    subscriptions: [
      flagged(sources),
      ...[
        variable(env, "AZWISE_SUBSCRIPTION"),
        inPin("subscription", settings),
        inContext("subscription", settings),
        inWorld(sandbox?.subscriptionId),
      ].map(toList),
    ],
  };
}

function flagged({ flags }: TargetSources): Given[] {
  return flags.subscriptions.map((value) => ({ value, by: "flag", from: "--subscription" }));
}

/** az speaks only for subscriptions that it knows, and for its default account: for their tenant and cloud. */
function azAccountOf(
  subscriptionId: string | undefined,
  azAccounts: readonly AzAccount[],
): AzAccount | undefined {
  if (subscriptionId === undefined) return defaultAzAccount(azAccounts);
  const known = azAccounts.filter((each) => sameId(each.subscriptionId, subscriptionId));
  return defaultAzAccount(known) ?? known[0];
}

/**
 * The cloud by the same precedence. The active context may be what a rehearsal left behind, and a target that a flag
 * or variable names may be a real one: neither is guessed, as one would rehearse for nothing and the other change
 * production. Throws AppError "auth" then.
 */
export function lookUpCloud(sources: TargetSources): ChosenCloud {
  const { settings, isContextTyped = false } = sources;
  const named = nameCloud(sources);
  const isLeftBehind = named.value === "sandbox" && named.by === "context" && !isContextTyped;
  const target = isLeftBehind ? nameTarget(sources) : undefined;
  if (target)
    throw eitherCloud(target, named, nameCloud({ ...sources, settings: { ...settings, context: {} } }));
  return { cloud: findCloud(named.value, settings.clouds), cloudFrom: named.from, cloudBy: named.by };
}

function eitherCloud(target: Given, rehearsal: Given, other: Given): AppError {
  return new AppError("auth", `${target.from} is given, but the active ${rehearsal.from} is of the sandbox`, {
    hint: `add --cloud ${other.value} or --cloud sandbox, or choose another context with azwise login use`,
  });
}

function nameCloud(sources: TargetSources): Given {
  const { flags, env, settings, azAccounts } = sources;
  const subscriptions = cloudCandidates(sources).subscriptions.find((each) => each.length > 0);
  const account = azAccountOf(subscriptions?.[0]?.value, azAccounts);
  return (
    flag(flags.cloud, "--cloud") ??
    variable(env, "AZWISE_CLOUD") ??
    inPin("cloud", settings) ??
    inContext("cloud", settings) ??
    inAz(account && cloudFromAz(account.environmentName)) ??
    byDefault("public")
  );
}

/** The tenant or subscription that a flag or variable names. */
function nameTarget(sources: TargetSources): Given | undefined {
  const { tenants, subscriptions } = cloudCandidates(sources);
  const named = [flag(sources.flags.tenant, "--tenant"), ...tenants, ...subscriptions.flat()];
  return named.find((each) => each?.by === "flag" || each?.by === "variable");
}

function toList(each: Given | undefined): Given[] {
  return each === undefined ? [] : [each];
}
