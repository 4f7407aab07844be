import type { Fact } from "../fact.ts";

const texts = "Log Analytics: texts of queries";

const statements: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/has-finds-terms",
    section: texts,
    text: "has finds whole terms, which are runs of ASCII letters and digits, by an index of those of three characters or more; contains finds parts of terms, too, and has to go through every value.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/search-reads-every-table",
    section: texts,
    text: "search, find and union * that name no table read all tables of the workspace.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/standard-columns",
    section: texts,
    text: "Every table of a workspace has standard columns, such as TenantId, Type, _ResourceId and _BilledSize; some of them are in no list of columns and can be named all the same.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/workspace-takes-queries-alone",
    section: texts,
    text: "A workspace takes queries; management commands of Kusto, which begin with a dot, are refused.",
    appliesTo: "Microsoft documentation",
  },
];

/** What holds for a text before it is sent. */
export const kqlLintFacts: readonly Fact[] = statements.map((fact) => ({ ...fact, article: "azure-wire" }));
