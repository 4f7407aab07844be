import type { Fact } from "../fact.ts";

const query = "Log Analytics: query";
const ingestion = "Log Analytics: ingestion";
const tables = "Log Analytics: tables";

const statements: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/logs-timespan-intersects",
    section: query,
    text: "The time span sent with a query and the query's own filter on TimeGenerated both apply: what is asked about is where they overlap.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/logs-partial-is-200",
    section: query,
    text: "An answer that is not complete comes with status 200, rows, and an error PartialError beside them.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/logs-no-data-204",
    section: query,
    text: "A workspace that never had data answers a query with 204; a request without JSON content type gets 200 and no body.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/logs-missing-table-400",
    section: query,
    text: "A table or column that does not exist is error 400 SemanticError with no position, never an empty result.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/logs-query-limits",
    section: query,
    text: "A query returns 500,000 rows or about 100 MiB at most and may run ten minutes; a user has five queries at once, and 200 requests in 30 seconds.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/ingestion-204-not-yet-there",
    section: ingestion,
    text: "The ingestion address answers 204 when it has accepted events; they can be queried some minutes later.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/ingestion-drops-unknown-columns",
    section: ingestion,
    text: "A field that the data collection rule does not know is dropped without an error.",
    appliesTo: "Microsoft documentation, not re-verified",
  },
  {
    id: "azure-wire/ingestion-needs-publisher",
    section: ingestion,
    text: "Sending events needs role Monitoring Metrics Publisher on the data collection rule, which may take 30 minutes to work; without it the answer is 403.",
    appliesTo: "Microsoft documentation, not re-verified",
  },
  {
    id: "azure-wire/container-log-tables",
    section: tables,
    text: "Container Apps logs are in tables ending in _CL, whose columns end in _s, with destination log-analytics, and in tables and columns without these endings with destination azure-monitor; a change of destination moves no old rows.",
    appliesTo: "Microsoft documentation, table reference and log options of Container Apps",
  },
  {
    id: "azure-wire/container-log-columns-appear",
    section: tables,
    text: "Columns of a _CL table of Container Apps may not be there before a row with a value for them has come, and a query that names one then fails.",
    appliesTo: "first-hand notes; not in the table reference, which has only the tables of azure-monitor",
  },
  {
    id: "azure-wire/job-lines-have-no-app",
    section: tables,
    text: "Lines of a job have no container app name: in ContainerAppConsoleLogs_CL the replica's name is job, execution and replica with hyphens between; ContainerAppConsoleLogs and both tables of system logs have a column for the job.",
    appliesTo:
      "Microsoft documentation for the columns; the empty name and the form of the replica's name are reported by users and not re-verified",
    contradicts: ["container-apps-startup/job-lines-by-app-name"],
  },
  {
    id: "azure-wire/container-logs-name-environment",
    section: tables,
    text: "Rows of Container Apps logs have the environment's resource id with destination azure-monitor and may have none with log-analytics; their environment is called by the first part of its default domain, so apps of one name are told apart by their environments.",
    appliesTo:
      "github.com/microsoft/azure-container-apps issues 866 and 382, and rows that users have published; not re-verified",
  },
  {
    id: "azure-wire/container-event-reasons",
    section: tables,
    text: "Reasons of system logs are no documented list: back-off, termination with an exit code, failed probes and failed pulls have been seen under several names, so the texts of the messages count as well.",
    appliesTo:
      "Microsoft documentation for ErrImagePull, Timeout and ContainerCrashing; the rest is not re-verified",
  },
  {
    id: "azure-wire/probe-asks-by-address",
    section: tables,
    text: "A health probe asks a replica by its address, and its Host header is that address where the probe's httpHeaders do not say otherwise.",
    appliesTo:
      "Kubernetes documentation of HTTP probes, which Container Apps has taken over; not re-verified",
  },
  {
    id: "azure-wire/job-event-reasons",
    section: tables,
    text: "How a failed execution of a job is named in the system logs is not documented: BackoffLimitExceeded, DeadlineExceeded, JobExecutionFailed and ProcessExited are in use by others.",
    appliesTo: "reported by users; not re-verified",
  },
  {
    id: "azure-wire/container-usage-in-metrics",
    section: tables,
    text: "System logs of Container Apps have no column for processor or memory: these are the metrics UsageNanoCores and WorkingSetBytes, which come to table AzureMetrics when a diagnostic setting of the app sends them.",
    appliesTo:
      "Microsoft documentation; whether MetricName holds the short or the display name is not re-verified, so both are asked for",
    contradicts: ["container-apps-cold-start/usage-in-system-logs"],
  },
  {
    id: "azure-wire/exported-metrics-lose-dimensions",
    section: tables,
    text: "Metrics that a diagnostic setting sends are put together over their dimensions, so AzureMetrics cannot tell revisions or replicas apart.",
    appliesTo: "Microsoft documentation, not re-verified",
  },
  {
    id: "azure-wire/requests-in-a-workspace",
    section: tables,
    text: "In a workspace requests of Application Insights are table AppRequests with AppRoleName, DurationMs and TimeGenerated; requests with cloud_RoleName, duration and timestamp is what the Application Insights resource itself shows.",
    appliesTo: "Microsoft documentation; the columns of requests are not re-verified",
  },
  {
    id: "azure-wire/sampled-requests",
    section: tables,
    text: "One row of a sampled request stands for as many requests as its item count, so counting rows counts too few.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/postgres-log-tables",
    section: tables,
    text: "Logs of a PostgreSQL flexible server are in PGSQLServerLogs, with LogicalServerName, ErrorLevel and Message, or in AzureDiagnostics with category PostgreSQLLogs, Message and errorLevel_s, as the diagnostic setting says.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/postgres-resource-type",
    section: tables,
    text: "Rows of a flexible server have resource type FLEXIBLESERVERS in AzureDiagnostics; SERVERS was the retired single server, so a filter on it finds nothing.",
    appliesTo:
      "Microsoft documentation, which writes FlexibleServers; older documentation Servers, and others query upper case, so the queries of azwise go by the provider",
    contradicts: ["postgres-ca-rotation/alert-query"],
  },
  {
    id: "azure-wire/postgres-handshake-texts",
    section: tables,
    text: "When a client does not trust the certificate, PostgreSQL logs could not accept SSL connection with the client's alert, such as unknown ca, without the words SSL error.",
    appliesTo: "the texts of PostgreSQL itself; not re-verified on a flexible server",
    contradicts: ["postgres-ca-rotation/alert-query"],
  },
  {
    id: "azure-wire/flow-table",
    section: tables,
    text: "NTANetAnalytics has SrcIp, DestIp, DestPort, bytes of both directions, and counts of allowed and denied flows in and out; only rows with subtype FlowLog are flows.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/nsg-flow-table",
    section: tables,
    text: "Flow logs of network security groups come to AzureNetworkAnalytics_CL: for public flows the machine's address is in VMIP_s, and outbound bytes are those from source to destination.",
    appliesTo: "Microsoft documentation; virtual network flow logs replace these",
  },
  {
    id: "azure-wire/flow-rule-column",
    section: tables,
    text: "The rule that allowed or denied a flow is in AclRule; NsgRule is kept for flow logs of network security groups.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/public-flows-have-no-address",
    section: tables,
    text: "For flows to or from public addresses the address columns are empty and one row holds several addresses; leaving such rows out leaves out all traffic with the internet.",
    appliesTo: "Microsoft documentation, traffic analytics schema",
    contradicts: ["vnet-flow-logs/pairs-by-destination"],
  },
  {
    id: "azure-wire/flow-logged-at-both-ends",
    section: tables,
    text: "Rows are counted for the network interface that captured the flow, and for each direction by themselves: a flow between two machines whose networks are both logged has a row for each of them, outbound at one and inbound at the other.",
    appliesTo:
      "Microsoft documentation, traffic analytics schema, for interface and direction; that the bytes are in both rows is not re-verified",
  },
  {
    id: "azure-wire/flow-time",
    section: tables,
    text: "TimeGenerated of NTANetAnalytics is when Traffic Analytics wrote the row, up to an hour after the flow; FlowStartTime and FlowEndTime are the flow's own.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/failure-event-has-no-status",
    section: tables,
    text: "The article's table has a field Status, its example event has PipelineStatus and ActivityStatus instead; what the table does not have is dropped, so queries go by error code and message, which both have.",
    appliesTo: "read in the article; that unknown fields are dropped is Microsoft documentation",
    contradicts: ["failure-logging/table-fields"],
  },
  {
    id: "azure-wire/failure-table-has-no-end",
    section: tables,
    text: "A table of failures alone cannot tell when something was mended: that needs an event for the next success, too.",
    appliesTo: "read in the article, first-hand notes",
  },
  {
    id: "azure-wire/data-factory-tables",
    section: tables,
    text: "Runs of a data factory are in ADFPipelineRun and ADFActivityRun, with Status, Start, End, ErrorCode and ErrorMessage, when its diagnostic setting uses resource-specific tables.",
    appliesTo: "Microsoft documentation",
  },
];

/** How workspaces answer queries, and what is in their tables; part of azure-wire. */
export const kqlWireFacts: readonly Fact[] = statements.map((fact) => ({ ...fact, article: "azure-wire" }));
