import * as z from "zod";
import type { Flag } from "./verb.ts";

/** Severities of a doctor's findings, from the worst, and the word for no gate at all. */
const GATES = ["error", "warning", "info", "none"] as const;
export type FailOn = (typeof GATES)[number];

export const FailOnWord = z.enum(GATES, { error: "use error, warning, info or none" }).default("warning");

export const FAIL_ON_FLAG: Flag = {
  flag: "--fail-on <severity>",
  summary: "exit 3 from this severity upwards: error, warning, info or none (default warning)",
};

/** Whether a finding of this severity is at or above the gate; other words than severities never are. */
export function isGated(severity: string, failOn: FailOn): boolean {
  if (failOn === "none") return false;
  const rank = GATES.findIndex((each) => each === severity);
  return rank !== -1 && rank <= GATES.indexOf(failOn);
}
