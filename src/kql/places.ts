import { QueryError, type Place } from "./syntax.ts";

/** A `{name}` of a text, where a literal may stand. */
export interface Slot {
  name: string;
  start: number;
  end: number;
  place: Place;
}

/** Parts of a text in which nothing is a place: comments, strings, literals in brackets. As in the official lexer. */
const COMMENT = /\/\/[^\n\r\u2028\u2029]*/y;
const ESCAPE = String.raw`\\(?:["'\\abfnrtv]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3})`;
const CLOSED = new RegExp(
  [
    "[hH]?```[^]*?```",
    "[hH]?~~~[^]*?~~~",
    String.raw`[hH]?@"(?:[^"\n\r]|"")*"(?!")`,
    String.raw`[hH]?@'(?:[^'\n\r]|'')*'(?!')`,
    String.raw`[hH]?"(?:[^"\\\n\r]|${ESCAPE})*"`,
    String.raw`[hH]?'(?:[^'\\\n\r]|${ESCAPE})*'`,
    String.raw`(?:bool|boolean|date|datetime|decimal|double|guid|int|long|real|time|timespan|uniqueid|uuid)\([^)\n\r\u2028\u2029]*\)`,
  ].join("|"),
  "y",
);

/** What begins such a part; one without an end would be read in two ways. */
const BEGIN =
  /[hH]?(?:```|~~~|@?["'])|(?:bool|boolean|date|datetime|decimal|double|guid|int|long|real|time|timespan|uniqueid|uuid)\(/y;

const OPEN = /\{([A-Za-z_]\w*)\}/gy;
const ANY = /\{[A-Za-z_]\w*\}/;
const WORD = /[\w$]+/y;

/** What may stand before and after a literal, so that it cannot become part of another word or string. */
const BEFORE = /(?:^|[\s(,=<>~+\-*/%:]|\.\.)$/;
const AFTER = /^(?:$|[\s),;|=<>!+\-*/%]|\.\.)/;

/** The places of a text; throws QueryError for one that is inside a string, comment or other literal. */
export function slotsOf(text: string): Slot[] {
  const slots: Slot[] = [];
  let at = 0;
  while (at < text.length) {
    const closed = dynamicAt(text, at) ?? closedAt(text, at);
    if (closed !== undefined) refuseInside(text, at, closed);
    const open = closed === undefined ? match(OPEN, text, at) : undefined;
    if (open !== undefined) slots.push(slotAt(text, at, open));
    at += (closed ?? open ?? match(WORD, text, at) ?? " ").length;
  }
  return slots;
}

/** A text with a literal in each of its places; throws QueryError for a place without one. */
export function fill(text: string, literals: ReadonlyMap<string, string>): string {
  let filled = "";
  let done = 0;
  for (const { name, start, end, place } of slotsOf(text)) {
    const literal = literals.get(name);
    if (literal === undefined) throw new QueryError(`there is no parameter '${name}'`, place);
    filled += text.slice(done, start) + literal;
    done = end;
  }
  return filled + text.slice(done);
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function closedAt(text: string, at: number): string | undefined {
  const closed = match(COMMENT, text, at) ?? match(CLOSED, text, at);
  const begin = closed === undefined ? match(BEGIN, text, at) : undefined;
  if (begin === undefined) return closed;
  throw new QueryError(`what ${begin} begins here has no end`, placeAt(text, at, begin));
}

const DYNAMIC = /dynamic\s*\(/y;

/** `dynamic(…)` with all that is in its brackets. */
function dynamicAt(text: string, start: number): string | undefined {
  const head = match(DYNAMIC, text, start);
  if (head === undefined) return undefined;
  let at = start + head.length;
  for (let depth = 1; depth > 0 && at < text.length;) {
    const inner = closedAt(text, at);
    if (inner === undefined && text[at] === "(") depth += 1;
    if (inner === undefined && text[at] === ")") depth -= 1;
    at += inner?.length ?? 1;
  }
  return text.slice(start, at);
}

function refuseInside(text: string, start: number, closed: string): void {
  const found = ANY.exec(closed);
  if (!found) return;
  const place = placeAt(text, start + found.index, found[0]);
  throw new QueryError(`${found[0]} is inside a string, comment or other literal`, place);
}

function slotAt(text: string, start: number, open: string): Slot {
  const end = start + open.length;
  const place = placeAt(text, start, open);
  const isFree = BEFORE.test(text.slice(0, start)) && AFTER.test(text.slice(end));
  if (!isFree) throw new QueryError(`${open} needs room around it`, place);
  return { name: open.slice(1, -1), start, end, place };
}

function placeAt(text: string, offset: number, word: string): Place {
  const lines = text.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, text: word };
}
