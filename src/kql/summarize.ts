import { AGGREGATES, type Collector } from "./aggregates.ts";
import { compile, checkTypes } from "./compile.ts";
import type { Compiled } from "./compiled.ts";
import { createNamer, ownName, type Namer } from "./names.ts";
import { QueryError, type Expression, type Named, type Operator } from "./syntax.ts";
import { lazily, scopeOf, type Surroundings, type Table } from "./table.ts";
import { compareValues, keyOf, missing, type Column, type Row, type Value } from "./values.ts";

type Call = Extract<Expression, { kind: "call" }>;

/** Collects rows of a group into the values of some columns. */
interface Gathering {
  columns: readonly Column[];
  begin(): { add(row: Row): void; result(): readonly Value[] };
}

export function summarize(
  input: Table,
  { columns, by }: Extract<Operator, { kind: "summarize" }>,
  around: Surroundings,
): Table {
  const scope = scopeOf(input.columns, around);
  const namer = createNamer();
  const keys = by.map((named) => {
    const { type, of } = compile(named.value, scope);
    return { name: namer.name(named), type, of };
  });
  const gatherings = columns.map((named) => gather(named, { input, around, namer }));
  const groupRows = (): Iterable<Row> => groups(input.rows, keys, gatherings);
  const head = [
    ...keys.map(({ name, type }) => ({ name, type })),
    ...gatherings.flatMap((each) => each.columns),
  ];
  return { columns: head, rows: lazily(groupRows) };
}

function* groups(
  rows: Iterable<Row>,
  keys: readonly Compiled[],
  gatherings: readonly Gathering[],
): Generator<Row> {
  const begin = (): ReturnType<Gathering["begin"]>[] => gatherings.map((each) => each.begin());
  const found = new Map<string, { key: Row; parts: ReturnType<typeof begin> }>();
  for (const row of rows) {
    const key = keys.map((each) => each.of(row));
    const text = keyOf(key);
    let group = found.get(text);
    if (!group) found.set(text, (group = { key, parts: begin() }));
    for (const part of group.parts) part.add(row);
  }
  // Without groups there is one row, even of nothing.
  if (keys.length === 0 && found.size === 0) found.set("", { key: [], parts: begin() });
  for (const { key, parts } of found.values()) yield [...key, ...parts.flatMap((each) => each.result())];
}

interface Place {
  input: Table;
  around: Surroundings;
  namer: Namer;
}

function gather(named: Named, place: Place): Gathering {
  const { value } = named;
  if (value.kind === "call" && (value.name === "arg_max" || value.name === "arg_min")) {
    return gatherExtreme(value, named.names, place);
  }
  if (value.kind === "call" && value.name === "percentiles") {
    return together(percentiles(value, named.names).map((each) => gather(each, place)));
  }
  if (named.names.length > 1) {
    throw new QueryError("this makes one column and has several names", value.place);
  }
  return gatherOne(named, place);
}

/** Aggregations may stand anywhere in a value: each gets a column of its own, over which the rest is computed. */
function gatherOne(named: Named, { input, around, namer }: Place): Gathering {
  const scope = scopeOf(input.columns, around);
  const slots: { args: Compiled[]; begin(): Collector; column: Column }[] = [];
  const outer = replaceCalls(named.value, (call) => {
    const aggregate = AGGREGATES.get(call.name);
    if (!aggregate) return undefined;
    const { name, place } = call;
    if (call.args.length < aggregate.least || call.args.length > aggregate.most) {
      throw new QueryError(`'${name}' takes ${aggregate.least} to ${aggregate.most} arguments`, place);
    }
    const args = call.args.map((each) => compile(each, scope));
    const types = args.map((each) => each.type);
    checkTypes({ name, takes: aggregate.takes, types, place });
    const type = aggregate.type(types);
    if (!type) throw new QueryError(`'${name}' does not go with ${types.join(", ")}`, place);
    const column = { name: `$${slots.length}`, type };
    slots.push({ args, begin: () => aggregate.begin(types), column });
    return { kind: "column", name: column.name, place };
  });
  const whole = compile(
    outer,
    scopeOf(
      slots.map(({ column }) => column),
      around,
    ),
  );
  return {
    columns: [{ name: namer.name(named), type: whole.type }],
    begin() {
      const collectors = slots.map((each) => each.begin());
      return {
        add(row) {
          for (const [index, { args }] of slots.entries())
            collectors[index]?.add(args.map((each) => each.of(row)));
        },
        result: () => [whole.of(collectors.map((each) => each.result()))],
      };
    },
  };
}

