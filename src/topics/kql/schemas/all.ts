import {
  azureMetrics,
  consoleCustom,
  consoleResourceSpecific,
  systemCustom,
  systemResourceSpecific,
} from "./container-apps.ts";
import { flows, nsgFlows } from "./flow-logs.ts";
import { adfActivityRuns, adfPipelineRuns, pipelineErrors } from "./pipelines.ts";
import { pgServerLogs, postgresDiagnostics } from "./postgres.ts";
import { appRequests, requests } from "./requests.ts";
import type { TableSchema } from "./table-schema.ts";

/** Every table that the catalogue knows. */
export const schemas: readonly TableSchema[] = [
  consoleCustom,
  consoleResourceSpecific,
  systemCustom,
  systemResourceSpecific,
  azureMetrics,
  appRequests,
  requests,
  pgServerLogs,
  postgresDiagnostics,
  flows,
  nsgFlows,
  pipelineErrors,
  adfPipelineRuns,
  adfActivityRuns,
];
