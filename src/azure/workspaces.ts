import type { Json, JsonObject } from "../json.ts";
import { parseResourceId } from "../resource-id.ts";
import { asObject, listPages, objectsIn, type ArmConnection } from "./arm.ts";
import type { DiagnosticSetting, LogColumn, Workspace, WorkspacePort, WorkspaceTable } from "./log-ports.ts";
import type { ArmPort } from "./ports.ts";

const WORKSPACE_API = "2023-09-01";
const TABLE_API = "2022-10-01";
const DIAGNOSTICS_API = "2021-05-01-preview";

/** Reads of workspaces, their tables, and what is sent to them, by plain requests. */
export function createWorkspaces(connection: ArmConnection, arm: ArmPort): WorkspacePort {
  const list = async (path: string, apiVersion: string): Promise<JsonObject[]> => {
    const found: JsonObject[] = [];
    for await (const page of listPages(connection, { path, apiVersion })) found.push(...page);
    return found;
  };
  return {
    async list(subscriptionId) {
      const path = `/subscriptions/${subscriptionId}/providers/Microsoft.OperationalInsights/workspaces`;
      return (await list(path, WORKSPACE_API)).map(toWorkspace);
    },
    async get(id) {
      const body = await arm.read({ path: id, apiVersion: WORKSPACE_API });
      return body === undefined ? undefined : toWorkspace(asObject(body));
    },
    async listTables(workspaceId) {
      return (await list(`${workspaceId}/tables`, TABLE_API)).map(toTable);
    },
    async listDiagnosticSettings(resourceId) {
      const path = `${resourceId}/providers/Microsoft.Insights/diagnosticSettings`;
      return (await list(path, DIAGNOSTICS_API)).map(toSetting);
    },
  };
}

function toWorkspace(item: JsonObject): Workspace {
  const id = text(item["id"]);
  const { name = "", subscriptionId = "", resourceGroup = "" } = parseResourceId(id) ?? {};
  const { customerId, retentionInDays } = asObject(item["properties"]);
  return {
    id,
    name: text(item["name"]) || name,
    subscriptionId,
    resourceGroup,
    location: text(item["location"]).replaceAll(" ", "").toLowerCase(),
    customerId: text(customerId).toLowerCase(),
    retentionDays: typeof retentionInDays === "number" ? retentionInDays : undefined,
  };
}

/** Columns of the kind and columns of one's own are in two lists. */
function toTable(item: JsonObject): WorkspaceTable {
  const { schema, plan } = asObject(item["properties"]);
  const { standardColumns, columns } = asObject(schema);
  const all = [...objectsIn(standardColumns), ...objectsIn(columns)].map(toColumn);
  return { name: text(item["name"]), plan: text(plan) || "Analytics", columns: all };
}

/** Tables say dateTime and boolean where answers say datetime and bool. */
function toColumn({ name, type }: JsonObject): LogColumn {
  const lower = text(type).toLowerCase();
  return { name: text(name), type: lower === "boolean" ? "bool" : lower };
}

function toSetting(item: JsonObject): DiagnosticSetting {
  const { workspaceId, logAnalyticsDestinationType, logs, metrics } = asObject(item["properties"]);
  return {
    name: text(item["name"]),
    workspaceId: text(workspaceId) || undefined,
    destinationType: text(logAnalyticsDestinationType) || undefined,
    categories: categoriesOn(logs),
    metrics: categoriesOn(metrics),
  };
}

function categoriesOn(value: Json | undefined): string[] {
  const on = objectsIn(value).filter(({ enabled }) => enabled === true);
  return on.map(({ category, categoryGroup }) => text(category) || text(categoryGroup));
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
