/** A column of the answer, and how a rule puts its values of one window together. */
export interface Measure {
  column: string;
  how: "Total" | "Maximum" | "Average";
}

/** What a rule on a query goes by. */
export interface AlertShape {
  /** The first one where none is chosen; none where rows are counted. */
  measures: readonly Measure[];
  /** Columns of text or numbers, six at most: each combination of their values is an alert of its own. */
  dimensions: readonly string[];
  /** Parameters that have the rule's own values. */
  follows?: { window?: string; threshold?: string };
  /** A shorter window may see no row. */
  leastWindow?: { ms: number; why: string; because: readonly string[] };
  /** Flavours that no rule on a workspace can have, and why. */
  refused?: Readonly<Record<string, string>>;
}

/** Why a query is none for a rule, and what to use. */
export interface NoAlert {
  why: string;
  hint: string;
  because: readonly string[];
}

const HOUR_MS = 3_600_000;

const ROWS_OF_APPS: AlertShape = { measures: [], dimensions: ["App"] };
const FLOWS = {
  ms: HOUR_MS,
  why: "flows are written every ten minutes or every hour, so a window below an hour may see none",
  because: ["vnet-flow-logs/table-of-flows", "azure-wire/flow-time"],
};

function failuresBy(dimension: string): AlertShape {
  return { measures: [{ column: "Failures", how: "Total" }], dimensions: [dimension] };
}

/** By name of the query. */
export const alertShapes: Readonly<Record<string, AlertShape | NoAlert>> = {
  "container-console-errors": ROWS_OF_APPS,
  "container-restarts": {
    measures: [{ column: "Events", how: "Total" }],
    dimensions: ["App", "Revision", "Reason"],
  },
  "container-startup": ROWS_OF_APPS,
  "container-job-failures": { measures: [], dimensions: ["Job", "Kind"] },
  "container-image-pulls": {
    measures: [{ column: "Events", how: "Total" }],
    dimensions: ["App", "Revision", "Cause"],
  },
  "container-resources": {
    measures: [
      { column: "MaximumMemoryMiB", how: "Maximum" },
      { column: "MaximumCores", how: "Maximum" },
      { column: "AverageMemoryMiB", how: "Average" },
      { column: "AverageCores", how: "Average" },
    ],
    dimensions: ["App"],
    follows: { window: "bin" },
  },
  "request-durations": {
    measures: [
      { column: "p99", how: "Maximum" },
      { column: "p90", how: "Maximum" },
      { column: "p50", how: "Maximum" },
      { column: "Slowest", how: "Maximum" },
      { column: "Failed", how: "Total" },
      { column: "Requests", how: "Total" },
    ],
    dimensions: ["App"],
    follows: { window: "bin" },
    refused: {
      "application-insights": "it asks an Application Insights resource, and the rule is on a workspace",
    },
  },
  "postgres-tls-failures": {
    measures: [{ column: "Failures", how: "Total" }],
    dimensions: ["Server"],
    follows: { window: "bin", threshold: "threshold" },
  },
  "flow-top-talkers": {
    measures: [
      { column: "TotalBytes", how: "Total" },
      { column: "Sent", how: "Total" },
      { column: "Received", how: "Total" },
    ],
    dimensions: ["Source", "Destination"],
    leastWindow: FLOWS,
  },
  "flow-denied": {
    measures: [{ column: "Denied", how: "Total" }],
    dimensions: ["Rule", "Direction"],
    leastWindow: FLOWS,
  },
  "pipeline-failures-by-dataset": failuresBy("DatasetName"),
  "pipeline-failures-by-layer": failuresBy("Layer"),
  "pipeline-failures-by-environment": failuresBy("Environment"),
  "pipeline-failures-by-error": failuresBy("ErrorCode"),
  "pipeline-failures-by-day": {
    why: "its rows are days counted back from now, so each is another one at every look",
    hint: "azwise kql alert pipeline-failures-by-error tells when errors become many",
    because: ["azure-wire/alert-look-back"],
  },
  "pipeline-changes": {
    why: "its rows are also what became better, and it compares two periods while a rule sees two days at most",
    hint: "azwise kql alert pipeline-failures-by-error tells when errors become many",
    because: ["azure-wire/alert-look-back"],
  },
  "pipeline-time-to-resolve": {
    why: "an outage may have begun before the two days that a rule sees at most",
    hint: "azwise kql alert pipeline-failures-by-dataset tells when failures begin",
    because: ["azure-wire/alert-look-back"],
  },
};
