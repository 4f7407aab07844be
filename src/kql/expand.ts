import { compile } from "./compile.ts";
import { createNamer } from "./names.ts";
import { QueryError, type Operator, type ParsePart } from "./syntax.ts";
import { lazily, scopeOf, type Surroundings, type Table } from "./table.ts";
import {
  fromJson,
  isNumber,
  missing,
  toText,
  type Column,
  type KqlType,
  type Row,
  type Value,
} from "./values.ts";

type Of<Kind extends Operator["kind"]> = Extract<Operator, { kind: Kind }>;

/** Puts columns at the end, or in the place of those with the same name. */
export function withColumns(input: Table, added: readonly Column[]): { columns: Column[]; places: number[] } {
  const columns = [...input.columns];
  const places = added.map((column) => {
    const found = columns.findIndex(({ name }) => name === column.name);
    const place = found < 0 ? columns.length : found;
    columns[place] = column;
    return place;
  });
  return { columns, places };
}

export function placed(row: Row, places: readonly number[], values: readonly Value[]): Row {
  const result = [...row];
  for (const [index, place] of places.entries()) result[place] = values[index] ?? null;
  return result;
}

const SHAPES: Partial<Record<KqlType, string>> = {
  int: "[-+]?\\d+",
  long: "[-+]?\\d+",
  real: "[-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?",
  decimal: "[-+]?\\d+(?:\\.\\d+)?",
};

/** `parse`: a row that does not fit the pattern keeps its columns and gets missing values. */
export function parseText(input: Table, operator: Of<"parse">, around: Surroundings): Table {
  const of = compile(operator.of, scopeOf(input.columns, around));
  const found = operator.parts.flatMap((each) => (each.kind === "column" ? [each] : []));
  const namer = createNamer();
  const added = found.map(({ name, type, place }) => ({ name: namer.take(name, place), type }));
  const { columns, places } = withColumns(input, added);
  const pattern = new RegExp(patternOf(operator.parts), "s");
  function* rows(): Generator<Row> {
    for (const row of input.rows) {
      const values = readParts(pattern.exec(toText(of.of(row), of.type)), added);
      if (values) yield placed(row, places, values);
      else if (!operator.isFilter)
        yield placed(
          row,
          places,
          added.map(({ type }) => missing(type)),
        );
    }
  }
  return { columns, rows: lazily(rows) };
}

function patternOf(parts: readonly ParsePart[]): string {
  const texts = parts.map((part, index) => {
    if (part.kind === "text") return part.text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    const isLast = index === parts.length - 1;
    if (part.kind === "any") return isLast ? "" : ".*?";
    return `(${SHAPES[part.type] ?? (isLast ? ".*" : ".*?")})`;
  });
  const isOpen = parts.at(-1)?.kind !== "column";
  return `^${texts.join("")}${isOpen ? "" : "$"}`;
}

/** All or none: one part that is not of its type spoils the row. */
function readParts(found: RegExpExecArray | null, columns: readonly Column[]): Value[] | undefined {
  if (!found) return undefined;
  const values = columns.map(({ type }, index) => fromJson(found[index + 1], type));
  return values.includes(null) ? undefined : values;
}

/** `mv-expand`: a row for each member of a list, several lists side by side. */
export function expand(input: Table, operator: Of<"mv-expand">, around: Surroundings): Table {
  const scope = scopeOf(input.columns, around);
  const lists = operator.columns.map((each) => {
    const { type, of } = compile(each.value, scope);
    if (type !== "dynamic") throw new QueryError(`mv-expand needs dynamic, and this is ${type}`, each.place);
    return of;
  });
  const namer = createNamer();
  const added = operator.columns.map((each) => ({ name: namer.name(each), type: each.type ?? "dynamic" }));
  const { columns, places } = withColumns(input, added);
  const { limit = Infinity } = operator;
  function* rows(): Generator<Row> {
    for (const row of input.rows) {
      const members = lists.map((of) => membersOf(of(row)));
      const count = Math.min(limit, Math.max(...members.map(({ length }) => length)));
      for (let index = 0; index < count; index += 1) {
        const values = added.map(({ type }, at) => cast(members[at]?.[index], type));
        yield placed(row, places, values);
      }
    }
  }
  return { columns, rows: lazily(rows) };
}

/** An object has its properties one by one; what is missing is one row of nothing, and what is empty none. */
function membersOf(value: Value): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [value];
  return Object.entries(value).map(([name, each]) => ({ [name]: each }));
}

/** `typeof` converts nothing: a text is no number, and a fraction is no whole one. Times are text in a list. */
function cast(member: unknown, type: KqlType): Value {
  if (type === "bool" && typeof member !== "boolean") return null;
  if (!isNumber(type)) return fromJson(member, type);
  const isWhole = type === "int" || type === "long";
  return typeof member === "number" && (!isWhole || Number.isInteger(member)) ? fromJson(member, type) : null;
}
