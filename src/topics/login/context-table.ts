import type { SavedContext } from "../../azure/settings.ts";
import type { JsonObject } from "../../json.ts";
import type { Row, Table } from "../../output/view.ts";

/** One context as a person sees it. */
export interface ShownContext {
  name: string;
  context: SavedContext;
  active: boolean;
}

/** Names where there are some: the ids are in JSON. */
export function contextTable(contexts: readonly ShownContext[]): Table {
  return {
    columns: [
      { header: "context" },
      { header: "cloud" },
      { header: "tenant" },
      { header: "subscription" },
      { header: "auth", wide: true },
      { header: "principal", wide: true },
      { header: "active" },
    ],
    rows: contexts.map(contextRow),
  };
}

function contextRow({ name, context, active }: ShownContext): Row {
  const { cloud, tenant, domain, subscription, subscriptionName, auth, principal } = context;
  const cells = [cloud, domain ?? tenant, subscriptionName ?? subscription, auth, principal];
  return {
    cells: [name, ...cells.map((cell) => cell ?? null), active ? { text: "active", tone: "good" } : null],
  };
}

export function contextJson({ name, context, active }: ShownContext): JsonObject {
  return {
    name,
    active,
    cloud: context.cloud ?? null,
    tenant: context.tenant ?? null,
    domain: context.domain ?? null,
    subscription: context.subscription ?? null,
    subscriptionName: context.subscriptionName ?? null,
    auth: context.auth ?? null,
    principal: context.principal ?? null,
  };
}
