import type { CatalogueQuery } from "../catalogue-query.ts";
import { azureMonitor, logAnalytics } from "../container-flavours.ts";
import { text, whole } from "../parameters.ts";
import { systemCustom, systemResourceSpecific } from "../../schemas/container-apps.ts";
import custom from "./query.kql";
import resourceSpecific from "./query.azure-monitor.kql";

export const containerJobFailures: CatalogueQuery = {
  name: "container-job-failures",
  summary: "Executions of jobs that failed or ran out of time",
  parameters: [text("job", "a job, by name"), whole("rows", "most rows", 100)],
  flavours: [
    logAnalytics(custom, systemCustom, { parameter: "job", column: "JobName_s" }),
    azureMonitor(resourceSpecific, systemResourceSpecific, { parameter: "job", column: "JobName" }),
  ],
  window: "24h",
  row: "One event of one execution. timed out: the job was still running at the end of its replica timeout; failed: it ended with another exit code than 0, was retried too often, or its image was not pulled.",
  next: [
    "what it wrote: azwise kql run container-console-errors --workspace W --param app=JOB",
    "timed out: az containerapp job update --name JOB --resource-group GROUP --replica-timeout 1800",
    "a message on a pull: azwise kql run container-image-pulls --workspace W --param app=JOB",
    "the state of every execution: az containerapp job execution list --name JOB --resource-group GROUP -o table",
  ],
  because: [
    "container-apps-startup/replica-timeout",
    "container-apps-startup/silent-job-failure",
    "azure-wire/job-lines-have-no-app",
    "azure-wire/job-event-reasons",
  ],
};
