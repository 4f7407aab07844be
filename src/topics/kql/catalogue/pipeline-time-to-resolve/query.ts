import type { CatalogueQuery } from "../catalogue-query.ts";
import { tableName, text } from "../parameters.ts";
import { adfPipelineRuns, pipelineErrors } from "../../schemas/pipelines.ts";
import custom from "./query.kql";
import dataFactory from "./query.data-factory.kql";

export const pipelineTimeToResolve: CatalogueQuery = {
  name: "pipeline-time-to-resolve",
  summary: "Mean time from the first failure of a pipeline to its next success",
  parameters: [
    tableName("table", "the table of failures", "DataDomain_SynapsePipelineErrors_CL"),
    text("environment", "only events of this environment"),
  ],
  flavours: [
    {
      name: "custom",
      when: "pipelines send their failures to a custom table of this form",
      text: custom,
      tables: [pipelineErrors],
      names: { parameter: "environment", column: "Environment" },
    },
    {
      name: "data-factory",
      when: "a diagnostic setting of the data factory sends its runs to resource-specific tables",
      text: dataFactory,
      tables: [adfPipelineRuns],
    },
  ],
  tableParameter: "table",
  window: "30d",
  row: "One pipeline, in the custom table one dataset of it. Open outages have no end yet and are not in the mean. Where only failures are sent, all are open: a mean then cannot be told.",
  next: [
    "send an event without error code and message when a pipeline succeeds after it failed",
    "Open above 0 with an old LastFailure: the pipeline may have been removed",
  ],
  because: [
    "failure-logging/reliability-measures",
    "azure-wire/failure-table-has-no-end",
    "azure-wire/data-factory-tables",
  ],
};
