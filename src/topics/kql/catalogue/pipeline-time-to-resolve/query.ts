import type { CatalogueQuery } from "../catalogue-query.ts";
import { dataFactoryRuns } from "../data-factory-runs.ts";
import { customFailures, FAILURE_SOURCE } from "../custom-failures.ts";
import { adfPipelineRuns } from "../../schemas/pipelines.ts";
import custom from "./query.kql";
import dataFactory from "./query.data-factory.kql";

export const pipelineTimeToResolve: CatalogueQuery = {
  name: "pipeline-time-to-resolve",
  summary: "Mean time from the first failure of a pipeline to its next success",
  parameters: FAILURE_SOURCE,
  flavours: [customFailures(custom), dataFactoryRuns(dataFactory, adfPipelineRuns)],
  tableParameter: "table",
  window: "30d",
  row: "One pipeline of one factory; in the custom table one dataset of it in one environment, which no other environment's success mends. Open outages have no end yet and are not in the mean. Where only failures are sent, all are open: a mean then cannot be told.",
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
