import { readFile } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Context } from "../../../context.ts";
import { decodeText } from "../../../decode-text.ts";

/** Where a text is from. */
export interface SourceFile {
  /** As typed. */
  name: string;
  /** From the working directory, with slashes; undefined for standard input. */
  path: string | undefined;
  /** Percent-encoded; relative to the working directory where it is below. */
  uri: string;
}

export type Source = SourceFile & ({ text: string } | { problem: string });

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder, not a file",
  EACCES: "this user may not read it",
};

/** Each file once, in the order given; `-` is standard input. What cannot be read is told, not thrown. */
export async function readSources(words: readonly string[], ctx: Context): Promise<Source[]> {
  const all = await Promise.all(words.map((word) => readSource(word, ctx)));
  return all.filter(({ uri }, index) => all.findIndex((each) => each.uri === uri) === index);
}

async function readSource(word: string, ctx: Context): Promise<Source> {
  if (word === "-") {
    const text = (await ctx.stdinText()).replace(/^\uFEFF/, "");
    return { name: "standard input", path: undefined, uri: "stdin", text };
  }
  const path = resolve(ctx.cwd, word);
  const file = { name: word, ...placeOf(path, ctx.cwd) };
  try {
    const text = decodeText(await readFile(path));
    return text === undefined ? { ...file, problem: "it is not UTF-8 text" } : { ...file, text };
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return { ...file, problem: PROBLEMS[code] ?? `it cannot be read (${code})` };
  }
}

function placeOf(path: string, cwd: string): { path: string; uri: string } {
  const below = relative(cwd, path);
  const slashed = below.split(sep).join("/");
  const isBelow = below !== "" && !isAbsolute(below) && !/^\.\.(?:\/|$)/.test(slashed);
  const uri = isBelow ? slashed.split("/").map(encodeURIComponent).join("/") : pathToFileURL(path).href;
  return { path: slashed, uri };
}
