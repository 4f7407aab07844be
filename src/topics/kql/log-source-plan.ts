import type { DiagnosticSetting } from "../../azure/log-ports.ts";
import { shellWord } from "../../azure/shell-word.ts";
import { nameOf, parseResourceId, sameId, sameText } from "../../resource-id.ts";

/** Resources whose logs are in a table, and what has to be sent for that. */
export interface SourceKind {
  /** Lower case. */
  types: readonly string[];
  /** How people call such a resource. */
  what: string;
  category: string;
  /** Categories that one diagnostic setting sends together, with its own. */
  together?: readonly string[];
  /** Apps and jobs send nothing themselves: their environment does, to one destination. */
  isThroughEnvironment?: true;
  isMetric?: true;
  /** The table has one kind of resource, which is a choice of the diagnostic setting. */
  isResourceSpecific?: true;
}

const CONTAINERS = {
  types: ["microsoft.app/containerapps", "microsoft.app/jobs"],
  what: "container app or job",
  together: ["ContainerAppConsoleLogs", "ContainerAppSystemLogs"],
  isThroughEnvironment: true,
} as const;
export const CONSOLE: SourceKind = { ...CONTAINERS, category: "ContainerAppConsoleLogs" };
export const SYSTEM: SourceKind = { ...CONTAINERS, category: "ContainerAppSystemLogs" };
const POSTGRES: SourceKind = {
  types: ["microsoft.dbforpostgresql/flexibleservers"],
  what: "PostgreSQL server",
  category: "PostgreSQLLogs",
};

/** By table, for those queries that take the name of a resource. */
const KINDS = new Map<string, SourceKind>([
  ["ContainerAppConsoleLogs_CL", CONSOLE],
  ["ContainerAppConsoleLogs", CONSOLE],
  ["ContainerAppSystemLogs_CL", SYSTEM],
  ["ContainerAppSystemLogs", SYSTEM],
  [
    "AzureMetrics",
    {
      types: ["microsoft.app/containerapps"],
      what: "container app",
      category: "AllMetrics",
      isMetric: true,
    },
  ],
  ["PGSQLServerLogs", { ...POSTGRES, isResourceSpecific: true }],
  ["AzureDiagnostics", POSTGRES],
]);

/** Undefined for a table whose resources are not named by a parameter. */
export function sourceKindOf(table: string): SourceKind | undefined {
  return KINDS.get(table);
}

/** What is known of where a resource sends its logs. */
export interface SourceSeen {
  kind: SourceKind;
  /** The resource itself, or the environment that sends for it. */
  sender: { id: string; name: string };
  /** Of an environment: where its logs go. */
  destination: { kind: string; customerId: string | undefined } | undefined;
  settings: readonly DiagnosticSetting[];
  /** The workspace that was asked. */
  workspace: { id: string; customerId: string };
}

/** Whether logs are sent to the workspace that was asked. */
export interface LogSource {
  state: "sent" | "not-sent" | "elsewhere" | "untold";
  text: string;
  /** What would send them. */
  commands: readonly string[];
  because: readonly string[];
}

const DESTINATION = "azure-wire/environment-log-destination";
const SETTING = "azure-wire/diagnostic-setting-sends-logs";

export function cannotTellSource(why: string): LogSource {
  return {
    state: "untold",
    text: `cannot tell whether logs are sent here: ${why}`,
    commands: [],
    because: [],
  };
}

export function judgeSource(seen: SourceSeen): LogSource {
  const { sender, destination, workspace } = seen;
  if (destination === undefined || sameText(destination.kind, "azure-monitor")) return judgeSettings(seen);
  const because = [DESTINATION];
  if (!sameText(destination.kind, "log-analytics")) {
    return {
      state: "not-sent",
      text: `environment ${sender.name} keeps no logs: its log destination is ${destination.kind}`,
      commands: [destinationCommand(sender.id), settingCommand(seen)],
      because,
    };
  }
  const { customerId } = destination;
  if (customerId === undefined)
    return cannotTellSource(`environment ${sender.name} does not say to which workspace`);
  if (sameText(customerId, workspace.customerId)) {
    const text = `environment ${sender.name} sends its logs to this workspace, to tables ending in _CL`;
    return { state: "sent", text, commands: [], because };
  }
  return {
    state: "elsewhere",
    text: `environment ${sender.name} sends its logs to another workspace: ask --workspace ${customerId}`,
    commands: [],
    because,
  };
}

function judgeSettings(seen: SourceSeen): LogSource {
  const { sender, settings, workspace, kind } = seen;
  const sending = settings.filter((each) => sends(each, kind));
  const here = sending.find(({ workspaceId }) => sameId(workspaceId, workspace.id));
  const because = [SETTING];
  if (here) {
    const text = `diagnostic setting ${here.name} of ${sender.name} sends ${kind.category} to this workspace`;
    return { state: "sent", text, commands: [], because };
  }
  const elsewhere = sending.flatMap(({ workspaceId }) => (workspaceId === undefined ? [] : [workspaceId]));
  const text = `no diagnostic setting of ${sender.name} sends category ${kind.category} to this workspace`;
  const [other] = elsewhere;
  return {
    state: other === undefined ? "not-sent" : "elsewhere",
    text: other === undefined ? text : `${text}, but one sends it to ${nameOf(other)}`,
    commands: [settingCommand(seen)],
    because,
  };
}

/** A group of categories is allLogs, or audit, which has none of these. */
function sends(
  { categories, metrics }: DiagnosticSetting,
  { category, isMetric }: Pick<SourceKind, "category" | "isMetric">,
): boolean {
  if (isMetric) return metrics.some((each) => sameText(each, category));
  return categories.some((each) => sameText(each, category) || sameText(each, "allLogs"));
}

/** A new setting: of a name that none has, as it would be replaced, and without what comes here already. */
function settingCommand({ sender, workspace, kind, settings }: SourceSeen): string {
  const { category, together = [category], isMetric = false, isResourceSpecific = false } = kind;
  const here = settings.filter(({ workspaceId }) => sameId(workspaceId, workspace.id));
  const missing = together.filter((each) => !here.some((setting) => sends(setting, { category: each })));
  const what = JSON.stringify(
    (isMetric ? [category] : missing).map((each) => ({ category: each, enabled: true })),
  );
  return [
    `az monitor diagnostic-settings create --name ${freeName(settings)}`,
    `--resource ${shellWord(sender.id)} --workspace ${shellWord(workspace.id)}`,
    ...(isResourceSpecific ? ["--export-to-resource-specific true"] : []),
    `${isMetric ? "--metrics" : "--logs"} ${shellWord(what)}`,
  ].join(" ");
}

function freeName(settings: readonly DiagnosticSetting[]): string {
  const base = "to-log-analytics";
  const names = [base, ...settings.map((_, index) => `${base}-${index + 2}`)];
  return names.find((each) => !settings.some(({ name }) => sameText(name, each))) ?? base;
}

function destinationCommand(id: string): string {
  const { name = nameOf(id), resourceGroup = "", subscriptionId = "" } = parseResourceId(id) ?? {};
  return [
    `az containerapp env update --name ${shellWord(name)} --resource-group ${shellWord(resourceGroup)}`,
    `--subscription ${shellWord(subscriptionId)} --logs-destination azure-monitor`,
  ].join(" ");
}
