import { tableSchema, wholeSchema } from "./table-schema.ts";

const CUSTOM = ["azure-wire/container-log-tables", "azure-wire/container-log-columns-appear"];
const RESOURCE_SPECIFIC = ["azure-wire/container-log-tables"];

/** Console output, where the environment's destination is log-analytics. */
export const consoleCustom = tableSchema(
  "ContainerAppConsoleLogs_CL",
  {
    TimeGenerated: "datetime",
    ContainerAppName_s: "string",
    ContainerGroupName_s: "string",
    ContainerImage_s: "string",
    ContainerName_s: "string",
    EnvironmentName_s: "string",
    RevisionName_s: "string",
    Stream_s: "string",
    Log_s: "string",
    _ResourceId: "string",
  },
  CUSTOM,
);

/** Console output, where the destination is azure-monitor. */
export const consoleResourceSpecific = wholeSchema(
  "ContainerAppConsoleLogs",
  {
    TimeGenerated: "datetime",
    ContainerAppName: "string",
    ContainerGroupId: "string",
    ContainerGroupName: "string",
    ContainerId: "string",
    ContainerImage: "string",
    ContainerName: "string",
    EnvironmentName: "string",
    JobName: "string",
    Location: "string",
    OperationName: "string",
    RevisionName: "string",
    Stream: "string",
    Log: "string",
    _ResourceId: "string",
  },
  RESOURCE_SPECIFIC,
);

/** Events of the platform, where the destination is log-analytics. */
export const systemCustom = tableSchema(
  "ContainerAppSystemLogs_CL",
  {
    TimeGenerated: "datetime",
    ContainerAppName_s: "string",
    Count_d: "real",
    EnvironmentName_s: "string",
    EventSource_s: "string",
    JobName_s: "string",
    Log_s: "string",
    Reason_s: "string",
    ReplicaName_s: "string",
    RevisionName_s: "string",
    Type_s: "string",
    _ResourceId: "string",
  },
  CUSTOM,
);

/** Events of the platform, where the destination is azure-monitor. */
export const systemResourceSpecific = wholeSchema(
  "ContainerAppSystemLogs",
  {
    TimeGenerated: "datetime",
    ComponentName: "string",
    ComponentType: "string",
    ContainerAppName: "string",
    ContainerName: "string",
    Count: "int",
    EnvironmentName: "string",
    EventSource: "string",
    JobName: "string",
    Location: "string",
    Log: "string",
    OperationName: "string",
    Reason: "string",
    ReplicaName: "string",
    RevisionName: "string",
    Type: "string",
    _ResourceId: "string",
  },
  RESOURCE_SPECIFIC,
);

/** Metrics of any resource whose diagnostic setting sends AllMetrics. */
export const azureMetrics = tableSchema(
  "AzureMetrics",
  {
    TimeGenerated: "datetime",
    Average: "real",
    Count: "real",
    Maximum: "real",
    MetricName: "string",
    Minimum: "real",
    Resource: "string",
    ResourceGroup: "string",
    ResourceId: "string",
    ResourceProvider: "string",
    SubscriptionId: "string",
    TimeGrain: "string",
    Total: "real",
    UnitName: "string",
    _ResourceId: "string",
  },
  ["azure-wire/container-usage-in-metrics", "azure-wire/exported-metrics-lose-dimensions"],
);
