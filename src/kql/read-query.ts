import { loadParser, type Parser, type Tree } from "./official.ts";
import { items, nameOf, part, readExpression, readNamed, refuse, typeOf } from "./read-expression.ts";
import { readOperator, readTop } from "./read-operator.ts";
import { QueryError, type Let, type Operator, type Pipeline, type Query, type Source } from "./syntax.ts";

/** Reads a text with the official parser; throws QueryError for what is wrong or not spoken here. */
export async function readQuery(text: string): Promise<Query> {
  return readQueryWith(await loadParser(), text);
}

export function readQueryWith(parser: Parser, text: string): Query {
  const { root, diagnostics } = parser.parse(text);
  const first = diagnostics.find(({ severity }) => severity === "error");
  if (first) throw new QueryError(first.message, first.place);
  const lets: Let[] = [];
  let pipeline: Pipeline | undefined;
  for (const statement of items(part(root, "Statements"))) {
    if (statement.kind === "LetStatement") lets.push(readLet(statement));
    else if (statement.kind !== "ExpressionStatement") return refuse(statement, statement.kind);
    else if (pipeline) return refuse(statement, "a second query");
    else pipeline = readPipeline(part(statement, "Expression"));
  }
  if (!pipeline) throw new QueryError("there is no query in this text", root.place);
  return { lets, pipeline };
}

function readLet(tree: Tree): Let {
  const value = part(tree, "Expression");
  const name = part(tree, "Name");
  return {
    name: nameOf(name),
    value: isTable(value) ? readPipeline(value) : readExpression(value),
    place: name.place,
  };
}

function isTable(tree: Tree): boolean {
  if (tree.kind === "ParenthesizedExpression") return isTable(part(tree, "Expression"));
  const isCallOfTable = tree.kind === "FunctionCallExpression" && nameOf(part(tree, "Name")) === "table";
  return (
    isCallOfTable ||
    ["PipeExpression", "DataTableExpression", "UnionOperator", "PrintOperator"].includes(tree.kind)
  );
}

function readPipeline(tree: Tree): Pipeline {
  const operators: Operator[] = [];
  let rest = tree;
  while (rest.kind === "PipeExpression") {
    const operator = part(rest, "Operator");
    const read = operator.kind === "TopOperator" ? readTop(operator) : [readOperator(operator, readPipeline)];
    operators.unshift(...read);
    rest = part(rest, "Expression");
  }
  const isPlain = rest.kind !== "ParenthesizedExpression";
  if (isPlain) return { source: readSource(rest), operators };
  const inner = readPipeline(part(rest, "Expression"));
  return { source: inner.source, operators: [...inner.operators, ...operators] };
}

function readSource(tree: Tree): Source {
  const { place } = tree;
  switch (tree.kind) {
    case "NameReference":
      return { kind: "table", name: nameOf(tree), place };
    case "FunctionCallExpression":
      return readTableCall(tree);
    case "DataTableExpression":
      return {
        kind: "datatable",
        columns: items(part(part(tree, "Schema"), "Columns")).map((each) => ({
          name: nameOf(part(each, "Name")),
          type: typeOf(part(each, "Type")),
        })),
        values: items(part(tree, "Values")).map(readExpression),
        place,
      };
    case "PrintOperator":
      return { kind: "print", columns: items(part(tree, "Expressions")).map(readNamed) };
    case "UnionOperator": {
      const union = readOperator(tree, readPipeline);
      return union.kind === "union" ? { kind: "union", union: union.others, place } : refuse(tree, "this");
    }
    default:
      return refuse(tree, tree.kind.replace(/(Operator|Expression)$/, ""));
  }
}

/** `table('name')` */
function readTableCall(tree: Tree): Source {
  const call = readExpression(tree);
  const [name, ...more] = call.kind === "call" && call.name === "table" ? call.args : [];
  if (name?.kind !== "literal" || typeof name.value !== "string" || more.length > 0) {
    return refuse(tree, "a query that begins with this function");
  }
  return { kind: "table", name: name.value, place: tree.place };
}
