import { QueryError, type Place } from "../../kql/syntax.ts";

export interface Token extends Place {
  kind: "name" | "string" | "number" | "symbol" | "end";
}

/** What Resource Graph answers at a place that it cannot read. */
export function failAt(place: Place): QueryError {
  return new QueryError("ParserFailure", place);
}

const BLANK = /(?:\s|\/\/[^\n]*)+/y;

const KINDS: readonly [Token["kind"], RegExp][] = [
  ["string", /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y],
  ["string", /@'(?:[^'\n]|'')*'|@"(?:[^"\n]|"")*"/y],
  ["number", /-?\d+(?:\.\d+)?(?![A-Za-z_\d])/y],
  ["symbol", /!?(?:in|contains|startswith)(?:~|_cs)?(?![A-Za-z_\d~])/y],
  ["name", /[A-Za-z_$][\w$]*/y],
  ["symbol", /==|=~|!=|!~|<=|>=|[<>=|(),.[\]]/y],
];

/** Splits a query into tokens; throws QueryError at the first character that belongs to none. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = skip(text, 0);
  while (at < text.length) {
    const token = readToken(text, at);
    tokens.push(token);
    at = skip(text, at + token.text.length);
  }
  return [...tokens, { kind: "end", text: "<EOF>", ...placeOf(text, at) }];
}

function skip(text: string, at: number): number {
  return at + (match(BLANK, text, at)?.length ?? 0);
}

function readToken(text: string, at: number): Token {
  for (const [kind, pattern] of KINDS) {
    const found = match(pattern, text, at);
    if (found !== undefined) return { kind, text: found, ...placeOf(text, at) };
  }
  throw failAt({ text: text.charAt(at), ...placeOf(text, at) });
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const lines = text.slice(0, at).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

/** What a string literal stands for. */
export function stringValue({ text }: Token): string {
  if (text.startsWith("@")) {
    const quote = text.charAt(1);
    return text.slice(2, -1).replaceAll(quote + quote, quote);
  }
  return text.slice(1, -1).replaceAll(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}
