import * as z from "zod";
import type { Context } from "../../context.ts";
import { FAIL_ON_FLAG, FailOnWord, type FailOn } from "../../fail-on.ts";
import { loadParser, type Parser } from "../../kql/official.ts";
import { verb } from "../../verb.ts";
import { checkText } from "./lint/check.ts";
import { readSources, type Source, type SourceFile } from "./lint/files.ts";
import type { RuleId, Weight } from "./lint/rules.ts";
import { readKnown, type Known } from "./lint/schemas.ts";
import { regionsIn, type Region } from "./lint/source.ts";
import { viewLint } from "./lint/view.ts";

const LintInput = z.object({
  files: z.array(z.string()).min(1),
  schemaFrom: z.string().optional(),
  failOn: FailOnWord,
});
type LintInput = z.infer<typeof LintInput>;

export interface Finding {
  file: SourceFile;
  rule: RuleId;
  weight: Weight;
  /** Undefined where it is about the whole file. */
  region: Region | undefined;
  text: string;
  fix: string;
}

export interface LintResult {
  files: readonly { file: SourceFile; findings: readonly Finding[] }[];
  /** Whose tables the texts were held against; undefined for those that azwise ships. */
  workspace: string | undefined;
  failOn: FailOn;
}

async function run({ files, schemaFrom, failOn }: LintInput, ctx: Context): Promise<LintResult> {
  const known = await readKnown(schemaFrom, ctx);
  const sources = await readSources(files, ctx);
  const parser = await loadParser();
  const linted = sources.map((source) => ({ file: source, findings: lintSource(source, known, parser) }));
  return { files: linted, workspace: known.workspace, failOn };
}

function lintSource(source: Source, known: Known, parser: Parser): Finding[] {
  if ("problem" in source)
    return [unreadable(source, source.problem, "give the path of a file with KQL as UTF-8 text")];
  const regionOf = regionsIn(source.text);
  try {
    return checkText(source.text, known, parser).map(({ start, end, ...spot }) => ({
      file: source,
      ...spot,
      region: regionOf(start, end),
    }));
  } catch (error) {
    // What is nested or piped thousands of times deep does not fit on the stack, in Microsoft's parser or here.
    if (!(error instanceof RangeError)) throw error;
    return [
      unreadable(source, "it is nested too deeply to be parsed", "make it shorter, or cut it into several"),
    ];
  }
}

function unreadable(file: SourceFile, text: string, fix: string): Finding {
  return { file, rule: "unreadable", weight: "error", region: undefined, text, fix };
}

export const lint = verb({
  name: "lint",
  summary: "What is wrong with files of queries: faults, unknown names, slow and unbounded texts",
  args: ["<files...>"],
  flags: [
    {
      flag: "--schema-from <workspace>",
      summary: "know the tables of this workspace, by name or id, in place of those that azwise ships",
      once: true,
    },
    FAIL_ON_FLAG,
  ],
  examples: [
    "kql lint queries/*.kql",
    "kql lint restarts.kql --schema-from logs-shop",
    "kql lint queries/*.kql -o sarif > kql.sarif",
  ],
  details: `
- is standard input. Without --schema-from it asks no Azure and needs no sign-in; azwise then ships only some tables, so
what names others cannot be told and is info. -o sarif is a document for code scanning, -o github is annotations for a
workflow's log. Exits 3 on findings at or above --fail-on, 2 when a file cannot be read; the others are linted all the same.`,
  input: LintInput,
  formats: ["sarif", "github"],
  run,
  view: viewLint,
});
