import type { CatalogueQuery } from "../catalogue-query.ts";
import { azureMonitor, logAnalytics } from "../container-flavours.ts";
import { text, whole } from "../parameters.ts";
import { systemCustom, systemResourceSpecific } from "../../schemas/container-apps.ts";
import custom from "./query.kql";
import resourceSpecific from "./query.azure-monitor.kql";

export const containerRestarts: CatalogueQuery = {
  name: "container-restarts",
  summary: "Which revisions crash, back off or fail their probes, and with which exit code",
  parameters: [text("app", "a container app, by name"), whole("least", "fewest events that are told", 1)],
  flavours: [
    logAnalytics(custom, systemCustom, { parameter: "app", column: "ContainerAppName_s" }),
    azureMonitor(resourceSpecific, systemResourceSpecific, { parameter: "app", column: "ContainerAppName" }),
  ],
  window: "24h",
  row: "One reason of one revision, with how often it was seen. Exit code 137 is a kill, mostly for memory; no exit code means that the platform acted before the process did. Replicas that were scaled in (ManuallyStopped) are left out.",
  next: [
    "what it wrote before: azwise kql run container-console-errors --workspace W --param app=NAME",
    "a probe that fails right after the start wants a longer initialDelaySeconds, or a startup probe",
    "exit code 137: az containerapp update --name NAME --resource-group GROUP --memory 1.0Gi --cpu 0.5",
  ],
  because: [
    "container-apps-startup/restart-loop-causes",
    "container-apps-startup/generous-probes",
    "azure-wire/container-event-reasons",
    "azure-wire/scale-in-is-manually-stopped",
  ],
};
