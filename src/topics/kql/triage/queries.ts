import type { CatalogueQuery, Flavour } from "../catalogue/catalogue-query.ts";
import { text, texts, whole } from "../catalogue/parameters.ts";
import {
  azureMetrics,
  consoleCustom,
  consoleResourceSpecific,
  systemCustom,
  systemResourceSpecific,
} from "../schemas/container-apps.ts";
import type { TableSchema } from "../schemas/table-schema.ts";
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
  flavours: flavours([eventsCustom, systemCustom], [eventsResourceSpecific, systemResourceSpecific]),
});

export const consoleLines = own({
  name: "triage-console-lines",
  summary: "Lines of an app or job that may be signs of something, and the last ones",
  parameters: [
    APP,
    texts("words", "a line counts when it has one of these", SIGNS),
    whole("rows", "most rows with one of the words", MOST_LINES),
    whole("tail", "how many of the last lines", 50),
  ],
  flavours: flavours([linesCustom, consoleCustom], [linesResourceSpecific, consoleResourceSpecific]),
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
  flavours: flavours([namesCustom, systemCustom], [namesResourceSpecific, systemResourceSpecific]),
});

function own(query: Pick<CatalogueQuery, "name" | "summary" | "parameters" | "flavours">): CatalogueQuery {
  return { ...query, window: "24h", row: "One row of the table.", next: [], because: [] };
}

function flavours(custom: [string, TableSchema], other: [string, TableSchema]): [Flavour, Flavour] {
  const [customText, customTable] = custom;
  const [otherText, otherTable] = other;
  return [
    {
      name: "log-analytics",
      when: "the environment's log destination is log-analytics",
      text: customText,
      tables: [customTable],
    },
    {
      name: "azure-monitor",
      when: "the environment's log destination is azure-monitor, and a diagnostic setting sends these logs",
      text: otherText,
      tables: [otherTable],
    },
  ];
}
