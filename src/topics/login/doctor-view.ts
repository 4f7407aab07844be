import { EXIT } from "../../errors.ts";
import { isGated } from "../../fail-on.ts";
import type { Note, Row, Tone, View } from "../../output/view.ts";
import type { DoctorResult } from "./doctor.ts";
import type { Fastest } from "./doctor-fastest.ts";
import type { Finding, Severity } from "./doctor-finding.ts";

const TONES: Readonly<Record<Severity, Tone>> = { error: "bad", warning: "warn", info: "dim", ok: "good" };

export function viewDoctor({ findings, fastest, failOn }: DoctorResult): View {
  const counted = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    data: {
      failOn,
      counts: { error: counted("error"), warning: counted("warning"), info: counted("info") },
      findings: findings.map(({ id, severity, title, evidence, command, because }) => ({
        id,
        severity,
        title,
        evidence,
        command: command ?? null,
        because: [...because],
      })),
      fastest: { azwise: fastest.azwise, az: fastest.az ?? null, because: fastest.because },
    },
    tables: [
      {
        columns: [{ header: "severity" }, { header: "check" }, { header: "finding" }, { header: "next" }],
        rows: findings.map(toRow),
      },
    ],
    notes: fastestNotes(fastest),
    exit: findings.some(({ severity }) => isGated(severity, failOn)) ? EXIT.changes : EXIT.ok,
  };
}

function toRow({ id, severity, title, evidence, command, because }: Finding): Row {
  const cells = [{ text: severity, tone: TONES[severity] }, id, `${title}: ${evidence}`, command ?? null];
  return { cells, because };
}

/** Notes, because a command that a table wraps cannot be copied. */
function fastestNotes({ az, azwise, because }: Fastest): Note[] {
  const note = (tool: string, command: string): Note => ({
    level: "info",
    text: `fastest sign-in with ${tool}: ${command}`,
    because,
  });
  return [...(az === undefined ? [] : [note("az", az)]), note("azwise", azwise)];
}
