import { EXIT, type ExitCode } from "../../../errors.ts";
import { isGated } from "../../../fail-on.ts";
import type { JsonObject } from "../../../json.ts";
import type { Note, Row, Tone, View } from "../../../output/view.ts";
import { toGithub } from "./github.ts";
import { RULES, type Weight } from "./rules.ts";
import { toSarif } from "./sarif.ts";
import type { Finding, LintResult } from "../lint.ts";

const TONES: Readonly<Record<Weight, Tone>> = { error: "bad", warning: "warn", info: "dim" };

export function viewLint(result: LintResult): View {
  const { files, workspace, failOn } = result;
  const findings = files.flatMap((each) => each.findings);
  const exit = exitOf(findings, failOn);
  return {
    data: {
      schemaFrom: workspace ?? null,
      failOn,
      counts: countsOf(findings),
      files: files.map((each) => ({ file: each.file.name, findings: each.findings.map(toJson) })),
    },
    tables: [
      {
        columns: [
          { header: "place" },
          { header: "severity" },
          { header: "rule" },
          { header: "finding" },
          { header: "fix" },
        ],
        rows: findings.map(toRow),
      },
    ],
    notes: [summaryOf(files.length, findings)],
    documents: { sarif: toSarif(findings, exit), github: toGithub(findings) },
    exit,
  };
}

/** Less was done than asked for where a file was not read, whatever the others have. */
function exitOf(findings: readonly Finding[], failOn: LintResult["failOn"]): ExitCode {
  if (findings.some(({ rule }) => rule === "unreadable")) return EXIT.usage;
  return findings.some(({ weight }) => isGated(weight, failOn)) ? EXIT.changes : EXIT.ok;
}

function countsOf(findings: readonly Finding[]): Record<Weight, number> {
  const count = (wanted: Weight): number => findings.filter(({ weight }) => weight === wanted).length;
  return { error: count("error"), warning: count("warning"), info: count("info") };
}

function summaryOf(files: number, findings: readonly Finding[]): Note {
  const { error, warning, info } = countsOf(findings);
  const where = files === 1 ? "1 file" : `${files} files`;
  if (findings.length === 0) return { level: "info", text: `${where}, and nothing to be said` };
  return { level: "info", text: `${where}: ${error} error, ${warning} warning, ${info} info` };
}

function toRow({ file, rule, weight, region, text, fix }: Finding): Row {
  const place = region === undefined ? file.name : `${file.name}:${region.line}:${region.column}`;
  return {
    cells: [place, { text: weight, tone: TONES[weight] }, rule, text, fix],
    because: RULES[rule].because,
  };
}

function toJson({ rule, weight, region, text, fix }: Finding): JsonObject {
  return {
    rule,
    severity: weight,
    line: region?.line ?? null,
    column: region?.column ?? null,
    endLine: region?.endLine ?? null,
    endColumn: region?.endColumn ?? null,
    text,
    fix,
    because: [...RULES[rule].because],
  };
}
