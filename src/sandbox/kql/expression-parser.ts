import { FUNCTIONS } from "./functions.ts";
import { stringValue } from "./lexer.ts";
import type { Reader } from "./reader.ts";
import { QueryError, type Expression, type Token } from "./syntax.ts";

const COMPARISONS = ["==", "!=", "=~", "!~", "<", "<=", ">", ">="];
const TEXT_COMPARISONS = ["contains", "!contains", "startswith", "!startswith"];
const MEMBERSHIPS = ["in", "in~", "!in", "!in~"];

export function readExpression(reader: Reader): Expression {
  let left = readAnd(reader);
  while (reader.acceptWord("or")) left = { kind: "both", operator: "or", left, right: readAnd(reader) };
  return left;
}

function readAnd(reader: Reader): Expression {
  let left = readComparison(reader);
  while (reader.acceptWord("and")) {
    left = { kind: "both", operator: "and", left, right: readComparison(reader) };
  }
  return left;
}

function readComparison(reader: Reader): Expression {
  const left = readPath(reader);
  const token = reader.peek();
  if (token.kind !== "symbol") return left;
  const operator = token.text.toLowerCase();
  if (MEMBERSHIPS.includes(operator)) {
    reader.expect(token.text);
    return { kind: "in", operator, left, options: readArguments(reader) };
  }
  if (![...COMPARISONS, ...TEXT_COMPARISONS].includes(operator)) return left;
  reader.expect(token.text);
  return { kind: "compare", operator, left, right: readPath(reader) };
}

/** A value followed by any number of `.name`, `['name']` and `[0]`. */
function readPath(reader: Reader): Expression {
  let value = readValue(reader);
  for (;;) {
    if (reader.accept(".")) value = { kind: "property", of: value, name: reader.take("name").text };
    else if (reader.accept("[")) value = readBrackets(reader, value);
    else return value;
  }
}

function readBrackets(reader: Reader, of: Expression): Expression {
  const isName = reader.peek().kind === "string";
  const token = reader.take(isName ? "string" : "number");
  reader.expect("]");
  return isName
    ? { kind: "property", of, name: stringValue(token) }
    : { kind: "index", of, index: Number(token.text) };
}

function readValue(reader: Reader): Expression {
  if (reader.accept("(")) {
    const inner = readExpression(reader);
    reader.expect(")");
    return inner;
  }
  const { kind } = reader.peek();
  if (kind === "string") return { kind: "literal", value: stringValue(reader.take("string")) };
  if (kind === "number") return { kind: "literal", value: Number(reader.take("number").text) };
  const name = reader.take("name");
  if (reader.peek().text === "(") return readCall(reader, name);
  if (name.text === "true" || name.text === "false") return { kind: "literal", value: name.text === "true" };
  return { kind: "column", name: name.text, place: name };
}

function readCall(reader: Reader, name: Token): Expression {
  const known = FUNCTIONS.get(name.text);
  if (!known) throw new QueryError(name);
  const args = readArguments(reader);
  if (args.length < known.least || args.length > known.most) throw new QueryError(name);
  return { kind: "call", name: name.text, args, place: name };
}

function readArguments(reader: Reader): Expression[] {
  reader.expect("(");
  const args: Expression[] = [];
  if (reader.accept(")")) return args;
  do args.push(readExpression(reader));
  while (reader.accept(","));
  reader.expect(")");
  return args;
}
