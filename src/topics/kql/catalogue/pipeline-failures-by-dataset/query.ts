import type { CatalogueQuery } from "../catalogue-query.ts";
import { customFailures, FAILURE_PARAMETERS } from "../custom-failures.ts";
import custom from "./query.kql";

export const pipelineFailuresByDataset: CatalogueQuery = {
  name: "pipeline-failures-by-dataset",
  summary: "Which datasets fail most",
  parameters: FAILURE_PARAMETERS,
  flavours: [customFailures(custom)],
  tableParameter: "table",
  window: "7d",
  row: "One dataset, with its failures, runs, pipelines and error codes.",
  next: [
    "what goes wrong: azwise kql run pipeline-failures-by-error --workspace W",
    "whether it is new: azwise kql run pipeline-changes --workspace W",
  ],
  because: [
    "failure-logging/failures-as-data",
    "failure-logging/same-event-everywhere",
    "azure-wire/failure-event-has-no-status",
  ],
};
