import { EXIT } from "../../../errors.ts";
import type { Note, View } from "../../../output/view.ts";
import type { DataTable, DataWindow } from "./data-table.ts";
import type { DataRun } from "./data.ts";
import { nextSteps } from "./next-steps.ts";
import { tellName } from "./told.ts";
import { aboutTables, answerOf, toTable } from "./view.ts";

type Outcome = "complete" | "partial" | "quiet" | "no-name" | "empty";

export function viewDataRun(result: DataRun): View {
  const { used, window, now, tables, answer, named, name } = result;
  const outcome = outcomeOf(result);
  const next = named ? nextSteps(named, [{ answer }]) : [];
  const results = [{ workspace: { name: "" }, answer }];
  return {
    data: {
      answeredBy: "azwise",
      query: named && used ? { ...used, also: [...used.also], row: named.query.row, next } : null,
      window: { from: window.from?.toISOString() ?? null, until: window.until?.toISOString() ?? null },
      now: now.toISOString(),
      outcome,
      data: tables.map(({ columns, misfits, lacks, first, last, ...each }) => ({
        ...each,
        first: first ?? null,
        last: last ?? null,
        columns: columns.map((column) => ({ ...column })),
        lacks: [...lacks],
        misfits: misfits.map((misfit) => ({ ...misfit })),
      })),
      nameSeen: name ? { ...name } : null,
      chart: answer.end.chart ?? null,
      ...answerOf(results),
    },
    tables: [toTable(results), ...(named ? aboutTables(named, next) : [])],
    notes: [
      {
        level: "info",
        text: `Answered by azwise's interpreter over ${files(tables)}, not by Log Analytics.`,
      },
      ...usedNotes(result),
      ...windowNotes(window),
      ...nowNotes(result),
      ...tables.flatMap((each) => typeNotes(each, result.text)),
      ...tables.flatMap(lackNotes),
      ...(result.answer.count > 0 && outcome !== "empty"
        ? []
        : readTables(result).map((each) => emptyNote(each, result))),
      ...nameNotes(result),
    ],
    exit: ["complete", "quiet"].includes(outcome) ? EXIT.ok : EXIT.partial,
  };
}

/** Those that the text reads; where it does not say, all. */
function readTables({ tables, read }: DataRun): DataTable[] {
  return read.length === 0 ? tables : tables.filter(({ name }) => read.includes(name));
}

/** What is counted over no rows says nothing, either. */
function outcomeOf(result: DataRun): Outcome {
  if (result.read.length > 0 && readTables(result).every(({ inWindow }) => inWindow === 0)) return "empty";
  if (result.isOtherTime) return "empty";
  if (readTables(result).some(({ lacks }) => lacks.length > 0)) return "partial";
  if (result.name?.state === "absent") return "no-name";
  return result.answer.count === 0 ? "quiet" : "complete";
}

function files(tables: readonly DataTable[]): string {
  return tables
    .map(({ name, file, rows }) => `${rowsText(rows)} of ${fileText(file)} (table ${name})`)
    .join(", ");
}

function fileText(file: string): string {
  return file === "-" ? "standard input" : file;
}

function rowsText(count: number): string {
  return count === 1 ? "1 row" : `${count} rows`;
}

function usedNotes({ used }: DataRun): Note[] {
  if (!used) return [];
  const { query, flavour, also } = used;
  const others =
    also.length === 0 ? "" : `; there are rows for ${also.join(", ")}, too, and --flavour chooses`;
  return [{ level: "info", text: `Asked ${query} in flavour ${flavour}${others}.` }];
}

function windowNotes({ from, until }: DataWindow): Note[] {
  if (!from && !until) return [];
  const text = `Asked about ${from?.toISOString() ?? "the first row"} to ${until?.toISOString() ?? "the last row"} (UTC).`;
  return [{ level: "info", text }];
}

/** Exported logs are old, so what a text calls an hour ago is mostly after their last row. */
function nowNotes({ text, now, window, tables, isOtherTime }: DataRun): Note[] {
  if (!/\b(?:ago|now)\s*\(/.test(text)) return [];
  const newest = tables
    .flatMap(({ last }) => last ?? [])
    .sort()
    .at(-1);
  const told = `ago() and now() count from ${now.toISOString()}`;
  if (window.until || newest === undefined) return [{ level: "info", text: `${told}.` }];
  const asked = `--until ${after(newest)} asks as if it were then`;
  const level = isOtherTime ? "warning" : "info";
  return [{ level, text: `${told}, and the newest row is of ${newest}: ${asked}.` }];
}

/** The next full second. */
function after(time: string): string {
  const next = new Date(Math.floor(new Date(time).getTime() / 1000) * 1000 + 1000);
  return next.toISOString().replace(".000", "");
}

function nameNotes({ name }: DataRun): Note[] {
  if (!name) return [];
  const level = name.state === "there" ? "info" : "warning";
  return tellName(name).map(({ text }): Note => ({ level, text }));
}

function lackNotes({ name, file, lacks }: DataTable): Note[] {
  if (lacks.length === 0) return [];
  const text = `${name}: ${fileText(file)} is not all that was asked for (${lacks.join(", ")}), so neither is this answer`;
  return [{ level: "warning", text }];
}

const MOST_COLUMNS = 20;

function typeNotes({ name, rows, columns, misfits, absent }: DataTable, text: string): Note[] {
  const inferred = columns.filter(({ from }) => from === "rows");
  const shown = inferred.slice(0, MOST_COLUMNS).map((each) => `${each.name} ${each.type}`);
  const more = inferred.length > MOST_COLUMNS ? `, and ${inferred.length - MOST_COLUMNS} more` : "";
  const missing = absent.filter((column) => new RegExp(`\\b${column}\\b`).test(text));
  return [
    ...note(inferred.length > 0, "info", `${name}: types taken from its rows: ${shown.join(", ")}${more}.`),
    ...misfits.map(({ column, type, count }): Note => ({
      level: "warning",
      text: `${name}: values of ${column} that are no ${type} count as missing: ${count}`,
    })),
    ...note(
      missing.length > 0 && rows > 0,
      "warning",
      `${name}: no row has ${missing.join(", ")}, which the text names, so it is missing in all of them`,
    ),
  ];
}

function note(isTrue: boolean, level: Note["level"], text: string): Note[] {
  return isTrue ? [{ level, text }] : [];
}

function emptyNote(
  { name, file, rows, inWindow, first, last }: DataTable,
  { window: { from, until }, isOtherTime }: DataRun,
): Note {
  if (rows === 0) {
    return {
      level: "warning",
      text: `${name}: there is no row in ${fileText(file)}, so nothing is said about health`,
    };
  }
  const times = first === undefined ? "" : `, of ${first} to ${last}`;
  if (inWindow > 0 && isOtherTime) {
    const text = `${name}: ${rowsText(rows)}${times}, and none of when the text's own filter by time asks about; this is not health`;
    return { level: "warning", text };
  }
  if (inWindow > 0) {
    const where = from || until ? " in the window" : "";
    return { level: "info", text: `${name}: ${rowsText(inWindow)}${where}, and none matches` };
  }
  const text = `${name}: ${rowsText(rows)}${times}, and none in the window; this is not health`;
  return { level: "warning", text };
}
