import type { CatalogueQuery } from "../catalogue-query.ts";
import { customFailures, FAILURE_PARAMETERS } from "../custom-failures.ts";
import custom from "./query.kql";

export const pipelineFailuresByEnvironment: CatalogueQuery = {
  name: "pipeline-failures-by-environment",
  summary: "Failures by environment",
  parameters: FAILURE_PARAMETERS,
  flavours: [customFailures(custom)],
  tableParameter: "table",
  window: "7d",
  row: "One environment. An error in one environment alone is mostly configuration or access.",
  next: ["azwise kql run pipeline-failures-by-error --workspace W --param environment=NAME"],
  because: [
    "failure-logging/failures-as-data",
    "failure-logging/same-event-everywhere",
    "azure-wire/failure-event-has-no-status",
  ],
};
