import type { Fact } from "../fact.ts";

const ingestion = "Log Analytics: ingestion";

const statements: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/ingestion-request-limits",
    section: ingestion,
    text: "One request with events may have 1 MB, compressed and uncompressed; a rule takes 2 GB and 12,000 requests a minute, and answers 429 beyond that.",
    appliesTo: "Microsoft documentation, not re-verified",
  },
  {
    id: "azure-wire/ingestion-cuts-fields",
    section: ingestion,
    text: "Of a field longer than 64 KB only the beginning is kept, without an error.",
    appliesTo: "Microsoft documentation, not re-verified",
  },
  {
    id: "azure-wire/ingestion-does-not-tell-apart",
    section: ingestion,
    text: "Events have no identity for the service: a request that is sent again after its answer was lost may make every row of it twice.",
    appliesTo: "first-hand notes",
  },
  {
    id: "azure-wire/ingestion-replaces-far-times",
    section: ingestion,
    text: "A TimeGenerated more than two days before the arrival or more than a day after it is replaced by the time of arrival.",
    appliesTo: "Microsoft documentation, standard columns; an older page said that such rows are dropped",
  },
  {
    id: "azure-wire/ingestion-direct-rule",
    section: ingestion,
    text: "Only a data collection rule of kind Direct has an ingestion address of its own, and a rule cannot be given that kind later; others are used with the address of a data collection endpoint.",
    appliesTo: "Microsoft documentation, API version 2023-03-11",
  },
  {
    id: "azure-wire/ingestion-direct-rule-name",
    section: ingestion,
    text: "The name of a data collection rule of kind Direct has 3 to 30 characters, while those of other kinds may be longer.",
    appliesTo: "scripts of others that make such rules, not re-verified",
  },
  {
    id: "azure-wire/ingestion-rule-region",
    section: ingestion,
    text: "A data collection rule has to be in the region of the workspace that it sends to.",
    appliesTo: "Microsoft documentation, not re-verified",
  },
];

/** How events are sent to workspaces; part of azure-wire. */
export const kqlIngestionFacts: readonly Fact[] = statements.map((fact) => ({
  ...fact,
  article: "azure-wire",
}));
