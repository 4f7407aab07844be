import type { CatalogueQuery } from "./catalogue-query.ts";
import { containerConsoleErrors } from "./container-console-errors/query.ts";
import { containerImagePulls } from "./container-image-pulls/query.ts";
import { containerJobFailures } from "./container-job-failures/query.ts";
import { containerResources } from "./container-resources/query.ts";
import { containerRestarts } from "./container-restarts/query.ts";
import { containerStartup } from "./container-startup/query.ts";
import { flowDenied } from "./flow-denied/query.ts";
import { flowTopTalkers } from "./flow-top-talkers/query.ts";
import { pipelineChanges } from "./pipeline-changes/query.ts";
import { pipelineFailuresByDataset } from "./pipeline-failures-by-dataset/query.ts";
import { pipelineFailuresByDay } from "./pipeline-failures-by-day/query.ts";
import { pipelineFailuresByEnvironment } from "./pipeline-failures-by-environment/query.ts";
import { pipelineFailuresByError } from "./pipeline-failures-by-error/query.ts";
import { pipelineFailuresByLayer } from "./pipeline-failures-by-layer/query.ts";
import { pipelineTimeToResolve } from "./pipeline-time-to-resolve/query.ts";
import { postgresTlsFailures } from "./postgres-tls-failures/query.ts";
import { requestDurations } from "./request-durations/query.ts";

/** Every query that azwise brings along, by topic. */
export const catalogue: readonly CatalogueQuery[] = [
  containerConsoleErrors,
  containerRestarts,
  containerStartup,
  containerJobFailures,
  containerImagePulls,
  containerResources,
  requestDurations,
  postgresTlsFailures,
  flowTopTalkers,
  flowDenied,
  pipelineFailuresByDay,
  pipelineFailuresByDataset,
  pipelineFailuresByLayer,
  pipelineFailuresByEnvironment,
  pipelineFailuresByError,
  pipelineChanges,
  pipelineTimeToResolve,
];
