import { compile } from "./compile.ts";
import type { Compiled } from "./compiled.ts";
import { withColumns, placed } from "./expand.ts";
import { createNamer } from "./names.ts";
import { QueryError, type ColumnPattern, type Named, type Operator, type SortKey } from "./syntax.ts";
import { lazily, scopeOf, type Surroundings, type Table } from "./table.ts";
import { compareValues, type Column, type Row, type Value } from "./values.ts";

type Of<Kind extends Operator["kind"]> = Extract<Operator, { kind: Kind }>;

export function filter(input: Table, { condition }: Of<"where">, around: Surroundings): Table {
  const { type, of } = compile(condition, scopeOf(input.columns, around));
  if (type !== "bool") throw new QueryError(`where needs a bool, and this is ${type}`, condition.place);
  function* rows(): Generator<Row> {
    for (const row of input.rows) if (of(row) === true) yield row;
  }
  return { columns: input.columns, rows: lazily(rows) };
}

function compileAll(
  input: Table,
  named: readonly Named[],
  around: Surroundings,
): { columns: Column[]; values: Compiled[] } {
  const scope = scopeOf(input.columns, around);
  const namer = createNamer();
  const values = named.map(({ value }) => compile(value, scope));
  const columns = named.map((each, index) => {
    if (each.names.length > 1) {
      throw new QueryError("this makes one column and has several names", each.value.place);
    }
    return { name: namer.name(each), type: values[index]?.type ?? "dynamic" };
  });
  return { columns, values };
}

export function project(input: Table, named: readonly Named[], around: Surroundings): Table {
  const { columns, values } = compileAll(input, named, around);
  return { columns, rows: mapped(input, (row) => values.map((each) => each.of(row))) };
}

export function extend(input: Table, { columns: named }: Of<"extend">, around: Surroundings): Table {
  const { columns: added, values } = compileAll(input, named, around);
  const { columns, places } = withColumns(input, added);
  const compute = (row: Row): Value[] => values.map((each) => each.of(row));
  return { columns, rows: mapped(input, (row) => placed(row, places, compute(row))) };
}

function mapped(input: Table, change: (row: Row) => Row): Iterable<Row> {
  function* rows(): Generator<Row> {
    for (const row of input.rows) yield change(row);
  }
  return lazily(rows);
}

/** Where the columns are that a name or pattern means; a plain name must be there. */
function placesOf(input: Table, { pattern, place }: ColumnPattern): number[] {
  const parts = pattern.split("*").map((each) => each.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`));
  const test = new RegExp(`^${parts.join(".*")}$`, "s");
  const found = input.columns.flatMap(({ name }, index) => (test.test(name) ? [index] : []));
  if (found.length === 0 && !pattern.includes("*")) {
    throw new QueryError(`there is no column '${pattern}'`, place);
  }
  return found;
}

export function rearrange(
  input: Table,
  { kind, columns: patterns }: Of<"project-away" | "project-keep" | "project-reorder">,
): Table {
  const named = [...new Set(patterns.flatMap((each) => placesOf(input, each)))];
  const others = input.columns.flatMap((_, index) => (named.includes(index) ? [] : [index]));
  const places = {
    "project-away": others,
    "project-keep": [...named].sort((left, right) => left - right),
    "project-reorder": [...named, ...others],
  }[kind];
  const pick = <T>(from: readonly T[]): T[] => places.map((place) => from[place] as T);
  return { columns: pick(input.columns), rows: mapped(input, (row) => pick(row)) };
}

export function rename(input: Table, { columns }: Of<"project-rename">): Table {
  const names = input.columns.map(({ name }) => name);
  for (const { name, from, place } of columns) {
    const index = names.indexOf(from.pattern);
    if (index < 0) throw new QueryError(`there is no column '${from.pattern}'`, from.place);
    if (names.includes(name)) throw new QueryError(`there is a column '${name}' already`, place);
    names[index] = name;
  }
  const renamed = input.columns.map(({ type }, index) => ({ name: names[index] ?? "", type }));
  return { columns: renamed, rows: input.rows };
}

export function order(input: Table, { keys }: Of<"order">, around: Surroundings): Table {
  const scope = scopeOf(input.columns, around);
  const compiled = keys.map((key) => ({ key, of: compile(key.value, scope).of }));
  function rows(): Row[] {
    const keyed = Array.from(input.rows, (row) => ({ row, values: compiled.map(({ of }) => of(row)) }));
    keyed.sort((left, right) => {
      for (const [index, { key }] of compiled.entries()) {
        const result = compareBy(key, left.values[index] ?? null, right.values[index] ?? null);
        if (result !== 0) return result;
      }
      return 0;
    });
    return keyed.map(({ row }) => row);
  }
  return { columns: input.columns, rows: lazily(rows) };
}

function compareBy({ isDescending, nullsFirst }: SortKey, left: Value, right: Value): number {
  if (left === null || right === null) {
    const nulls = Number(left !== null) - Number(right !== null);
    return nullsFirst ? nulls : -nulls;
  }
  return isDescending ? compareValues(right, left) : compareValues(left, right);
}

export function take(input: Table, { count, place }: Of<"take">, around: Surroundings): Table {
  const most = compile(count, scopeOf([], around)).of([]);
  if (typeof most !== "number" || most < 0) throw new QueryError("the number of rows must be known", place);
  function* rows(): Generator<Row> {
    let left = most as number;
    if (left === 0) return;
    for (const row of input.rows) {
      yield row;
      left -= 1;
      if (left === 0) return;
    }
  }
  return { columns: input.columns, rows: lazily(rows) };
}

export function countRows(input: Table, { name }: Of<"count">): Table {
  function* rows(): Generator<Row> {
    let count = 0;
    for (const _ of input.rows) count += 1;
    yield [count];
  }
  return { columns: [{ name, type: "long" }], rows: lazily(rows) };
}
