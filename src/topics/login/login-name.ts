import { checkContextName, toContextName } from "../../azure/contexts.ts";
import { contextNamed, type Config, type SavedContext } from "../../azure/settings.ts";
import { AppError } from "../../errors.ts";
import { sameId } from "../../resource-id.ts";

export interface ChosenName {
  name: string;
  /** What the name led to until now, when that was elsewhere. */
  replaced: SavedContext | undefined;
}

/**
 * The name of a new context: as given, else after the subscription, the domain, or the tenant's id. Throws
 * AppError "usage" when a name that nobody gave leads elsewhere already.
 */
export function chooseName(given: string | undefined, context: SavedContext, config: Config): ChosenName {
  const name = given === undefined ? defaultName(context) : checkContextName(given);
  const known = contextNamed(config, name);
  const replaced = known && !isSameTarget(known, context) ? known : undefined;
  if (given !== undefined || !replaced) return { name, replaced };
  throw new AppError("usage", `the context "${name}" leads elsewhere: ${describeTarget(replaced)}`, {
    hint: `choose another with --name, or replace it with --name ${name}`,
  });
}

function defaultName({ tenant = "", domain = "", subscriptionName = "" }: SavedContext): string {
  return toContextName(subscriptionName) ?? toContextName(domain) ?? checkContextName(tenant);
}

function isSameTarget(one: SavedContext, other: SavedContext): boolean {
  const same = (a: string | undefined, b: string | undefined): boolean => a === b || sameId(a, b);
  return (
    one.cloud === other.cloud && same(one.tenant, other.tenant) && same(one.subscription, other.subscription)
  );
}

/** "public, tenant contoso.com, subscription Contoso Production": names where there are some. */
export function describeTarget(context: SavedContext): string {
  const { cloud, domain, tenant, subscriptionName, subscription } = context;
  const parts = [cloud, `tenant ${domain ?? tenant ?? "unknown"}`];
  const named = subscriptionName ?? subscription;
  return [...parts, named === undefined ? "no subscription" : `subscription ${named}`].join(", ");
}
