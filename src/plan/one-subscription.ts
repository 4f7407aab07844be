import type { Target } from "../azure/ports.ts";
import { AppError } from "../errors.ts";

/**
 * Changes are made in one subscription at a time; a second one would be dropped without a word, unless it owns what
 * the others build on.
 */
export function oneSubscription(
  { subscriptionIds }: Pick<Target, "subscriptionIds">,
  owner?: string,
): string {
  const [first, ...others] = subscriptionIds;
  if (others.every((id) => id === owner)) return first;
  const hint = "give --subscription once, and run the command for each";
  throw new AppError("usage", "this command works in one subscription", { hint });
}
