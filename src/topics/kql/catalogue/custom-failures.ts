import { pipelineErrors } from "../schemas/pipelines.ts";
import type { Flavour } from "./catalogue-query.ts";
import { tableName, text, whole } from "./parameters.ts";

/** The table to which pipelines send their failures, whose name its owner chose, and which of them count. */
export const FAILURE_SOURCE = [
  tableName("table", "the table of failures", "DataDomain_SynapsePipelineErrors_CL"),
  text("environment", "only events of this environment"),
];

export const FAILURE_PARAMETERS = [...FAILURE_SOURCE, whole("rows", "most rows", 100)];

export function customFailures(kql: string): Flavour {
  return {
    name: "custom",
    when: "pipelines send their failures to a custom table of this form",
    text: kql,
    tables: [pipelineErrors],
    names: { parameter: "environment", column: "Environment" },
  };
}
