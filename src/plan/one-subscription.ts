import type { Target } from "../azure/ports.ts";
import { AppError } from "../errors.ts";

/** Changes are made in one subscription at a time; a second one would be dropped without a word. */
export function oneSubscription({ subscriptionIds }: Pick<Target, "subscriptionIds">): string {
  if (subscriptionIds.length === 1) return subscriptionIds[0];
  const hint = "give --subscription once, and run the command for each";
  throw new AppError("usage", "this command works in one subscription", { hint });
}
