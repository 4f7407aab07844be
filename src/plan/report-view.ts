import { adviseOn } from "../advice.ts";
import type { JsonObject } from "../json.ts";
import type { Note, Row, Table } from "../output/view.ts";
import type { Report } from "./apply.ts";
import type { StepOutcome } from "./execute.ts";
import { nameOf } from "../resource-id.ts";
import { FELL_BACK, GONE, NOT_NEEDED, NOTHING_SENT } from "./notes.ts";
import { describeDifference } from "./observe.ts";
import type { Plan, Step } from "./plan.ts";
import { isDrift, pursuitData, pursuitNotes, pursuitQuestion } from "./pursuit-view.ts";

/** What a person is asked before a plan is run. */
export function runQuestion({ steps, pursuit }: Plan): string {
  if (pursuit) return pursuitQuestion(pursuit);
  return steps.length === 1 ? "Run this step?" : `Run these ${steps.length} steps?`;
}

/** The steps of a plan that was not run. */
export function stepsTable(plan: Plan): Table {
  return {
    title: "Steps",
    columns: [{ header: "#", align: "right" }, { header: "step" }, { header: "impact" }],
    rows: plan.steps.map((step, index) => ({
      cells: [index + 1, step.title, impactCell(step)],
      because: step.because,
    })),
  };
}

function impactCell({ impact }: Step): Row["cells"][number] {
  return impact === "none" ? "none" : { text: impact, tone: "warn" };
}

/** What became of each step. */
export function outcomesTable(report: Report): Table {
  return {
    title: `Run ${report.runId}`,
    columns: [
      { header: "#", align: "right" },
      { header: "step" },
      { header: "result" },
      { header: "detail" },
    ],
    rows: report.outcomes.map((outcome, index) => ({
      cells: [index + 1, outcome.step.title, resultCell(outcome), detailOf(outcome)],
      because: outcome.step.because,
    })),
  };
}

function resultCell({ status }: StepOutcome): Row["cells"][number] {
  if (status === "done") return { text: status, tone: "good" };
  return { text: status, tone: status === "failed" ? "bad" : "warn" };
}

