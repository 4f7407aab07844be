import { expect, test } from "vitest";
import type { LogEnd, LogEvent } from "../../src/azure/log-ports.ts";
import { openWorld, type OpenWorld } from "../harness.ts";
import { DIAGNOSTIC_SETTING, list } from "../../src/sandbox/bodies.ts";
import { fault, openCloud } from "./azure.ts";

const SHOP = "7c000000-0000-4000-8000-000000000001";
const PLATFORM = "7c000000-0000-4000-8000-000000000002";
const DAY_MS = 86_400_000;
const AT_QUERY = { match: { path: "/query" } };

interface Read {
  columns: string[];
  rows: unknown[][];
  end: LogEnd;
}

async function ask({ azure }: OpenWorld, text: string, workspace = SHOP, days = 1): Promise<Read> {
  const until = azure.clock.now();
  const from = new Date(until.getTime() - days * DAY_MS);
  const events: LogEvent[] = [];
  for await (const event of azure.logs?.query({ workspace, text, from, until }) ?? []) events.push(event);
  const [table] = events;
  return {
    columns: table?.kind === "table" ? table.columns.map(({ name, type }) => `${name}:${type}`) : [],
    rows: events.flatMap((each) => (each.kind === "rows" ? each.rows : [])),
    end: events.at(-1) as LogEnd,
  };
}

async function refusal(asking: Promise<unknown>): Promise<Record<string, unknown>> {
  return asking.then(
    () => ({ kind: "no refusal" }),
    (error: unknown) => error as Record<string, unknown>,
  );
}

test("a .NET app in a restart loop can be seen, with times before the world's now", async () => {
  const open = await openWorld();

  const { columns, rows, end } = await ask(
    open,
    `ContainerAppSystemLogs_CL
    | where ContainerAppName_s == "shop-api" and Reason_s == "ContainerTerminated"
    | summarize Events = count(), Last = max(TimeGenerated) by ContainerAppName_s`,
  );

  expect(columns).toEqual(["ContainerAppName_s:string", "Events:long", "Last:datetime"]);
  expect(rows).toEqual([["shop-api", 10, "2026-11-21T07:57:11Z"]]);
  expect(end).toMatchObject({ outcome: "complete", problem: undefined });
});

test.each([
  [SHOP, 'ContainerAppConsoleLogs_CL | where Log_s has "SECRET_KEY"', "shop-admin"],
  [SHOP, 'ContainerAppSystemLogs_CL | where Reason_s == "DeadlineExceeded"', "nightly-invoices"],
  [SHOP, 'ContainerAppSystemLogs_CL | where Log_s has "manifest unknown"', "shop-catalog"],
  [SHOP, 'ContainerAppConsoleLogs_CL | where Log_s has "Application started"', "shop-web"],
  [SHOP, 'AzureDiagnostics | where Message has "unknown ca"', "pg-shop"],
  [SHOP, "AppRequests | where Success == false", "shop-web"],
  [PLATFORM, 'ContainerAppConsoleLogs | where Log has "Connection refused"', "platform-worker"],
  [PLATFORM, "NTANetAnalytics | where DeniedInFlows > 0", "nsg-app"],
  [PLATFORM, 'DataDomain_SynapsePipelineErrors_CL | where PipelineStatus == "Failed"', "pl_orders_load"],
])("%s has rows for: %s", async (workspace, text, name) => {
  const { rows } = await ask(await openWorld(), text, workspace);

  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).toContain(name);
});

test("the window leaves out what is older, whatever the text says", async () => {
  const open = await openWorld();

  expect((await ask(open, "AppTraces | count")).rows).toEqual([[0]]);
  expect((await ask(open, "AppTraces | count", SHOP, 7)).rows).toEqual([[1]]);
});

test("dynamic values come as JSON in text, the chart as what render says", async () => {
  const text = "AppRequests | take 1 | project Properties | render timechart";

  const { columns, rows, end } = await ask(await openWorld(), text);

  expect(columns).toEqual(["Properties:dynamic"]);
  expect(rows).toEqual([['{"region":"eastus2"}']]);
  expect(end.chart).toBe("timechart");
});

test("errors are told as the service tells them: syntax with its place, a table that is not there by name", async () => {
  const open = await openWorld();

  expect(await refusal(ask(open, "AppRequests\n| wherever Success"))).toMatchObject({
    kind: "usage",
    reason: "syntax",
    code: "SYN0002",
    place: { line: 2, column: 3 },
  });
  expect(await refusal(ask(open, "Nothing_CL | take 1"))).toMatchObject({
    reason: "semantic",
    code: "SEM0100",
    unknown: { name: "Nothing_CL", mayBeTable: true },
  });
  expect(await refusal(ask(open, "AppRequests | where Speed > 1"))).toMatchObject({
    code: "SEM0100",
    unknown: { name: "Speed", mayBeTable: false },
  });
  expect(
    await refusal(ask(open, "AppRequests | make-series count() on TimeGenerated step 1h")),
  ).toMatchObject({ code: "SandboxCannotRun" });
});

test("who may not query is told so, and a GUID of nobody is a 404", async () => {
  const open = await openWorld((world) => {
    world.settings.permissions = [{ scope: "/", actions: ["*"], notActions: ["*/query/read"] }];
  });

  expect(await refusal(ask(open, "AppRequests"))).toMatchObject({
    kind: "auth",
    code: "InsufficientAccessError",
  });
  const nobody = "7c000000-0000-4000-8000-00000000dead";
  expect(await refusal(ask(open, "AppRequests", nobody))).toMatchObject({ kind: "usage", status: 404 });
});

