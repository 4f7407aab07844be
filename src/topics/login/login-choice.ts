import type { Given, SourceKind, Wanted } from "../../azure/target.ts";
import { AppError } from "../../errors.ts";

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
  const [subscription, another] = subscriptions;
  if (another) {
    throw new AppError("usage", "a sign-in leads to one subscription, not to several", {
      hint: "give --subscription once",
    });
  }
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

/** Flags and variables, the pin, the active context; az's profile and the sandbox's world come last. */
const RANKS: Partial<Record<SourceKind, number>> = { flag: 0, variable: 0, pin: 1, context: 2 };

function rankOf(each: Given | undefined): number {
  return each ? (RANKS[each.by] ?? 3) : Number.POSITIVE_INFINITY;
}
