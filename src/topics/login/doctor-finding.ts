/** From the worst; "ok" is the last row of a machine that has neither errors nor warnings. */
export const SEVERITIES = ["error", "warning", "info", "ok"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing that the doctor has to say. */
export interface Finding {
  /** Stable, for scripts: "az-old". */
  id: string;
  severity: Severity;
  title: string;
  /** What was seen: the file, the variable, the number. */
  evidence: string;
  /** What to type next. */
  command?: string | undefined;
  /** Fact ids; empty where neither an article nor the wire facts say anything and the evidence speaks alone. */
  because: readonly string[];
}

/** A check that could not be made is a finding too: silence would be taken for health. */
export function cannotTell(finding: Omit<Finding, "severity" | "evidence">, reason: string): Finding {
  return { ...finding, severity: "warning", title: `cannot tell ${finding.title}`, evidence: reason };
}
