import type { CatalogueQuery } from "../catalogue-query.ts";
import { customFailures, FAILURE_PARAMETERS } from "../custom-failures.ts";
import custom from "./query.kql";

export const pipelineFailuresByDay: CatalogueQuery = {
  name: "pipeline-failures-by-day",
  summary: "Whether failures of pipelines become more or fewer",
  parameters: FAILURE_PARAMETERS,
  flavours: [customFailures(custom)],
  tableParameter: "table",
  window: "14d",
  row: "24 hours that ended DaysAgo days ago, so the window has to end now. A day without failures has no row.",
  next: ["which errors are new: azwise kql run pipeline-changes --workspace W"],
  because: [
    "failure-logging/reliability-measures",
    "failure-logging/what-changed",
    "azure-wire/failure-event-has-no-status",
  ],
};
