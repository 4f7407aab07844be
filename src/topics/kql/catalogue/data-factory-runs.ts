import type { TableSchema } from "../schemas/table-schema.ts";
import type { Flavour } from "./catalogue-query.ts";

/** Runs of pipelines or of their activities, as a data factory itself tells them. */
export function dataFactoryRuns(kql: string, table: TableSchema): Flavour {
  return {
    name: "data-factory",
    when: "a diagnostic setting of the data factory sends its runs to resource-specific tables",
    text: kql,
    tables: [table],
  };
}
