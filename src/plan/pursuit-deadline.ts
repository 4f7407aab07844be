import { AzureError } from "../azure/azure-error.ts";
import type { ArmPort } from "../azure/ports.ts";
import type { PursuitState } from "./pursuit-state.ts";

/**
 * For one try: once the time is up, nothing that a choice asks for is sent. What puts an old value back still is.
 * Whether an earlier send of the try may have been granted is not forgotten over that.
 */
export function untilDeadline({ plan, options, until }: PursuitState): ArmPort {
  const { arm, clock } = options;
  const asked = new Set(plan.steps.map(({ request }) => request.body));
  let isUncertain = false;
  return {
    read: (...request) => arm.read(...request),
    async change(request, how) {
      if (asked.has(request.body) && clock.now() >= until) {
        throw new AzureError("timeout", "the time is up, so it was not sent", { uncertain: isUncertain });
      }
      try {
        await arm.change(request, how);
      } catch (error) {
        isUncertain ||= error instanceof AzureError && error.uncertain;
        throw error;
      }
    },
  };
}
