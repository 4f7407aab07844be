import type { CatalogueQuery } from "../catalogue-query.ts";
import { tableName, text, whole } from "../parameters.ts";
import { pipelineErrors } from "../../schemas/pipelines.ts";
import custom from "./query.kql";

export const pipelineFailuresByLayer: CatalogueQuery = {
  name: "pipeline-failures-by-layer",
  summary: "Whether failures are in Bronze, Silver or Gold",
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
  row: "One layer. Failures in Gold with none before are of the layer itself; otherwise look at the first layer that fails.",
  next: ["azwise kql run pipeline-failures-by-dataset names the datasets"],
  because: [
    "failure-logging/failures-as-data",
    "failure-logging/same-event-everywhere",
    "azure-wire/failure-event-has-no-status",
  ],
};
