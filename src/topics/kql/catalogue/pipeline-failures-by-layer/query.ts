import type { CatalogueQuery } from "../catalogue-query.ts";
import { customFailures, FAILURE_PARAMETERS } from "../custom-failures.ts";
import custom from "./query.kql";

export const pipelineFailuresByLayer: CatalogueQuery = {
  name: "pipeline-failures-by-layer",
  summary: "Whether failures are in Bronze, Silver or Gold",
  parameters: FAILURE_PARAMETERS,
  flavours: [customFailures(custom)],
  tableParameter: "table",
  window: "7d",
  row: "One layer. Failures in Gold with none before are of the layer itself; otherwise look at the first layer that fails.",
  next: ["the datasets: azwise kql run pipeline-failures-by-dataset --workspace W"],
  because: [
    "failure-logging/failures-as-data",
    "failure-logging/same-event-everywhere",
    "azure-wire/failure-event-has-no-status",
  ],
};
