import { causeOf, type Cause } from "../advice.ts";
import type { Json } from "../json.ts";
import { executePlan, type ExecuteOptions, type StepOutcome } from "./execute.ts";
import type { StepFailure } from "./execute-step.ts";
import type { PursuitSoFar } from "./journal.ts";
import { NOT_NEEDED, NOTHING_SENT } from "./notes.ts";
import { firstOpening } from "./off-hours.ts";
import type { Plan } from "./plan.ts";
import type { Choice, Pursuit } from "./pursuit.ts";

export interface PursueOptions extends ExecuteOptions {
  /** Aborted when no further try may begin; it ends a pause at once. */
  stop: AbortSignal;
  say: (text: string) => void;
  /** What an earlier part of the run left. */
  soFar: PursuitSoFar | undefined;
}

/** "time up" is also said when no choice may be tried any more before it; "stopped" needs somebody to look. */
export type PursuitEnd = "acquired" | "time up" | "ruled out" | "stopped" | "interrupted";

export interface ChoiceReport {
  name: string;
  /** "unsure": it may have been granted, or still be. */
  result: "acquired" | "refused" | "unsure" | "ruled out" | "not tried";
  tries: number;
  /** Of the last refusal. */
  cause?: TryCause;
  code?: string;
  message?: string;
}

export interface PursuitReport {
  end: PursuitEnd;
  /** On the clock of the cloud. */
  started: string;
  until: string;
  tries: number;
  choices: ChoiceReport[];
}

type TryCause = Cause | "passing trouble";

interface ChoiceState {
  choice: Choice;
  report: ChoiceReport;
  /** Milliseconds; it is not tried again before that. */
  notBefore: number;
  inThisRound: boolean;
}

interface State {
  plan: Plan;
  pursuit: Pursuit;
  options: PursueOptions;
  choices: ChoiceState[];
  done: Set<string>;
  /** Without versions: a pursuit only raises. */
  begun: Map<string, Json>;
  outcomes: Map<string, StepOutcome>;
  started: Date;
  until: Date;
  /** Its last try has no answer. No other is tried until it has one, or two might be granted. */
  unsure: ChoiceState | undefined;
}

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

/** The deadline is that of the first start, however often the run is resumed. */
async function begin(plan: Plan, pursuit: Pursuit, options: PursueOptions): Promise<State> {
  const { soFar, clock, journal } = options;
  const started = soFar ? new Date(soFar.started) : clock.now();
  const until = soFar ? new Date(soFar.until) : new Date(started.getTime() + pursuit.forMs);
  if (!soFar) {
    await journal.append({ type: "pursuit", started: started.toISOString(), until: until.toISOString() });
  }
  const choices = pursuit.choices.map((choice): ChoiceState => {
    const tried = soFar?.tried.filter((each) => each.choice === choice.name) ?? [];
    const { result, cause, code, message } = tried.at(-1) ?? {};
    const report: ChoiceReport = {
      name: choice.name,
      result: result === undefined ? "not tried" : result === "again" ? "refused" : result,
      tries: tried.length,
      ...(cause === undefined ? {} : { cause: cause as TryCause }),
      ...(code === undefined ? {} : { code }),
      ...(message === undefined ? {} : { message }),
    };
    return { choice, report, notBefore: 0, inThisRound: false };
  });
  const [done, begun] = [new Set(options.finished), new Map(options.begun)];
  const isOpen = ({ choice }: ChoiceState): boolean => choice.steps.some((id) => soFar?.unanswered.has(id));
  const unsure = choices.find((each) => isOpen(each) || each.report.result === "unsure");
  return { plan, pursuit, options, choices, done, begun, outcomes: new Map(), started, until, unsure };
}

function untried(step: StepOutcome["step"], { done }: State, end: PursuitEnd): StepOutcome {
  if (done.has(step.id)) return { step, status: "done", note: "done in an earlier run" };
  return { step, status: "not tried", ...(end === "acquired" ? { note: NOT_NEEDED } : {}) };
}

type Next = { end: PursuitEnd } | { at: Date } | { index: number };

async function pursue(state: State): Promise<PursuitEnd> {
  const { clock, say } = state.options;
  let next = upNext(state, 0);
  if ("at" in next) say(`${stamp(clock.now())} outside the off-hours; first try at ${stamp(next.at)}`);
  for (;;) {
    if ("end" in next) return next.end;
    if ("at" in next) {
      if (!(await waitUntil(next.at, state))) return "interrupted";
      next = upNext(state, 0);
      continue;
    }
    const each = state.choices[next.index] as ChoiceState;
    const end = await tryChoice(each, state);
    next = end === undefined ? upNext(state, next.index + 1) : { end };
    const isTried = end === undefined || end === "acquired";
    if (isTried) say(lineOf(each, state, next));
  }
}

/** The last try begins at least this long before the end, so that none begins after it. */
const LAST_TRY_MS = 1000;

