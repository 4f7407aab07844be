import type { Tree } from "./official.ts";
import { QueryError, type Expression, type Named } from "./syntax.ts";
import { fromJson, parseDatetime, parseTimespan, type KqlType, type Value } from "./values.ts";

/** Kinds of nodes with two sides whose operator stands between them. */
const BINARY = new Set(
  [
    "And Or Equal NotEqual LessThan LessThanOrEqual GreaterThan GreaterThanOrEqual EqualTilde BangTilde",
    "Add Subtract Multiply Divide Modulo Contains ContainsCs NotContains NotContainsCs Has HasCs NotHas NotHasCs",
    "HasPrefix HasPrefixCs NotHasPrefix NotHasPrefixCs HasSuffix HasSuffixCs NotHasSuffix NotHasSuffixCs",
    "StartsWith StartsWithCs NotStartsWith NotStartsWithCs EndsWith EndsWithCs NotEndsWith NotEndsWithCs",
    "MatchesRegex",
  ].flatMap((line) => line.split(" ").map((name) => `${name}Expression`)),
);

const MEMBERSHIP = new Set(
  ["In", "InCs", "NotIn", "NotInCs", "HasAny", "HasAll"].map((name) => `${name}Expression`),
);

const LITERALS: Readonly<Record<string, KqlType>> = {
  BooleanLiteralExpression: "bool",
  IntLiteralExpression: "int",
  LongLiteralExpression: "long",
  RealLiteralExpression: "real",
  DecimalLiteralExpression: "decimal",
  DateTimeLiteralExpression: "datetime",
  TimespanLiteralExpression: "timespan",
  GuidLiteralExpression: "guid",
  StringLiteralExpression: "string",
};

/** The words that name types. */
const TYPES: Readonly<Record<string, KqlType>> = {
  bool: "bool",
  boolean: "bool",
  int: "int",
  long: "long",
  real: "real",
  double: "real",
  decimal: "decimal",
  string: "string",
  datetime: "datetime",
  date: "datetime",
  timespan: "timespan",
  time: "timespan",
  guid: "guid",
  uuid: "guid",
  uniqueid: "guid",
  dynamic: "dynamic",
};

export function refuse(tree: Tree, what: string): never {
  throw new QueryError(`${what} is not spoken here`, tree.place);
}

export function part(tree: Tree, name: string): Tree {
  return tree.parts[name] ?? refuse(tree, `${tree.kind} without ${name}`);
}

/** The members of a list, without its commas. */
export function items(list: Tree | undefined): Tree[] {
  return (list?.children ?? []).flatMap((each) =>
    each.kind === "SeparatedElement" ? each.children.slice(0, 1) : [each],
  );
}

/** `a`, `['a b']`, or the name that is declared. */
export function nameOf(tree: Tree): string {
  if (tree.kind === "WildcardedName") return part(tree, "Pattern").text;
  const inner = tree.parts["Name"];
  if (inner) return nameOf(inner);
  if (tree.kind === "StringLiteralExpression") return part(tree, "Token").text;
  return tree.children.length === 0 ? tree.text : refuse(tree, "this name");
}

export function typeOf(tree: Tree): KqlType {
  const word = tree.parts["Type"]?.text ?? tree.text;
  return TYPES[word] ?? refuse(tree, `the type ${word}`);
}

export function readExpression(tree: Tree): Expression {
  const { kind, place } = tree;
  if (BINARY.has(kind)) return readBinary(tree);
  if (MEMBERSHIP.has(kind)) return readMembership(tree);
  const literal = LITERALS[kind];
  if (literal) return readLiteral(part(tree, "Token"), literal);
  switch (kind) {
    case "NameReference":
      return { kind: "column", name: nameOf(tree), place };
    case "ParenthesizedExpression":
      return readExpression(part(tree, "Expression"));
    case "FunctionCallExpression":
      return readCall(tree);
    case "PathExpression":
      return readPath(tree);
    case "ElementExpression":
      return readElement(tree);
    case "UnaryMinusExpression":
      return { kind: "negate", of: readExpression(part(tree, "Expression")), place };
    case "UnaryPlusExpression":
      return readExpression(part(tree, "Expression"));
    case "BetweenExpression":
    case "NotBetweenExpression":
      return readBetween(tree);
    case "CompoundStringLiteralExpression":
      return {
        kind: "literal",
        type: "string",
        value: items(part(tree, "Tokens"))
          .map(({ text }) => text)
          .join(""),
        place,
      };
    case "DynamicExpression":
      return { kind: "literal", type: "dynamic", value: readJson(part(tree, "Expression")), place };
    case "TypeOfLiteralExpression":
      return { kind: "literal", type: "string", value: readTypeOf(tree), place };
    case "StarExpression":
      return { kind: "star", place };
    default:
      return refuse(tree, kind.replace(/Expression$/, ""));
  }
}

