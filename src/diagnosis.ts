/** From the worst; "ok" is the last row where nothing is wrong. A doctor need not use all of them. */
const SEVERITIES = ["error", "warning", "cannot tell", "info", "ok"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing that a doctor has to say. */
export interface Diagnosis<Used extends Severity = Severity> {
  /** Stable, for scripts: "az-old", "out-of-routing". */
  id: string;
  severity: Used;
  title: string;
  /** What was seen: the file, the region, the number. */
  evidence: string;
  /** What to type next; undefined where its owner has to choose first, or nothing can be typed. */
  command?: string | undefined;
  /** Fact ids; empty where the evidence speaks alone. */
  because: readonly string[];
}

/** The worst first. Where nothing is more than worth knowing, `healthy` is said last. */
export function worstFirst<Used extends Severity>(
  findings: readonly Diagnosis<Used>[],
  healthy: string,
): Diagnosis<Used | "ok">[] {
  const isHealthy = findings.every(({ severity }) => severity === "info");
  const ok: Diagnosis<"ok"> = {
    id: "healthy",
    severity: "ok",
    title: healthy,
    evidence: "every check was made",
    because: [],
  };
  return [...findings, ...(isHealthy ? [ok] : [])].sort(
    (left, right) => SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity),
  );
}