/** What follows: a choice of this round from `from` on, a pause and then a new round, or the end. */
function upNext(state: State, from: number): Next {
  const { choices, options, until } = state;
  if (options.stop.aborted) return { end: "interrupted" };
  const left = state.unsure ? [state.unsure] : choices.filter(({ report }) => report.result !== "ruled out");
  if (left.length === 0) return { end: "ruled out" };
  const now = options.clock.now().getTime();
  const last = new Date(until.getTime() - LAST_TRY_MS);
  const due = ({ choice, notBefore }: ChoiceState): number =>
    firstOpening(choice.offHours, new Date(Math.max(now, notBefore)), last)?.getTime() ?? Infinity;
  const index = choices.findIndex((each, place) => place >= from && left.includes(each) && due(each) <= now);
  if (index >= 0) return { index };
  endRound(state, now, last.getTime());
  const at = Math.min(...left.map(due));
  return at === Infinity ? { end: "time up" } : { at: new Date(at) };
}

/** Many who wait for the same hardware must not all ask at the same moment, so the pause varies. */
function endRound({ choices, pursuit }: State, now: number, last: number): void {
  const next = now + Math.round(pursuit.everyMs * (0.8 + Math.random() * 0.4));
  for (const each of choices.filter(({ inThisRound }) => inThisRound)) {
    each.notBefore = now < last ? Math.min(next, last) : next;
    each.inThisRound = false;
  }
}

/** False when the wait was ended by a stop. */
async function waitUntil(at: Date, { options }: State): Promise<boolean> {
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

/** Runs the steps of a choice that are not done; undefined when the pursuit goes on. */
async function tryChoice(each: ChoiceState, state: State): Promise<PursuitEnd | undefined> {
  const { plan, options, done, begun } = state;
  each.inThisRound = true;
  const steps = plan.steps.filter(({ id }) => each.choice.steps.includes(id));
  const outcomes = await executePlan({ ...plan, steps }, { ...options, finished: done, begun });
  for (const outcome of outcomes.filter(({ status }) => status !== "not tried")) {
    const { id } = outcome.step;
    if (!done.has(id)) state.outcomes.set(id, outcome);
    if (outcome.status === "done") done.add(id);
    if (!outcome.note?.startsWith(NOTHING_SENT)) begun.set(id, null);
  }
  const failure = outcomes.find(({ status }) => status === "failed")?.failure;
  if (failure?.kind === "changes") return "stopped";
  if (!failure && outcomes.some(({ status }) => status !== "done")) return "interrupted";
  Object.assign(each.report, { cause: undefined, code: undefined, message: undefined });
  state.unsure = failure?.trouble === "unsure" ? each : undefined;
  Object.assign(each.report, failure ? judge(failure) : { result: "acquired" });
  each.report.tries += 1;
  await noteTry(each.report, options);
  if (failure?.trouble === "stop") return "stopped";
  return failure ? undefined : "acquired";
}

function judge(failure: StepFailure): Pick<ChoiceReport, "result" | "cause" | "code" | "message"> {
  const { code, message } = failure;
  const cause = failure.trouble ? "passing trouble" : causeOf(failure);
  const isHopeful = cause === "passing trouble" || cause === "no free hardware";
  const isUnsure = failure.trouble === "unsure" || failure.trouble === "stop";
  const result = isUnsure ? "unsure" : isHopeful ? "refused" : "ruled out";
  return { result, cause, message, ...(code === undefined ? {} : { code }) };
}

async function noteTry(
  { name, result, cause, code, message }: ChoiceReport,
  { journal }: PursueOptions,
): Promise<void> {
  await journal.append({
    type: "tried",
    choice: name,
    result: result === "refused" || result === "not tried" ? "again" : result,
    ...(cause === undefined ? {} : { cause }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  });
}

function triesOf({ choices }: State): number {
  return choices.reduce((sum, { report }) => sum + report.tries, 0);
}

/** "2026-11-21T10:00:00Z try 3: 4 x … zone 1: ZonalAllocationFailed (no free hardware); next at 10:11:20Z" */
function lineOf({ report }: ChoiceState, state: State, next: Next): string {
  const { name, result, cause, code, message } = report;
  const now = stamp(state.options.clock.now());
  const what = result === "acquired" ? result : `${code ?? message} (${cause})`;
  const rest = [what, ...(result === "ruled out" ? ["not tried again"] : []), nextText(next, state, now)];
  return `${now} try ${triesOf(state)}: ${name}: ${rest.filter((part) => part !== "").join("; ")}`;
}

function nextText(next: Next, { choices }: State, now: string): string {
  if ("index" in next) return `next: ${choices[next.index]?.choice.name}`;
  if ("end" in next)
    return next.end === "ruled out" ? "no choice is left" : next.end === "time up" ? "the time is up" : "";
  const at = stamp(next.at);
  return `next at ${at.slice(0, 10) === now.slice(0, 10) ? at.slice(11) : at}`;
}

/** To the second. */
function stamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
