import { setImmediate as turn } from "node:timers/promises";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import type { Json, JsonObject } from "../../../json.ts";
import { lazily, type Table } from "../../../kql/table.ts";
import {
  dateOf,
  fromJson,
  missing,
  parseDatetime,
  ticksOf,
  type KqlType,
  type Value,
} from "../../../kql/values.ts";
import type { DataFile } from "./data-file.ts";
import { isNested, kindOf, typeOf, type Kind } from "./data-types.ts";
import { schemas as SHIPPED } from "../schemas/all.ts";
import type { TableSchema } from "../schemas/table-schema.ts";

export interface DataColumn {
  name: string;
  type: KqlType;
  /** What the type is known from. */
  from: "document" | "schema" | "rows";
}

/** The part of time that counts; open where nothing was typed. */
export interface DataWindow {
  from: Date | undefined;
  until: Date | undefined;
}

/** A file of rows as a table, and what was seen when it was gone over. */
export interface DataTable {
  name: string;
  /** As it was typed. */
  file: string;
  columns: DataColumn[];
  /** Why the file says of itself that it is not all. */
  lacks: readonly string[];
  /** All rows, and those in the window. */
  rows: number;
  inWindow: number;
  /** TimeGenerated of the first and last one, ISO. */
  first: string | undefined;
  last: string | undefined;
  /** Values that do not fit their column's type, and so count as missing. */
  misfits: { column: string; type: KqlType; count: number }[];
  /** Columns of the schema that no row has. */
  absent: string[];
}

export const TIME = "TimeGenerated";
/** Rows between two looks at whether somebody wants to stop. */
export const ROWS_AT_ONCE = 5000;

const TYPES: ReadonlySet<string> = new Set<KqlType>([
  "bool",
  "int",
  "long",
  "real",
  "decimal",
  "string",
  "datetime",
  "timespan",
  "guid",
  "dynamic",
]);

interface Seen {
  kinds: Set<Kind>;
  misfits: number;
}

interface Given {
  name: string;
  file: string;
  data: DataFile;
  window: DataWindow;
  /** Beside the shipped ones. */
  schemas: readonly TableSchema[];
}

/** Goes over all rows once for types and times. Throws AppError "usage" for a line that is no row. */
export async function surveyTable(given: Given, ctx: Context): Promise<{ seen: DataTable; table: Table }> {
  const { name, file, data, window } = given;
  const known = knownTypes(given);
  const seen = new Map<string, Seen>();
  const times = {
    rows: 0,
    inWindow: 0,
    first: undefined as bigint | undefined,
    last: undefined as bigint | undefined,
  };
  for (const row of data.rows) {
    times.rows += 1;
    if (times.rows % ROWS_AT_ONCE === 0) await pause(`reading ${file}: ${times.rows} rows`, ctx);
    for (const [column, value] of Object.entries(row))
      note(seenOf(column, seen), value, { data, type: known.get(column)?.type });
    const at = timeOf(row);
    if (isWithin(at, window)) times.inWindow += 1;
    if (at === null) continue;
    if (times.first === undefined || at < times.first) times.first = at;
    if (times.last === undefined || at > times.last) times.last = at;
  }
  const columns = columnsOf({ seen, known, isTexts: data.isTexts });
  const hasTime = columns.some((each) => each.name === TIME && each.type === "datetime");
  if (!hasTime && times.rows > 0 && (window.from || window.until)) throw noTime(name);
  const { rows, inWindow, first, last } = times;
  return {
    seen: {
      name,
      file,
      lacks: data.lacks,
      columns,
      rows,
      inWindow,
      first: hasTime ? isoOf(first) : undefined,
      last: hasTime ? isoOf(last) : undefined,
      misfits: columns.flatMap(({ name: column, type }) => {
        const count = seen.get(column)?.misfits ?? 0;
        return count > 0 ? [{ column, type, count }] : [];
      }),
      absent: [...known.keys()].filter((column) => !seen.has(column)),
    },
    table: { columns, rows: lazily(() => rowsOf(columns, data, window)) },
  };
}

/** Types that the file tells, and for the rest those of a shipped schema. */
function knownTypes({ name, data: { columns }, schemas }: Given): Map<string, DataColumn> {
  const schema = [...schemas, ...SHIPPED].find((each) => each.name === name)?.columns ?? [];
  const known = new Map(schema.map((each): [string, DataColumn] => [each.name, { ...each, from: "schema" }]));
  for (const { name: column, type } of columns) {
    if (isType(type)) known.set(column, { name: column, type, from: "document" });
  }
  return known;
}

function isType(text: string): text is KqlType {
  return TYPES.has(text);
}

function seenOf(column: string, seen: Map<string, Seen>): Seen {
  const known = seen.get(column);
  if (known) return known;
  const made: Seen = { kinds: new Set(), misfits: 0 };
  seen.set(column, made);
  return made;
}

function note(seen: Seen, value: Json, { data, type }: { data: DataFile; type: KqlType | undefined }): void {
  if (type === undefined) {
    const kind = kindOf(value, data.isTexts);
    if (kind !== undefined) seen.kinds.add(kind);
  } else if (value !== null && value !== "" && cellOf(value, type) === null) seen.misfits += 1;
}

/** Those that rows have, in the order in which they came, and after them those that the schema alone has. */
function columnsOf({ seen, known, isTexts }: Surveyed): DataColumn[] {
  const present = [...seen].map(
    ([name, { kinds }]): DataColumn =>
      known.get(name) ?? { name, type: typeOf(kinds, isTexts), from: "rows" },
  );
  return [...present, ...[...known.values()].filter(({ name }) => !seen.has(name))];
}

interface Surveyed {
  seen: ReadonlyMap<string, Seen>;
  known: ReadonlyMap<string, DataColumn>;
  isTexts: boolean;
}

function* rowsOf(columns: readonly DataColumn[], { rows }: DataFile, window: DataWindow): Generator<Value[]> {
  for (const row of rows) {
    if (!isWithin(timeOf(row), window)) continue;
    yield columns.map(({ name, type }) =>
      // A row may lack a column that is called as something every object has.
      Object.hasOwn(row, name) ? cellOf(row[name] ?? null, type) : missing(type),
    );
  }
}

/** Dynamic values come as JSON in a text, too. */
function cellOf(value: Json, type: KqlType): Value {
  const isText = type === "dynamic" && typeof value === "string" && isNested(value);
  return fromJson(isText ? JSON.parse(value) : value, type);
}

function timeOf(row: JsonObject): bigint | null {
  const at = Object.hasOwn(row, TIME) ? row[TIME] : null;
  return typeof at === "string" ? parseDatetime(at) : null;
}

/** From the first moment, and before the last; a row without a time is in no window. */
function isWithin(at: bigint | null, { from, until }: DataWindow): boolean {
  if (!from && !until) return true;
  return at !== null && (!from || at >= ticksOf(from)) && (!until || at < ticksOf(until));
}

function isoOf(ticks: bigint | undefined): string | undefined {
  return ticks === undefined ? undefined : dateOf(ticks).toISOString();
}

/** Lets Ctrl-C be heard: rows are read without a pause. */
export async function pause(
  progress: string | undefined,
  { progress: show, signal }: Context,
): Promise<void> {
  show(progress);
  await turn();
  signal.throwIfAborted();
}

function noTime(table: string): AppError {
  return new AppError("usage", `${table} has no ${TIME} that --since and --until could go by`, {
    hint: "leave them out; all rows are asked then",
  });
}
