import type { Tree } from "../../../kql/official.ts";

/** A node with the way to it: the nearest one around it first. */
export interface Found {
  tree: Tree;
  around: readonly Tree[];
}

/** All nodes of these kinds, in the order of the text. */
export function findKinds(root: Tree, ...kinds: readonly string[]): Found[] {
  const found: Found[] = [];
  const path: Tree[] = [];
  const visit = (tree: Tree): void => {
    if (kinds.includes(tree.kind)) found.push({ tree, around: path.toReversed() });
    path.push(tree);
    for (const child of tree.children) visit(child);
    path.pop();
  };
  visit(root);
  return found;
}

/** What a name or a literal says. */
export function wordOf(tree: Tree | undefined): string {
  if (!tree) return "";
  const { Name, Pattern, Token } = tree.parts;
  const inner = Name ?? Pattern ?? Token ?? (tree.text === "" ? tree.children[0] : undefined);
  return inner ? wordOf(inner) : tree.text;
}

/** The elements of a list with commas. */
export function elementsOf(list: Tree | undefined): Tree[] {
  return (list?.children ?? []).flatMap((each) =>
    each.kind === "SeparatedElement" ? (each.children[0] ?? []) : [each],
  );
}

/** What is bound by `let`, by name, those inside of functions included. */
export function letsIn(root: Tree): Map<string, Tree> {
  return new Map(
    findKinds(root, "LetStatement").flatMap(({ tree }) => {
      const value = tree.parts["Expression"];
      return value ? [[wordOf(tree), value]] : [];
    }),
  );
}

/** Names of the parameters of functions. */
export function parametersIn(root: Tree): Set<string> {
  return new Set(findKinds(root, "FunctionParameter").map(({ tree }) => wordOf(tree.parts["NameAndType"])));
}

/** The table that `table("T")` names. */
export function tableCalled(tree: Tree): string | undefined {
  if (tree.kind !== "FunctionCallExpression" || wordOf(tree) !== "table") return undefined;
  const [argument] = elementsOf(tree.parts["ArgumentList"]?.parts["Expressions"]);
  return argument?.kind === "StringLiteralExpression" ? wordOf(argument) : undefined;
}

const HOLDERS = new Set(["ToScalarExpression", "ToTableExpression", "MaterializeExpression"]);

/**
 * Whether rows are read from what stands here. "maybe" where a value may stand as well: what `let` binds, and the body of
 * a function.
 */
export function isSource({ tree, around }: Found): boolean | "maybe" {
  let [inner, at] = [tree, 0];
  while (around[at]?.kind === "ParenthesizedExpression") {
    inner = around[at] ?? inner;
    at += 1;
  }
  const parent = around[at];
  switch (parent?.kind) {
    case "PipeExpression":
    case "JoinOperator":
    case "LookupOperator":
      return parent.parts["Expression"] === inner;
    case "ExpressionStatement":
      return true;
    case "LetStatement":
    case "FunctionBody":
      return "maybe";
    case "SeparatedElement": {
      const list = around[at + 2]?.kind ?? "";
      return list === "UnionOperator" || list === "FindInClause";
    }
    default:
      return HOLDERS.has(parent?.kind ?? "");
  }
}

/** The kinds of operators, by their names with blanks between them. */
export function operators(...lines: readonly string[]): Set<string> {
  return new Set(lines.flatMap((line) => line.split(" ").map((name) => `${name}Operator`)));
}
