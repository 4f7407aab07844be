import type { Column, KqlType, Row, Value } from "./values.ts";

/** A value of each row, and its type. */
export interface Compiled {
  type: KqlType;
  of(row: Row): Value;
}

export interface Scalar {
  type: KqlType;
  value: Value;
}

/** What an expression may name, and what time it is. */
export interface Scope {
  columns: readonly Column[];
  scalars: ReadonlyMap<string, Scalar>;
  /** The values of a table's only column, for `x in (table)`; undefined where there is no such table. */
  listOf(name: string): { type: KqlType; values: readonly Value[] } | undefined;
  /** In ticks. */
  now: bigint;
}
