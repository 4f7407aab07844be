import { DIAGNOSTIC_SETTING, find, list, WORKSPACE, type Workspace } from "../bodies.ts";
import { byId, pageOf, refuse, type Call, type Reply } from "../http.ts";
import { keyOf } from "../ids.ts";
import type { Route } from "../route.ts";
import { scopeOf } from "../subscriptions.ts";

const SUBSCRIPTION = "/subscriptions/{subscription}";
const TYPE = "providers/Microsoft.OperationalInsights/workspaces";
const ONE = `${SUBSCRIPTION}/resourceGroups/{group}/${TYPE}/{workspace}`;
const VERSIONS = ["2021-12-01-preview", "2022-10-01", "2023-09-01", "2025-02-01"];

export const workspaceRoutes: readonly Route[] = [
  { method: "GET", path: `${SUBSCRIPTION}/${TYPE}`, versions: VERSIONS, answer: listWorkspaces },
  {
    method: "GET",
    path: `${SUBSCRIPTION}/resourceGroups/{group}/${TYPE}`,
    versions: VERSIONS,
    answer: listWorkspaces,
  },
  { method: "GET", path: ONE, versions: VERSIONS, answer: getWorkspace },
  { method: "GET", path: `${ONE}/tables`, versions: VERSIONS, answer: listTables },
  {
    method: "GET",
    path: `${SUBSCRIPTION}/resourceGroups/{group}/providers/{namespace}/{type}/{name}/providers/Microsoft.Insights/diagnosticSettings`,
    versions: ["2021-05-01-preview"],
    answer: listDiagnosticSettings,
  },
];

function listWorkspaces(call: Call): Reply {
  return pageOf(call, list(call.state.world, WORKSPACE).filter(scopeOf(call)).sort(byId));
}

function getWorkspace(call: Call): Reply {
  return { status: 200, body: requireWorkspace(call, call.path) };
}

function requireWorkspace({ state, params }: Call, id: string): Workspace {
  const found = find(state.world, WORKSPACE, id);
  if (found) return found;
  const message = `The Resource 'Microsoft.OperationalInsights/workspaces/${params["workspace"]}' under resource group '${params["group"]}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  throw refuse(404, { code: "ResourceNotFound", message });
}

/** Tables here say dateTime and boolean where answers say datetime and bool. */
const TABLE_TYPES: Record<string, string> = { datetime: "dateTime", bool: "boolean" };

function listTables(call: Call): Reply {
  const { state } = call;
  const workspace = requireWorkspace(call, call.path.replace(/\/tables$/i, ""));
  const value = (state.logs?.tables(state.world, workspace) ?? []).map(({ name, columns }) => ({
    id: `${workspace.id}/tables/${name}`,
    name,
    type: "Microsoft.OperationalInsights/workspaces/tables",
    properties: {
      plan: "Analytics",
      retentionInDays: workspace.properties.retentionInDays,
      provisioningState: "Succeeded",
      schema: {
        name,
        tableType: name.endsWith("_CL") ? "CustomLog" : "Microsoft",
        standardColumns: columns
          .filter((each) => each.name === "TimeGenerated" || each.name.startsWith("_"))
          .map(({ name: column, type }) => ({ name: column, type: TABLE_TYPES[type] ?? type })),
        columns: columns
          .filter((each) => each.name !== "TimeGenerated" && !each.name.startsWith("_"))
          .map(({ name: column, type }) => ({ name: column, type: TABLE_TYPES[type] ?? type })),
      },
    },
  }));
  return { status: 200, body: { value } };
}

/** A setting is a resource of its own whose id begins with that of the resource that it is about. */
function listDiagnosticSettings(call: Call): Reply {
  const { world } = call.state;
  const value = list(world, DIAGNOSTIC_SETTING)
    .filter(({ id }) => keyOf(id).startsWith(`${keyOf(call.path)}/`))
    .map(({ id, name, type, properties }) => ({ id, name, type, properties }));
  return { status: 200, body: { value } };
}
