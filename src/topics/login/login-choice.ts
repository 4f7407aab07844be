import type { LoginPort } from "../../azure/login-ports.ts";
import { checkTenant, type Given, type SourceKind, type Wanted } from "../../azure/target.ts";
import { AppError } from "../../errors.ts";
import { sameId } from "../../resource-id.ts";

/** What a sign-in is for; values are as given: a GUID or a domain, a GUID or a name. */
export interface Choice {
  /** Undefined when the subscription's own challenge is to name it. */
  tenant?: string;
  subscription?: string;
}

/**
 * Which of the values in force belong to this sign-in. Tenant and subscription count together only when both
 * were given by flag or variable, or both come from the same file; else the stronger one counts alone, as the
 * other may be of another tenant. Throws AppError "usage" when nothing, or several subscriptions, are named.
 */
export function chooseTarget({ tenant, subscriptions }: Pick<Wanted, "tenant" | "subscriptions">): Choice {
  const subscription = onlySubscription(subscriptions);
  if (!tenant && !subscription) {
    const hint = "give --tenant <id or domain>, or --subscription <id>";
    throw new AppError("usage", "neither a tenant nor a subscription is named", { hint });
  }
  const [tenantRank, subscriptionRank] = [rankOf(tenant), rankOf(subscription)];
  return {
    ...(tenant && tenantRank <= subscriptionRank ? { tenant: tenant.value } : {}),
    ...(subscription && subscriptionRank <= tenantRank ? { subscription: subscription.value } : {}),
  };
}

/** The one that is named; the same one twice counts once. Throws AppError "usage" when there are several. */
export function onlySubscription<T extends { value: string }>(named: readonly T[]): T | undefined {
  const [first, ...others] = named;
  if (others.every(({ value }) => sameId(value, first?.value))) return first;
  throw new AppError("usage", "a sign-in leads to one subscription, not to several", {
    hint: "give --subscription once",
  });
}

/** The GUID of a tenant; without one, the tenant that the subscription's challenge names. At most one request. */
export async function findTenant(
  login: Pick<LoginPort, "findTenantId" | "findHomeTenant">,
  tenant: string | undefined,
  subscription: string | undefined,
): Promise<string> {
  if (tenant === undefined && subscription !== undefined) return login.findHomeTenant(subscription);
  return login.findTenantId(checkTenant(tenant));
}

/** Flags and variables, the pin, the active context; az's profile and the sandbox's world come last. */
const RANKS: Partial<Record<SourceKind, number>> = { flag: 0, variable: 0, pin: 1, context: 2 };

function rankOf(each: Given | undefined): number {
  return each ? (RANKS[each.by] ?? 3) : Number.POSITIVE_INFINITY;
}
