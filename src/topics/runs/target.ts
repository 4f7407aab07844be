import { requirePin } from "../../azure/pin.ts";
import type { Azure } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { oneSubscription } from "../../plan/one-subscription.ts";
import type { Plan } from "../../plan/plan.ts";

/** Connects for a plan. Where the folder is pinned to another target than the plan's, nothing is sent for it. */
export async function connectForPlan(plan: Plan, ctx: Context): Promise<void> {
  const { cloud, tenantId, subscriptionIds } = plan.target;
  const source = { by: "plan" as const, from: "the plan" };
  const wanted = {
    cloud: { name: cloud },
    cloudFrom: source.from,
    cloudBy: source.by,
    tenant: { value: tenantId, ...source },
    subscriptions: subscriptionIds.map((value) => ({ value, ...source })),
  };
  const { settings, findTenantId } = await ctx.login();
  await requirePin({ wanted, settings, findTenantId });
  requireSameTarget(plan, await ctx.azure());
}

/** A plan runs only where it was made: same cloud, tenant and subscription. */
function requireSameTarget(plan: Plan, { target }: Azure): void {
  oneSubscription(target);
  const made = plan.target;
  const pairs = [
    ["cloud", made.cloud, target.cloud],
    ["tenant", made.tenantId, target.tenantId],
    ["subscription", made.subscriptionIds[0], target.subscriptionIds[0]],
  ] as const;
  const wrong = pairs.find(([, planned, actual]) => planned?.toLowerCase() !== actual.toLowerCase());
  if (!wrong) return;
  const [what, planned, actual] = wrong;
  throw new AppError("auth", `the plan is for ${what} ${planned}, this run is pinned to ${actual}`, {
    hint: `use --${what} ${planned}`,
  });
}
