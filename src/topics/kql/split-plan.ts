import { ownName } from "../../kql/names.ts";
import type { Named, Operator, Pipeline, Query } from "../../kql/syntax.ts";

/** Whether an answer is the sum of those of the parts of its window, and which part comes first. */
export type Splitting = { newestFirst: boolean } | { why: string };

const ROW_BY_ROW: ReadonlySet<Operator["kind"]> = new Set([
  "where",
  "extend",
  "project",
  "project-away",
  "project-keep",
  "project-reorder",
  "project-rename",
  "parse",
  "mv-expand",
  "render",
]);

const TIME = "TimeGenerated";

/**
 * Parts can be put together when each row of the answer comes from one row of a table, and only the time that the window
 * goes by orders them.
 */
export function judgeSplit({ lets, pipeline }: Query): Splitting {
  const bound = lets.flatMap(({ value }) => ("source" in value ? [value] : []));
  const why = [...bound.map(obstacleIn), obstacleIn(withoutOrder(pipeline))].find(
    (each) => each !== undefined,
  );
  if (why !== undefined) return { why };
  const last = lastOrder(pipeline);
  if (!last) return { newestFirst: false };
  const [key] = last.keys;
  if (key?.value.kind !== "column" || key.value.name !== TIME) {
    return { why: `its rows are not in the order of ${TIME}` };
  }
  return { newestFirst: key.isDescending };
}

function isChart({ kind }: Operator): boolean {
  return kind === "render";
}

function lastOrder({ operators }: Pipeline): Extract<Operator, { kind: "order" }> | undefined {
  const last = operators.filter((each) => !isChart(each)).at(-1);
  return last?.kind === "order" ? last : undefined;
}

function withoutOrder(pipeline: Pipeline): Pipeline {
  const order = lastOrder(pipeline);
  return { ...pipeline, operators: pipeline.operators.filter((each) => each !== order) };
}

/** What makes rows of several ones; undefined when nothing does. */
function obstacleIn({ source, operators }: Pipeline): string | undefined {
  if (source.kind === "print" || source.kind === "datatable") return `it begins with ${source.kind}`;
  const parts = [
    ...(source.kind === "union" ? source.union.parts : []),
    ...operators.flatMap((each) => (each.kind === "union" ? each.others.parts : [])),
  ];
  const inside = parts.map(obstacleIn).find((each) => each !== undefined);
  if (inside !== undefined) return inside;
  const other = operators.find(({ kind }) => kind !== "union" && !ROW_BY_ROW.has(kind));
  if (other) return `it has ${other.kind}`;
  return operators.some(makesTime) ? `it makes a ${TIME} of its own` : undefined;
}

/** Whether it gives the name of the column that the window goes by to anything else. */
function makesTime(operator: Operator): boolean {
  switch (operator.kind) {
    case "extend":
    case "project":
    case "mv-expand":
      return operator.columns.some(isOwnTime);
    case "project-rename":
      return operator.columns.some(({ name, from }) => name === TIME && from.pattern !== TIME);
    case "parse":
      return operator.parts.some((part) => part.kind === "column" && part.name === TIME);
    default:
      return false;
  }
}

function isOwnTime({ names, value }: Named): boolean {
  const isNamed = names.length > 0 ? names.includes(TIME) : ownName(value) === TIME;
  return isNamed && !(value.kind === "column" && value.name === TIME);
}