function replaceCalls(expression: Expression, replace: (call: Call) => Expression | undefined): Expression {
  const inner = (each: Expression): Expression => replaceCalls(each, replace);
  switch (expression.kind) {
    case "call":
      return replace(expression) ?? { ...expression, args: expression.args.map(inner) };
    case "property":
    case "negate":
      return { ...expression, of: inner(expression.of) };
    case "index":
      return { ...expression, of: inner(expression.of), index: inner(expression.index) };
    case "binary":
      return { ...expression, left: inner(expression.left), right: inner(expression.right) };
    case "in":
      return { ...expression, left: inner(expression.left), options: expression.options.map(inner) };
    case "between":
      return {
        ...expression,
        of: inner(expression.of),
        from: inner(expression.from),
        to: inner(expression.to),
      };
    default:
      return expression;
  }
}

/** `arg_max(key, a, b)` or `arg_max(key, *)`: the row with the largest key. */
function gatherExtreme(call: Call, names: readonly string[], { input, around, namer }: Place): Gathering {
  const [key, ...others] = call.args;
  if (!key || others.length === 0)
    throw new QueryError(`'${call.name}' takes two arguments or more`, call.place);
  const scope = scopeOf(input.columns, around);
  const compiledKey = compile(key, scope);
  const wanted: { name: string; given?: string; value: Expression }[] = others.flatMap((each) =>
    each.kind === "star"
      ? starOf(input, key, call).filter(({ name }) => namer.isFree(name))
      : [{ name: ownName(each) ?? call.name, value: each }],
  );
  const values = wanted.map(({ value }) => compile(value, scope));
  const naming = { namer, place: call.place };
  const columns = [
    { name: called(names[0], ownName(key) ?? `${call.name}_`, naming), type: compiledKey.type },
    ...values.map(({ type }, index) => ({
      name: called(names[index + 1], wanted[index]?.name ?? "", naming),
      type,
    })),
  ];
  const sign = call.name === "arg_max" ? 1 : -1;
  return {
    columns,
    begin() {
      let best: Value = null;
      let isFirst = true;
      let found: Row = columns.map(({ type }) => missing(type));
      return {
        add(row) {
          const value = compiledKey.of(row);
          // Where no row has a key, the first one stands for all.
          const isBetter = value !== null && (best === null || compareValues(value, best) * sign > 0);
          if (!isBetter && !isFirst) return;
          isFirst = false;
          best = value;
          found = [value, ...values.map((each) => each.of(row))];
        },
        result: () => found,
      };
    },
  };
}

/** A star stands for all columns but the key and those that the groups have. */
function starOf(input: Table, key: Expression, { place }: Call): { name: string; value: Expression }[] {
  return input.columns
    .filter(({ name }) => key.kind !== "column" || key.name !== name)
    .map(({ name }) => ({ name, value: { kind: "column", name, place } }));
}

function called(given: string | undefined, own: string, { namer, place }: Naming): string {
  return given === undefined ? namer.free(own) : namer.take(given, place);
}

interface Naming {
  namer: Namer;
  place: Expression["place"];
}

function percentiles({ args: [of, ...shares], place }: Call, names: readonly string[]): Named[] {
  if (!of || shares.length === 0) throw new QueryError("'percentiles' takes two arguments or more", place);
  return shares.map((share, index) => {
    const given = names[index];
    const value: Expression = { kind: "call", name: "percentile", args: [of, share], place };
    return { names: given === undefined ? [] : [given], value };
  });
}

function together(parts: readonly Gathering[]): Gathering {
  return {
    columns: parts.flatMap((each) => each.columns),
    begin() {
      const begun = parts.map((each) => each.begin());
      return {
        add: (row) => begun.forEach((each) => each.add(row)),
        result: () => begun.flatMap((each) => each.result()),
      };
    },
  };
}