test("limits of rows and of bytes cut an answer and say so", async () => {
  const few = await openWorld((world) => void (world.settings.logRows = 7));
  const small = await openWorld((world) => void (world.settings.logBytes = 2000));

  const [first, second] = [await ask(few, "AppRequests"), await ask(small, "AppRequests")];

  expect(first.rows).toHaveLength(7);
  expect(first.end).toMatchObject({ outcome: "truncated" });
  expect(first.end.problem?.message).toContain("7 records");
  expect(second.rows.length).toBeLessThan(30);
  expect(second.end.outcome).toBe("truncated");
});

test.each([
  ["no-content", "no-data"],
  ["empty-answer", "no-answer"],
  ["partial-answer", "partial"],
] as const)("fault %s gives the outcome %s, to questions about logs only", async (name, outcome) => {
  const open = await openWorld((world) => void world.faults.push(fault(name)));

  expect((await open.azure.workspaces.list("5a000000-0000-4000-8000-000000000001")).length).toBe(1);
  expect((await ask(open, "AppRequests")).end.outcome).toBe(outcome);
  expect((await ask(open, "AppRequests")).end.outcome).toBe("complete");
});

test("a gateway timeout has no body, a throttled question is answered after its pause", async () => {
  const late = await openWorld((world) => void world.faults.push(fault("gateway-timeout")));
  const throttled = await openWorld(
    (world) =>
      void world.faults.push(fault("throttle", AT_QUERY), fault("throttle-no-retry-after", AT_QUERY)),
  );
  const before = throttled.azure.clock.now().getTime();

  expect(await refusal(ask(late, "AppRequests"))).toMatchObject({ kind: "timeout", status: 504 });
  expect((await ask(throttled, "AppRequests")).rows).toHaveLength(30);
  expect(throttled.azure.clock.now().getTime() - before).toBeGreaterThanOrEqual(6000);
});

test("a workspace to which nothing was ever sent answers 204", async () => {
  const open = await openWorld((world) => void (world.logs = {}));

  expect((await ask(open, "AppRequests")).end.outcome).toBe("no-data");
});

test("workspaces and their tables are found by the resource manager", async () => {
  const { azure } = await openWorld();
  const [shop] = await azure.workspaces.list("5a000000-0000-4000-8000-000000000001");

  expect(shop).toMatchObject({ name: "logs-shop", customerId: SHOP, retentionDays: 30 });
  expect(await azure.workspaces.get(shop?.id ?? "")).toEqual(shop);
  const tables = await azure.workspaces.listTables(shop?.id ?? "");
  expect(tables.map(({ name }) => name)).toContain("ContainerAppConsoleLogs_CL");
  expect(tables.find(({ name }) => name === "AppRequests")?.columns).toContainEqual({
    name: "Success",
    type: "bool",
  });
  expect(await azure.workspaces.listDiagnosticSettings(shop?.id ?? "")).toEqual([]);
});

test("the container apps that the rows are of are found by the resource manager, with where their logs go", async () => {
  const { azure } = await openWorld();
  const [main, platform] = ["5a000000-0000-4000-8000-000000000001", "5a000000-0000-4000-8000-000000000002"];

  const apps = await azure.containerApps.listApps(main);
  const others = await azure.containerApps.listApps(platform);
  const [job] = await azure.containerApps.listJobs(main);

  expect(apps.map(({ name }) => name)).toEqual(["shop-admin", "shop-api", "shop-catalog", "shop-web"]);
  expect(others.map(({ name }) => name)).toEqual(["platform-gateway", "platform-worker"]);
  expect(job).toMatchObject({ name: "nightly-invoices", replicaTimeout: 1800 });
  const shop = await azure.containerApps.getEnvironment(job?.environmentId ?? "");
  expect(shop).toMatchObject({ name: "env-shop", logDestination: "log-analytics", customerId: SHOP });
  const elsewhere = await azure.containerApps.getEnvironment(others[0]?.environmentId ?? "");
  expect(elsewhere).toMatchObject({ logDestination: "azure-monitor", customerId: undefined });
  expect(await azure.workspaces.listDiagnosticSettings(elsewhere?.id ?? "")).toMatchObject([
    { destinationType: "Dedicated", categories: ["ContainerAppConsoleLogs", "ContainerAppSystemLogs"] },
  ]);
});

test("diagnostic settings are no resources that lists and graphs tell", async () => {
  const { world } = await openWorld();
  expect(list(world, DIAGNOSTIC_SETTING).length).toBeGreaterThan(0);
  const { send } = await openCloud();

  const listed = await send("GET", "/subscriptions/5a000000-0000-4000-8000-000000000001/resources", {
    version: "2021-04-01",
  });
  const graph = await send("POST", "/providers/Microsoft.ResourceGraph/resources", {
    version: "2022-10-01",
    body: { query: "resources | project id, type", subscriptions: ["5a000000-0000-4000-8000-000000000001"] },
  });

  expect(listed.text).not.toContain("diagnosticSettings");
  expect(listed.text).toContain("Microsoft.App/containerApps");
  expect(graph.text.toLowerCase()).toContain("microsoft.app/containerapps");
  expect(graph.text.toLowerCase()).not.toContain("diagnosticsettings");
});
