import { expect, test } from "vitest";
import type { DiagnosticSetting } from "../../../src/azure/log-ports.ts";
import {
  judgeSource,
  sourceKindOf,
  type LogSource,
  type SourceSeen,
} from "../../../src/topics/kql/log-source-plan.ts";

const GROUP = "/subscriptions/5a000000-0000-4000-8000-000000000001/resourceGroups/rg-shop";
const WORKSPACE = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs-shop`;
const CUSTOMER = "7c000000-0000-4000-8000-000000000001";

function judge(table: string, seen: Partial<SourceSeen>): LogSource {
  return judgeSource({
    kind: sourceKindOf(table)!,
    sender: { id: `${GROUP}/providers/Microsoft.App/managedEnvironments/env-shop`, name: "env-shop" },
    destination: undefined,
    settings: [],
    workspace: { id: WORKSPACE, customerId: CUSTOMER },
    ...seen,
  });
}

function setting(more: Partial<DiagnosticSetting>): DiagnosticSetting {
  return {
    name: "to-logs",
    workspaceId: WORKSPACE.toUpperCase(),
    destinationType: undefined,
    categories: [],
    metrics: [],
    ...more,
  };
}

const MONITOR = { kind: "azure-monitor", customerId: undefined };

test.each([
  ["PGSQLServerLogs", { settings: [setting({ categories: ["PostgreSQLLogs"] })] }],
  ["PGSQLServerLogs", { settings: [setting({ categories: ["allLogs"] })] }],
  ["AzureMetrics", { settings: [setting({ metrics: ["AllMetrics"] })] }],
  [
    "ContainerAppConsoleLogs",
    { destination: MONITOR, settings: [setting({ categories: ["ContainerAppConsoleLogs"] })] },
  ],
  [
    "ContainerAppConsoleLogs_CL",
    { destination: { kind: "log-analytics", customerId: CUSTOMER.toUpperCase() } },
  ],
])("%s is sent by %j", (table, seen) => {
  expect(judge(table, seen)).toMatchObject({ state: "sent", commands: [] });
});

test.each([
  ["PGSQLServerLogs", { settings: [setting({ categories: ["audit"] })] }],
  ["PGSQLServerLogs", { settings: [setting({ workspaceId: undefined, categories: ["allLogs"] })] }],
  ["AzureMetrics", { settings: [setting({ categories: ["AllMetrics", "allLogs"] })] }],
  [
    "ContainerAppSystemLogs",
    { destination: MONITOR, settings: [setting({ categories: ["ContainerAppConsoleLogs"] })] },
  ],
])("%s is not sent by %j", (table, seen) => {
  const { state, text, commands } = judge(table, seen);

  expect(state).toBe("not-sent");
  expect(text).toMatch(/^no diagnostic setting of env-shop sends category \w+ to this workspace$/);
  expect(commands).toHaveLength(1);
});

test("an environment that keeps no logs needs a destination first, then a setting", () => {
  const { state, commands } = judge("ContainerAppSystemLogs_CL", {
    destination: { kind: "none", customerId: undefined },
  });

  expect(state).toBe("not-sent");
  expect(commands[0]).toBe(
    "az containerapp env update --name env-shop --resource-group rg-shop --subscription 5a000000-0000-4000-8000-000000000001 --logs-destination azure-monitor",
  );
  expect(commands[1]).toContain('"category":"ContainerAppSystemLogs"');
});

test("a setting for apps sends both kinds of logs, without what comes here already, by a name that none has", () => {
  const settings = [setting({ name: "to-log-analytics", categories: ["ContainerAppConsoleLogs"] })];
  const none = judge("ContainerAppSystemLogs", { destination: MONITOR });
  const half = judge("ContainerAppSystemLogs", { destination: MONITOR, settings });

  expect(none.commands).toEqual(judge("ContainerAppConsoleLogs", { destination: MONITOR }).commands);
  expect(none.commands[0]).toContain("--name to-log-analytics --resource");
  expect(half.commands[0]).toContain("--name to-log-analytics-2 --resource");
  expect(half.commands[0]).toContain(`--logs '[{"category":"ContainerAppSystemLogs","enabled":true}]'`);
});

test("a table of the resource's own kind is a choice of the setting", () => {
  const own = judge("PGSQLServerLogs", {});
  const shared = judge("AzureDiagnostics", {});

  expect(own.commands[0]).toContain("--export-to-resource-specific true");
  expect(shared.commands[0]).not.toContain("--export-to-resource-specific");
});

test("a destination that does not say its workspace is not guessed", () => {
  const destination = { kind: "log-analytics", customerId: undefined };

  expect(judge("ContainerAppSystemLogs_CL", { destination }).state).toBe("untold");
});

test("ids with anything in them are one word of the command", () => {
  const { commands } = judge("AzureMetrics", { sender: { id: "/x y'; rm", name: "x" } });

  expect(commands[0]).toContain(String.raw`--resource '/x y'\''; rm' --workspace`);
});
