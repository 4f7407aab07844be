import { EXIT } from "../../errors.ts";
import type { Note, Tone, View } from "../../output/view.ts";
import type { Answer } from "../../azure/permissions.ts";
import type { CheckResult } from "./check.ts";

const TONES: Record<Answer, Tone> = { yes: "good", no: "bad", "cannot tell": "warn" };

export function viewCheck({ findings, aboutMachines }: CheckResult): View {
  const count = (wanted: Answer): number => findings.filter(({ answer }) => answer === wanted).length;
  const answers = { yes: count("yes"), no: count("no"), cannotTell: count("cannot tell") };
  const exit = answers.no > 0 ? EXIT.changes : answers.cannotTell > 0 ? EXIT.partial : EXIT.ok;
  return {
    data: { answers, findings: findings.map((each) => ({ ...each })) },
    tables: [
      {
        columns: [{ header: "About" }, { header: "Question" }, { header: "Answer" }, { header: "Detail" }],
        rows: findings.map(({ about, question, answer, detail, because }) => ({
          cells: [about, question, { text: answer, tone: TONES[answer] }, detail],
          because,
        })),
      },
    ],
    notes: notesOf(aboutMachines),
    exit,
  };
}

function notesOf(aboutMachines: boolean): Note[] {
  const capacity: Note = {
    level: "info",
    text: "whether capacity is there cannot be asked: quota and offers do not hold hardware, only trying tells",
    because: ["odcr/quota-is-a-credit-limit", "odcr/causes-of-failure"],
  };
  const joining: Note = { level: "info", text: "which of the VMs can join, and how: azwise odcr attach" };
  return aboutMachines ? [capacity, joining] : [capacity];
}
