import type { CatalogueQuery } from "../catalogue-query.ts";
import { span, text } from "../parameters.ts";
import { azureMetrics } from "../../schemas/container-apps.ts";
import query from "./query.kql";

export const containerResources: CatalogueQuery = {
  name: "container-resources",
  summary: "Processor and memory that container apps use, over time",
  parameters: [text("app", "a container app, by name"), span("bin", "time per row", "1h")],
  flavours: [
    {
      name: "metrics",
      when: "a diagnostic setting of the app sends AllMetrics",
      text: query,
      tables: [azureMetrics],
      only: 'ResourceProvider =~ "MICROSOFT.APP"',
      names: { parameter: "app", column: "Resource" },
    },
  ],
  window: "7d",
  row: "One app in one stretch of time, over all of its replicas: exported metrics do not tell them apart. Cores and MiB.",
  next: [
    "maximum near the limit: az containerapp update --name NAME --resource-group GROUP --cpu 0.5 --memory 1.0Gi",
    "revisions apart: az monitor metrics list --resource ID --metric UsageNanoCores --dimension revisionName",
    'no rows: az monitor diagnostic-settings create --resource ID --workspace ID --name metrics --metrics "[{category:AllMetrics,enabled:true}]"',
  ],
  because: [
    "azure-wire/container-usage-in-metrics",
    "azure-wire/exported-metrics-lose-dimensions",
    "container-apps-cold-start/valid-pairs",
  ],
};
