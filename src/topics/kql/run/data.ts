import { basename, resolve } from "node:path";
import * as z from "zod";
import type { LogEnd } from "../../../azure/log-ports.ts";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import type { Json } from "../../../json.ts";
import { readQuery } from "../../../kql/read-query.ts";
import { runQuery, type Answer as Rows } from "../../../kql/run.ts";
import { QueryError, type Query } from "../../../kql/syntax.ts";
import type { Table } from "../../../kql/table.ts";
import { toJson, type Row } from "../../../kql/values.ts";
import { tablesOf } from "../catalogue/fill-query.ts";
import { findFlavour } from "../catalogue/find-query.ts";
import { openData, sourceOfFile, sourceOfText, type TextSource } from "./data-file.ts";
import { schemasOf, textFor, type AskedText } from "./data-question.ts";
import { pause, ROWS_AT_ONCE, surveyTable, type DataTable, type DataWindow } from "./data-table.ts";
import { toLine, toObject, type Answer } from "../ask-once.ts";
import type { NamedQuestion, NameSeen, Question } from "./result.ts";
import { namesText, seenIn } from "../see-name.ts";
import { tablesIn } from "../tables-in.ts";
import { narrow } from "../text-window.ts";
import { windowOf, type Moment } from "../window.ts";

/** Flags of a run over files. */
export const dataFlags = {
  data: z.array(z.string()).optional(),
  table: z.string().optional(),
};

export interface DataInput {
  data: readonly string[];
  table?: string | undefined;
  workspace?: readonly string[] | undefined;
  since?: Moment | undefined;
  until?: Moment | undefined;
}

/** What the interpreter answered over files. */
export interface DataRun {
  kind: "data";
  text: string;
  used: AskedText["used"];
  window: DataWindow;
  /** What `now()` and `ago()` meant. */
  now: Date;
  tables: DataTable[];
  /** Of these, the ones that the text reads; all where it does not say. */
  read: string[];
  /** Whether the text's own filter by time leaves no moment of the rows' own. */
  isOtherTime: boolean;
  answer: Answer;
  /** The query of the catalogue that was asked, and whether the name that was given occurs where it has no row. */
  named: NamedQuestion | undefined;
  name: NameSeen | undefined;
}

/**
 * Asks the interpreter over files of rows: nothing is asked of Azure. Throws AppError "usage" for what it does not
 * speak, with the place, and for a file that cannot be read.
 */
export async function runOverData(question: Question, input: DataInput, ctx: Context): Promise<DataRun> {
  if (input.workspace) {
    throw new AppError("usage", "--workspace and --data are two places to ask", { hint: "give one of them" });
  }
  const files = filesOf(input);
  const typed = windowOf(input, ctx.now());
  const window = { from: input.since && typed.from, until: input.until && typed.until };
  const now = window.until ?? ctx.now();
  const schemas = schemasOf(question);
  const seen: DataTable[] = [];
  const tables = new Map<string, Table>();
  for (const { name, file } of files) {
    const data = openData(await sourceOf(file, ctx));
    const survey = await surveyTable({ name, file, data, window, schemas }, ctx);
    seen.push(survey.seen);
    tables.set(name, survey.table);
  }
  const { text, used } = textFor(question, seen);
  try {
    const query = await readQuery(text);
    const answer = await collect(runQuery(query, { tables, now }), ctx);
    const named = "query" in question ? question : undefined;
    const name =
      named && used && answer.count === 0
        ? await nameIn({ ...named, flavour: used.flavour }, { tables, now })
        : undefined;
    const meant = tablesIn(query);
    const read = seen.map(({ name }) => name).filter((name) => meant.some((each) => isNamed(name, each)));
    const isOtherTime = asksOtherTime(query, {
      seen: seen.filter((each) => read.includes(each.name)),
      window,
      now,
    });
    return { kind: "data", text, used, window, now, tables: seen, read, isOtherTime, answer, named, name };
  } catch (error) {
    throw error instanceof QueryError ? refusal(error, text, [...tables.keys()]) : error;
  }
}

interface Times {
  seen: readonly DataTable[];
  window: DataWindow;
  now: Date;
}

/** Whether a text with one table asks about other times than its rows have. */
function asksOtherTime(query: Query, { seen, window, now }: Times): boolean {
  const [table] = seen;
  if (seen.length !== 1 || table?.first === undefined || table.last === undefined) return false;
  const [first, last] = [new Date(table.first), new Date(table.last)];
  const from = window.from && window.from > first ? window.from : first;
  // The last row is in it, too.
  const end = new Date(last.getTime() + 1);
  const until = window.until && window.until < end ? window.until : end;
  return narrow(query, { from, until }, now) === "nothing";
}

