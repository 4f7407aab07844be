import { FUNCTIONS } from "../../kql/functions.ts";
import type { Expression, Place } from "../../kql/syntax.ts";
import { failAt, stringValue, type Token } from "./lexer.ts";
import type { Reader } from "./reader.ts";

const COMPARISONS = ["==", "!=", "=~", "!~", "<", "<=", ">", ">="];
const TEXT_COMPARISONS = ["contains", "!contains", "startswith", "!startswith"];
const MEMBERSHIPS = ["in", "in~", "!in", "!in~"];
/** Those that the estate's queries use; they work as in KQL. */
const SPOKEN = new Set(
  "tostring tolower toupper tobool isempty isnotempty isnull isnotnull array_length not coalesce iff iif".split(
    " ",
  ),
);

export function readExpression(reader: Reader): Expression {
  let left = readAnd(reader);
  for (let place = reader.peek(); reader.acceptWord("or"); place = reader.peek()) {
    left = { kind: "binary", operator: "or", left, right: readAnd(reader), place };
  }
  return left;
}

function readAnd(reader: Reader): Expression {
  let left = readComparison(reader);
  for (let place = reader.peek(); reader.acceptWord("and"); place = reader.peek()) {
    left = { kind: "binary", operator: "and", left, right: readComparison(reader), place };
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
    return { kind: "in", operator, left, options: readArguments(reader), place: token };
  }
  if (![...COMPARISONS, ...TEXT_COMPARISONS].includes(operator)) return left;
  reader.expect(token.text);
  return { kind: "binary", operator, left, right: readPath(reader), place: token };
}

/** A value followed by any number of `.name`, `['name']` and `[0]`. */
function readPath(reader: Reader): Expression {
  let value = readValue(reader);
  for (;;) {
    if (reader.accept(".")) value = propertyAt(value, reader.take("name"));
    else if (reader.accept("[")) value = readBrackets(reader, value);
    else return value;
  }
}

function readBrackets(reader: Reader, of: Expression): Expression {
  const isName = reader.peek().kind === "string";
  const token = reader.take(isName ? "string" : "number");
  reader.expect("]");
  if (isName) return { kind: "property", of, name: stringValue(token), place: token };
  return {
    kind: "index",
    of,
    index: readNumber(token),
    place: token,
  };
}

function propertyAt(of: Expression, place: Place): Expression {
  return { kind: "property", of, name: place.text, place };
}

function readValue(reader: Reader): Expression {
  if (reader.accept("(")) {
    const inner = readExpression(reader);
    reader.expect(")");
    return inner;
  }
  const { kind } = reader.peek();
  if (kind === "string") {
    const token = reader.take("string");
    return { kind: "literal", type: "string", value: stringValue(token), place: token };
  }
  if (kind === "number") return readNumber(reader.take("number"));
  const name = reader.take("name");
  if (reader.peek().text === "(") return readCall(reader, name);
  if (name.text === "true" || name.text === "false") {
    return { kind: "literal", type: "bool", value: name.text === "true", place: name };
  }
  return { kind: "column", name: name.text, place: name };
}

function readNumber(place: Token): Expression {
  const type = place.text.includes(".") ? "real" : "long";
  return { kind: "literal", type, value: Number(place.text), place };
}

function readCall(reader: Reader, name: Token): Expression {
  const known = SPOKEN.has(name.text) ? FUNCTIONS.get(name.text) : undefined;
  if (!known) throw failAt(name);
  const args = readArguments(reader);
  if (args.length < known.least || args.length > known.most) throw failAt(name);
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
