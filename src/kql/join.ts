import { compile } from "./compile.ts";
import type { Compiled } from "./compiled.ts";
import { equality } from "./binary.ts";
import { createNamer } from "./names.ts";
import { QueryError, type JoinKind, type Operator } from "./syntax.ts";
import { lazily, scopeOf, type Surroundings, type Table } from "./table.ts";
import { isNumber, keyOf, missing, type Row } from "./values.ts";

type Join = Extract<Operator, { kind: "join" }>;

interface Side extends Table {
  keys: readonly Compiled[];
}

export function join(
  left: Table,
  right: Table,
  { how, on, around }: { how: JoinKind; on: Join["on"]; around: Surroundings },
): Table {
  const sides = on.map((each) => {
    const first = compile(each.left, scopeOf(left.columns, around));
    const second = compile(each.right, scopeOf(right.columns, around));
    const areAlike = first.type === second.type || (isNumber(first.type) && isNumber(second.type));
    if (!areAlike || !equality(first.type, second.type)) {
      throw new QueryError(`a join cannot compare ${first.type} with ${second.type}`, each.place);
    }
    return { first, second };
  });
  const leftSide = { ...left, keys: sides.map(({ first }) => first) };
  const rightSide = { ...right, keys: sides.map(({ second }) => second) };
  if (how === "leftsemi" || how === "leftanti") return half(leftSide, rightSide, how === "leftsemi");
  if (how === "rightsemi" || how === "rightanti") return half(rightSide, leftSide, how === "rightsemi");
  const namer = createNamer(left.columns.map(({ name }) => name));
  const columns = [
    ...left.columns,
    ...right.columns.map(({ name, type }) => ({ name: namer.free(name), type })),
  ];
  return { columns, rows: lazily(() => both(leftSide, rightSide, how)) };
}

/** Undefined where a part is missing: such a row is equal to none. */
function keyFor(row: Row, keys: readonly Compiled[]): string | undefined {
  const values = keys.map((each) => each.of(row));
  return values.includes(null) ? undefined : keyOf(values);
}

function half(kept: Side, other: Side, isWanted: boolean): Table {
  function* rows(): Generator<Row> {
    const keys = new Set(Array.from(other.rows, (row) => keyFor(row, other.keys)));
    for (const row of kept.rows) {
      const key = keyFor(row, kept.keys);
      if ((key !== undefined && keys.has(key)) === isWanted) yield row;
    }
  }
  return { columns: kept.columns, rows: lazily(rows) };
}

function* both(left: Side, right: Side, how: JoinKind): Generator<Row> {
  const keepsLeft = how === "leftouter" || how === "fullouter";
  const keepsRight = how === "rightouter" || how === "fullouter";
  const matches = new Map<string, Row[]>();
  const lonely = new Set<Row>();
  for (const row of right.rows) {
    const key = keyFor(row, right.keys);
    if (keepsRight) lonely.add(row);
    if (key === undefined) continue;
    const group = matches.get(key);
    if (group) group.push(row);
    else matches.set(key, [row]);
  }
  const seen = new Set<string>();
  const noRight = right.columns.map(({ type }) => missing(type));
  for (const row of left.rows) {
    const key = keyFor(row, left.keys);
    // Of left rows with one key only the first is joined.
    if (how === "innerunique" && key !== undefined) {
      if (seen.has(key)) continue;
      seen.add(key);
    }
    const found = (key === undefined ? undefined : matches.get(key)) ?? [];
    for (const each of found) {
      lonely.delete(each);
      yield [...row, ...each];
    }
    if (keepsLeft && found.length === 0) yield [...row, ...noRight];
  }
  const noLeft = left.columns.map(({ type }) => missing(type));
  for (const row of lonely) yield [...noLeft, ...row];
}
