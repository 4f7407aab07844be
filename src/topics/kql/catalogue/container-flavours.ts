import type { TableSchema } from "../schemas/table-schema.ts";
import type { Flavour } from "./catalogue-query.ts";

type Names = NonNullable<Flavour["names"]>;

/** Logs of Container Apps in a table ending in `_CL`. */
export function logAnalytics(text: string, table: TableSchema, names?: Names): Flavour {
  return {
    name: "log-analytics",
    when: "the environment's log destination is log-analytics",
    text,
    tables: [table],
    ...(names ? { names } : {}),
  };
}

/** The same in a resource-specific table. */
export function azureMonitor(text: string, table: TableSchema, names?: Names): Flavour {
  return {
    name: "azure-monitor",
    when: "the environment's log destination is azure-monitor, and a diagnostic setting sends these logs",
    text,
    tables: [table],
    ...(names ? { names } : {}),
  };
}
