import { tableSchema } from "./table-schema.ts";

/** Requests of Application Insights, as a workspace has them. */
export const appRequests = tableSchema(
  "AppRequests",
  {
    TimeGenerated: "datetime",
    AppRoleInstance: "string",
    AppRoleName: "string",
    AppVersion: "string",
    DurationMs: "real",
    Id: "string",
    ItemCount: "int",
    Name: "string",
    OperationId: "string",
    OperationName: "string",
    ResultCode: "string",
    Success: "bool",
    Url: "string",
    Properties: "dynamic",
    _ResourceId: "string",
  },
  ["azure-wire/requests-in-a-workspace"],
);

/** The same, as the Application Insights resource itself shows them. */
export const requests = tableSchema(
  "requests",
  {
    timestamp: "datetime",
    cloud_RoleInstance: "string",
    cloud_RoleName: "string",
    application_Version: "string",
    duration: "real",
    id: "string",
    itemCount: "int",
    name: "string",
    operation_Id: "string",
    operation_Name: "string",
    resultCode: "string",
    // Text, "True" or "False", where AppRequests has a bool.
    success: "string",
    url: "string",
    customDimensions: "dynamic",
  },
  ["azure-wire/requests-in-a-workspace"],
);
