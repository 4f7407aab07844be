import type { Tree } from "./official.ts";
import {
  items,
  nameOf,
  part,
  readExpression,
  readNamed,
  readToType,
  refuse,
  typeOf,
} from "./read-expression.ts";
import type {
  ColumnPattern,
  Expanded,
  Expression,
  JoinKind,
  Operator,
  ParsePart,
  Pipeline,
  Place,
  SortKey,
  Union,
} from "./syntax.ts";

type ReadPipeline = (tree: Tree) => Pipeline;

export function readOperator(tree: Tree, readPipeline: ReadPipeline): Operator {
  const expressions = (): Tree[] => items(part(tree, "Expressions"));
  switch (tree.kind) {
    case "FilterOperator":
      checkHints(tree);
      return { kind: "where", condition: readExpression(part(tree, "Condition")) };
    case "ExtendOperator":
      return { kind: "extend", columns: expressions().map(readNamed) };
    case "ProjectOperator":
      return { kind: "project", columns: expressions().map(readNamed) };
    case "ProjectAwayOperator":
      return { kind: "project-away", columns: expressions().map(readPattern) };
    case "ProjectKeepOperator":
      return { kind: "project-keep", columns: expressions().map(readPattern) };
    case "ProjectReorderOperator":
      return { kind: "project-reorder", columns: expressions().map(readPattern) };
    case "ProjectRenameOperator":
      return { kind: "project-rename", columns: expressions().map(readRename) };
    case "SummarizeOperator":
      return readSummarize(tree);
    case "SortOperator":
      checkHints(tree);
      return { kind: "order", keys: expressions().map(readSortKey) };
    case "TakeOperator":
      checkHints(tree);
      return { kind: "take", count: readExpression(part(tree, "Expression")), place: tree.place };
    case "DistinctOperator":
      return readDistinct(tree);
    case "CountOperator":
      return { kind: "count", name: "Count" };
    case "JoinOperator":
      return readJoin(tree, readPipeline);
    case "UnionOperator":
      return { kind: "union", others: readUnion(tree, readPipeline) };
    case "ParseOperator":
    case "ParseWhereOperator":
      return readParse(tree);
    case "MvExpandOperator":
      return readExpand(tree);
    case "RenderOperator":
      return { kind: "render", chart: part(tree, "ChartType").text };
    default:
      return refuse(tree, `the operator ${tree.children[0]?.text ?? tree.kind}`);
  }
}

/** `top 5 by x` is an order and a take. */
export function readTop(tree: Tree): Operator[] {
  checkHints(tree);
  return [
    { kind: "order", keys: [readSortKey(part(tree, "ByExpression"))] },
    { kind: "take", count: readExpression(part(tree, "Expression")), place: tree.place },
  ];
}

/** The `name=value` of an operator; hints tell the service how to work and change no answer. */
function parametersOf(tree: Tree, known: readonly string[] = []): Record<string, string> {
  const found: Record<string, string> = {};
  for (const each of items(tree.parts["Parameters"])) {
    const name = nameOf(part(each, "Name"));
    if (name.startsWith("hint.")) continue;
    if (!known.includes(name)) refuse(each, `the parameter ${name}`);
    const value = part(each, "Expression");
    found[name] =
      value.kind === "NameDeclaration" ? nameOf(value) : (value.parts["Token"]?.text ?? value.text);
  }
  return found;
}

function checkHints(tree: Tree): void {
  parametersOf(tree);
}

function readPattern(tree: Tree): ColumnPattern {
  return tree.kind === "NameReference"
    ? { pattern: nameOf(tree), place: tree.place }
    : tree.kind === "StarExpression"
      ? { pattern: "*", place: tree.place }
      : refuse(tree, "this in a list of columns");
}

function readRename(tree: Tree): { name: string; from: ColumnPattern; place: Place } {
  if (tree.kind !== "SimpleNamedExpression") return refuse(tree, "a renaming without a new name");
  const from = readPattern(part(tree, "Expression"));
  return { name: nameOf(part(tree, "Name")), from, place: tree.place };
}

function readSummarize(tree: Tree): Operator {
  checkHints(tree);
  const by = tree.parts["ByClause"];
  if (by?.parts["BinClause"]) refuse(by, "this by clause");
  return {
    kind: "summarize",
    columns: items(tree.parts["Aggregates"]).map(readNamed),
    by: items(by?.parts["Expressions"]).map(readNamed),
  };
}

function readDistinct(tree: Tree): Operator {
  checkHints(tree);
  const columns = items(part(tree, "Expressions"));
  const isAll = columns.some((each) => each.kind === "StarExpression");
  return { kind: "distinct", columns: isAll ? "all" : columns.map(readNamed) };
}

