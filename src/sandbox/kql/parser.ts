import type { Expression, Named, Operator, SortKey } from "../../kql/syntax.ts";
import { readExpression } from "./expression-parser.ts";
import { failAt, readTokens, type Token } from "./lexer.ts";
import { createReader, type Reader } from "./reader.ts";

const TABLES = ["resources", "recoveryservicesresources"] as const;

export type TableName = (typeof TABLES)[number];

/** The table that a query reads; throws QueryError for one that the sandbox does not have. */
export function tableOf(text: string): TableName {
  return readTable(createReader(readTokens(text)));
}

function readTable(reader: Reader): TableName {
  const word = reader.take("name");
  const table = TABLES.find((each) => each === word.text.toLowerCase());
  if (table === undefined) throw failAt(word);
  return table;
}

/** Reads a query over a table; throws QueryError for anything the sandbox does not speak. */
export function parseQuery(text: string): Operator[] {
  const reader = createReader(readTokens(text));
  readTable(reader);
  const operators: Operator[] = [];
  while (reader.accept("|")) operators.push(readOperator(reader));
  reader.take("end");
  return operators;
}

function readOperator(reader: Reader): Operator {
  const word = reader.take("name");
  switch (word.text) {
    case "where":
      return { kind: "where", condition: readExpression(reader) };
    case "extend":
    case "project":
      return { kind: word.text, columns: readNamedList(reader) };
    case "order":
    case "sort":
      return readOrder(reader);
    case "summarize":
      return readSummarize(reader);
    case "take":
    case "limit":
      return readTake(reader.take("number"));
    default:
      throw failAt(word);
  }
}

function readNamedList(reader: Reader): Named[] {
  const columns: Named[] = [];
  do columns.push(readNamed(reader, columns.length));
  while (reader.accept(","));
  return columns;
}

function readNamed(reader: Reader, position: number): Named {
  if (reader.peek().kind === "name" && reader.peek(1).text === "=") {
    const name = reader.take("name").text;
    reader.expect("=");
    return { names: [name], value: readExpression(reader) };
  }
  const value = readExpression(reader);
  return { names: [nameFor(value) ?? `Column${position + 1}`], value };
}

/** Unnamed columns are called after the path they come from. */
function nameFor(value: Expression): string | undefined {
  if (value.kind === "column") return value.name;
  if (value.kind === "property") return join(nameFor(value.of), value.name);
  if (value.kind === "index") {
    return join(nameFor(value.of), value.index.kind === "literal" ? String(value.index.value) : "");
  }
  const [first] = value.kind === "call" ? value.args : [];
  return value.kind === "call" && value.name.startsWith("to") && first ? nameFor(first) : undefined;
}

function join(left: string | undefined, right: string): string | undefined {
  return left === undefined ? undefined : `${left}_${right}`;
}

function readTake(place: Token): Operator {
  return { kind: "take", count: { kind: "literal", type: "long", value: Number(place.text), place }, place };
}

function readOrder(reader: Reader): Operator {
  reader.expectWord("by");
  const keys: SortKey[] = [];
  do {
    const value = readExpression(reader);
    const ascending = reader.acceptWord("asc");
    if (!ascending) reader.acceptWord("desc");
    // Without a word the order is descending.
    keys.push({ value, isDescending: !ascending, nullsFirst: ascending });
  } while (reader.accept(","));
  return { kind: "order", keys };
}

function readSummarize(reader: Reader): Operator {
  const isNamed = reader.peek(1).text === "=";
  const count = isNamed ? reader.take("name").text : "count_";
  if (isNamed) reader.expect("=");
  const place = reader.peek();
  reader.expectWord("count");
  reader.expect("(");
  reader.expect(")");
  const value: Expression = { kind: "call", name: "count", args: [], place };
  const by = reader.acceptWord("by") ? readNamedList(reader) : [];
  return { kind: "summarize", columns: [{ names: [count], value }], by };
}
