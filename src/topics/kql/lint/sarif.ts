import { cite } from "../../../docs/cite.ts";
import type { JsonObject } from "../../../json.ts";
import { version } from "../../../version.ts";
import type { SourceFile } from "./files.ts";
import { RULES, type Rule, type Weight } from "./rules.ts";
import type { Region } from "./source.ts";
import type { Finding } from "../lint.ts";

const LEVELS: Readonly<Record<Weight, string>> = { error: "error", warning: "warning", info: "note" };
const IDS = Object.keys(RULES);

/** Findings as SARIF 2.1.0, with every rule and its sources. */
export function toSarif(findings: readonly Finding[], exit: number): JsonObject {
  const unread = findings.filter(({ rule }) => rule === "unreadable");
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "azwise kql lint", version, rules: Object.entries(RULES).map(toRule) } },
        invocations: [
          {
            executionSuccessful: unread.length === 0,
            exitCode: exit,
            toolExecutionNotifications: unread.map((each) => ({
              level: "error",
              message: { text: `${each.file.name}: ${each.text}` },
              locations: [toLocation(each)],
            })),
          },
        ],
        columnKind: "utf16CodeUnits",
        newlineSequences: ["\r\n", "\n", "\r"],
        results: findings.map(toResult),
      },
    ],
  };
}

function toRule([id, { weight, summary, fix, because }]: [string, Rule]): JsonObject {
  const sources = because.map((each) => {
    const { text, article, section } = cite(each);
    return `${text} (${article}, ${section}; azwise docs show ${each})`;
  });
  return {
    id,
    shortDescription: { text: `${summary}.` },
    // Code scanning wants both descriptions.
    fullDescription: { text: `${summary}. To mend it: ${fix}.` },
    help: { text: [`To mend it: ${fix}.`, ...sources].join("\n") },
    defaultConfiguration: { level: LEVELS[weight] ?? "none" },
  };
}

function toResult(finding: Finding): JsonObject {
  const { rule, weight, text, fix } = finding;
  return {
    ruleId: rule,
    ruleIndex: IDS.indexOf(rule),
    level: LEVELS[weight] ?? "none",
    message: { text: `${text}; ${fix}` },
    locations: [toLocation(finding)],
  };
}

function toLocation({ file, region }: { file: SourceFile; region: Region | undefined }): JsonObject {
  const { uri } = file;
  const isAbsolute = uri.startsWith("file:");
  return {
    physicalLocation: {
      artifactLocation: isAbsolute ? { uri } : { uri, uriBaseId: "%SRCROOT%" },
      ...(region && {
        region: {
          startLine: region.line,
          startColumn: region.column,
          endLine: region.endLine,
          endColumn: region.endColumn,
        },
      }),
    },
  };
}
