import type { KqlType, Value } from "./values.ts";

/** A place in the query, counted from one. */
export interface Place {
  line: number;
  column: number;
  text: string;
}

export type Expression =
  | { kind: "literal"; type: KqlType; value: Value; place: Place }
  /** A column, or the value of a `let`. */
  | { kind: "column"; name: string; place: Place }
  | { kind: "property"; of: Expression; name: string; place: Place }
  | { kind: "index"; of: Expression; index: Expression; place: Place }
  | { kind: "call"; name: string; args: readonly Expression[]; place: Place }
  | { kind: "negate"; of: Expression; place: Place }
  | { kind: "binary"; operator: string; left: Expression; right: Expression; place: Place }
  /** `in`, `has_any`, `has_all` and their kin. */
  | { kind: "in"; operator: string; left: Expression; options: readonly Expression[]; place: Place }
  | { kind: "between"; isNegated: boolean; of: Expression; from: Expression; to: Expression; place: Place }
  /** All columns, as in `arg_max(a, *)`. */
  | { kind: "star"; place: Place };

/** A value and the names that were given to it: none, one, or one for each column that it makes. */
export interface Named {
  names: readonly string[];
  value: Expression;
}

export interface SortKey {
  value: Expression;
  isDescending: boolean;
  /** Where missing values go: first, unless the order is descending or says otherwise. */
  nullsFirst: boolean;
}

/** A name, or a pattern with stars. */
export interface ColumnPattern {
  pattern: string;
  place: Place;
}

export type JoinKind =
  | "innerunique"
  | "inner"
  | "leftouter"
  | "rightouter"
  | "fullouter"
  | "leftsemi"
  | "leftanti"
  | "rightsemi"
  | "rightanti";

export type ParsePart =
  | { kind: "any" }
  | { kind: "text"; text: string }
  | { kind: "column"; name: string; type: KqlType; place: Place };

export type Operator =
  | { kind: "where"; condition: Expression }
  | { kind: "extend"; columns: readonly Named[] }
  | { kind: "project"; columns: readonly Named[] }
  | { kind: "project-away" | "project-keep" | "project-reorder"; columns: readonly ColumnPattern[] }
  | { kind: "project-rename"; columns: readonly { name: string; from: ColumnPattern; place: Place }[] }
  | { kind: "order"; keys: readonly SortKey[] }
  | { kind: "summarize"; columns: readonly Named[]; by: readonly Named[] }
  | { kind: "distinct"; columns: readonly Named[] | "all" }
  | { kind: "take"; count: Expression; place: Place }
  | { kind: "count"; name: string }
  | {
      kind: "join";
      how: JoinKind;
      right: Pipeline;
      on: readonly { left: Expression; right: Expression; place: Place }[];
    }
  | { kind: "union"; others: Union }
  | { kind: "parse"; of: Expression; parts: readonly ParsePart[]; isFilter: boolean }
  | { kind: "mv-expand"; columns: readonly Expanded[]; limit?: number }
  | { kind: "render"; chart: string };

export interface Expanded extends Named {
  type?: KqlType;
  place: Place;
}

export interface Union {
  parts: readonly Pipeline[];
  isInner: boolean;
  /** Tables that do not exist are left out. */
  isFuzzy: boolean;
  /** The column that tells which table a row is from. */
  source?: string;
}

export type Source =
  | { kind: "table"; name: string; place: Place }
  | {
      kind: "datatable";
      columns: readonly { name: string; type: KqlType }[];
      values: readonly Expression[];
      place: Place;
    }
  | { kind: "print"; columns: readonly Named[] }
  | { kind: "union"; union: Union; place: Place };

export interface Pipeline {
  source: Source;
  operators: readonly Operator[];
}

/** A scalar, or a table when it is a pipeline; a lone name may be either. */
export interface Let {
  name: string;
  value: Expression | Pipeline;
  place: Place;
}

export interface Query {
  lets: readonly Let[];
  pipeline: Pipeline;
}

/** The query is not part of the language, or not of the part that is spoken here. */
export class QueryError extends Error {
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.name = "QueryError";
    this.place = place;
  }
}
