import { AppError } from "../errors.ts";
import type { Json } from "../json.ts";
import { AzureError } from "./azure-error.ts";
import type { ArmPort, Subscription, SubscriptionPort } from "./ports.ts";

/** One version for tenants and subscriptions. */
export const SUBSCRIPTIONS_API = "2022-12-01";

/** Reads one named subscription; subscriptions are never enumerated. */
export function createSubscriptions(arm: ArmPort): SubscriptionPort {
  return {
    async get(subscriptionId) {
      try {
        const body = await arm.read({
          path: `/subscriptions/${subscriptionId}`,
          apiVersion: SUBSCRIPTIONS_API,
        });
        return toSubscription(subscriptionId, body);
      } catch (error) {
        if (error instanceof AzureError && isUnknown(error)) return undefined;
        throw error;
      }
    },
  };
}

function isUnknown({ code }: AzureError): boolean {
  return code === "SubscriptionNotFound" || code === "InvalidSubscriptionId";
}

/** Only the service's own words mean that there is no such subscription; a gateway may answer less. */
export function toSubscription(id: string, answer: Json | undefined): Subscription {
  const body = typeof answer === "object" && answer !== null && !Array.isArray(answer) ? answer : {};
  const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
  return {
    id,
    name: text(body["displayName"]),
    tenantId: text(body["tenantId"]),
    state: text(body["state"]),
  };
}

/** Whether work can be done in a subscription of this state; az's profile may write it in another case. */
export function isUsable(state: string): boolean {
  return !["disabled", "deleted"].includes(state.toLowerCase());
}

/** The subscription, when work can be done in it; throws AppError "auth" when it is not visible or switched off. */
export function requireUsable(
  found: Subscription | undefined,
  { id, tenantId }: { id: string; tenantId: string },
): Subscription {
  if (!found) throw notVisible(id, tenantId);
  if (isUsable(found.state)) return found;
  const hint = "use another --subscription";
  throw new AppError("auth", `subscription ${id} is ${found.state.toLowerCase()}`, { hint });
}

/** The pinned subscription, as `requireUsable`; undefined when this identity may not read it. */
export async function readPinned(
  subscriptions: SubscriptionPort,
  pinned: { id: string; tenantId: string },
): Promise<Subscription | undefined> {
  try {
    return requireUsable(await subscriptions.get(pinned.id), pinned);
  } catch (error) {
    // Roles on a resource group alone do not allow to read the subscription itself; the work may still be allowed.
    if (error instanceof AzureError && error.kind === "auth" && error.status === 403) return undefined;
    throw error;
  }
}

/** What to say of a subscription that this identity cannot see. */
export function notVisible(id: string, tenantId: string): AppError {
  return new AppError("auth", `subscription ${id} is not visible in tenant ${tenantId}`, {
    code: "SubscriptionNotFound",
    hint: "check --subscription and --tenant, and that this identity has a role there",
  });
}
