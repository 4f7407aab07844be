import { AppError } from "../errors.ts";
import { isGuid } from "../resource-id.ts";
import type { AzAccount } from "./az-profile.ts";
import type { Cloud } from "./clouds.ts";
import type { Pin, SavedContext, Settings } from "./settings.ts";

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
  /** The context was named on the command line, and is not just the active one. */
  isContextTyped?: boolean;
}

/** A value as it was given, and by whom, for people: "--tenant", "AZURE_TENANT_ID", a pin file, "context prod". */
export interface Sourced {
  value: string;
  from: string;
}

/** The kind of source, strongest first; a plan is one by itself. */
export type SourceKind = "flag" | "variable" | "pin" | "context" | "az" | "sandbox" | "default" | "plan";

export interface Given extends Sourced {
  by: SourceKind;
}

/** What a run was asked for, before anything is checked or sent. Values are as given. */
export interface Wanted {
  cloud: Cloud;
  cloudFrom: string;
  cloudBy: SourceKind;
  tenant: Given | undefined;
  /** Several only when several flags were given. */
  subscriptions: Given[];
  auth: Given;
}

export type ChosenCloud = Pick<Wanted, "cloud" | "cloudFrom" | "cloudBy">;

export interface ResolvedTarget {
  cloud: Cloud;
  tenantId: string;
  subscriptionIds: [string, ...string[]];
  auth: string;
}

const TENANT = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(\.[a-z0-9-]+)+)$/i;

/** The target of a run that touches resources: everything must be named, and be an id. */
export function requireTarget({ cloud, auth, tenant, subscriptions }: Wanted): ResolvedTarget {
  return {
    cloud,
    auth: auth.value,
    tenantId: checkTenant(tenant?.value),
    subscriptionIds: checkSubscriptions(subscriptions.map(({ value }) => value)),
  };
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

/** A context says nothing about another cloud; without a cloud it is of no rehearsal. */
export function isContextInForce({ cloud }: Pick<SavedContext, "cloud">, runsIn: string): boolean {
  return cloud === undefined ? runsIn !== "sandbox" : cloud === runsIn;
}

/** The run is a rehearsal, of which the pin of a real cloud, or of no cloud, says nothing. */
export function isOutsideRehearsal({ cloud }: Pick<Pin, "cloud">, runsIn: string | undefined): boolean {
  return runsIn === "sandbox" && cloud !== "sandbox";
}
