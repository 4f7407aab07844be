import type { Diagnosis, Severity as AnySeverity } from "../../diagnosis.ts";

/** What cannot be told of a machine is a warning. */
export type Severity = Exclude<AnySeverity, "cannot tell">;

/** One thing that the doctor has to say of a machine. */
export type Finding = Diagnosis<Severity>;

/** A check that could not be made is a finding too: silence would be taken for health. */
export function cannotTell(finding: Omit<Finding, "severity" | "evidence">, reason: string): Finding {
  return { ...finding, severity: "warning", title: `cannot tell ${finding.title}`, evidence: reason };
}
