import type { Diagnosis } from "../../diagnosis.ts";

/** One thing that the doctor has to say of a registry. */
export type Finding = Diagnosis;

/** A check that could not be made is a finding too: silence would be taken for health. */
export function cannotTell(
  id: string,
  what: string,
  { reason, because = [], command }: { reason: string; because?: readonly string[]; command?: string },
): Finding {
  return { id, severity: "cannot tell", title: `cannot tell ${what}`, evidence: reason, command, because };
}
