import type { Scalar, Scope } from "./compiled.ts";
import type { Column, Row } from "./values.ts";

/** Rows may be asked for several times, and are made while they are asked for. */
export interface Table {
  columns: readonly Column[];
  rows: Iterable<Row>;
}

/** What a query is run over. */
export interface Surroundings {
  tables: ReadonlyMap<string, Table>;
  scalars: ReadonlyMap<string, Scalar>;
  /** In ticks. */
  now: bigint;
}

export function scopeOf(columns: readonly Column[], around: Surroundings): Scope {
  return {
    columns,
    scalars: around.scalars,
    now: around.now,
    listOf(name) {
      const table = around.tables.get(name);
      const [column, ...more] = table?.columns ?? [];
      if (!table || !column || more.length > 0) return undefined;
      return { type: column.type, values: Array.from(table.rows, ([value = null]) => value) };
    },
  };
}

/** Rows that are made anew each time. */
export function lazily(make: () => Iterable<Row>): Iterable<Row> {
  return { [Symbol.iterator]: () => make()[Symbol.iterator]() };
}
