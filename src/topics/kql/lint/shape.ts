import type { Tree } from "../../../kql/official.ts";
import { elementsOf, findKinds, letsIn, operators, wordOf, type Found } from "./tree.ts";

/** Of what comes out of them the text itself says the columns, unless it says so with a star. */
const SHAPING = operators("Project Summarize Distinct SampleDistinct Count MakeSeries TopNested");

/** What comes out of them is what goes in, and what the text itself adds. */
const PASSING = operators(
  "Filter Sort Take Top Sample Extend Serialize Render As Consume Parse ParseWhere",
  "ProjectAway ProjectRename ProjectReorder ProjectKeep MvExpand",
);

/** The rows that reach the operator in which a name stands; undefined where they are not of one pipeline. */
export function rowsAt({ tree, around }: Found): Tree | undefined {
  let inner = tree;
  for (const outer of around) {
    if (outer.kind === "PipeExpression" && outer.parts["Operator"] === inner) {
      return ["JoinOperator", "LookupOperator"].includes(inner.kind) ? undefined : outer.parts["Expression"];
    }
    inner = outer;
  }
  return undefined;
}

/** The last operator before these rows by which all their columns are known from the text alone; undefined for none. */
export function shaperOf(rows: Tree, root: Tree): Tree | undefined {
  return shaperIn(rows, { lets: letsIn(root), inside: new Set() });
}

interface Scope {
  lets: ReadonlyMap<string, Tree>;
  /** Names that are being looked into. */
  inside: ReadonlySet<string>;
}

function shaperIn(tree: Tree | undefined, scope: Scope): Tree | undefined {
  switch (tree?.kind) {
    case "PipeExpression": {
      const operator = tree.parts["Operator"];
      return operator && shaperBehind(tree.parts["Expression"], operator, scope);
    }
    case "ParenthesizedExpression":
    case "MaterializeExpression":
      return shaperIn(tree.parts["Expression"], scope);
    case "FunctionDeclaration":
      return shaperIn(tree.parts["Body"]?.parts["Expression"], scope);
    case "DataTableExpression":
    case "PrintOperator":
    case "RangeOperator":
      return tree;
    case "NameReference":
    case "FunctionCallExpression": {
      const name = wordOf(tree);
      if (scope.inside.has(name)) return undefined;
      return shaperIn(scope.lets.get(name), { ...scope, inside: new Set([...scope.inside, name]) });
    }
    default:
      return undefined;
  }
}

function shaperBehind(before: Tree | undefined, operator: Tree, scope: Scope): Tree | undefined {
  const { kind, parts } = operator;
  if (SHAPING.has(kind) && findKinds(operator, "StarExpression").length === 0) return operator;
  const own = shaperIn(before, scope);
  if (SHAPING.has(kind) || PASSING.has(kind)) return own;
  const others =
    kind === "UnionOperator"
      ? elementsOf(parts["Expressions"])
      : kind === "JoinOperator" || kind === "LookupOperator"
        ? [parts["Expression"]]
        : [undefined];
  return others.every((each) => shaperIn(each, scope)) ? own : undefined;
}
