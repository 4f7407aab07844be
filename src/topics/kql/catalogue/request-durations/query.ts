import type { CatalogueQuery } from "../catalogue-query.ts";
import { span, text } from "../parameters.ts";
import { appRequests, requests } from "../../schemas/requests.ts";
import workspace from "./query.kql";
import resource from "./query.application-insights.kql";

export const requestDurations: CatalogueQuery = {
  name: "request-durations",
  summary: "Percentiles of request durations over time",
  parameters: [text("app", "an application, by its cloud role name"), span("bin", "time per row", "1h")],
  flavours: [
    {
      name: "workspace",
      when: "Application Insights is based on this workspace",
      text: workspace,
      tables: [appRequests],
      names: { parameter: "app", column: "AppRoleName" },
    },
    {
      name: "application-insights",
      when: "the Application Insights resource itself is asked",
      text: resource,
      tables: [requests],
      names: { parameter: "app", column: "cloud_RoleName" },
    },
  ],
  window: "24h",
  row: "One application in one stretch of time; milliseconds. p99 far above p90 on few requests is what cold starts look like. Percentiles are of sampled rows, counts of all requests.",
  next: [
    "one slow request after a quiet time: az containerapp update --name NAME --resource-group GROUP --min-replicas 1",
    "whether a replica started then: azwise kql run container-startup --workspace W --param app=NAME",
    "slow under load: azwise kql run container-resources --workspace W --param app=NAME",
  ],
  because: [
    "container-apps-cold-start/request-percentiles",
    "container-apps-cold-start/min-replicas",
    "azure-wire/requests-in-a-workspace",
    "azure-wire/sampled-requests",
  ],
};
