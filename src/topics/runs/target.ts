import type { Azure } from "../../azure/ports.ts";
import { AppError } from "../../errors.ts";
import { oneSubscription } from "../../plan/one-subscription.ts";
import type { Plan } from "../../plan/plan.ts";

/** A plan runs only where it was made: same cloud, tenant and subscription. */
export function requireSameTarget(plan: Plan, { target }: Azure): void {
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
