import type { Severity } from "../../diagnosis.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { isGated } from "../../fail-on.ts";
import type { Row, Tone, View } from "../../output/view.ts";
import type { Finding } from "./doctor-finding.ts";
import type { DoctorResult } from "./doctor.ts";
import { homeNotes } from "./replica-notes.ts";

const TONES: Readonly<Record<Severity, Tone>> = {
  error: "bad",
  warning: "warn",
  "cannot tell": "warn",
  info: "dim",
  ok: "good",
};

export function viewDoctor(result: DoctorResult): View {
  const { examined, findings, failOn } = result;
  const { registry, replicas } = examined;
  const counted = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    data: {
      registry: { id: registry.id, name: registry.name, loginServer: registry.loginServer },
      failOn,
      counts: {
        error: counted("error"),
        warning: counted("warning"),
        info: counted("info"),
        cannotTell: counted("cannot tell"),
      },
      findings: findings.map(({ id, severity, title, evidence, command, because }) => ({
        id,
        severity,
        title,
        evidence,
        command: command ?? null,
        because: [...because],
      })),
    },
    tables: [
      {
        columns: [
          { header: "severity" },
          { header: "check" },
          { header: "finding" },
          { header: "next", whole: true },
        ],
        rows: findings.map(toRow),
      },
    ],
    notes: "value" in replicas ? homeNotes({ replicas: replicas.value }) : [],
    exit: exitOf(result),
  };
}

function toRow({ id, severity, title, evidence, command, because }: Finding): Row {
  const cells = [{ text: severity, tone: TONES[severity] }, id, `${title}: ${evidence}`, command ?? null];
  return { cells, because };
}

function exitOf({ findings, failOn }: DoctorResult): ExitCode {
  if (findings.some(({ severity }) => isGated(severity, failOn))) return EXIT.changes;
  return findings.some(({ severity }) => severity === "cannot tell") ? EXIT.partial : EXIT.ok;
}
