import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as z from "zod";
import { AppError } from "../../errors.ts";
import { Region } from "./flags.ts";
import type { Way } from "./route-plan.ts";

const Routing = z.strictObject({ regions: z.record(Region, z.enum(["in", "out"])) });

const SHAPE = "write it like this: regions: {westeurope: in, northeurope: out}";

/** Which regions a file wants in routing and which out. Throws AppError "usage" unless it says exactly that. */
export async function readRouting(file: string, cwd: string): Promise<Record<string, Way>> {
  const value = await parse(await read(file, cwd), file);
  if (value === null || value === undefined) throw wrong(file, "is empty");
  const parsed = Routing.safeParse(value);
  if (!parsed.success) throw wrong(file, ...describe(parsed.error.issues));
  const { regions } = parsed.data;
  if (Object.keys(regions).length === 0) throw wrong(file, "names no region");
  return regions;
}

async function read(file: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), "utf8");
  } catch (cause) {
    throw new AppError("usage", `cannot read ${file}`, { hint: "give --file the path of a file", cause });
  }
}

async function parse(text: string, file: string): Promise<unknown> {
  const { parseDocument } = (await import("yaml")).default;
  const document = parseDocument(text, { logLevel: "error" });
  const [error] = document.errors;
  if (error?.code === "MULTIPLE_DOCS") throw wrong(file, "holds several documents");
  if (error) throw wrong(file, `cannot be read as YAML: ${firstLine(error.message)}`);
  try {
    return document.toJS();
  } catch (cause) {
    throw wrong(file, `cannot be read as YAML: ${cause instanceof Error ? firstLine(cause.message) : "?"}`);
  }
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/:$/, "");
}

/** What is wrong, and what to write instead where that is known. */
function describe(issues: readonly z.core.$ZodIssue[]): [string, string?] {
  const unknown = issues.find(({ code }) => code === "unrecognized_keys");
  if (unknown?.code === "unrecognized_keys") return [`has an unknown key "${unknown.keys[0]}"`];
  const [issue] = issues;
  const [top, region] = issue?.path.map(String) ?? [];
  if (issue?.code === "invalid_key" && region !== undefined) {
    return [`names "${region}", which is not how a region is written`, suggest(region)];
  }
  if (region !== undefined) return [`says neither in nor out of ${region}`];
  return top === undefined ? ["is no mapping with the key regions"] : ["has no regions, each in or out"];
}

function suggest(region: string): string {
  const name = region.replaceAll(/\s/g, "").toLowerCase();
  return Region.safeParse(name).success ? `write ${name}` : SHAPE;
}

function wrong(file: string, what: string, hint = SHAPE): AppError {
  return new AppError("usage", `${file} ${what}`, { hint });
}
