import type { CatalogueQuery } from "../catalogue-query.ts";
import { azureMonitor, logAnalytics } from "../container-flavours.ts";
import { text, texts, whole } from "../parameters.ts";
import { consoleCustom, consoleResourceSpecific } from "../../schemas/container-apps.ts";
import custom from "./query.kql";
import resourceSpecific from "./query.azure-monitor.kql";

export const containerConsoleErrors: CatalogueQuery = {
  name: "container-console-errors",
  summary: "What containers wrote when something went wrong",
  parameters: [
    text("app", "a container app or job, by name"),
    texts(
      "words",
      "a line counts when it has one of these as a whole word; error and exception also count as the end of a name (KeyError), and error as [Errno 2]",
      [
        "error",
        "exception",
        "fail",
        "failed",
        "fatal",
        "critical",
        "unhandled",
        "traceback",
        "refused",
        "ImproperlyConfigured",
      ],
    ),
    whole("rows", "most rows", 100),
  ],
  flavours: [
    logAnalytics(custom, consoleCustom, {
      parameter: "app",
      column: "ContainerAppName_s",
      otherwise: 'extract("^(.+)-[^-]+-[^-]+$", 1, ContainerGroupName_s)',
    }),
    azureMonitor(resourceSpecific, consoleResourceSpecific, {
      parameter: "app",
      column: "ContainerAppName",
      otherwise: "JobName",
    }),
  ],
  window: "1h",
  row: "One line of one container. Stack traces are several lines, and only those with one of the words are here.",
  next: [
    "whether the container ended after it: azwise kql run container-restarts --workspace W --param app=NAME",
    "the lines around it: az containerapp logs show --name NAME --resource-group GROUP --type console --tail 50",
    "its settings, of which a missing one is the usual cause: az containerapp show --name NAME --resource-group GROUP --query properties.template",
  ],
  because: [
    "container-apps-startup/read-console-logs",
    "container-apps-startup/missing-setting-crashes",
    "azure-wire/container-log-tables",
    "azure-wire/job-lines-have-no-app",
  ],
};
