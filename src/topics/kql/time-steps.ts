import type { Named, Operator, Pipeline, Query, Source } from "../../kql/syntax.ts";

/** The part of a pipeline whose rows are still those of its tables, or are told apart by their time. */
export interface Steps {
  /** That of a `let`. */
  name: string | undefined;
  /** Where its rows are from, when this is one table or `let`. */
  table: string | undefined;
  steps: readonly Operator[];
}

/** All pipelines of a query, those of `let` first. What a filter behind a summary says is not about the rows of a table. */
export function pipelinesOf({ lets, pipeline }: Query): Steps[] {
  const named = lets.flatMap(({ name, value }) => ("source" in value ? inPipeline(value, name) : []));
  return [...named, ...inPipeline(pipeline)];
}

function inPipeline({ source, operators }: Pipeline, name?: string): Steps[] {
  const times = timesOf(operators);
  const end = operators.findIndex(
    (each, at) => isEnd(each, times) || (each.kind === "take" && operators[at - 1]?.kind === "order"),
  );
  const steps = end === -1 ? operators : operators.slice(0, end + 1);
  return [
    ...inSource(source),
    ...operators.flatMap(inOperator),
    {
      name,
      table: source.kind === "table" ? source.name : undefined,
      // What stands on their other side is a pipeline of its own.
      steps: steps.filter(({ kind }) => kind !== "join" && kind !== "union"),
    },
  ];
}

function inSource(source: Source): Steps[] {
  return source.kind === "union" ? source.union.parts.flatMap((each) => inPipeline(each)) : [];
}

function inOperator(operator: Operator): Steps[] {
  if (operator.kind === "join") return inPipeline(operator.right);
  return operator.kind === "union" ? operator.others.parts.flatMap((each) => inPipeline(each)) : [];
}

/** A summary by time keeps the time of its rows. */
function isEnd(operator: Operator, times: ReadonlySet<string>): boolean {
  if (operator.kind === "summarize") return !operator.by.some(({ value }) => isTimed(value, times));
  if (operator.kind === "distinct") return operator.columns !== "all" && !isTimed(operator.columns, times);
  return operator.kind === "count";
}

const TIME = "TimeGenerated";

/** Names of what is made from the time of a row, and its own. */
export function timesIn(pipelines: readonly Steps[]): Set<string> {
  return timesOf(pipelines.flatMap(({ steps }) => steps));
}

function timesOf(operators: readonly Operator[]): Set<string> {
  const times = new Set([TIME]);
  for (const operator of operators) {
    for (const name of madeOf(operator, times)) times.add(name);
  }
  return times;
}

function madeOf(operator: Operator, times: ReadonlySet<string>): string[] {
  switch (operator.kind) {
    case "project-rename":
      return operator.columns.flatMap(({ name, from }) => (times.has(from.pattern) ? [name] : []));
    case "extend":
    case "project":
      return namesIn(operator.columns, times);
    case "summarize":
      return namesIn(operator.by, times);
    default:
      return [];
  }
}

function namesIn(columns: readonly Named[], times: ReadonlySet<string>): string[] {
  return columns.flatMap(({ names, value }) => (isTimed(value, times) ? names : []));
}

/** Whether a part has the time of a row in it, also in a calculation, as in `now() - TimeGenerated`. */
export function isTimed(part: unknown, times: ReadonlySet<string>): boolean {
  if (typeof part !== "object" || part === null) return false;
  const { kind, name } = part as Record<string, unknown>;
  if (kind === "column" && times.has(String(name))) return true;
  return Object.values(part).some((each) => isTimed(each, times));
}
