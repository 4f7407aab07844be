import type { Json } from "../json.ts";
import { AzureError } from "./azure-error.ts";
import type { ArmPort, Subscription, SubscriptionPort } from "./ports.ts";

const API_VERSION = "2022-12-01";

/** Reads one named subscription; subscriptions are never enumerated. */
export function createSubscriptions(arm: ArmPort): SubscriptionPort {
  return {
    async get(subscriptionId) {
      try {
        const body = await arm.read({ path: `/subscriptions/${subscriptionId}`, apiVersion: API_VERSION });
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
function toSubscription(id: string, answer: Json | undefined): Subscription {
  const body = typeof answer === "object" && answer !== null && !Array.isArray(answer) ? answer : {};
  const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
  return {
    id,
    name: text(body["displayName"]),
    tenantId: text(body["tenantId"]),
    state: text(body["state"]),
  };
}
