import { describe, expect, test } from "vitest";
import { answer, at, type JsonRow } from "./catalogue-run.ts";

describe.each(["workspace", "application-insights"])("requests in the %s", (flavour) => {
  const request = (clock: string, ms: number, success: boolean, app = "shop", items = 1): JsonRow =>
    flavour === "workspace"
      ? { TimeGenerated: at(clock), AppRoleName: app, DurationMs: ms, Success: success, ItemCount: items }
      : {
          timestamp: at(clock),
          cloud_RoleName: app,
          duration: ms,
          success: success ? "True" : "False",
          itemCount: items,
        };

  test("percentiles by app and hour; a sampled row counts for what it stands for", async () => {
    const rows = [
      ...Array.from({ length: 98 }, (_, index) => request("10:00:00", index + 1, true)),
      request("10:10:00", 900, false, "shop", 3),
      request("10:20:00", 15_000.04, true),
      request("11:00:00", 5, true),
      request("10:00:00", 7, true, "other"),
    ];

    const found = await answer(["request-durations", flavour], rows, ["app=SHOP"]);

    expect(found).toHaveLength(2);
    expect(found[1]).toMatchObject({
      App: "shop",
      Requests: 102,
      Failed: 3,
      p50: 50,
      p90: 90,
      p99: 900,
      Slowest: 15_000,
    });
    expect(await answer(["request-durations", flavour], rows)).toHaveLength(3);
    expect(await answer(["request-durations", flavour], rows, ["app=shop", "bin=1d"])).toHaveLength(1);
  });
});

describe.each(["resource-specific", "azure-diagnostics"])("PostgreSQL logs that are %s", (flavour) => {
  const log = (clock: string, message: string, server = "pg-shop"): JsonRow =>
    flavour === "resource-specific"
      ? { TimeGenerated: at(clock), LogicalServerName: server, Message: message }
      : {
          TimeGenerated: at(clock),
          Resource: server.toUpperCase(),
          ResourceProvider: "MICROSOFT.DBFORPOSTGRESQL",
          ResourceType: "FLEXIBLESERVERS",
          Category: "PostgreSQLLogs",
          Message: message,
        };
  const untrusted = "could not accept SSL connection: tlsv1 alert unknown ca";

  test("failed handshakes by server and five minutes, above the threshold or not", async () => {
    const rows = [
      ...Array.from({ length: 5 }, (_, index) => log(`10:00:0${index}`, untrusted)),
      log("10:04:59", "SSL error: unexpected eof while reading"),
      log("10:05:00", untrusted),
      log(
        "10:05:01",
        'no pg_hba.conf entry for host "10.0.0.4", user "shop", database "shop", no encryption',
      ),
      log("10:05:02", 'password authentication failed for user "shop"'),
      log("10:05:03", "connection authorized: user=shop SSL enabled (protocol=TLSv1.3)"),
      log("10:00:00", untrusted, "pg-other"),
    ];

    const found = await answer(["postgres-tls-failures", flavour], rows, ["server=pg-shop"]);

    expect(found.map(({ Server, Failures, Above }) => [Server, Failures, Above])).toEqual([
      ["pg-shop", 2, false],
      ["pg-shop", 6, true],
    ]);
    expect(found[0]!["Causes"]).toEqual([
      "the client does not trust the server's certificate",
      "the client came without TLS",
    ]);
    expect(await answer(["postgres-tls-failures", flavour], rows)).toHaveLength(3);
    const strict = await answer(["postgres-tls-failures", flavour], rows, ["threshold=0"]);
    expect(strict.every(({ Above }) => Above === true)).toBe(true);
  });
});

test.each([
  "could not accept SSL connection: tlsv1 alert certificate unknown",
  "could not accept SSL connection: sslv3 alert certificate unknown",
  "client certificate unknown",
])("%s is a client that does not trust", async (Message) => {
  const row = { TimeGenerated: at("10:00:00"), LogicalServerName: "pg-shop", Message };

  expect(await answer(["postgres-tls-failures", "resource-specific"], [row])).toMatchObject([
    { Causes: ["the client does not trust the server's certificate"] },
  ]);
});

test("AzureDiagnostics of other services and categories are not asked", async () => {
  const row = {
    TimeGenerated: at("10:00:00"),
    Resource: "X",
    ResourceProvider: "MICROSOFT.DBFORPOSTGRESQL",
    Category: "PostgreSQLLogs",
    Message: "SSL error",
  };
  const rows = [
    { ...row, ResourceProvider: "MICROSOFT.KEYVAULT" },
    { ...row, Category: "PostgreSQLFlexSessions" },
  ];

  expect(await answer(["postgres-tls-failures", "azure-diagnostics"], rows)).toEqual([]);
  expect(await answer(["postgres-tls-failures", "azure-diagnostics"], [row])).toHaveLength(1);
});

