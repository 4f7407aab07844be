import { causeOf } from "../advice.ts";
import { executePlan, noteAnswer, type StepOutcome } from "./execute.ts";
import type { StepFailure } from "./execute-step.ts";
import { NOT_NEEDED, NOTHING_SENT } from "./notes.ts";
import type { Plan } from "./plan.ts";
import { lineOf, lookLineOf, stamp } from "./pursuit-lines.ts";
import { untilDeadline } from "./pursuit-deadline.ts";
import { isLeft, lookBack } from "./pursuit-look.ts";
import { afterTry, upNext, type Next } from "./pursuit-next.ts";
import {
  begin,
  goalOf,
  noteTry,
  type ChoiceState,
  type PursueOptions,
  type PursuitState,
} from "./pursuit-state.ts";
import { makeUsable } from "./restore.ts";
import type { ChoiceReport, Pursuit, PursuitEnd, PursuitReport } from "./pursuit.ts";

/**
 * Tries the choices of a plan in their order, round after round, until one succeeds, all are ruled out, or the
 * time is up. What is done stays done, so that a further try is the step that was refused.
 */
export async function pursuePlan(
  plan: Plan,
  pursuit: Pursuit,
  options: PursueOptions,
): Promise<{ outcomes: StepOutcome[]; pursuit: PursuitReport }> {
  const state = await begin(plan, pursuit, options);
  const end = await pursue(state);
  // What goes on later still needs what it made.
  if (end !== "interrupted" && end !== "stopped") await noteLeft(state);
  options.onProgress(undefined);
  return {
    outcomes: plan.steps.map((step) => state.outcomes.get(step.id) ?? untried(step, state, end)),
    pursuit: {
      end,
      started: state.started.toISOString(),
      until: state.until.toISOString(),
      tries: triesOf(state),
      choices: state.choices.map(({ report }) => report),
    },
  };
}

function untried(step: StepOutcome["step"], { done }: PursuitState, end: PursuitEnd): StepOutcome {
  if (done.has(step.id)) return { step, status: "done", note: "done in an earlier run" };
  return { step, status: "not tried", ...(end === "acquired" ? { note: NOT_NEEDED } : {}) };
}

async function pursue(state: PursuitState): Promise<PursuitEnd> {
  const { clock, say } = state.options;
  if (state.unsure && (await lookAgain(state.unsure, state)) === "acquired") return "acquired";
  let next = upNext(state, 0);
  if ("at" in next) say(`${stamp(clock.now())} outside the off-hours; first try at ${stamp(next.at)}`);
  for (;;) {
    if ("end" in next) {
      const open = state.choices.find(({ report }) => report.result === "unsure");
      return next.end === "time up" && open ? lookAgain(open, state) : next.end;
    }
    if ("at" in next) {
      if (!(await waitUntil(next.at, state))) return "interrupted";
      next = upNext(state, 0);
      continue;
    }
    const each = state.choices[next.index] as ChoiceState;
    const before = triesOf(state);
    const end = await tryChoice(each, state);
    next = end === undefined ? afterTry(state, next.index) : { end };
    if (triesOf(state) > before) sayTry(each, state, next);
  }
}

/** False when the wait was ended by a stop. */
async function waitUntil(at: Date, { options }: PursuitState): Promise<boolean> {
  const { clock, signal, stop, onProgress } = options;
  onProgress(`next try at ${stamp(at)}`);
  const ms = Math.max(0, at.getTime() - clock.now().getTime());
  try {
    await clock.sleep(ms, AbortSignal.any([signal, stop]));
    return true;
  } catch (error) {
    if (stop.aborted && !signal.aborted) return false;
    throw error;
  }
}

/** What an earlier step found or made is not there any more. */
const GONE = new Set(["ResourceNotFound", "ParentResourceNotFound", "NotFound"]);

