/** From the worst; "ok" is the last row of a registry of which everything was told and nothing is wrong. */
export const SEVERITIES = ["error", "warning", "cannot tell", "info", "ok"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing that the doctor has to say of a registry. */
export interface Finding {
  /** Stable, for scripts: "out-of-routing". */
  id: string;
  severity: Severity;
  title: string;
  /** What was seen: regions, names, numbers. */
  evidence: string;
  /** What to type next; undefined where its owner has to choose first, or nothing can be typed. */
  command?: string | undefined;
  /** Fact ids; empty where the evidence speaks alone. */
  because: readonly string[];
}

/** A check that could not be made is a finding too: silence would be taken for health. */
export function cannotTell(
  id: string,
  what: string,
  { reason, because = [], command }: { reason: string; because?: readonly string[]; command?: string },
): Finding {
  return { id, severity: "cannot tell", title: `cannot tell ${what}`, evidence: reason, command, because };
}