function flow(source: string, destination: string, more: JsonRow = {}): JsonRow {
  return {
    TimeGenerated: at("11:00:00"),
    FlowStartTime: at("10:00:00"),
    FlowEndTime: at("10:09:00"),
    SubType: "FlowLog",
    FlowType: "IntraVNet",
    SrcIp: source,
    DestIp: destination,
    DestPort: 443,
    L4Protocol: "T",
    FlowDirection: "Outbound",
    AllowedInFlows: 0,
    AllowedOutFlows: 1,
    DeniedInFlows: 0,
    DeniedOutFlows: 0,
    BytesSrcToDest: 100,
    BytesDestToSrc: 50,
    ...more,
  };
}

test("top talkers are pairs by their bytes, the internet among them", async () => {
  const rows = [
    flow("10.0.0.4", "10.0.0.5"),
    flow("10.0.0.4", "10.0.0.5", { DestPort: 80 }),
    flow("10.0.0.4", "", { FlowType: "ExternalPublic", Country: "de", BytesSrcToDest: 9000 }),
    flow("10.0.0.6", "10.0.0.7", { BytesSrcToDest: 1 }),
    flow("10.0.0.4", "10.0.0.5", { SubType: "StatusMessage", BytesSrcToDest: 1e9 }),
  ];

  const found = await answer(["flow-top-talkers", "flow-logs"], rows);

  expect(found.map((row) => [row["Source"], row["Destination"], row["TotalBytes"]])).toEqual([
    ["10.0.0.4", "ExternalPublic de", 9050],
    ["10.0.0.4", "10.0.0.5", 300],
    ["10.0.0.6", "10.0.0.7", 51],
  ]);
  expect(found[1]).toMatchObject({ Sent: 200, Received: 100, Flows: 2, Ports: [443, 80] });
  expect(await answer(["flow-top-talkers", "flow-logs"], rows, ["ip=10.0.0.7"])).toHaveLength(1);
  expect(await answer(["flow-top-talkers", "flow-logs"], rows, ["rows=1"])).toHaveLength(1);
});

test.each(["flow-logs", "nsg-flow-logs"])(
  "a flow that both machines log counts once, %s",
  async (flavour) => {
    const make = (
      direction: "O" | "I",
      port: number,
      more: { flows?: number | null; vms?: string[] } = {},
    ) =>
      flavour === "flow-logs"
        ? flow(more.vms ? "" : "10.0.0.4", more.vms ? "" : "10.0.0.5", {
            FlowDirection: direction === "O" ? "Outbound" : "Inbound",
            DestPort: port,
            AllowedInFlows: direction === "I" ? 1 : null,
            AllowedOutFlows: direction === "O" ? 1 : null,
            SrcVm: more.vms?.[0],
            DestVm: more.vms?.[1],
            ...(more.vms ? { FlowType: "AzurePublic", AzureRegion: "eastus2" } : {}),
          })
        : nsgFlow(more.vms ? "" : "10.0.0.4", more.vms ? "" : "10.0.0.5", {
            FlowDirection_s: direction,
            DestPort_d: port,
            AllowedInFlows_d: direction === "I" ? 1 : null,
            AllowedOutFlows_d: direction === "O" ? 1 : null,
            VM1_s: more.vms?.[0],
            VM2_s: more.vms?.[1],
            ...(more.vms ? { FlowType_s: "AzurePublic", AzureRegion_s: "eastus2" } : {}),
          });
    const rows = [make("O", 443), make("I", 443), make("O", 443), make("I", 80)];

    expect(await answer(["flow-top-talkers", flavour], rows)).toMatchObject([
      { Source: "10.0.0.4", TotalBytes: 450, Sent: 300, Received: 150, Flows: 3, Ports: [443, 80] },
    ]);
    const named = [
      make("O", 443, { vms: ["rg/web", ""] }),
      make("I", 443, { vms: ["", "rg/web"] }),
      make("O", 443, { vms: ["", ""] }),
      make("I", 443, { vms: ["", ""] }),
    ];
    const found = await answer(["flow-top-talkers", flavour], named);
    expect(found.map((row) => [row["Source"], row["Destination"], row["TotalBytes"]]).sort()).toEqual([
      ["AzurePublic eastus2", "AzurePublic eastus2", 300],
      ["AzurePublic eastus2", "rg/web", 150],
      ["rg/web", "AzurePublic eastus2", 150],
    ]);
    expect(await answer(["flow-top-talkers", flavour], named, ["ip=RG/web"])).toHaveLength(2);
  },
);

