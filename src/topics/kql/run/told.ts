import { shellWord } from "../../../azure/shell-word.ts";
import type { Note } from "../../../output/view.ts";
import { tablesOf, unusedIn } from "../catalogue/fill-query.ts";
import type { TableState } from "../probe-table.ts";
import type { Outcome } from "./outcome.ts";
import type { NamedQuestion, OtherFlavour, Result, RunResult, UsedFlavour } from "./result.ts";
import type { Window } from "../window.ts";
import { haveSameLogs } from "./empty.ts";
import { workspaceWords } from "../workspace-words.ts";

export interface Told {
  text: string;
  because?: readonly string[];
  /** Also beside an answer that is all. */
  isWarning?: true;
}

/** What there is to say of one workspace beside its rows. */
export function notesOf(result: Result, outcome: Outcome, { question, window }: RunResult): Note[] {
  const { name } = result.workspace;
  const named = "query" in question ? { ...question, window } : undefined;
  const flavour = result.used && outcome !== "no-table" ? tellFlavour(result.used) : [];
  const told = [
    ...tellTables(result),
    ...tell(result, outcome),
    ...(named ? tellNamed(result, outcome, named) : []),
  ];
  const level = ["quiet", "complete"].includes(outcome) ? "info" : "warning";
  const noteOf = ({ isWarning, ...each }: Told, otherwise: Note["level"]): Note => ({
    level: isWarning ? "warning" : otherwise,
    ...each,
    text: `${name}: ${each.text}`,
  });
  return [
    ...flavour.map((each) => noteOf(each, "info")),
    ...told.map((each) => noteOf(each, level)),
    ...(result.source?.commands ?? []).map((text): Note => ({ level: "info", text, isNext: true })),
  ];
}

const WHY: Record<UsedFlavour["why"], string> = {
  only: "the only one of this query",
  chosen: "as --flavour says",
  rows: "its table has rows in the window",
  newer: "its table has the newest row",
  untold: "its table may have rows in the window, and no other is known to have any",
  last: "none has rows in the window, and its table had the last one",
  table: "its table is there, without a row",
  none: "none of the tables is there",
};

function tellFlavour({ flavour, why, also, untold }: UsedFlavour): Told[] {
  if (why === "only") return [];
  const others = also.length === 0 ? "" : `; --flavour ${also.join(" or ")} has rows in the window, too`;
  return [
    { text: `asked in flavour ${flavour.name}: ${WHY[why]}${others}` },
    ...untold.map((each): Told => ({
      text: `cannot tell whether flavour ${each} has rows in the window, too`,
      isWarning: true,
    })),
  ];
}

function tellTables({ answer }: Result): Told[] {
  const { tables = 1 } = answer ?? {};
  return tables === 1
    ? []
    : [{ text: `the answer has ${tables} tables, and only the first is shown`, isWarning: true }];
}

function tell(
  { answer, parts, unsplit, empty, own, untold, missingTable, similarTables, error }: Result,
  outcome: Outcome,
): Told[] {
  const why = answer?.end.problem?.message ?? "";
  switch (outcome) {
    case "complete":
      return parts > 1
        ? [{ text: `the answer is beyond a limit, and was put together from ${parts} parts` }]
        : [];
    case "partial":
      return [{ text: `the answer is not all: ${why}`, because: ["azure-wire/logs-partial-is-200"] }];
    case "truncated":
      return [
        { text: `the answer was cut at a limit: ${why}`, because: ["azure-wire/logs-query-limits"] },
        { text: `not asked in parts: ${unsplit ?? ""}; ask about less` },
      ];
    case "no-data":
      return [
        { text: "this workspace never had any data, so nothing is said about health", because: NO_DATA },
      ];
    case "no-answer":
      return [
        {
          text: "the service answered 200 without a body, so the question was not answered; ask again",
          because: NO_DATA,
        },
      ];
    case "failed":
      return [
        { text: [error?.message ?? "", ...(error?.hint === undefined ? [] : [error.hint])].join("; ") },
      ];
    case "no-column":
      return [];
    default:
      if (empty || untold !== undefined) return tellEmpty({ empty, own, untold });
      return missingTable === undefined
        ? []
        : [
            tellTable({ table: missingTable, state: "missing" }),
            ...similarTables.map((each) => ({
              text: haveSameLogs(missingTable, each)
                ? `it has ${each}, where the same may be with other columns`
                : `it has ${each}, which is called nearly so`,
            })),
          ];
  }
}

function tellEmpty({ empty = [], own, untold }: Pick<Result, "empty" | "own" | "untold">): Told[] {
  const [from, until] = [own?.from.toISOString() ?? "", own?.until.toISOString() ?? ""];
  return [
    ...(own ? [{ text: `the text's own filter by time leaves ${from} to ${until} of the window` }] : []),
    ...empty.map(tellTable),
    ...(untold === undefined ? [] : [{ text: untold }]),
  ];
}

const NO_DATA = ["azure-wire/logs-no-data-204"];
const LATE = ["azure-wire/first-rows-take-minutes"];

