import type { Json, JsonObject } from "../json.ts";

export interface LogQuestion {
  /** The GUID of the workspace, which is its customer id. */
  workspace: string;
  /** KQL, of any number of lines. */
  text: string;
  /** The window, which the service intersects with the text's own filter by time. */
  from: Date;
  until: Date;
}

export interface LogColumn {
  name: string;
  /** In the words of KQL: datetime, string, long, dynamic (a JSON text), … */
  type: string;
}

/** How an answer ended. */
export interface LogEnd {
  kind: "end";
  /**
   * "complete"; "partial": not all rows, for the service's reason; "truncated": not all rows, because of a limit of rows or
   * bytes; "no-data": the workspace never had any (204); "no-answer": a 200 with nothing in it.
   */
  outcome: "complete" | "partial" | "truncated" | "no-data" | "no-answer";
  /** Why rows are missing, in the service's words. */
  problem: { code: string; message: string } | undefined;
  /** The chart that the text asks for with `render`. */
  chart: string | undefined;
  statistics: JsonObject | undefined;
}

/** What an answer consists of, in this order: a table and its rows as they arrive, further tables, one end. */
export type LogEvent =
  { kind: "table"; name: string; columns: readonly LogColumn[] } | { kind: "rows"; rows: Json[][] } | LogEnd;

export interface LogsPort {
  /**
   * Asks one workspace, as soon as fewer than five questions are under way. Throws LogQueryError for a text that the
   * service does not understand, AzureError "auth" (403), "usage" (404, no such workspace), and "timeout" (the query
   * took too long there, or it is throttled for longer than the run may wait).
   */
  query(question: LogQuestion): AsyncIterable<LogEvent>;
}

export interface Workspace {
  id: string;
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  location: string;
  /** The GUID that queries are addressed with. */
  customerId: string;
  /** Undefined when the service does not say. */
  retentionDays: number | undefined;
}

export interface WorkspaceTable {
  name: string;
  /** Analytics, Basic or Auxiliary. */
  plan: string;
  columns: readonly LogColumn[];
}

/** Where a resource sends its logs. */
export interface DiagnosticSetting {
  name: string;
  /** Undefined when it sends to no workspace. */
  workspaceId: string | undefined;
  /** "Dedicated" for tables of the resource's own kind; otherwise AzureDiagnostics, where there is a choice. */
  destinationType: string | undefined;
  /** Categories and category groups that are switched on. */
  categories: string[];
  /** Categories of metrics that are switched on, mostly AllMetrics. */
  metrics: string[];
}

export interface WorkspacePort {
  list(subscriptionId: string): Promise<Workspace[]>;
  /** Undefined when there is none of that id. */
  get(id: string): Promise<Workspace | undefined>;
  listTables(workspaceId: string): Promise<WorkspaceTable[]>;
  /** Of any resource. */
  listDiagnosticSettings(resourceId: string): Promise<DiagnosticSetting[]>;
}
