import type { Operator, Pipeline, Query, Union } from "../../kql/syntax.ts";

/** Names of the tables that a query reads, those of its own `let` left out. */
export function tablesIn({ lets, pipeline }: Query): string[] {
  const own = new Set(lets.map(({ name }) => name));
  const bound = lets.flatMap(({ value }) => {
    if ("source" in value) return inPipeline(value);
    return [];
  });
  const all = [...bound, ...inPipeline(pipeline)];
  return [...new Set(all)].filter((name) => !own.has(name));
}

function inPipeline({ source, operators }: Pipeline): string[] {
  const first =
    source.kind === "table" ? [source.name] : source.kind === "union" ? inUnion(source.union) : [];
  return [...first, ...operators.flatMap(inOperator)];
}

function inOperator(operator: Operator): string[] {
  if (operator.kind === "join") return inPipeline(operator.right);
  return operator.kind === "union" ? inUnion(operator.others) : [];
}

function inUnion({ parts }: Union): string[] {
  return parts.flatMap(inPipeline);
}