export function tellTable(state: TableState): Told {
  const { table } = state;
  switch (state.state) {
    case "missing":
      return {
        text: `there is no table ${table} here, so nothing was ever sent to it; this is not health`,
        because: ["azure-wire/logs-missing-table-400"],
      };
    case "silent":
      return {
        text: `${table} has no row of the 90 days up to the end of the window, so nothing could match; this is not health`,
        because: LATE,
      };
    case "older":
      return {
        text: `${table} has no row in the window, the last one before it is of ${state.last}; this is not health`,
        because: LATE,
      };
    case "untold":
      return { text: `cannot tell whether ${table} has rows in the window: ${state.why}` };
    case "quiet":
      return {
        text: `${table} has ${state.rows} rows in the window, the last at ${state.last}, and none matches`,
      };
  }
}

interface Named extends NamedQuestion {
  window: Window;
}

/** Reasons that only a query of the catalogue knows. */
function tellNamed(result: Result, outcome: Outcome, named: Named): Told[] {
  const { others, name, source, used } = result;
  return [
    ...(outcome === "no-table" ? [...tellNeeds(result, named), ...tellCandidates(result, named)] : []),
    ...(outcome === "no-column" ? tellColumn(result) : []),
    ...tellUnused(result, named),
    ...others.map((each) => tellOther(each, result, named)),
    ...(name ? tellName(name) : []),
    ...(source ? [{ text: source.text, because: source.because }] : []),
    ...(["quiet", "no-name"].includes(outcome) && CONSOLE_LOGS.test(used?.flavour.tables[0]?.name ?? "")
      ? [
          {
            text: "lines of a container that crashes may be missing here, so look at container-restarts, too",
            because: ["azure-wire/crash-lines-missing"],
          },
        ]
      : []),
  ];
}

/** The table of the destination azure-monitor alone. */
const CONSOLE_LOGS = /^ContainerAppConsoleLogs$/;

function tellNeeds({ used }: Result, { query, flavour: typed }: NamedQuestion): Told[] {
  const flavours = typed === undefined ? query.flavours : used ? [used.flavour] : [];
  return flavours.map(({ name, when, tables }) => ({
    text: `flavour ${name} needs: ${when}`,
    because: [...new Set(tables.flatMap(({ because }) => because))],
  }));
}

function tellUnused({ used }: Result, { given }: NamedQuestion): Told[] {
  const unused = used ? unusedIn(used.flavour, given).map((name) => `--param ${name}`) : [];
  if (!used || unused.length === 0) return [];
  return [
    {
      text: `flavour ${used.flavour.name} has no place for ${unused.join(", ")}, so the answer is as if it was not typed`,
      isWarning: true,
    },
  ];
}

/** Only where the name of the table is a parameter are there any. */
function tellCandidates({ similarTables, used }: Result, { query }: NamedQuestion): Told[] {
  const isOwn = used?.flavour.name === query.flavours[0].name;
  if (similarTables.length === 0 || query.tableParameter === undefined || !isOwn) return [];
  const [first = ""] = similarTables;
  return [
    {
      text: `tables of one's own are ${similarTables.join(", ")}; where one has these events: --param ${query.tableParameter}=${shellWord(first)}`,
    },
  ];
}

function tellColumn({ missingColumn, used }: Result): Told[] {
  const table = used?.flavour.tables[0]?.name ?? "";
  const isOwn = table.endsWith("_CL");
  const why = isOwn
    ? "columns come with the first row that has a value for them, so nothing of this kind has come yet; this is not health"
    : "so the question could not be asked; this is not health";
  const because = isOwn ? "azure-wire/container-log-columns-appear" : "azure-wire/logs-missing-table-400";
  return [{ text: `${table} has no column ${missingColumn ?? ""} here: ${why}`, because: [because] }];
}

function tellOther(other: OtherFlavour, { workspace }: Result, named: Named): Told {
  const { flavour, table, matching } = other;
  const { query, given } = named;
  const tables = query.flavours.flatMap((each) =>
    each.name === flavour ? tablesOf(query, each, given) : [],
  );
  const because = [...new Set(tables.flatMap((each) => each.because))];
  if (matching === 0) {
    return { text: `${table} has rows in the window, too, of which none matches either`, because };
  }
  const count =
    matching === undefined
      ? "rows in the window"
      : `${matching === 1 ? "1 row that matches" : `${matching} rows that match`}`;
  return { text: `${table} has ${count}: ${otherCommand(flavour, workspace, named)}`, because };
}

/** The same question to the tables of another flavour. */
function otherCommand(
  flavour: string,
  workspace: Result["workspace"],
  { query, given, window }: Named,
): string {
  const { from, until } = window;
  return [
    `azwise kql run ${query.name} ${workspaceWords([workspace])}`,
    // Periods up to now are a window of their own.
    ...(query.compares === undefined ? [`--since ${from.toISOString()} --until ${until.toISOString()}`] : []),
    ...[...given].map(([key, value]) => `--param ${shellWord(`${key}=${value}`)}`),
    `--flavour ${flavour}`,
  ].join(" ");
}

export function tellName(seen: NonNullable<Result["name"]>): Told[] {
  const { parameter, name } = seen;
  switch (seen.state) {
    case "there":
      return [{ text: `${parameter} ${name} has ${seen.rows} of these rows` }];
    case "untold":
      return [{ text: `cannot tell whether ${parameter} ${name} occurs: ${seen.why}` }];
    case "absent":
      return [
        {
          text:
            seen.nearest.length === 0
              ? `no row of the window has a name for ${parameter}, so nothing is said about ${name}`
              : `no row of the window is of ${parameter} ${name}; nearest: ${seen.nearest.join(", ")}; this is not health`,
          because: LATE,
        },
      ];
  }
}
