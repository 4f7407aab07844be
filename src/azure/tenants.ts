import type { Json, JsonObject } from "../json.ts";
import { listPages, type ArmConnection } from "./arm.ts";
import type { SignedIn, Tenant, VisibleSubscription } from "./login-ports.ts";
import { SUBSCRIPTIONS_API, toSubscription } from "./subscriptions.ts";

/** The two lists that only discovery asks for. */
export function createDirectory(
  connection: ArmConnection,
): Pick<SignedIn, "listTenants" | "listSubscriptions"> {
  return {
    async *listTenants() {
      for await (const page of listPages(connection, { path: "/tenants", apiVersion: SUBSCRIPTIONS_API })) {
        yield page.map(toTenant);
      }
    },
    async *listSubscriptions() {
      const request = { path: "/subscriptions", apiVersion: SUBSCRIPTIONS_API };
      for await (const page of listPages(connection, request)) yield page.map(toVisible);
    },
  };
}

/** Names are left out for tenants that this identity cannot read. */
function toTenant(body: JsonObject): Tenant {
  return {
    tenantId: textOf(body["tenantId"]).toLowerCase(),
    category: textOf(body["tenantCategory"]),
    name: textOf(body["displayName"]) || undefined,
    domain: textOf(body["defaultDomain"]) || undefined,
  };
}

function toVisible(body: JsonObject): VisibleSubscription {
  const managers = Array.isArray(body["managedByTenants"]) ? body["managedByTenants"] : [];
  const managedBy = managers.map((each) =>
    typeof each === "object" && each !== null && !Array.isArray(each) ? textOf(each["tenantId"]) : "",
  );
  return {
    ...toSubscription(textOf(body["subscriptionId"]).toLowerCase(), body),
    managedBy: managedBy.filter((id) => id !== ""),
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
