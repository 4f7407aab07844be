import { closeSync, openSync, readSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { TextDecoder } from "node:util";
import type { LogColumn } from "../../../azure/log-ports.ts";
import { createDecoder, decodeText, notText } from "../../../decode-text.ts";
import { AppError } from "../../../errors.ts";
import { deepLine, MOST_DEPTH } from "../../../kql/json-depth.ts";
import type { Json, JsonObject } from "../../../json.ts";

/** Rows of a file, as objects. */
export interface DataFile {
  /** Can be gone over again; throws AppError "usage" at a line that is no row. */
  rows: Iterable<JsonObject>;
  /** Types that the file itself tells. */
  columns: readonly LogColumn[];
  /** Why the file says of itself that it is not all: workspaces that were not answered in full. */
  lacks: readonly string[];
  /** Every value is a text, whatever it stands for: so az writes answers of workspaces. */
  isTexts: boolean;
}

/** Where the text of a file comes from, in pieces, as often as it is wanted. */
export interface TextSource {
  /** As it is called in errors. */
  name: string;
  pieces: () => Iterable<string>;
}

const PIECE_BYTES = 1024 * 1024;

/** A file is read piece by piece each time; a pipe can be read once, so its text is held. Throws AppError "usage". */
export async function sourceOfFile(path: string, name: string, signal: AbortSignal): Promise<TextSource> {
  try {
    if (statSync(path).isFile()) return { name, pieces: () => piecesOf(path, name) };
    const text = decodeText(await readFile(path, { signal }));
    if (text === undefined) throw notText(name);
    return sourceOfText(text, name);
  } catch (cause) {
    throw signal.aborted || cause instanceof AppError ? cause : unreadable(name, cause);
  }
}

export function sourceOfText(text: string, name: string): TextSource {
  return { name, pieces: () => [text.replace(/^\uFEFF/, "")] };
}

function* piecesOf(path: string, name: string): Generator<string> {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const buffer = Buffer.alloc(PIECE_BYTES);
    let decoder: TextDecoder | undefined;
    for (;;) {
      const size = readSync(file, buffer);
      const bytes = buffer.subarray(0, size);
      decoder ??= createDecoder(bytes);
      yield decoder.decode(bytes, { stream: size > 0 });
      if (size === 0) return;
    }
  } catch (cause) {
    if (cause instanceof TypeError) throw notText(name);
    throw cause instanceof AppError ? cause : unreadable(name, cause);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** What kind of file it is, by how it begins. Throws AppError "usage" for what is neither lines, a list nor a document. */
export function openData(source: TextSource): DataFile {
  const [first] = textLines(source);
  if (first === undefined) return { rows: [], columns: [], lacks: [], isTexts: false };
  const value = first.text.startsWith("[") ? undefined : tryJson(first.text);
  if (isObject(value) && !isDocument(value)) {
    return { rows: { [Symbol.iterator]: () => rowsOfLines(source) }, columns: [], lacks: [], isTexts: false };
  }
  // Whatever is no JSON in its first line may still be some over many lines.
  if (value !== undefined && deepLine(first.text) !== undefined) throw tooDeep(source, first.number);
  const whole = value ?? (/^[[{]/.test(first.text) ? parseWhole(source) : undefined);
  if (Array.isArray(whole)) return ofList(whole, source);
  if (isObject(whole) && isDocument(whole)) return ofDocument(whole, source);
  throw noRow(source, `line ${first.number}`);
}

interface TextLine {
  number: number;
  text: string;
}

/** Lines that are not blank. */
function* textLines(source: TextSource): Generator<TextLine> {
  let begun: string[] = [];
  let number = 0;
  const end = (): TextLine => ({ number: (number += 1), text: begun.join("").trim() });
  for (const piece of source.pieces()) {
    const [first = "", ...more] = piece.split("\n");
    begun.push(first);
    for (const next of more) {
      const line = end();
      if (line.text !== "") yield line;
      begun = [next];
    }
  }
  const last = end();
  if (last.text !== "") yield last;
}

function* rowsOfLines(source: TextSource): Generator<JsonObject> {
  for (const { text, number } of textLines(source)) {
    const value = tryJson(text);
    if (!isObject(value)) throw noRow(source, `line ${number}`);
    if (deepLine(text) !== undefined) throw tooDeep(source, number);
    yield value;
  }
}

/** The list that az prints names the table of the answer in each row, which is no column of the table that was asked. */
function ofList(list: readonly Json[], source: TextSource): DataFile {
  const rows = objectsOf(list, source);
  const isTexts = rows.length > 0 && rows.every(isRowOfAz);
  if (!isTexts) return { rows, columns: [], lacks: [], isTexts };
  return { rows: rows.map(withoutTable), columns: [], lacks: [], isTexts };
}

function withoutTable(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== "TableName"));
}

function isRowOfAz(row: JsonObject): boolean {
  return (
    typeof row["TableName"] === "string" &&
    Object.values(row).every((value) => value === null || typeof value === "string")
  );
}

/** What `azwise kql run -o json` printed. */
function ofDocument(document: JsonObject, source: TextSource): DataFile {
  const { rows, columns } = document;
  const named = (columns as Json[]).filter(isObject);
  return {
    rows: objectsOf(rows as Json[], source),
    columns: named.map(({ name, type }) => ({ name: String(name), type: String(type) })),
    lacks: lacksOf(document),
    isTexts: false,
  };
}

/** Of an answer from workspaces, or of azwise's own over files. */
function lacksOf({ workspaces, outcome }: JsonObject): string[] {
  const asked = Array.isArray(workspaces)
    ? workspaces.filter(isObject)
    : [{ outcome: outcome ?? "complete" }];
  return asked.flatMap(({ name, outcome: own }) =>
    own === "complete" || own === "quiet"
      ? []
      : [name === undefined ? String(own) : `${String(name)} ${String(own)}`],
  );
}

function objectsOf(list: readonly Json[], source: TextSource): JsonObject[] {
  return list.map((value, at) => {
    if (isObject(value)) return value;
    throw noRow(source, `row ${at + 1}`);
  });
}

function isDocument({ formatVersion, rows, columns }: JsonObject): boolean {
  return typeof formatVersion === "number" && Array.isArray(rows) && Array.isArray(columns);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tryJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function parseWhole(source: TextSource): Json {
  let text = "";
  try {
    text = [...source.pieces()].join("");
    const value = JSON.parse(text) as Json;
    const line = deepLine(text);
    if (line === undefined) return value;
    throw tooDeep(source, line);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause instanceof AppError ? cause : tooLong(source, cause);
    const [first] = textLines(source);
    // An object that breaks off at once is a line of its own kind, not the document of azwise.
    if (first?.text.startsWith("{") && first.text.length > 1) throw noRow(source, `line ${first.number}`);
    throw noJson(source, lineOf(cause, text));
  }
}

/** The line that a SyntaxError means; undefined when it does not say its position. */
function lineOf({ message }: SyntaxError, text: string): number | undefined {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined && !/end of JSON/.test(message)) return undefined;
  return text.slice(0, position === undefined ? undefined : Number(position)).split("\n").length;
}

const HINT = "give one JSON object a line, a list of them, or what kql run -o json printed";

function noRow({ name }: TextSource, where: string): AppError {
  return new AppError("usage", `${where} of ${name} is no JSON object`, { hint: HINT });
}

function noJson({ name }: TextSource, line: number | undefined): AppError {
  const where = line === undefined ? name : `line ${line} of ${name}`;
  return new AppError("usage", `${where} is no JSON`, { hint: HINT });
}

function tooDeep({ name }: TextSource, line: number): AppError {
  return new AppError("usage", `line ${line} of ${name} is nested deeper than ${MOST_DEPTH} brackets`, {
    hint: "leave it out, or give what is nested as a text",
  });
}

function tooLong({ name }: TextSource, cause: unknown): AppError {
  return new AppError("usage", `${name} is too long to be read as one value`, {
    hint: "give one JSON object a line: jq -c '.[]' makes such lines of a list",
    cause,
  });
}

function unreadable(name: string, cause: unknown): AppError {
  return new AppError("usage", `${name} cannot be read`, {
    hint: "give the path of a file with rows",
    cause,
  });
}