function readBinary(tree: Tree): Expression {
  const operator = part(tree, "Operator");
  const [left, right] = [part(tree, "Left"), part(tree, "Right")].map(readExpression) as [
    Expression,
    Expression,
  ];
  return { kind: "binary", operator: canonical(operator.text), left, right, place: operator.place };
}

/** One spelling for operators that have several. */
function canonical(operator: string): string {
  const text = operator.toLowerCase().replaceAll(/\s+/g, " ");
  if (text === "<>") return "!=";
  return text.replace(/^not(contains|has|startswith|endswith)/, "!$1");
}

function readMembership(tree: Tree): Expression {
  const operator = part(tree, "Operator");
  const right = part(tree, "Right");
  const options = items(right.parts["Expressions"]).map(readExpression);
  const left = readExpression(part(tree, "Left"));
  return { kind: "in", operator: operator.text.toLowerCase(), left, options, place: operator.place };
}

function readBetween(tree: Tree): Expression {
  const couple = part(tree, "Right");
  return {
    kind: "between",
    isNegated: tree.kind === "NotBetweenExpression",
    of: readExpression(part(tree, "Left")),
    from: readExpression(part(couple, "First")),
    to: readExpression(part(couple, "Second")),
    place: part(tree, "Operator").place,
  };
}

function readCall(tree: Tree): Expression {
  const name = part(tree, "Name");
  const args = items(part(tree, "ArgumentList").parts["Expressions"]).map(readExpression);
  return { kind: "call", name: nameOf(name), args, place: name.place };
}

function readPath(tree: Tree): Expression {
  const selector = part(tree, "Selector");
  const of = readExpression(part(tree, "Expression"));
  if (selector.kind === "NameReference")
    return { kind: "property", of, name: nameOf(selector), place: selector.place };
  return refuse(selector, "this path");
}

function readElement(tree: Tree): Expression {
  const of = readExpression(part(tree, "Expression"));
  const index = readExpression(part(part(tree, "Selector"), "Expression"));
  if (index.kind === "literal" && typeof index.value === "string") {
    return { kind: "property", of, name: index.value, place: tree.place };
  }
  return { kind: "index", of, index, place: tree.place };
}

export function readLiteral(token: Tree, type: KqlType): Expression {
  const { place } = token;
  if (type === "string") return { kind: "literal", type, value: token.text, place };
  if (token.text === "null") return { kind: "literal", type, value: null, place };
  const value = literalValue(token.text, type);
  if (value === null) throw new QueryError(`this is no ${type}`, place);
  return { kind: "literal", type, value, place };
}

function literalValue(text: string, type: KqlType): Value {
  if (type === "datetime") return parseDatetime(text.replaceAll(/^["']|["']$/g, ""));
  if (type === "timespan") return parseTimespan(text.replaceAll(/^["']|["']$/g, ""));
  const odd = ODD_NUMBERS[text.toLowerCase()];
  return odd !== undefined && type === "real" ? odd : fromJson(text, type);
}

const ODD_NUMBERS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  "+inf": Infinity,
  "-inf": -Infinity,
};

function readTypeOf(tree: Tree): string {
  const [type, ...more] = items(part(tree, "Types"));
  if (!type || more.length > 0) return refuse(tree, "typeof with several types");
  return typeOf(type);
}

export function readToType(tree: Tree): KqlType {
  return readTypeOf(part(tree, "TypeOf")) as KqlType;
}

/** What stands in `dynamic(…)`. */
function readJson(tree: Tree): Value {
  switch (tree.kind) {
    case "JsonObjectExpression":
      return Object.fromEntries(
        items(part(tree, "Pairs")).map((each) => [part(each, "Name").text, readJson(part(each, "Value"))]),
      );
    case "JsonArrayExpression":
      return items(part(tree, "Values")).map(readJson);
    case "LiteralExpression":
    case "NullLiteralExpression":
      return null;
    default: {
      const literal = readExpression(tree);
      if (literal.kind === "negate" && literal.of.kind === "literal") return -Number(literal.of.value);
      if (literal.kind !== "literal" || typeof literal.value === "bigint") {
        return refuse(tree, "this in dynamic()");
      }
      return literal.value;
    }
  }
}

/** `name = value`, `(a, b) = value` or a value alone. */
export function readNamed(tree: Tree): Named {
  if (tree.kind === "SimpleNamedExpression") {
    return { names: [nameOf(part(tree, "Name"))], value: readExpression(part(tree, "Expression")) };
  }
  if (tree.kind === "CompoundNamedExpression") {
    const names = items(part(part(tree, "Names"), "Names")).map(nameOf);
    return { names, value: readExpression(part(tree, "Expression")) };
  }
  return { names: [], value: readExpression(tree) };
}
