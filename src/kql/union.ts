import { createNamer } from "./names.ts";
import { lazily, type Table } from "./table.ts";
import { missing, type Column, type Row } from "./values.ts";

export interface Part extends Table {
  /** What the column of the source says. */
  source: string;
}

/** Columns by name; a name that has several types becomes one column for each, as `x_long` and `x_string`. */
export function union(
  parts: readonly Part[],
  { isInner, source }: { isInner: boolean; source?: string },
): Table {
  const all = new Map<string, Set<Column["type"]>>();
  for (const { columns } of parts) {
    for (const { name, type } of columns) all.set(name, (all.get(name) ?? new Set()).add(type));
  }
  const isEverywhere = ({ name, type }: Column): boolean =>
    parts.every(({ columns }) => columns.some((each) => each.name === name && each.type === type));
  const wanted = [...all]
    .flatMap(([name, types]) => [...types].map((type) => ({ name, type, isAlone: types.size === 1 })))
    .filter((each) => !isInner || isEverywhere(each));
  const namer = createNamer(source === undefined ? [] : [source]);
  const named = wanted.map((each) => ({ each, isOwn: each.isAlone || isInner }));
  // A name of their own goes before one that is made, whichever column comes first.
  const names = new Map(
    named
      .toSorted((one, other) => Number(other.isOwn) - Number(one.isOwn))
      .map(({ each, isOwn }) => [each, namer.free(isOwn ? each.name : `${each.name}_${each.type}`)]),
  );
  const columns = wanted.map((each) => ({ name: names.get(each) ?? each.name, type: each.type }));
  function* rows(): Generator<Row> {
    for (const part of parts) {
      const places = wanted.map(({ name, type }) =>
        part.columns.findIndex((each) => each.name === name && each.type === type),
      );
      for (const row of part.rows) {
        const values = places.map((at, index) => row[at] ?? missing(columns[index]?.type ?? "dynamic"));
        yield source === undefined ? values : [part.source, ...values];
      }
    }
  }
  const first: Column[] = source === undefined ? [] : [{ name: source, type: "string" }];
  return { columns: [...first, ...columns], rows: lazily(rows) };
}