/** Undefined where none was given. */
async function nameIn(
  { query, given, flavour }: NamedQuestion & { flavour: string },
  over: Parameters<typeof runQuery>[1],
): Promise<NameSeen | undefined> {
  const asked = findFlavour(query, flavour);
  const parameter = asked.names?.parameter ?? "";
  const name = given.get(parameter) ?? "";
  const [table] = tablesOf(query, asked, given);
  if (name === "" || !table) return undefined;
  const { rows } = runQuery(await readQuery(namesText(table.name, asked, name)), over);
  return seenIn({ rows: Array.from(rows, (row) => [...row] as Json[]), end: ALL }, { parameter, name });
}

/** A name in a union may have stars. */
function isNamed(name: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split("*").join(".*")}$`).test(name);
}

interface Given {
  name: string;
  file: string;
}

const NAME = /^[A-Za-z_]\w*$/;

function filesOf({ data, table }: Pick<DataInput, "data" | "table">): Given[] {
  if (table !== undefined && data.length > 1) {
    throw new AppError("usage", "--table names one file, and there are several", {
      hint: "--data TABLE=FILE names each",
    });
  }
  const files = data.map((each) => givenOf(each, table));
  if (data.filter(isStdin).length > 1) {
    throw new AppError("usage", "standard input is given for two tables", { hint: "give a file for one" });
  }
  const twice = files.find(({ name }, at) => files.findIndex((each) => each.name === name) < at);
  if (twice) {
    throw new AppError("usage", `two files are given for table ${twice.name}`, {
      hint: `put them together: cat one two > ${twice.name}.ndjson`,
    });
  }
  return files;
}

/** `-` or `TABLE=-` */
export function isStdin(word: string): boolean {
  return /^(?:\w+=)?-$/.test(word);
}

function givenOf(word: string, table: string | undefined): Given {
  const [, own, rest] = /^([A-Za-z_]\w*)=(.+)$/s.exec(word) ?? [];
  const file = rest ?? word;
  const name = table ?? own ?? basename(file).replace(/(?<=.)\..*$/s, "");
  if (file !== "" && NAME.test(name) && (own === undefined || table === undefined)) return { name, file };
  if (own !== undefined && table !== undefined) {
    throw new AppError("usage", `--data ${word} names its table, and so does --table`, {
      hint: "give one name",
    });
  }
  throw new AppError("usage", `${table === undefined ? file : table} is no name of a table`, {
    hint: "--data TABLE=FILE names it",
  });
}

async function sourceOf(file: string, ctx: Context): Promise<TextSource> {
  if (file === "-") return sourceOfText(await ctx.stdinText(), "standard input");
  return sourceOfFile(resolve(ctx.cwd, file), file, ctx.signal);
}

const ALL: LogEnd = {
  kind: "end",
  outcome: "complete",
  problem: undefined,
  chart: undefined,
  statistics: undefined,
};

/** Rows leave as they are made where they are streamed, and are kept elsewhere. */
async function collect({ columns, rows, chart }: Rows, ctx: Context): Promise<Answer> {
  const { emit } = ctx;
  const answer: Answer = {
    columns,
    rows: [],
    count: 0,
    end: { ...ALL, chart },
  };
  for (const some of batches(rows)) {
    const cells = some.map((row) =>
      row.map((value, at) => toJson(value, columns[at]?.type ?? "dynamic") as Json),
    );
    answer.count += cells.length;
    if (!emit) for (const each of cells) answer.rows.push(each);
    else if (!(await emit(cells.map((each) => toLine(toObject(each, columns))).join("")))) break;
    await pause(emit ? undefined : `${answer.count} rows`, ctx);
  }
  return answer;
}

function* batches(rows: Iterable<Row>): Generator<Row[]> {
  let some: Row[] = [];
  for (const row of rows) {
    some.push(row);
    if (some.length < ROWS_AT_ONCE) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** With the line that is meant, and where the tables are that there are. */
function refusal({ message, place }: QueryError, text: string, tables: readonly string[]): AppError {
  const line = (text.split(/\r\n|[\n\r\u2028\u2029]/)[place.line - 1] ?? "").trim();
  const where = `line ${place.line}, column ${place.column}: ${line}`;
  if (/ not spoken /.test(message)) {
    return new AppError("usage", message, {
      hint: `${where}; --workspace in place of --data asks the service`,
    });
  }
  if (!message.startsWith("there is no table")) return new AppError("usage", message, { hint: where });
  return new AppError("usage", `${message} among the files, which are: ${tables.join(", ")}`, {
    hint: `--data TABLE=FILE gives one more (${where})`,
  });
}
