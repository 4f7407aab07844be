import type { Tree } from "../../../kql/official.ts";
import { spot, type Spot } from "./rules.ts";
import { elementsOf, findKinds, letsIn, operators, parametersIn, tableCalled, wordOf } from "./tree.ts";

/** What comes out of them is few of the rows that go in, or no such rows. */
export const PICKING = operators(
  "Take Top TopNested TopHitters Count Summarize Distinct Sample SampleDistinct ReduceBy MakeSeries",
);

/** What comes out of them is bounded, whatever goes in; of the last few that is not known, so nothing is said. */
const BOUNDING = new Set([
  ...PICKING,
  ...operators(
    "GetSchema Consume AssertSchema Facet Fork Partition PartitionBy Invoke MakeGraph MacroExpand",
  ),
]);

/** Sources without a bound of their own. */
const OPEN = new Set(["SearchOperator", "FindOperator", "PathExpression"]);

interface Scope {
  lets: ReadonlyMap<string, Tree>;
  parameters: ReadonlySet<string>;
  /** Names that are being looked into. */
  inside: ReadonlySet<string>;
}

/** Statements whose answer may have any number of rows. */
export function unboundedIn(root: Tree, text: string): Spot[] {
  const scope = { lets: letsIn(root), parameters: parametersIn(root), inside: new Set<string>() };
  return findKinds(root, "ExpressionStatement").flatMap(({ tree, around }) => {
    const answer = tree.parts["Expression"];
    const isWithin = around.some(({ kind }) => kind === "FunctionBody");
    if (!answer || isWithin || isBounded(answer, scope)) return [];
    const source = sourceOf(answer);
    const isName = source.kind === "NameReference" || tableCalled(source) !== undefined;
    const whose = isName ? ` of ${text.slice(source.start, source.end)}` : "";
    return [spot("unbounded", source, { text: `nothing bounds how many rows${whose} come out` })];
  });
}

function sourceOf(tree: Tree): Tree {
  const inner = tree.kind === "PipeExpression" ? tree.parts["Expression"] : undefined;
  return inner ? sourceOf(inner) : tree;
}

function isBounded(tree: Tree | undefined, scope: Scope): boolean {
  switch (tree?.kind) {
    case "PipeExpression": {
      const operator = tree.parts["Operator"];
      return operator !== undefined && endsBounded(tree.parts["Expression"], operator, scope);
    }
    case "ParenthesizedExpression":
    case "MaterializeExpression":
      return isBounded(tree.parts["Expression"], scope);
    case "FunctionDeclaration":
      return isBounded(tree.parts["Body"]?.parts["Expression"], scope);
    case "UnionOperator":
      return elementsOf(tree.parts["Expressions"]).every((each) => isBounded(each, scope));
    case "FunctionCallExpression":
      if (tableCalled(tree) !== undefined) return false;
      // Of a function that is saved in a workspace nothing is known, so nothing is said.
      return scope.lets.has(wordOf(tree)) ? isNameBounded(wordOf(tree), scope) : wordOf(tree) !== "table";
    case "NameReference":
      return isNameBounded(wordOf(tree), scope);
    default:
      return !OPEN.has(tree?.kind ?? "");
  }
}

function isNameBounded(name: string, scope: Scope): boolean {
  const value = scope.lets.get(name);
  if (!value) return scope.parameters.has(name);
  if (scope.inside.has(name)) return true;
  return isBounded(value, { ...scope, inside: new Set([...scope.inside, name]) });
}

/** Whether rows are bounded behind this operator. */
function endsBounded(before: Tree | undefined, operator: Tree, scope: Scope): boolean {
  const { kind, parts } = operator;
  if (BOUNDING.has(kind)) return true;
  if (kind === "EvaluateOperator" && wordOf(parts["FunctionCall"]) !== "bag_unpack") return true;
  const side = kind === "JoinOperator" ? sideKept(operator) : undefined;
  if (side === "right") return isBounded(parts["Expression"], scope);
  if (!isBounded(before, scope)) return false;
  if (side === "left") return true;
  if (kind === "JoinOperator" || kind === "LookupOperator") return isBounded(parts["Expression"], scope);
  return kind !== "UnionOperator" || elementsOf(parts["Expressions"]).every((each) => isBounded(each, scope));
}

/** The side whose rows a join keeps or drops; undefined when it puts rows of both together. */
function sideKept({ parts }: Tree): "left" | "right" | undefined {
  const kind = (parts["Parameters"]?.children ?? []).find((each) => wordOf(each) === "kind");
  const how = wordOf(kind?.parts["Expression"]).toLowerCase();
  if (!/semi|anti/.test(how)) return undefined;
  return how.startsWith("right") ? "right" : "left";
}