function readSortKey(tree: Tree): SortKey {
  if (tree.kind !== "OrderedExpression") {
    return { value: readExpression(tree), isDescending: true, nullsFirst: false };
  }
  const ordering = part(tree, "Ordering");
  const isDescending = ordering.parts["AscOrDescKeyword"]?.text !== "asc";
  const nulls = ordering.parts["NullsClause"]?.parts["FirstOrLastKeyword"]?.text;
  const nullsFirst = nulls === undefined ? !isDescending : nulls === "first";
  return { value: readExpression(part(tree, "Expression")), isDescending, nullsFirst };
}

const JOINS: Readonly<Record<string, JoinKind>> = {
  innerunique: "innerunique",
  inner: "inner",
  leftouter: "leftouter",
  rightouter: "rightouter",
  fullouter: "fullouter",
  leftsemi: "leftsemi",
  semi: "leftsemi",
  leftanti: "leftanti",
  anti: "leftanti",
  leftantisemi: "leftanti",
  rightsemi: "rightsemi",
  rightanti: "rightanti",
  rightantisemi: "rightanti",
};

function readJoin(tree: Tree, readPipeline: ReadPipeline): Operator {
  const { kind = "innerunique" } = parametersOf(tree, ["kind"]);
  const how = JOINS[kind] ?? refuse(tree, `join kind=${kind}`);
  const clause = tree.parts["ConditionClause"];
  if (clause?.kind !== "JoinOnClause") return refuse(tree, "a join without on");
  const right = readPipeline(part(tree, "Expression"));
  return { kind: "join", how, right, on: items(part(clause, "Expressions")).map(readJoinKey) };
}

function readJoinKey(tree: Tree): { left: Expression; right: Expression; place: Place } {
  const { place } = tree;
  if (tree.kind === "NameReference") {
    const column = readExpression(tree);
    return { left: column, right: column, place };
  }
  const sides = tree.kind === "EqualExpression" ? [part(tree, "Left"), part(tree, "Right")] : [];
  const left = sides.find((each) => sideOf(each) === "$left");
  const right = sides.find((each) => sideOf(each) === "$right");
  if (!left || !right) return refuse(tree, "this condition of a join");
  const columnOf = (side: Tree): Expression => readExpression(part(side, "Selector"));
  return { left: columnOf(left), right: columnOf(right), place };
}

function sideOf(tree: Tree): string | undefined {
  const of = tree.kind === "PathExpression" ? part(tree, "Expression") : undefined;
  return of?.kind === "NameReference" ? nameOf(of) : undefined;
}

function readUnion(tree: Tree, readPipeline: ReadPipeline): Union {
  const { kind = "outer", withsource, isfuzzy } = parametersOf(tree, ["kind", "withsource", "isfuzzy"]);
  return {
    parts: items(part(tree, "Expressions")).map(readPipeline),
    isInner: kind === "inner",
    isFuzzy: isfuzzy === "true",
    ...(withsource === undefined ? {} : { source: withsource }),
  };
}

function readParse(tree: Tree): Operator {
  const { kind = "simple" } = parametersOf(tree, ["kind"]);
  if (kind !== "simple") refuse(tree, `parse kind=${kind}`);
  return {
    kind: "parse",
    of: readExpression(part(tree, "Expression")),
    parts: items(part(tree, "Patterns")).map(readParsePart),
    isFilter: tree.kind === "ParseWhereOperator",
  };
}

function readParsePart(tree: Tree): ParsePart {
  switch (tree.kind) {
    case "StarExpression":
      return { kind: "any" };
    case "StringLiteralExpression":
      return { kind: "text", text: part(tree, "Token").text };
    case "NameDeclaration":
      return { kind: "column", name: nameOf(tree), type: "string", place: tree.place };
    case "NameAndTypeDeclaration":
      return {
        kind: "column",
        name: nameOf(part(tree, "Name")),
        type: typeOf(part(tree, "Type")),
        place: tree.place,
      };
    default:
      return refuse(tree, "this in a pattern");
  }
}

function readExpand(tree: Tree): Operator {
  const limit = tree.parts["RowLimitClause"]?.parts["RowLimit"];
  const count = limit && readExpression(limit);
  if (count && (count.kind !== "literal" || typeof count.value !== "number")) refuse(limit, "this limit");
  const { bagexpansion = "bag" } = parametersOf(tree, ["bagexpansion"]);
  if (bagexpansion !== "bag") refuse(tree, `bagexpansion=${bagexpansion}`);
  return {
    kind: "mv-expand",
    columns: items(part(tree, "Expressions")).map(readExpanded),
    ...(count?.kind === "literal" ? { limit: Number(count.value) } : {}),
  };
}

function readExpanded(tree: Tree): Expanded {
  const type = tree.parts["ToTypeOf"];
  const named = readNamed(part(tree, "Expression"));
  return { ...named, place: tree.place, ...(type ? { type: readToType(type) } : {}) };
}
