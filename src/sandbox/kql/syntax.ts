/** A place in the query, counted from one as Resource Graph does. */
export interface Place {
  line: number;
  column: number;
  text: string;
}

export interface Token extends Place {
  kind: "name" | "string" | "number" | "symbol" | "end";
}

export type Expression =
  | { kind: "literal"; value: string | number | boolean | null }
  | { kind: "column"; name: string; place: Place }
  | { kind: "property"; of: Expression; name: string }
  | { kind: "index"; of: Expression; index: number }
  | { kind: "call"; name: string; args: Expression[]; place: Place }
  | { kind: "both"; operator: "and" | "or"; left: Expression; right: Expression }
  | { kind: "compare"; operator: string; left: Expression; right: Expression }
  | { kind: "in"; operator: string; left: Expression; options: Expression[] };

export interface Named {
  name: string;
  value: Expression;
}

export type Operator =
  | { kind: "where"; condition: Expression }
  | { kind: "extend" | "project"; columns: Named[] }
  | { kind: "order"; keys: { value: Expression; descending: boolean }[] }
  | { kind: "summarize"; count: string; by: Named[] }
  | { kind: "take"; count: number };

/** The query is not part of the language, or not of the part that the sandbox speaks. */
export class QueryError extends Error {
  readonly place: Place;

  constructor(place: Place) {
    super("ParserFailure");
    this.place = place;
  }
}
