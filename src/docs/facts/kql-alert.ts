import type { Fact } from "../fact.ts";

const rules = "Log Analytics: alert rules";
const late = "Log Analytics: late rows";

const statements: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/alert-lengths",
    section: rules,
    text: "A scheduled query rule is evaluated every 1, 5, 10, 15, 30 or 45 minutes, 1 to 6 hours or a day, over a window of one of these lengths or two days, and never less often than its window is long; a window of a minute needs a frequency of one, which goes with six hours at most.",
    appliesTo: "documentation of the Terraform provider, not re-verified",
  },
  {
    id: "azure-wire/alert-look-back",
    section: rules,
    text: "A scheduled query rule sees two days of data at most, whatever its text asks for, and takes ago() with a literal alone.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/alert-counts-itself",
    section: rules,
    text: "The service adds the counting to a rule's text, so the text has to name what is wrong and not count the alert itself; take and limit make its answer differ from one evaluation to the next.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/alert-starts-with-table",
    section: rules,
    text: "A rule's text begins with one table; search and union are refused, but for tables of other workspaces.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/alert-every-minute",
    section: rules,
    text: "A rule that is evaluated every minute may not use search, union, take, limit, ingestion_time(), or a function that reads other tables.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/alert-dimensions",
    section: rules,
    text: "A rule may be split by up to six columns of text or numbers; each combination of values is an alert of its own and is charged as one.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/alert-bins",
    section: rules,
    text: "At an evaluation the service makes bin() of a rule's text begin with the window, so that no row of the answer is of a part of it; rows of another length than the window are judged as they are.",
    appliesTo: "Microsoft documentation as quoted by its readers, not re-verified",
  },
  {
    id: "azure-wire/alert-permissions",
    section: rules,
    text: "A rule without an identity of its own reads with the permissions that whoever edited it last had at that time.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/alert-resolves",
    section: rules,
    text: "A rule that resolves its alerts by itself may be evaluated every twelve hours at the least.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/alert-size",
    section: rules,
    text: "All properties of a rule together may have 64 KB, and its description 4,096 characters.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/alert-missing-table",
    section: rules,
    text: "A rule's text is checked against the workspace when the rule is made; one that fails at every evaluation for a week is switched off.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/alert-late-rows",
    section: rules,
    text: "An evaluation is repeated when rows are late, so an alert may come minutes after its rows; rows that are half an hour late may still be missed or judged wrongly.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/logs-late-rows",
    section: late,
    text: "A row can be queried some time after it was generated, and not in that order: resource logs mostly after 3 to 10 minutes, activity logs after 3 to 20.",
    appliesTo: "Microsoft documentation",
  },
];

/** How rules evaluate queries, and how late rows are; part of azure-wire. */
export const kqlAlertFacts: readonly Fact[] = statements.map((fact) => ({ ...fact, article: "azure-wire" }));
