import { requirePin } from "../../azure/pin.ts";
import type { Azure } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
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

/** A plan runs only where it was made: same cloud, tenant and subscriptions, in the same order. */
function requireSameTarget(plan: Plan, { target }: Azure): void {
  const made = plan.target;
  const pairs = [
    ["cloud", made.cloud, target.cloud],
    ["tenant", made.tenantId, target.tenantId],
    ["subscription", made.subscriptionIds, target.subscriptionIds],
  ] as const;
  const text = (value: string | readonly string[]): string => [value].flat().join(" and ").toLowerCase();
  const wrong = pairs.find(([, planned, actual]) => text(planned) !== text(actual));
  if (!wrong) return;
  const [what, planned, actual] = wrong;
  throw new AppError(
    "auth",
    `the plan is for ${what} ${text(planned)}, this run is pinned to ${text(actual)}`,
    {
      hint: `use ${[planned]
        .flat()
        .map((each) => `--${what} ${each}`)
        .join(" ")}`,
    },
  );
}