function detailOf({ failure, note }: StepOutcome): string {
  const parts = [
    failure && `${failure.code === undefined ? "" : `${failure.code}: `}${failure.message}`,
    failure?.hint,
    note,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join("; ");
}

/** Warnings that follow from what failed, with the options the documentation gives. */
export function outcomeNotes(report: Report): Note[] {
  if (report.pursuit) return [...stopNotes(report), ...pursuitNotes(report, report.pursuit)];
  const codes = new Set(report.outcomes.map(({ failure }) => failure?.code));
  const advice = [...codes].flatMap(adviseOn);
  const left = report.outcomes.filter(({ status }) => status !== "done").length;
  return [
    ...report.outcomes.filter((each) => isLeftStopped(each, report.outcomes)).map(stoppedNote),
    ...report.outcomes.flatMap((each) => unusedUnitNotes(each, report)),
    ...report.outcomes.flatMap(failureNotes),
    ...mismatchNotes(report),
    ...unwrittenNotes(report),
    ...advice.map(({ text, because }) => ({ level: "warning" as const, text, because })),
    ...untouchedNotes(report),
    ...endNotes(report, left),
  ];
}

function untouchedNotes({ interrupted, outcomes }: Report): Note[] {
  if (!interrupted || outcomes.some(({ status }) => status !== "not tried")) return [];
  return [{ level: "warning", text: "interrupted before the first step; nothing was changed", because: [] }];
}

function mismatchNotes({ mismatches }: Report): Note[] {
  return mismatches.map((difference) => ({
    level: "warning",
    text: `after the last step ${difference.path}: ${describeDifference(difference)}`,
    because: ["azure-wire/verify-after-write"],
  }));
}

/** Refusals of tries have a table of their own; what stopped the run is told in full. */
function stopNotes(report: Report): Note[] {
  const stopping = report.pursuit?.end === "stopped" ? report.outcomes.flatMap(failureNotes) : [];
  return [...stopping, ...mismatchNotes(report), ...unreadNotes(report), ...unwrittenNotes(report)];
}

/** Whoever resumes such a run finds less than was done, so what has to be done is told as a command, too. */
export function unwrittenNotes({ unwritten, outcomes }: Report): Note[] {
  if (unwritten === undefined) return [];
  const left = outcomes.filter(({ step, status }) => step.mustFollow !== undefined && status !== "done");
  const byHand = left.flatMap(({ step }) => step.byHand ?? []);
  const how = byHand.length === 0 ? "" : `; by hand: ${byHand.join("; ")}`;
  return [{ level: "warning", text: `${unwritten}, so it does not tell all of this${how}`, because: [] }];
}

function unreadNotes({ unread }: Report): Note[] {
  if (unread === undefined) return [];
  const text = `the state could not be read back: ${unread}`;
  return [{ level: "warning", text, because: ["azure-wire/verify-after-write"] }];
}

function endNotes(report: Report, left: number): Note[] {
  const { outcomes, mismatches, unread, runId, plan } = report;
  const next = isDrift(report)
    ? `make a new plan: ${plan.command}`
    : `go on with: azwise runs resume ${runId}`;
  const rest = `${left} of ${outcomes.length} steps not done; ${next}`;
  const notes: Note[] = left === 0 ? [] : [{ level: "warning", text: rest }];
  if (unread !== undefined) return [...unreadNotes(report), ...notes];
  if (left > 0 || mismatches.length > 0) return notes;
  return [{ level: "info", text: "every step was read back and is as asked" }];
}

/** A start that failed although its stop was not tried: then an earlier run had begun the stop. */
function isLeftStopped(start: StepOutcome, outcomes: readonly StepOutcome[]): boolean {
  const { step, status } = start;
  if (step.kind !== "start" || step.mustFollow === undefined || status === "done") return false;
  if (start.note?.startsWith(FELL_BACK)) return false;
  const stop = outcomes.find((each) => each.step.id === step.mustFollow);
  if (stop?.status === "not tried") return status === "failed";
  return mayHaveActed(stop) || (status === "failed" && mayHaveActed(start));
}

function mayHaveActed(outcome: StepOutcome | undefined): boolean {
  if (outcome === undefined || outcome.status === "not tried") return false;
  return (
    outcome.note !== NOT_NEEDED && outcome.note !== GONE && outcome.note?.startsWith(NOTHING_SENT) !== true
  );
}

function stoppedNote({ step: { resource } }: StepOutcome): Note {
  const text = `${nameOf(resource)} is stopped now: start it with az vm start --ids ${resource}`;
  return { level: "warning", text, because: [] };
}

/** A unit is acquired before its VM is stopped; where the stop was not reached, it is billed and unused. */
function unusedUnitNotes({ step: raise, status }: StepOutcome, report: Report): Note[] {
  const { outcomes, runId, plan } = report;
  if (raise.kind !== "raise" || status !== "done") return [];
  const stop = outcomes.find(({ step }) => isStopFor(step, raise));
  // One that is not ready finds that another VM has the unit.
  if (stop === undefined || stop.status === "done" || stop.failure?.code === "NotReady") return [];
  const text =
    `one unit of ${nameOf(raise.resource)} is billed for ${nameOf(stop.step.resource)}, which does not use it yet: ` +
    (isDrift(report)
      ? `a new plan tells what becomes of it: ${plan.command}`
      : `azwise runs resume ${runId} restarts the VM into it`);
  return [{ level: "warning", text, because: ["odcr/billing-starts-with-quantity"] }];
}

function isStopFor({ kind, dependsOn, needs }: Step, raise: Step): boolean {
  return kind === "stop" && dependsOn.includes(raise.id) && needs?.path === raise.resource;
}

/** In full, because a table cell may be cut to the width of the terminal. */
function failureNotes(outcome: StepOutcome): Note[] {
  if (outcome.status !== "failed") return [];
  return [{ level: "warning", text: `${outcome.step.title}: ${detailOf(outcome)}`, because: [] }];
}

/** The report as JSON, without the requests' bodies. */
export function reportData(report: Report): JsonObject {
  return {
    runId: report.runId,
    exit: report.exit,
    interrupted: report.interrupted,
    steps: report.outcomes.map(({ step, status, failure, note }) => ({
      id: step.id,
      title: step.title,
      resource: step.resource,
      status,
      error: failure ? { code: failure.code ?? null, message: failure.message } : null,
      note: note ?? null,
      because: step.because,
    })),
    mismatches: report.mismatches.map((each) => ({ ...each })),
    unread: report.unread ?? null,
    ...(report.unwritten === undefined ? {} : { unwritten: report.unwritten }),
    ...(report.pursuit ? { pursuit: pursuitData(report.pursuit) } : {}),
  };
}
