import { compile } from "./compile.ts";
import type { Scalar } from "./compiled.ts";
import { expand, parseText } from "./expand.ts";
import { join } from "./join.ts";
import { countRows, extend, filter, order, project, rearrange, rename, take } from "./operators.ts";
import { summarize } from "./summarize.ts";
import {
  QueryError,
  type Let,
  type Named,
  type Operator,
  type Pipeline,
  type Query,
  type Source,
  type Union,
} from "./syntax.ts";
import { scopeOf, type Surroundings, type Table } from "./table.ts";
import { union, type Part } from "./union.ts";
import { ticksOf, type Row } from "./values.ts";

export interface Answer extends Table {
  /** The kind of chart that the query asks for. */
  chart?: string;
}

/**
 * Runs a query over tables. Names and types are checked now and throw QueryError; rows are read when those of the
 * answer are. `where`, `extend`, `project`, `take` and `union` keep no rows.
 */
export function runQuery(
  query: Query,
  { tables, now }: { tables: ReadonlyMap<string, Table>; now: Date },
): Answer {
  const around = query.lets.reduce(bind, { tables, scalars: new Map(), now: ticksOf(now) });
  const table = runPipeline(query.pipeline, around);
  const last = query.pipeline.operators.at(-1);
  return last?.kind === "render" ? { ...table, chart: last.chart } : table;
}

function bind(around: Surroundings, { name, value }: Let): Surroundings {
  if ("source" in value) return withTable(around, name, runPipeline(value, around));
  if (value.kind === "column" && around.tables.has(value.name) && !around.scalars.has(value.name)) {
    return withTable(around, name, tableOf(value.name, value.place, around));
  }
  const { type, of } = compile(value, scopeOf([], around));
  const scalars = new Map<string, Scalar>(around.scalars).set(name, { type, value: of([]) });
  return { ...around, scalars };
}

function withTable(around: Surroundings, name: string, table: Table): Surroundings {
  return { ...around, tables: new Map(around.tables).set(name, table) };
}

export function runPipeline({ source, operators }: Pipeline, around: Surroundings): Table {
  return operators.reduce((table, operator) => apply(table, operator, around), read(source, around));
}

function tableOf(name: string, place: QueryError["place"], around: Surroundings): Table {
  const table = around.tables.get(name);
  if (!table) throw new QueryError(`there is no table '${name}'`, place);
  return table;
}

function read(source: Source, around: Surroundings): Table {
  switch (source.kind) {
    case "table":
      return tableOf(source.name, source.place, around);
    case "union":
      return unite([], source.union, around);
    case "print":
      return project({ columns: [], rows: [[]] }, named(source.columns), around);
    case "datatable":
      return readDatatable(source, around);
  }
}

/** What `print` does not name is called `print_0` and so on. */
function named(columns: readonly Named[]): Named[] {
  return columns.map(({ names, value }, index) => ({
    names: names.length > 0 ? names : [`print_${index}`],
    value,
  }));
}

function readDatatable(
  { columns, values, place }: Extract<Source, { kind: "datatable" }>,
  around: Surroundings,
): Table {
  if (values.length % columns.length !== 0) throw new QueryError("the last row is not full", place);
  const scope = scopeOf([], around);
  const cells = values.map((each, index) => {
    const { type, of } = compile(each, scope);
    const wanted = columns[index % columns.length]?.type ?? "dynamic";
    const value = of([]);
    const fits = type === wanted || value === null || wanted === "dynamic" || typeof value === "number";
    if (!fits) throw new QueryError(`a ${type} stands where a ${wanted} belongs`, place);
    return value;
  });
  const rows: Row[] = [];
  for (let at = 0; at < cells.length; at += columns.length) rows.push(cells.slice(at, at + columns.length));
  return { columns, rows };
}

function apply(input: Table, operator: Operator, around: Surroundings): Table {
  switch (operator.kind) {
    case "where":
      return filter(input, operator, around);
    case "extend":
      return extend(input, operator, around);
    case "project":
      return project(input, operator.columns, around);
    case "project-away":
    case "project-keep":
    case "project-reorder":
      return rearrange(input, operator);
    case "project-rename":
      return rename(input, operator);
    case "order":
      return order(input, operator, around);
    case "summarize":
      return summarize(input, operator, around);
    case "distinct":
      return summarize(
        input,
        { kind: "summarize", columns: [], by: distinctOf(input, operator.columns) },
        around,
      );
    case "take":
      return take(input, operator, around);
    case "count":
      return countRows(input, operator);
    case "join":
      return join(input, runPipeline(operator.right, around), { how: operator.how, on: operator.on, around });
    case "union":
      return unite([{ ...input, source: "union_arg0" }], operator.others, around);
    case "parse":
      return parseText(input, operator, around);
    case "mv-expand":
      return expand(input, operator, around);
    case "render":
      return input;
  }
}

/** Of columns that are certainly there. */
const NOWHERE = { line: 1, column: 1, text: "*" };

function distinctOf(input: Table, columns: readonly Named[] | "all"): readonly Named[] {
  if (columns !== "all") return columns;
  return input.columns.map(({ name }) => ({ names: [], value: { kind: "column", name, place: NOWHERE } }));
}

function unite(
  first: readonly Part[],
  { parts, isInner, isFuzzy, source }: Union,
  around: Surroundings,
): Table {
  const others = parts.flatMap((each, index) => partsOf(each, { around, isFuzzy, at: first.length + index }));
  return union([...first, ...others], { isInner, ...(source === undefined ? {} : { source }) });
}

/** A name with stars means every table that fits. */
function partsOf(
  pipeline: Pipeline,
  { around, isFuzzy, at }: { around: Surroundings; isFuzzy: boolean; at: number },
): Part[] {
  const { source, operators } = pipeline;
  const isName = source.kind === "table" && operators.length === 0;
  if (!isName) return [{ ...runPipeline(pipeline, around), source: `union_arg${at}` }];
  const { name, place } = source;
  if (name.includes("*")) {
    const test = new RegExp(`^${name.split("*").join(".*")}$`);
    return [...around.tables].flatMap(([each, table]) =>
      test.test(each) ? [{ ...table, source: each }] : [],
    );
  }
  if (isFuzzy && !around.tables.has(name)) return [];
  return [{ ...tableOf(name, place, around), source: name }];
}
