import { EXIT } from "../../../errors.ts";
import type { JsonObject } from "../../../json.ts";
import type { Note, View } from "../../../output/view.ts";
import { compareDays, resolve, sum, type Day } from "./report-plan.ts";
import {
  changeTable,
  countTable,
  dayTable,
  errorTable,
  NO_END,
  outageTable,
  summaryTable,
} from "./report-tables.ts";
import type { NameSeen } from "../run/result.ts";
import { MOST_ROWS, SECTIONS, type ReportResult, type Section, type SectionName } from "./report.ts";

type Sections = Record<SectionName, Section>;

export function viewReport(result: ReportResult): View {
  const { input, sections, isComparable } = result;
  if (!sections) return viewNothing(result);
  const days = compareDays(sections.days.rows, input.days);
  const problems = [...problemNotes(sections), ...unseenNotes(result, days)];
  return {
    data: toJson(result, sections, days),
    tables: [
      summaryTable(sections, days, isComparable),
      dayTable(result, days),
      countTable("Datasets", "DatasetName", sections.datasets),
      countTable("Layers", "Layer", sections.layers),
      countTable("Environments", "Environment", sections.environments),
      errorTable(sections.errors),
      ...(isComparable
        ? [
            changeTable("New errors", "new", sections.changes),
            changeTable("Gone errors: mended, or not run", "gone", sections.changes),
          ]
        : []),
      outageTable(sections.outages),
    ].filter(({ rows }) => rows.length > 0),
    notes: [...aboutNotes(result), ...problems, ...quietNotes(result, days)],
    exit: problems.length > 0 || result.before.state === "untold" ? EXIT.partial : EXIT.ok,
  };
}

/** Not to be taken for health. */
function viewNothing(result: ReportResult): View {
  const { input, workspace, window, state, seen } = result;
  if (state.state === "quiet" && seen?.state === "absent") return viewAbsent(result, seen);
  const what = {
    missing: `there is no table ${input.table} in ${workspace.name}, so no failure was ever sent to it`,
    silent: `${input.table} got no event in the last 90 days`,
    older: `${input.table} got its last event at ${"last" in state ? state.last : ""}, before both periods`,
    untold: `cannot tell what is in ${input.table}: ${"why" in state ? state.why : ""}`,
    quiet: "",
  }[state.state];
  const next: Note[] =
    state.state === "missing"
      ? [{ level: "info", text: "to make it: azwise kql failures setup --help", isNext: true }]
      : [];
  return {
    data: {
      window: { from: window.from.toISOString(), until: window.until.toISOString() },
      table: { ...state },
    },
    tables: [
      {
        columns: [{ header: "table" }, { header: "state" }],
        rows: [{ cells: [input.table, state.state] }],
      },
    ],
    notes: [{ level: "warning", text: `${what}; this says nothing about health` }, ...next],
    exit: EXIT.partial,
  };
}

/** A name that is typed wrong has no failure either. */
function viewAbsent(
  { window, state }: ReportResult,
  { name, nearest }: Extract<NameSeen, { state: "absent" }>,
): View {
  const text =
    nearest.length === 0
      ? `no event of both periods names an environment, so nothing is said about ${name}`
      : `no event of both periods is of environment ${name}; nearest: ${nearest.join(", ")}; this says nothing about health`;
  return {
    data: {
      window: { from: window.from.toISOString(), until: window.until.toISOString() },
      table: { ...state },
      environment: name,
      nearestEnvironments: nearest,
    },
    tables: [
      { columns: [{ header: "environment" }, { header: "state" }], rows: [{ cells: [name, "absent"] }] },
    ],
    notes: [{ level: "warning", text }],
    exit: EXIT.partial,
  };
}

function toJson(
  { input, workspace, window, state, isComparable }: ReportResult,
  sections: Sections,
  days: readonly Day[],
): JsonObject {
  const told = Object.entries(sections).map(([name, { rows, problem }]) => [
    name,
    { query: SECTIONS[name as SectionName], rows, problem: problem ?? null },
  ]);
  const { meanSeconds = null, longestSeconds = null, outages, open } = resolve(sections.outages.rows);
  return {
    workspace: { name: workspace.name, customerId: workspace.customerId, id: workspace.id ?? null },
    table: { ...state },
    environment: input.environment ?? null,
    window: { from: window.from.toISOString(), until: window.until.toISOString(), days: input.days },
    isComparable,
    failures: { now: sum(days, "failures"), before: isComparable ? sum(days, "before") : null },
    days: days.map((day) => ({ ...day })),
    timeToResolve: { meanSeconds, longestSeconds, outages, open },
    sections: Object.fromEntries(told) as JsonObject,
  };
}

function aboutNotes({ input, workspace, window }: ReportResult): Note[] {
  const only = input.environment === undefined ? "" : `, environment ${input.environment} alone`;
  return [
    {
      level: "info",
      text: `${input.table} of ${workspace.name}${only}, ${window.from.toISOString()} to ${window.until.toISOString()} (UTC), compared with as long a time before; lists have ${MOST_ROWS} rows at most.`,
    },
  ];
}

function problemNotes(sections: Sections): Note[] {
  return Object.entries(sections).flatMap(([name, { problem }]): Note[] => {
    if (problem === undefined) return [];
    const query = SECTIONS[name as SectionName];
    return [{ level: "warning", text: `${name} (${query}) are not all that there is: ${problem}` }];
  });
}

/** Without a failure it matters whether there is such an environment. */
function unseenNotes({ seen }: ReportResult, days: readonly Day[]): Note[] {
  if (seen?.state !== "untold" || sum(days, "failures") + sum(days, "before") > 0) return [];
  const text = `cannot tell whether environment ${seen.name} occurs: ${seen.why}; this says nothing about health`;
  return [{ level: "warning", text }];
}

function quietNotes(result: ReportResult, days: readonly Day[]): Note[] {
  const { input, sections, state, before, isComparable } = result;
  const notes: Note[] = [];
  if (!sections || state.state !== "quiet") return notes;
  if (sections.days.problem === undefined && sum(days, "failures") === 0) {
    const where = input.environment === undefined ? "" : ` of environment ${input.environment}`;
    const text = `no failure${where} in this period; the table got its last event of any kind at ${state.last}`;
    notes.push({ level: "info", text });
  }
  if (before.state === "untold") {
    const text = `what is new or gone, more or fewer cannot be told, nor whether the table has events of the period before: ${before.why}`;
    notes.push({ level: "warning", text });
  } else if (!isComparable) {
    const which = input.environment === undefined ? "any kind" : `environment ${input.environment}`;
    const text = `the table has no event of ${which} in the period before, so what is new or gone, more or fewer cannot be told`;
    notes.push({ level: "info", text });
  }
  const { outages, meanSeconds } = resolve(sections.outages.rows);
  if (outages > 0 && meanSeconds === undefined) {
    const text =
      "no outage has an end, so no time to resolution can be told: send an event with PipelineStatus Succeeded when a pipeline succeeds after it failed";
    notes.push({ level: "info", text, because: NO_END });
  }
  return notes;
}
