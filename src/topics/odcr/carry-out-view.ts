import { EXIT, type ExitCode } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import type { Cell, Note, Table } from "../../output/view.ts";
import type { Finding } from "../../plan/plan.ts";
import { outcomeNotes, outcomesTable, reportData, stepsTable } from "../../plan/report-view.ts";
import type { CarriedOut } from "./carry-out.ts";
import { coverageOf, coverageTable } from "./coverage.ts";
import type { Leaving } from "./detach-verdict.ts";
import type { Action } from "./plan-verdict.ts";

/** What an action does to the VM that it is decided for. */
export const IMPACT: Readonly<Record<Action | Leaving, Cell>> = {
  attach: { text: "none", tone: "good" },
  detach: { text: "none", tone: "good" },
  "nothing to do": { text: "none", tone: "dim" },
  restart: { text: "restart", tone: "warn" },
  "not needed": { text: "none", tone: "dim" },
  "left alone": { text: "restart", tone: "warn" },
  refused: { text: "impossible", tone: "bad" },
};

/** Around a verb's own table. A pipe sees the first table only: what was done, once something was. */
export function carriedOutTables(result: CarriedOut, own: readonly Table[]): Table[] {
  const { plan, report, after } = result;
  return [
    ...(report ? [outcomesTable(report)] : []),
    ...own,
    ...(report || plan.steps.length === 0 ? [] : [stepsTable(plan)]),
    ...(after
      ? [{ ...coverageTable(after.flatMap((group) => coverageOf(group))), title: "Coverage now" }]
      : []),
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
export function endNotes({ plan, report, savedTo, unread }: CarriedOut): Note[] {
  return [
    ...(report ? outcomeNotes(report) : nextNotes(plan.steps.length, savedTo)),
    ...(unread === undefined
      ? []
      : [{ level: "warning" as const, text: `the coverage afterwards could not be read: ${unread}` }]),
  ];
}

function nextNotes(steps: number, savedTo: string | undefined): Note[] {
  if (steps === 0) return [{ level: "info", text: "nothing to change" }];
  const next = savedTo === undefined ? "add --apply to run it" : `run it with: azwise apply ${savedTo}`;
  return [{ level: "info", text: `this is a plan, nothing was changed; ${next}` }];
}

export function carriedOutExit({ plan, report }: CarriedOut): ExitCode {
  if (report) return report.exit;
  return plan.steps.length > 0 ? EXIT.changes : EXIT.ok;
}

export function carriedOutData({ plan, report, after, savedTo }: CarriedOut): JsonObject {
  return {
    steps: plan.steps.map((step) => ({ ...step }) as unknown as JsonObject),
    warnings: plan.warnings,
    refusals: plan.refusals,
    savedTo: savedTo ?? null,
    report: report ? reportData(report) : null,
    coverage: after
      ? after.flatMap((group) => coverageOf(group)).map((each) => ({ ...each }) as unknown as JsonObject)
      : null,
  };
}
