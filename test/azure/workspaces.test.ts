import { expect, test } from "vitest";
import { ARM, openPorts, reply } from "./wire.ts";

const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const LIST = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.OperationalInsights/workspaces`;
const ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-SHOP/providers/Microsoft.OperationalInsights/workspaces/logs-shop`;
const BODY = {
  id: ID,
  name: "logs-shop",
  type: "Microsoft.OperationalInsights/workspaces",
  location: "East US 2",
  properties: { customerId: "7C000000-0000-4000-8000-000000000001", retentionInDays: 30 },
};

test("workspaces of a subscription have the GUID that queries are addressed with, page after page", async () => {
  const { workspaces, wire } = openPorts({
    [`GET ${ARM}${LIST}`]: [
      reply(200, { value: [BODY], nextLink: `${ARM}${LIST}?x=2` }),
      reply(200, { value: [] }),
    ],
  });

  expect(await workspaces.list(SUBSCRIPTION)).toEqual([
    {
      id: ID,
      name: "logs-shop",
      subscriptionId: SUBSCRIPTION,
      resourceGroup: "RG-SHOP",
      location: "eastus2",
      customerId: "7c000000-0000-4000-8000-000000000001",
      retentionDays: 30,
    },
  ]);
  expect(wire.seen[0]).toContain("api-version=2023-09-01");
});

test("a workspace that is not there is undefined", async () => {
  const missing = reply(404, { error: { code: "ResourceNotFound", message: "was not found" } });
  const { workspaces } = openPorts({ [`GET ${ARM}${ID}`]: missing });

  expect(await workspaces.get(ID)).toBeUndefined();
});

test("tables have their standard columns and their own, with the types that answers have", async () => {
  const properties = {
    plan: "Basic",
    schema: {
      name: "App_CL",
      standardColumns: [{ name: "TimeGenerated", type: "dateTime" }],
      columns: [{ name: "Ok_b", type: "boolean" }],
    },
  };
  const { workspaces } = openPorts({
    [`GET ${ARM}${ID}/tables`]: reply(200, {
      value: [{ id: `${ID}/tables/App_CL`, name: "App_CL", properties }],
    }),
  });

  expect(await workspaces.listTables(ID)).toEqual([
    {
      name: "App_CL",
      plan: "Basic",
      columns: [
        { name: "TimeGenerated", type: "datetime" },
        { name: "Ok_b", type: "bool" },
      ],
    },
  ]);
});

test("diagnostic settings tell the workspace, the kind of tables, and what is switched on", async () => {
  const properties = {
    workspaceId: ID,
    logAnalyticsDestinationType: "Dedicated",
    logs: [
      { category: "ContainerAppConsoleLogs", enabled: true },
      { categoryGroup: "audit", enabled: true },
      { category: "ContainerAppSystemLogs", enabled: false },
    ],
  };
  const { workspaces, wire } = openPorts({
    [`GET ${ARM}${ID}/providers/Microsoft.Insights/diagnosticSettings`]: reply(200, {
      value: [{ name: "to-logs", properties }],
    }),
  });

  expect(await workspaces.listDiagnosticSettings(ID)).toEqual([
    {
      name: "to-logs",
      workspaceId: ID,
      destinationType: "Dedicated",
      metrics: [],
      categories: ["ContainerAppConsoleLogs", "audit"],
    },
  ]);
  expect(wire.seen[0]).toContain("api-version=2021-05-01-preview");
});
