import type { CatalogueQuery } from "../catalogue-query.ts";
import { tableName, text, whole } from "../parameters.ts";
import { pipelineErrors } from "../../schemas/pipelines.ts";
import custom from "./query.kql";

export const pipelineFailuresByDataset: CatalogueQuery = {
  name: "pipeline-failures-by-dataset",
  summary: "Which datasets fail most",
  parameters: [
    tableName("table", "the table of failures", "DataDomain_SynapsePipelineErrors_CL"),
    text("environment", "only events of this environment"),
    whole("rows", "most rows", 100),
  ],
  flavours: [
    {
      name: "custom",
      when: "pipelines send their failures to a custom table of this form",
      text: custom,
      tables: [pipelineErrors],
      names: { parameter: "environment", column: "Environment" },
    },
  ],
  tableParameter: "table",
  window: "7d",
  row: "One dataset, with its failures, runs, pipelines and error codes.",
  next: [
    "azwise kql run pipeline-failures-by-error shows what goes wrong",
    "azwise kql run pipeline-changes tells whether it is new",
  ],
  because: [
    "failure-logging/failures-as-data",
    "failure-logging/same-event-everywhere",
    "azure-wire/failure-event-has-no-status",
  ],
};
