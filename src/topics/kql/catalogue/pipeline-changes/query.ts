import type { CatalogueQuery } from "../catalogue-query.ts";
import { dataFactoryRuns } from "../data-factory-runs.ts";
import { customFailures, FAILURE_SOURCE } from "../custom-failures.ts";
import { span } from "../parameters.ts";
import { adfActivityRuns } from "../../schemas/pipelines.ts";
import custom from "./query.kql";
import dataFactory from "./query.data-factory.kql";

export const pipelineChanges: CatalogueQuery = {
  name: "pipeline-changes",
  summary: "What fails today that did not yesterday, and what stopped failing",
  parameters: [...FAILURE_SOURCE, span("period", "how long today and yesterday are", "24h")],
  flavours: [customFailures(custom), dataFactoryRuns(dataFactory, adfActivityRuns)],
  tableParameter: "table",
  window: "2d",
  compares: "period",
  row: "One error of one pipeline in one environment or factory, with its failures in the last period and in the one before. Periods end now, so the window has to reach back two of them and up to now.",
  next: [
    "new: what was deployed since? gone: was it mended, or did the pipeline not run?",
    "how long outages last: azwise kql run pipeline-time-to-resolve --workspace W",
  ],
  because: [
    "failure-logging/what-changed",
    "azure-wire/failure-event-has-no-status",
    "azure-wire/data-factory-tables",
  ],
};
