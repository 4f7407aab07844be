import type { CatalogueQuery } from "../catalogue/catalogue-query.ts";
import { azureMonitor, logAnalytics } from "../catalogue/container-flavours.ts";
import { text, texts, whole } from "../catalogue/parameters.ts";
import {
  azureMetrics,
  consoleCustom,
  consoleResourceSpecific,
  systemCustom,
  systemResourceSpecific,
} from "../schemas/container-apps.ts";
import linesResourceSpecific from "./console-lines.azure-monitor.kql";
import linesCustom from "./console-lines.kql";
import namesResourceSpecific from "./names.azure-monitor.kql";
import namesCustom from "./names.kql";
import eventsResourceSpecific from "./system-events.azure-monitor.kql";
import eventsCustom from "./system-events.kql";
import usageText from "./usage.kql";

/** Most events, and most lines with one of the words, that are looked at. */
export const MOST_EVENTS = 2000;
export const MOST_LINES = 2000;
/** The last lines, whatever is in them. */
export const LAST_LINES = 50;

const APP = text("app", "a container app or job, by name");

/** A line that may be a sign of one of the known causes, or of a good start, has one of these. */
export const SIGNS = [
  "Unable to resolve service",
  "refused",
  "ECONNREFUSED",
  "ConnectionRefusedError",
  "ImproperlyConfigured",
  "UndefinedValueError",
  "KeyError",
  "No such file or directory",
  "Missing staticfiles manifest entry",
  "No directory at",
  "HTTP_HOST",
  "OutOfMemoryException",
  "OutOfMemoryError",
  "MemoryError",
  "heap out of memory",
  "using the connection to database",
  "Is the server running on host",
  "connections on port",
  "Application started",
  "Application startup complete",
  "Now listening on",
  "Listening at",
  "Uvicorn running on",
  "Starting development server at",
] as const;

/** Texts that only a triage asks, beside those of the catalogue. */
export const systemEvents = own({
  name: "triage-system-events",
  summary: "What the platform said of an app or job",
  parameters: [APP, whole("rows", "most rows", MOST_EVENTS)],
  flavours: [
    logAnalytics(eventsCustom, systemCustom),
    azureMonitor(eventsResourceSpecific, systemResourceSpecific),
  ],
});

export const consoleLines = own({
  name: "triage-console-lines",
  summary: "Lines of an app or job that may be signs of something, and the last ones",
  parameters: [
    APP,
    texts("words", "a line counts when it has one of these", SIGNS),
    whole("rows", "most rows with one of the words", MOST_LINES),
    whole("tail", "how many of the last lines", LAST_LINES),
  ],
  flavours: [
    logAnalytics(linesCustom, consoleCustom),
    azureMonitor(linesResourceSpecific, consoleResourceSpecific),
  ],
});

export const appUsage = own({
  name: "triage-usage",
  summary: "Processor and memory of an app or job",
  parameters: [APP],
  flavours: [
    {
      name: "metrics",
      when: "a diagnostic setting of the app sends AllMetrics",
      text: usageText,
      tables: [azureMetrics],
      only: 'ResourceProvider =~ "MICROSOFT.APP"',
    },
  ],
});

export const containerNames = own({
  name: "triage-names",
  summary: "Apps and jobs that there are events of",
  parameters: [whole("rows", "most rows", 1000)],
  flavours: [
    logAnalytics(namesCustom, systemCustom),
    azureMonitor(namesResourceSpecific, systemResourceSpecific),
  ],
});

function own(query: Pick<CatalogueQuery, "name" | "summary" | "parameters" | "flavours">): CatalogueQuery {
  return { ...query, window: "24h", row: "One row of the table.", next: [], because: [] };
}