/** Runs the steps of a choice that are not done; undefined when the pursuit goes on. */
async function tryChoice(each: ChoiceState, state: PursuitState): Promise<PursuitEnd | undefined> {
  const { plan, options, done, begun } = state;
  each.inThisRound = true;
  const steps = plan.steps.filter(({ id }) => each.choice.steps.includes(id));
  const goal = steps.find(({ id }) => id === goalOf(each.choice));
  const arm = untilDeadline(state);
  if (goal && each.report.tries > 0) await makeUsable(goal, options);
  const stopRequested = (): boolean => options.stop.aborted;
  const outcomes = await executePlan(
    { ...plan, steps },
    { ...options, arm, stopRequested, finished: done, begun },
  );
  for (const outcome of outcomes.filter(({ status }) => status !== "not tried")) {
    const { id } = outcome.step;
    if (!done.has(id)) state.outcomes.set(id, outcome);
    if (outcome.status === "done") done.add(id);
    if (!outcome.note?.startsWith(NOTHING_SENT)) begun.set(id, null);
  }
  const failure = outcomes.find(({ status }) => status === "failed")?.failure;
  if (failure && GONE.has(failure.code ?? "")) Object.assign(failure, { kind: "changes" });
  if (failure?.kind === "changes") return "stopped";
  if (!failure && outcomes.some(({ status }) => status !== "done")) return "interrupted";
  const { name, tries } = each.report;
  each.report = { name, tries: tries + 1, ...judge(failure) };
  state.unsure = failure?.trouble === "unsure" ? each : undefined;
  await noteTry(each.report, options);
  if (failure?.trouble === "stop") return "stopped";
  return failure ? undefined : "acquired";
}

/** What has no answer may have been granted, and is billed then. Nothing is sent. */
async function lookAgain(each: ChoiceState, state: PursuitState): Promise<"acquired" | "time up"> {
  const { plan, options } = state;
  const step = plan.steps.find(({ id }) => id === goalOf(each.choice));
  if (!step) return "time up";
  const result = await lookBack(step, options);
  state.outcomes.set(step.id, { step, ...result });
  const failure = result.status === "failed" ? result.failure : undefined;
  if (failure?.trouble !== "unsure") await noteAnswer(step, result, options.journal);
  const { name, tries } = each.report;
  each.report = { name, tries, ...judge(failure) };
  options.say(lookLineOf(each.report, options.clock.now()));
  return failure ? "time up" : "acquired";
}

/** What was created for a choice in vain is told only as it is read now. */
async function noteLeft({ plan, options, choices, done }: PursuitState): Promise<void> {
  for (const { choice, report } of choices) {
    const creation = plan.steps.find(
      ({ id, kind, resource }) =>
        kind === "create" && choice.steps.includes(id) && resource === choice.leaves.subject,
    );
    const inVain = report.result !== "acquired" && report.result !== "unsure";
    if (inVain && creation && done.has(creation.id) && (await isLeft(choice, options))) report.isLeft = true;
  }
}

function triesOf({ choices }: PursuitState): number {
  return choices.reduce((sum, { report }) => sum + report.tries, 0);
}

function sayTry({ report }: ChoiceState, state: PursuitState, next: Next): void {
  const { clock, say } = state.options;
  const following = "index" in next ? { name: state.choices[next.index]?.choice.name ?? "" } : next;
  say(lineOf(report, triesOf(state), { now: clock.now(), next: following }));
}

/** Without a failure it is acquired. */
function judge(failure: StepFailure | undefined): Omit<ChoiceReport, "name" | "tries"> {
  if (!failure) return { result: "acquired" };
  const { code, message } = failure;
  const cause = failure.trouble ? "passing trouble" : causeOf(failure);
  const isHopeful = cause === "passing trouble" || cause === "no free hardware";
  const isUnsure = failure.trouble === "unsure" || failure.trouble === "stop";
  const result = isUnsure ? "unsure" : isHopeful ? "refused" : "ruled out";
  return { result, cause, message, ...(code === undefined ? {} : { code }) };
}
