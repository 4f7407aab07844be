import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import type * as z from "zod";
import type { Env } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { ToolPlace, ToolReading } from "./tools-reading.ts";

/** The home folder in which tools keep their files; undefined when the environment names none. */
export function homeOf(env: Env): string | undefined {
  return [env["HOME"], env["USERPROFILE"]].find((each) => each !== undefined && isAbsolute(each));
}

/** The text of another tool's file; undefined when there is none. Throws AppError when it cannot be read. */
export async function readToolFile(file: string): Promise<string | undefined> {
  // Without a home folder the path is relative, and must not be looked for in the working directory.
  if (!isAbsolute(file)) return undefined;
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new AppError("failed", `${file} cannot be read (${code ?? "unknown"})`);
  }
}

/** The same, parsed; only what the schema names is kept. Throws AppError when it is something else. */
export async function readToolJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readToolFile(file);
  return text === undefined ? undefined : checkToolFile(file, schema, () => JSON.parse(text));
}

/** The parser's own message is left out: it quotes the file, which may hold secrets. */
export function checkToolFile<T>(file: string, schema: z.ZodType<T>, parse: () => unknown): T {
  try {
    return schema.parse(parse());
  } catch {
    throw new AppError("failed", `${file} is not what the tool writes`);
  }
}

/** A tool whose files cannot be read is unknown, which is an answer of its own. */
export async function orUnknown(place: ToolPlace, read: () => Promise<ToolReading>): Promise<ToolReading> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...place, state: "unknown", reason: error.message };
  }
}
