import type { Weight } from "./rules.ts";
import type { Finding } from "../lint.ts";

const COMMANDS: Readonly<Record<Weight, string>> = { error: "error", warning: "warning", info: "notice" };

/** Findings as commands of a workflow's log, one a line, which GitHub shows at their places. */
export function toGithub(findings: readonly Finding[]): string[] {
  return findings.map(({ file, rule, weight, region, text, fix }) => {
    // Columns are shown only where an annotation begins and ends on one line.
    const isOneLine = region !== undefined && region.line === region.endLine;
    const properties = {
      file: file.path,
      line: region?.line,
      endLine: region?.endLine,
      col: isOneLine ? region.column : undefined,
      endColumn: isOneLine ? region.endColumn : undefined,
      title: `kql lint: ${rule}`,
    };
    const written = Object.entries(properties).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
    );
    const where = file.path === undefined ? `${file.name}: ` : "";
    return `::${COMMANDS[weight]} ${written.join(",")}::${escapeData(`${where}${text}; ${fix}`)}`;
  });
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