test("a counter that is missing takes nothing away from the other one", async () => {
  const denied = { DeniedInFlows: 4, DeniedOutFlows: null, FlowDirection: "Inbound", AclRule: "deny" };
  const rows = [flow("", "", { ...denied, DestVm: "rg/web", FlowType: "MaliciousFlow", Country: "xx" })];

  expect(await answer(["flow-denied", "flow-logs"], rows, ["ip=rg/web"])).toMatchObject([
    { Source: "MaliciousFlow xx", Destination: "rg/web", Denied: 4 },
  ]);
  const old = nsgFlow("10.0.0.6", "", { DeniedInFlows_d: null, DeniedOutFlows_d: 2, VM2_s: "rg/web" });
  expect(await answer(["flow-denied", "nsg-flow-logs"], [old])).toMatchObject([
    { Source: "10.0.0.6", Destination: "rg/web", Denied: 2 },
  ]);
});

test("denied flows are told with the rule, and allowed ones are not", async () => {
  const denied = {
    DeniedInFlows: 4,
    AllowedOutFlows: 0,
    FlowDirection: "Inbound",
    AclRule: "deny-ssh",
    DestPort: 22,
  };
  const rows = [
    flow("10.0.0.4", "10.0.0.5"),
    flow("", "10.0.0.5", { ...denied, FlowType: "MaliciousFlow", Country: "xx" }),
    flow("10.0.0.9", "10.0.0.5", { ...denied, DeniedInFlows: 1 }),
    flow("10.0.0.9", "10.0.0.5", { ...denied, AclRule: "", NsgRule: "old-rule", DeniedInFlows: 2 }),
  ];

  const found = await answer(["flow-denied", "flow-logs"], rows);

  expect(found.map((row) => [row["Rule"], row["Source"], row["Denied"]])).toEqual([
    ["deny-ssh", "MaliciousFlow xx", 4],
    ["old-rule", "10.0.0.9", 2],
    ["deny-ssh", "10.0.0.9", 1],
  ]);
  expect(found[0]).toMatchObject({ DestPort: 22, Protocol: "T", First: "2026-11-21T10:00:00Z" });
  expect(await answer(["flow-denied", "flow-logs"], rows, ["ip=10.0.0.4"])).toEqual([]);
});

function nsgFlow(source: string, destination: string, more: JsonRow = {}): JsonRow {
  return {
    TimeGenerated: at("11:00:00"),
    FlowStartTime_t: at("10:00:00"),
    FlowEndTime_t: at("10:09:00"),
    SubType_s: "FlowLog",
    FlowType_s: "IntraVNet",
    SrcIP_s: source,
    DestIP_s: destination,
    DestPort_d: 443,
    L4Protocol_s: "T",
    FlowDirection_s: "O",
    AllowedInFlows_d: 0,
    AllowedOutFlows_d: 1,
    DeniedInFlows_d: 0,
    DeniedOutFlows_d: 0,
    OutboundBytes_d: 100,
    InboundBytes_d: 50,
    NSGRule_s: "default",
    ...more,
  };
}

test("flow logs of network security groups have the machine of a public flow in a column of its own", async () => {
  const publicFlow = { FlowType_s: "ExternalPublic", Country_s: "de", VMIP_s: "10.0.0.4" };
  const denied = { DeniedInFlows_d: 3, AllowedOutFlows_d: 0, FlowDirection_s: "I", NSGRule_s: "deny-ssh" };
  const rows = [
    nsgFlow("", "", { ...publicFlow, OutboundBytes_d: 9000 }),
    nsgFlow("10.0.0.6", "10.0.0.7"),
    nsgFlow("", "", { ...publicFlow, ...denied, OutboundBytes_d: 0, InboundBytes_d: 0 }),
    nsgFlow("10.0.0.6", "10.0.0.7", { SubType_s: "Topology", OutboundBytes_d: 1e9, DeniedInFlows_d: 9 }),
  ];

  const talkers = await answer(["flow-top-talkers", "nsg-flow-logs"], rows);
  const deniedFlows = await answer(["flow-denied", "nsg-flow-logs"], rows);

  expect(talkers.map((row) => [row["Source"], row["Destination"], row["TotalBytes"]])).toEqual([
    ["10.0.0.4", "ExternalPublic de", 9050],
    ["10.0.0.6", "10.0.0.7", 150],
    ["ExternalPublic de", "10.0.0.4", 0],
  ]);
  expect(deniedFlows).toMatchObject([
    { Rule: "deny-ssh", Source: "ExternalPublic de", Destination: "10.0.0.4", Denied: 3, DestPort: 443 },
  ]);
  expect(await answer(["flow-top-talkers", "nsg-flow-logs"], rows, ["ip=10.0.0.4"])).toHaveLength(2);
  expect(await answer(["flow-denied", "nsg-flow-logs"], rows, ["ip=10.0.0.6"])).toEqual([]);
});
