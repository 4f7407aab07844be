import type { CatalogueQuery } from "../catalogue-query.ts";
import { dataFactoryRuns } from "../data-factory-runs.ts";
import { customFailures, FAILURE_PARAMETERS } from "../custom-failures.ts";
import { adfActivityRuns } from "../../schemas/pipelines.ts";
import custom from "./query.kql";
import dataFactory from "./query.data-factory.kql";

export const pipelineFailuresByError: CatalogueQuery = {
  name: "pipeline-failures-by-error",
  summary: "Which errors fail pipelines most",
  parameters: FAILURE_PARAMETERS,
  flavours: [customFailures(custom), dataFactoryRuns(dataFactory, adfActivityRuns)],
  tableParameter: "table",
  window: "7d",
  row: "One error code, with the pipelines and activities that had it and one message.",
  next: [
    "which of them are new: azwise kql run pipeline-changes --workspace W",
    "azwise docs show failure-logging",
  ],
  because: [
    "failure-logging/failures-as-data",
    "failure-logging/same-event-everywhere",
    "azure-wire/failure-event-has-no-status",
    "azure-wire/data-factory-tables",
  ],
};
