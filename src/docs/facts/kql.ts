import type { Fact } from "../fact.ts";

const restartLoop = 'The Real-World Problem: "My Container App is stuck in a restart loop"';
const dotnet = "Scenario 1: Your .NET Application Crashes at Startup";
const job = "Scenario 3: Your Container App Job Fails Silently or Times Out";
const checklist = "Summary: Your Startup Troubleshooting Checklist";
const idle = "Scenario 1: Requests Spike to 10+ Seconds After a Period of Inactivity";
const limits = "Scenario 4: Resource Limits Are Causing Throttling and Slow Responses";
const impact = "Measuring the Impact of Your Changes";
const alerts = "Proactive Monitoring with Azure Monitor";
const traffic = "Traffic Analytics Deep Dive";
const whyLog = "Why we need a custom logging framework";
const logTable = "2. Create a custom table for pipeline failures";

/** What the articles say about logs and what to look for in them. */
export const kqlFacts: readonly Fact[] = [
  {
    id: "container-apps-startup/restart-loop-causes",
    article: "container-apps-startup",
    section: restartLoop,
    text: "An app that restarts again and again mostly crashes at its start, fails its probe because it is slow or listens on another port, or is a job that never ends well.",
  },
  {
    id: "container-apps-startup/read-console-logs",
    article: "container-apps-startup",
    section: dotnet,
    text: "What a container wrote before it ended is in the console logs of the workspace, and the last lines can also be read with az containerapp logs show.",
  },
  {
    id: "container-apps-startup/missing-setting-crashes",
    article: "container-apps-startup",
    section: dotnet,
    text: "The usual reason for a crash at the start is an environment variable or secret that is missing or has another name than the one the application reads.",
  },
  {
    id: "container-apps-startup/generous-probes",
    article: "container-apps-startup",
    section: dotnet,
    text: "A liveness probe needs an initial delay that leaves the application time to start; otherwise the container is killed before it is up.",
  },
  {
    id: "container-apps-startup/replica-timeout",
    article: "container-apps-startup",
    section: job,
    text: "A job that is not done within its replica timeout is killed, and its execution counts as failed.",
  },
  {
    id: "container-apps-startup/silent-job-failure",
    article: "container-apps-startup",
    section: job,
    text: "A job that ends with another exit code than 0 and wrote nothing leaves no line in the console logs that would explain it.",
  },
  {
    id: "container-apps-startup/job-lines-by-app-name",
    article: "container-apps-startup",
    section: job,
    text: "The article reads the lines of a job from ContainerAppConsoleLogs_CL by comparing ContainerAppName_s with the name of the job.",
  },
  {
    id: "container-apps-startup/registry-access",
    article: "container-apps-startup",
    section: checklist,
    text: "The environment has to be able to reach the container registry and be allowed to pull, by managed identity or credentials.",
  },
  {
    id: "container-apps-cold-start/cold-start-steps",
    article: "container-apps-cold-start",
    section: 'Understanding What "Cold Start" Actually Means in Container Apps',
    text: "A cold start is scheduling, pulling the image, starting the container, starting the framework, and passing the readiness probe, one after the other.",
  },
  {
    id: "container-apps-cold-start/min-replicas",
    article: "container-apps-cold-start",
    section: idle,
    text: "With no minimum of replicas the first request after a quiet time waits for a whole cold start; one replica that stays avoids that, and is billed.",
  },
  {
    id: "container-apps-cold-start/valid-pairs",
    article: "container-apps-cold-start",
    section: limits,
    text: "Processor and memory of a container go in pairs, from 0.25 vCPU with 0.5 Gi on; without a setting an app gets that smallest pair.",
  },
  {
    id: "container-apps-cold-start/usage-in-system-logs",
    article: "container-apps-cold-start",
    section: limits,
    text: "The article averages CpuUsageNanoCores_d and MemoryWorkingSetBytes_d of ContainerAppSystemLogs_CL to learn what an app uses.",
  },
  {
    id: "container-apps-cold-start/startup-markers",
    article: "container-apps-cold-start",
    section: impact,
    text: "Lines with Application started or Now listening on tell when an application came up.",
  },
  {
    id: "container-apps-cold-start/request-percentiles",
    article: "container-apps-cold-start",
    section: impact,
    text: "The 50th, 90th and 99th percentile of request durations per hour show whether a change helped.",
  },
  {
    id: "failure-logging/failures-as-data",
    article: "failure-logging",
    section: whyLog,
    text: "Failures of pipelines sent to one table as events can be counted over time, datasets, layers and environments, which a list of runs cannot.",
  },
  {
    id: "failure-logging/what-changed",
    article: "failure-logging",
    section: "Introduction",
    text: "A failure is to be told apart as single or recurring, and as there since yesterday or before.",
  },
  {
    id: "failure-logging/table-fields",
    article: "failure-logging",
    section: logTable,
    text: "The table of failures has pipeline, run, activity with its type, status, error code and message, severity, environment, layer, dataset, partition date, workspace and correlation id.",
  },
  {
    id: "failure-logging/same-event-everywhere",
    article: "failure-logging",
    section: "3. Construct the logging payload",
    text: "Every pipeline has to send events of the same form, whichever activity failed.",
  },
  {
    id: "failure-logging/reliability-measures",
    article: "failure-logging",
    section: "Future Steps",
    text: "Measures to build on the table are trends of failures, mean time to resolution, severity, and health of pipelines.",
  },
  {
    id: "postgres-ca-rotation/alert-threshold",
    article: "postgres-ca-rotation",
    section: alerts,
    text: "An alert on failed TLS connections is proposed at five failures in five minutes, severity 2, as a starting point to be adjusted.",
  },
  {
    id: "postgres-ca-rotation/alert-query",
    article: "postgres-ca-rotation",
    section: alerts,
    text: "The proposed alert counts rows of AzureDiagnostics with resource type SERVERS, category PostgreSQLLogs and the words SSL error.",
  },
  {
    id: "postgres-ca-rotation/trust-roots",
    article: "postgres-ca-rotation",
    section: "7. Best Practices and Lessons Learned",
    text: "Clients should trust root certificates and never pin intermediate ones, so that a rotation of intermediates does not concern them.",
  },
  {
    id: "vnet-flow-logs/table-of-flows",
    article: "vnet-flow-logs",
    section: traffic,
    text: "With Traffic Analytics the flows of a virtual network are in table NTANetAnalytics, new ones every ten minutes or every hour.",
  },
  {
    id: "vnet-flow-logs/pairs-by-destination",
    article: "vnet-flow-logs",
    section: traffic,
    text: "The article sums bytes by source and destination address for rows whose destination address is not empty.",
  },
  {
    id: "vnet-flow-logs/allowed-and-denied",
    article: "vnet-flow-logs",
    section: "Validation Checklist",
    text: "Flow logs tell allowed from denied traffic, also where security admin rules decide.",
  },
  {
    id: "sql-vdi-client-worker/background-workers",
    article: "sql-vdi-client-worker",
    section: "Why you might see VDI_CLIENT_WORKER sessions in Azure SQL Database",
    text: "Many VDI_CLIENT_WORKER sessions are mostly workers of the platform that copy or seed, as after scaling or adding a replica, and no sign of trouble by themselves.",
  },
  {
    id: "sql-vdi-client-worker/no-kill",
    article: "sql-vdi-client-worker",
    section: "How to validate whether VDI_CLIENT_WORKER is benign?",
    text: "VDI_CLIENT_WORKER sessions are not to be killed; look for blocking, deadlocks and throttling of the log rate instead.",
  },
];
