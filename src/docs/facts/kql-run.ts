import type { Fact } from "../fact.ts";

const tables = "Log Analytics: tables";
const sending = "Log Analytics: what is sent";

const statements: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/diagnostic-setting-sends-logs",
    section: sending,
    text: "Logs of a resource, and metrics for queries, come to a workspace only when a diagnostic setting of that resource sends their category there; the group allLogs has every category of logs.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/environment-log-destination",
    section: sending,
    text: "Apps and jobs send their logs where their environment says: to one workspace (log-analytics), by the diagnostic settings of the environment (azure-monitor), or nowhere.",
    appliesTo: "Microsoft documentation, log options of Container Apps",
  },
  {
    id: "azure-wire/first-rows-take-minutes",
    section: tables,
    text: "A row can be queried some minutes after it was written, and the first ones of a new container app after about ten.",
    appliesTo: "reported by users; not re-verified",
  },
  {
    id: "azure-wire/crash-lines-missing",
    section: tables,
    text: "With destination azure-monitor the lines of a container that crashes at its start have been missing, while destination log-analytics had them.",
    appliesTo: "reported by users; not re-verified",
  },
];

/** What is sent to workspaces, and when it is there; part of azure-wire. */
export const kqlRunFacts: readonly Fact[] = statements.map((fact) => ({ ...fact, article: "azure-wire" }));
