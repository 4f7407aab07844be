import type { CatalogueQuery } from "../catalogue-query.ts";
import { azureMonitor, logAnalytics } from "../container-flavours.ts";
import { text, texts, whole } from "../parameters.ts";
import { consoleCustom, consoleResourceSpecific } from "../../schemas/container-apps.ts";
import custom from "./query.kql";
import resourceSpecific from "./query.azure-monitor.kql";

export const containerStartup: CatalogueQuery = {
  name: "container-startup",
  summary: "When applications said that they had started",
  parameters: [
    text("app", "a container app, by name"),
    texts("markers", "a line counts when it has one of these", [
      "Application started",
      "Now listening on",
      "Listening at",
      "Application startup complete",
      "Uvicorn running on",
    ]),
    whole("rows", "most rows", 100),
  ],
  flavours: [
    logAnalytics(custom, consoleCustom, { parameter: "app", column: "ContainerAppName_s" }),
    azureMonitor(resourceSpecific, consoleResourceSpecific, { parameter: "app", column: "ContainerAppName" }),
  ],
  window: "24h",
  row: "One line by which one replica says that it has started. One start may write several within seconds: .NET one for each address and one more, Uvicorn two. More starts than deployments and scale-outs mean restarts; none after a deployment means that it never came up.",
  next: [
    "more starts than expected: azwise kql run container-restarts --workspace W --param app=NAME",
    "where your framework says something else: --param markers=TEXT",
    "compare with the first request: azwise kql run request-durations --workspace W --param app=NAME",
  ],
  because: ["container-apps-cold-start/startup-markers", "container-apps-cold-start/cold-start-steps"],
};
