import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../../../context.ts";
import { decodeText, notText } from "../../../decode-text.ts";
import { AppError } from "../../../errors.ts";
import { fillQuery, readGiven } from "../catalogue/fill-query.ts";
import { findFlavour, findQuery } from "../catalogue/find-query.ts";
import type { NamedQuestion, Question } from "./result.ts";

/** What says which question it is. */
export interface QuestionInput {
  name?: string | undefined;
  file?: string | undefined;
  param: readonly string[];
  flavour?: string | undefined;
}

/** The question that was typed; throws AppError "usage" for all that can be wrong with it before anything is asked. */
export async function readQuestion(input: QuestionInput, ctx: Context): Promise<Question> {
  const { name, file, param, flavour } = input;
  if (name !== undefined && file !== undefined) {
    const message = `give the name of a query or -f, not both: ${name} and -f ${file}`;
    throw new AppError("usage", message, { hint: `azwise kql run ${name} --workspace W` });
  }
  if (name !== undefined) return readNamed(name, { param, flavour });
  if (file === undefined) {
    throw new AppError("usage", "give the name of a query, or -f with the file of one", {
      hint: "azwise kql list shows the names; azwise kql run -f FILE --workspace W asks a text",
    });
  }
  const flag = param.length > 0 ? "--param" : flavour === undefined ? undefined : "--flavour";
  if (flag === undefined) return { text: await readText(file, ctx), file };
  throw new AppError("usage", `${flag} is for a query of the catalogue; the text of -f is asked as it is`, {
    hint: `leave ${flag} away, or give a name: azwise kql list`,
  });
}

function readNamed(
  name: string,
  { param, flavour }: Pick<QuestionInput, "param" | "flavour">,
): NamedQuestion {
  if (name === "-" || /[/\\.]/.test(name)) {
    throw new AppError("usage", `no such query: ${name}`, {
      hint: `for ${name === "-" ? "standard input" : "a file"}: -f ${name}`,
    });
  }
  const query = findQuery(name);
  if (flavour !== undefined) findFlavour(query, flavour);
  const given = readGiven(param);
  for (const each of query.flavours) fillQuery(query, each, given);
  return { query, given, flavour };
}

/** Longer ones are rows or logs by mistake, and an error would repeat them. */
const LONGEST = 2_000_000;

async function readText(file: string, ctx: Context): Promise<string> {
  const read = file === "-" ? await ctx.stdinText() : await readQueryFile(resolve(ctx.cwd, file));
  const text = read.replace(/^\uFEFF/, "");
  const where = file === "-" ? "standard input" : file;
  if (text.length > LONGEST) {
    const message = `${where} has ${(text.length / 1e6).toFixed(1)} million characters, which is no query`;
    throw new AppError("usage", message, { hint: "give the file of a query, not the one with its rows" });
  }
  if (text.trim() !== "") return text;
  throw new AppError("usage", `there is no query in ${where}`, {
    hint: "azwise kql run -f FILE --workspace W",
  });
}

async function readQueryFile(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new AppError("usage", `${path} cannot be read`, {
      hint: "give the path of a file with KQL",
      cause,
    });
  }
  const text = decodeText(bytes);
  if (text === undefined) throw notText(path);
  return text;
}
