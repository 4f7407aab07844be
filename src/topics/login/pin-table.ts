import type { FoundPin, Pin } from "../../azure/settings.ts";
import type { JsonObject } from "../../json.ts";
import type { Table } from "../../output/view.ts";

/** A row for each part; what a pin leaves open has none. */
export function pinTable({ cloud, tenant, subscription }: Pin): Table {
  const parts = Object.entries({ cloud, tenant, subscription }).filter(([, value]) => value !== undefined);
  return {
    columns: [{ header: "pinned" }, { header: "to" }],
    rows: parts.map(([what, value = null]) => ({ cells: [what, value] })),
  };
}

export function pinJson({ file, pin }: FoundPin): JsonObject {
  return {
    file,
    cloud: pin.cloud ?? null,
    tenant: pin.tenant ?? null,
    subscription: pin.subscription ?? null,
  };
}
