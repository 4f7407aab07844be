import { tableSchema } from "./table-schema.ts";

/** Server logs of a flexible server, by a diagnostic setting with resource-specific tables. */
export const pgServerLogs = tableSchema(
  "PGSQLServerLogs",
  {
    TimeGenerated: "datetime",
    BackendType: "string",
    Context: "string",
    Detail: "string",
    ErrorLevel: "string",
    Hint: "string",
    Location: "string",
    LogicalServerName: "string",
    Message: "string",
    _ResourceId: "string",
  },
  ["azure-wire/postgres-log-tables"],
);

/** What a diagnostic setting without resource-specific tables writes; each service adds columns of its own. */
export const postgresDiagnostics = tableSchema(
  "AzureDiagnostics",
  {
    TimeGenerated: "datetime",
    Category: "string",
    LogicalServerName_s: "string",
    Message: "string",
    OperationName: "string",
    Resource: "string",
    ResourceGroup: "string",
    ResourceId: "string",
    ResourceProvider: "string",
    ResourceType: "string",
    SubscriptionId: "string",
    errorLevel_s: "string",
    _ResourceId: "string",
  },
  ["azure-wire/postgres-log-tables", "azure-wire/postgres-resource-type"],
);
