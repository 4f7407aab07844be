import { AppError } from "../../errors.ts";
import { again } from "./again.ts";
import type { SubscriptionRecord, Walk } from "./discover-record.ts";

export interface Sought {
  name: string;
  /** Only subscriptions that are seen through this tenant; all of them when left out. */
  tenantId?: string | undefined;
}

/** The one subscription of that name, in any case; undefined when there is none. Two are refused with both ids. */
export function findByName({ subscriptions, cloud }: Walk, sought: Sought): SubscriptionRecord | undefined {
  const { name, tenantId } = sought;
  const [found, ...others] = subscriptions.filter(
    (each) => sameName(each.name, name) && (tenantId === undefined || each.seenThrough.includes(tenantId)),
  );
  if (!found || others.length === 0) return found;
  const ids = [found, ...others].map(({ id, homeTenantId }) => `${id} of tenant ${homeTenantId}`);
  throw new AppError("usage", `${ids.length} subscriptions are called "${name}": ${ids.join(", ")}`, {
    hint: `give the one that is meant: ${again("azwise login --subscription <id>", { cloud })}`,
  });
}

export function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** To say of a name that a walk has not found: tenants that were not walked may have it. */
export function notFound({ name, tenantId }: Sought, { subscriptions, tenants, cloud }: Walk): AppError {
  const unseen = tenants.filter(({ state }) => state !== "walked").length;
  const where = tenantId === undefined ? "" : ` through tenant ${tenantId}`;
  const looked = `among ${subscriptions.length} subscriptions seen`;
  const hint =
    unseen === 0
      ? `${again("azwise login discover --cached --subscriptions", { cloud })} lists them`
      : `${unseen} of ${tenants.length} tenants could not be walked: ${again("azwise login discover --cached", { cloud })} says why`;
  return new AppError("auth", `no subscription${where} is called "${name}" ${looked}`, { hint });
}
