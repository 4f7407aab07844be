import { lineAt, type Parser } from "../../../kql/official.ts";

/** From one, in UTF-16 code units; the end is behind the last one. */
export interface Region {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** Line ends as editors count them; the language's own further ones end no line of a file. */
const LINE_END = /\r\n|[\n\r]/g;

/** Places of offsets in a text. */
export function regionsIn(text: string): (start: number, end: number) => Region {
  const starts = [0, ...[...text.matchAll(LINE_END)].map((each) => each.index + each[0].length)];
  const placeOf = (offset: number): [line: number, column: number] => {
    const line = lineAt(starts, offset);
    return [line + 1, offset - (starts[line] ?? 0) + 1];
  };
  return (start, end) => {
    const isBlank = text.slice(start, end).trim() === "";
    const [line, column] = placeOf(start);
    const [endLine, endColumn] = isBlank ? [line, column] : placeOf(end);
    return { line, column, endLine, endColumn };
  };
}

/** A query, and where it begins in its file. */
export interface Piece {
  text: string;
  start: number;
}

/** The queries of a file: one, unless blank lines stand between several that are no query together. */
export function queriesIn(text: string, parser: Parser): readonly Piece[] {
  const faultsIn = (part: string): number => parser.parse(part).diagnostics.length;
  const whole = faultsIn(text);
  const pieces = whole === 0 ? [] : piecesOf(text);
  const faults = pieces.map((each) => faultsIn(each.text));
  // All of them faulty may well be one that was cut where it goes on.
  const isBetter = faults.includes(0) || faults.reduce((sum, each) => sum + each, 0) <= whole;
  return pieces.length > 1 && isBetter ? pieces : [{ text, start: 0 }];
}

/** Comments, strings, and two or more line ends with nothing else between them. */
const TOKEN =
  /(?<comment>\/\/[^\r\n]*)|```[^]*?```|~~~[^]*?~~~|@"(?:[^"\r\n]|"")*"|@'(?:[^'\r\n]|'')*'|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'|(?<blank>(?:\r\n|[\n\r])[ \t]*(?:\r\n|[\n\r])\s*)/g;

/** Parts between blank lines, put together again where one goes on in the next. */
function piecesOf(text: string): Piece[] {
  const ends = [...text.matchAll(TOKEN)].flatMap((each) =>
    each.groups?.["blank"] === undefined ? [] : [each.index + each[0].length],
  );
  const bounds = [...new Set([0, ...ends, text.length])];
  const pieces: (Piece & { bare: string })[] = [];
  for (const [index, start] of bounds.slice(0, -1).entries()) {
    const part = text.slice(start, bounds[index + 1]);
    const bare = bareOf(part);
    const last = pieces.at(-1);
    if (last && goesOn(last.bare, bare)) {
      last.text += part;
      last.bare = `${last.bare}\n${bare}`.trim();
    } else {
      pieces.push({ text: part, start, bare });
    }
  }
  return pieces;
}

/** What of a text is neither comment nor string. */
function bareOf(text: string): string {
  return text
    .replaceAll(TOKEN, (token: string) => (token.startsWith("//") ? "" : token.trim() === "" ? "\n" : '""'))
    .trim();
}

function goesOn(before: string, after: string): boolean {
  if (before === "" || after === "") return true;
  return /[;|,=([{]$/.test(before) || /^[|,)\]}]/.test(after) || depthOf(before) > 0;
}

/** No query that means something comes near; the parser takes a minute for more, and then has no stack left. */
const MOST_NESTED = 1000;

/** Throws RangeError for brackets in brackets beyond what the parser can hold. */
export function refuseDeep(text: string): void {
  let depth = 0;
  for (const [bracket] of bareOf(text).matchAll(/[([{)\]}]/g)) {
    depth += /[([{]/.test(bracket) ? 1 : -1;
    if (depth > MOST_NESTED) throw new RangeError("brackets are nested too deeply");
  }
}

function depthOf(bare: string): number {
  return (bare.match(/[([{]/g)?.length ?? 0) - (bare.match(/[)\]}]/g)?.length ?? 0);
}
