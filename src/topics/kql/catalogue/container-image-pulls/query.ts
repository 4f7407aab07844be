import type { CatalogueQuery } from "../catalogue-query.ts";
import { azureMonitor, logAnalytics } from "../container-flavours.ts";
import { text } from "../parameters.ts";
import { systemCustom, systemResourceSpecific } from "../../schemas/container-apps.ts";
import custom from "./query.kql";
import resourceSpecific from "./query.azure-monitor.kql";

export const containerImagePulls: CatalogueQuery = {
  name: "container-image-pulls",
  summary: "Images that could not be pulled, and why",
  parameters: [text("app", "a container app or job, by name")],
  flavours: [
    logAnalytics(custom, systemCustom, {
      parameter: "app",
      column: "ContainerAppName_s",
      otherwise: 'column_ifexists("JobName_s", "")',
    }),
    azureMonitor(resourceSpecific, systemResourceSpecific, {
      parameter: "app",
      column: "ContainerAppName",
      otherwise: "JobName",
    }),
  ],
  window: "24h",
  row: 'One cause for one revision, with an example. "registry not reached" is the network; "not allowed" is the identity, or the registry\'s firewall.',
  next: [
    "not allowed, after its identity got role AcrPull: az containerapp registry set --name NAME --resource-group GROUP --server REGISTRY.azurecr.io --identity system",
    "no such image or tag: az acr repository show-tags --name REGISTRY --repository IMAGE",
    "registry not reached: azwise acr doctor REGISTRY",
  ],
  because: ["container-apps-startup/registry-access", "azure-wire/container-event-reasons"],
};
