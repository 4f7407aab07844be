/** A finding's weight; the words of --fail-on. */
export type Weight = "error" | "warning" | "info";

export interface Rule {
  /** As it is when nothing takes weight off it. */
  weight: Weight;
  /** What is wrong, in general. */
  summary: string;
  /** How it is mended, in general. */
  fix: string;
  /** Fact ids. */
  because: readonly string[];
}

const MISSING = ["azure-wire/logs-missing-table-400", "azure-wire/standard-columns"];

/** Every rule by its id, which scripts may rely on. */
export const RULES = {
  unreadable: {
    weight: "error",
    summary: "A file cannot be read, or not be parsed",
    fix: "give the path of a file with KQL as UTF-8 text",
    because: [],
  },
  "no-query": {
    weight: "error",
    summary: "There is no query in the text",
    fix: "end it with an expression, such as the name of a table",
    because: [],
  },
  command: {
    weight: "error",
    summary: "The text is a management command, and a workspace takes queries alone",
    fix: "leave it out",
    because: ["azure-wire/workspace-takes-queries-alone"],
  },
  syntax: {
    weight: "error",
    summary: "The text is no KQL",
    fix: "see what stands there; nothing else is looked at in a query with such a fault",
    because: [],
  },
  "unfilled-place": {
    weight: "error",
    summary: "A place of a catalogue's text is not filled, and so no KQL",
    fix: "write a value there, or take the filled text that azwise kql show prints",
    because: [],
  },
  semantic: {
    weight: "error",
    summary: "The text is KQL that no workspace would run",
    fix: "see what stands there: types, names, arguments",
    because: [],
  },
  "unknown-column": {
    weight: "error",
    summary: "No table that is read has this column",
    fix: "name a column that there is; --schema-from WORKSPACE knows those of a workspace",
    because: MISSING,
  },
  "usage-column": {
    weight: "warning",
    summary: "Processor and memory are looked for in system logs, which have no column for them",
    fix: "ask AzureMetrics, as azwise kql show container-resources does",
    because: ["azure-wire/container-usage-in-metrics"],
  },
  "unknown-table": {
    weight: "error",
    summary: "There is no such table among those that are known",
    fix: "name a table that there is; --schema-from WORKSPACE knows those of a workspace",
    because: ["azure-wire/logs-missing-table-400"],
  },
  "unknown-function": {
    weight: "warning",
    summary: "Neither the language nor the text has this function",
    fix: "name a function that there is; those saved in a workspace are not looked up",
    because: [],
  },
  "other-resource": {
    weight: "info",
    summary: "Tables of another resource are read, whose columns are not known here",
    fix: "lint the part about that resource by itself, with --schema-from its workspace",
    because: [],
  },
  "every-table": {
    weight: "warning",
    summary: "Every table of the workspace is read",
    fix: "name the tables: search in (T) …, find in (T) …, union T1, T2",
    because: ["azure-wire/search-reads-every-table"],
  },
  unbounded: {
    weight: "warning",
    summary: "Nothing bounds how many rows come out",
    fix: "end with | take N, | top N by …, or a summary",
    because: ["azure-wire/logs-query-limits"],
  },
  "contains-term": {
    weight: "warning",
    summary: "Parts of words are looked for with what is a whole term, for which has uses an index",
    fix: "use has, !has, has_cs or !has_cs, unless the term may also be a part of a longer one",
    because: ["azure-wire/has-finds-terms"],
  },
  "no-time-filter": {
    weight: "info",
    summary: "A table is read without a filter by time",
    fix: "filter by TimeGenerated, unless a window is sent beside the text, as azwise kql run does",
    because: ["azure-wire/logs-timespan-intersects"],
  },
  "several-queries": {
    weight: "info",
    summary: "The file has several queries with blank lines between them",
    fix: "put each into a file of its own to run it: azwise kql run -f sends a file as one text",
    because: [],
  },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;

/** Something to be said of a part of a text. */
export interface Spot {
  rule: RuleId;
  weight: Weight;
  /** Offsets in the text. */
  start: number;
  end: number;
  /** What is wrong here. */
  text: string;
  /** How to mend it here. */
  fix: string;
}

/** A spot of a rule, with what is particular about it. */
export function spot(
  rule: RuleId,
  { start, end }: { start: number; end: number },
  {
    text,
    fix = RULES[rule].fix,
    weight = RULES[rule].weight,
  }: { text: string; fix?: string; weight?: Weight },
): Spot {
  return { rule, weight, start, end, text, fix };
}
