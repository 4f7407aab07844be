import type { LogColumn } from "../../../azure/log-ports.ts";
import type { Json, JsonObject } from "../../../json.ts";
import type { CellValue, Column, Note, Table, View } from "../../../output/view.ts";
import { unusedIn } from "../catalogue/fill-query.ts";
import { nextSteps } from "./next-steps.ts";
import { toObject, type Answer } from "../ask-once.ts";
import { exitOf, outcomeOf, type Outcome } from "./outcome.ts";
import { mentionsTime } from "../text-window.ts";
import type { NamedQuestion, Result, RunResult } from "./result.ts";
import { notesOf } from "./told.ts";
import { textHash } from "./text-hash.ts";

export function viewRun(run: RunResult): View {
  const { question, window, results } = run;
  const [from, until] = [window.from.toISOString(), window.until.toISOString()];
  const outcomes = results.map(outcomeOf);
  const named = "query" in question ? question : undefined;
  const next = named ? nextSteps(named, results, run.isWindowTyped ? window : undefined) : [];
  return {
    data: {
      query: named ? queryData(named, next) : null,
      window: { from, until },
      workspaces: results.map((each, at) => ({
        ...toJson(each, outcomes[at] ?? "failed"),
        unused: named && each.used ? unusedIn(each.used.flavour, named.given) : [],
      })),
      ...answerOf(results),
    },
    tables: [toTable(results), ...(named ? aboutTables(named, next) : [])],
    notes: [
      { level: "info", text: `Asked about ${from} to ${until} (UTC)${named ? "" : tellText(results)}.` },
      ...tellTime(run),
      ...results.flatMap((each, at) => notesOf(each, outcomes[at] ?? "failed", run)),
    ],
    exit: exitOf(outcomes),
  };
}

/** How much of a text of one's own was asked: a shell may have lost lines on the way. */
function tellText([first]: readonly Result[]): string {
  const text = first?.text ?? "";
  const count = text.trimEnd().split("\n").length;
  return `, ${count === 1 ? "1 line" : `${count} lines`} of KQL, sha256 ${textHash(text).slice(0, 12)}`;
}

const TIME_IN_TEXT: Note = {
  level: "info",
  text: "The text has a filter by time of its own; only what is in both windows is asked.",
  because: ["azure-wire/logs-timespan-intersects"],
};

function tellTime({ results, window, isUnread = false }: RunResult): Note[] {
  if (!isUnread) return results.some(({ text }) => mentionsTime(text ?? "")) ? [TIME_IN_TEXT] : [];
  const isUsual = window.until.getTime() - window.from.getTime() === 24 * 3_600_000;
  const asked = isUsual ? "the last 24 h" : `what is from ${window.from.toISOString()} on`;
  const text = `The text has a filter by time of its own, of which azwise cannot tell where it begins, and was asked about ${asked} alone: type --since`;
  return [{ ...TIME_IN_TEXT, level: "warning", text }];
}

function queryData({ query, given }: NamedQuestion, next: readonly string[]): JsonObject {
  const parameters = query.parameters.map(({ name, default: otherwise }) => [
    name,
    given.get(name) ?? otherwise,
  ]);
  return {
    name: query.name,
    parameters: Object.fromEntries(parameters),
    row: query.row,
    next: [...next],
    because: [...query.because],
  };
}

/** What a row means, and what to do with it where there is one. */
export function aboutTables({ query, given }: NamedQuestion, next: readonly string[]): Table[] {
  const typed = [...given].map(([name, value]) => ({ cells: [`param ${name}`, value] }));
  return [
    {
      title: "About",
      columns: [{ header: "field" }, { header: "value" }],
      rows: [
        { cells: ["query", query.name] },
        ...typed,
        { cells: ["a row is", query.row], because: query.because },
      ],
    },
    ...(next.length === 0
      ? []
      : [
          {
            title: "Next",
            columns: [{ header: "what to do", whole: true } satisfies Column],
            rows: next.map((text) => ({ cells: [text] })),
          },
        ]),
  ];
}

function toJson(result: Result, outcome: Outcome): JsonObject {
  const { workspace, text, used, answer, parts, unsplit, empty, own, untold, error } = result;
  const { name, customerId, id } = workspace;
  const problem = answer?.end.problem ?? (error && { code: error.code ?? "", message: error.message });
  const { missingTable, similarTables, missingColumn, others, name: nameSeen, source } = result;
  return {
    name,
    customerId,
    id: id ?? null,
    outcome,
    flavour: used
      ? { name: used.flavour.name, why: used.why, also: [...used.also], untold: [...used.untold] }
      : null,
    text: text ?? null,
    sha256: text === undefined ? null : textHash(text),
    rows: answer?.count ?? 0,
    answerTables: answer?.tables ?? (answer ? 1 : 0),
    parts,
    unsplit: outcome === "truncated" ? (unsplit ?? null) : null,
    chart: answer?.end.chart ?? null,
    problem: problem ? { ...problem } : null,
    missingTable: missingTable ?? null,
    missingColumn: missingColumn ?? null,
    similarTables,
    untold: untold ?? null,
    ownWindow: own ? { from: own.from.toISOString(), until: own.until.toISOString() } : null,
    tables: empty?.map((each) => ({ ...each })) ?? null,
    otherFlavours: others.map(({ matching, ...each }) => ({ ...each, matching: matching ?? null })),
    nameSeen: nameSeen ? { ...nameSeen } : null,
    source: source ? { ...source, commands: [...source.commands], because: [...source.because] } : null,
  };
}

/** What was answered, and where. */
export interface Answered {
  workspace: { name: string };
  answer: Answer | undefined;
}

/** The rows as objects, with the workspace where there are several. */
export function answerOf(results: readonly Answered[]): {
  columns: { name: string; type: string }[];
  rows: JsonObject[];
} {
  return {
    columns: columnsOf(results).map(({ name, type }) => ({ name, type })),
    rows: results.flatMap((each) => rowsOf(each, results.length > 1)),
  };
}

/** Of all workspaces, each name once: what one alone has is empty for the others. */
function columnsOf(results: readonly Answered[]): LogColumn[] {
  const all = results.flatMap(({ answer }) => answer?.columns ?? []);
  return all.filter((each, at) => all.findIndex(({ name }) => name === each.name) === at);
}

function rowsOf({ workspace, answer }: Answered, isOneOfSeveral: boolean): JsonObject[] {
  const own = isOneOfSeveral ? { workspace: workspace.name } : {};
  return (answer?.rows ?? []).map((row) => ({ ...own, ...toObject(row, answer?.columns ?? []) }));
}

const NUMBERS = new Set(["int", "long", "real", "decimal"]);

export function toTable(results: readonly Answered[]): Table {
  const columns = columnsOf(results);
  const isSeveral = results.length > 1;
  const shown: Column[] = columns.map(({ name, type }) => ({
    header: name,
    align: NUMBERS.has(type) ? "right" : "left",
  }));
  return {
    columns: [...(isSeveral ? [{ header: "workspace" }] : []), ...shown],
    rows: results.flatMap((each) =>
      rowsOf(each, false).map((row) => ({
        cells: [...(isSeveral ? [each.workspace.name] : []), ...columns.map(({ name }) => cellOf(row[name]))],
      })),
    ),
  };
}

function cellOf(value: Json | undefined): CellValue {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : value;
}
