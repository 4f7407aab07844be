import { EXIT, type ExitCode } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Note, Table } from "../output/view.ts";
import type { CarriedOut } from "./carry-out.ts";
import type { Finding } from "./plan.ts";
import { outcomeNotes, outcomesTable, reportData, stepsTable } from "./report-view.ts";

/** Around a verb's own table. A pipe sees the first table only: what was done, once something was. */
export function carriedOutTables({ plan, report }: CarriedOut, own: readonly Table[]): Table[] {
  return [
    ...(report ? [outcomesTable(report)] : []),
    ...own,
    ...(report || plan.steps.length === 0 ? [] : [stepsTable(plan)]),
  ];
}

export function warningNotes(warnings: readonly Finding[]): Note[] {
  return warnings.map(({ subject, text, because }) => ({
    level: "warning",
    text: `${subject}: ${text}`,
    because,
  }));
}

/** What came of the plan, or what to type next. */
export function endNotes({ plan, report, savedTo }: CarriedOut): Note[] {
  return report ? outcomeNotes(report) : nextNotes(plan.steps.length, savedTo);
}

function nextNotes(steps: number, savedTo: string | undefined): Note[] {
  if (steps === 0) return [{ level: "info", text: "nothing to change" }];
  const next = savedTo === undefined ? "add --apply to run it" : `run it with: azwise apply ${savedTo}`;
  return [{ level: "info", text: `this is a plan, nothing was changed; ${next}`, isNext: true }];
}

export function carriedOutExit({ plan, report }: CarriedOut): ExitCode {
  if (report) return report.exit;
  return plan.steps.length > 0 ? EXIT.changes : EXIT.ok;
}

export function carriedOutData({ plan, report, savedTo }: CarriedOut): JsonObject {
  return {
    steps: plan.steps.map((step) => ({ ...step }) as unknown as JsonObject),
    warnings: plan.warnings,
    refusals: plan.refusals,
    savedTo: savedTo ?? null,
    report: report ? reportData(report) : null,
  };
}
