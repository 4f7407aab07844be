import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import { readList } from "./list-plan.ts";

/** One event as it was written, or why it is none. */
export type Piece = Place & ({ text: string } | { problem: string });

export interface Place {
  /** Counted from one, over the whole input. */
  event: number;
  /** The line on which it begins, counted from one. */
  line: number;
}

/** A piece before it is counted. */
export type Found = { line: number } & ({ text: string } | { problem: string });

/**
 * The events of a file or of standard input (`-`): an object in each line, one object over several lines, or one list.
 * A file is read as a stream. Throws AppError "usage" when it cannot be read, or is not UTF-8.
 */
export async function* readEvents(file: string, ctx: Context): AsyncGenerator<Piece> {
  let event = 0;
  for await (const found of piecesOf(linesOf(textsOf(file, ctx)))) {
    event += 1;
    yield { event, ...found };
  }
}

async function* textsOf(file: string, ctx: Context): AsyncGenerator<string> {
  if (file === "-") {
    yield (await ctx.stdinText()).replace(/^\uFEFF/, "");
    return;
  }
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of createReadStream(resolve(ctx.cwd, file))) {
      yield decoder.decode(chunk as Uint8Array, { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    if (cause instanceof TypeError) {
      throw new AppError("usage", `${file} is not UTF-8; nothing was sent`, {
        hint: "save it as UTF-8; in PowerShell: Set-Content -Encoding utf8",
        cause,
      });
    }
    throw new AppError("usage", `${file} cannot be read`, { hint: "give the path of a file, or -", cause });
  }
}

interface Line {
  line: number;
  text: string;
}

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<Line> {
  let line = 1;
  let rest = "";
  for await (const text of texts) {
    const [first = "", ...others] = text.split("\n");
    rest += first;
    for (const next of others) {
      yield { line, text: rest };
      line += 1;
      rest = next;
    }
  }
  yield { line, text: rest };
}

/** What stands on the first line tells how the rest is to be read. */
async function* piecesOf(lines: AsyncGenerator<Line>): AsyncGenerator<Found> {
  for await (const { line, text } of lines) {
    const trimmed = text.trim();
    if (trimmed === "") continue;
    if (trimmed.startsWith("[")) yield* listOf({ line, text }, lines);
    else if (trimmed.startsWith("{") && !trimmed.endsWith("}")) yield await objectOf({ line, text }, lines);
    else yield* eachLine({ line, text }, lines);
    return;
  }
}

async function* listOf(first: Line, rest: AsyncIterable<Line>): AsyncGenerator<Found> {
  const list = readList();
  yield* list.read(first);
  for await (const line of rest) yield* list.read(line);
  yield* list.end();
}

async function objectOf(first: Line, rest: AsyncIterable<Line>): Promise<Found> {
  const texts = [first.text];
  for await (const { text } of rest) texts.push(text);
  return { line: first.line, text: onOneLine(texts.join(" ")) };
}

async function* eachLine(first: Line, rest: AsyncIterable<Line>): AsyncGenerator<Found> {
  yield { line: first.line, text: onOneLine(first.text) };
  for await (const { line, text } of rest) {
    if (text.trim() !== "") yield { line, text: onOneLine(text) };
  }
}

/** JSON has line ends between its words alone. */
function onOneLine(text: string): string {
  return text.replaceAll("\r", " ").trim();
}
