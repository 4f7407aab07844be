import type { ArmPort, Clock } from "../azure/ports.ts";
import { AppError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { StepFailure, StepResult } from "./execute-step.ts";
import { executeOrFallBack } from "./fall-back.ts";
import type { Journal } from "./journal.ts";
import { FELL_BACK } from "./notes.ts";
import type { Plan, Step } from "./plan.ts";

export interface StepOutcome {
  step: Step;
  status: "done" | "failed" | "not tried";
  failure?: StepFailure;
  note?: string;
}

export interface ExecuteOptions {
  arm: ArmPort;
  clock: Clock;
  journal: Journal;
  /** Most steps under way at once. */
  concurrency: number;
  /** Aborted when the user insists; requests are then abandoned where they are. */
  signal: AbortSignal;
  /** True once no new step may begin. */
  stopRequested: () => boolean;
  onProgress: (text: string | undefined) => void;
  /** Awaited before a step begins, unless the plan is being stopped by then. What it throws is kept; the step begins. */
  pauseBefore?: (step: Step) => Promise<void>;
  /** Told of each step as it ends. */
  onOutcome?: ((outcome: StepOutcome) => void) | undefined;
  /** Told of each step that an abort cut short. */
  onAbandoned?: (step: Step) => void;
  /** Told once, when nothing more is begun because the journal cannot be written; without it that is thrown in the end. */
  onUnwritten?: (error: AppError) => void;
  /** Steps that an earlier run already finished. */
  finished?: ReadonlySet<string>;
  /**
   * Steps that an earlier run sent, whatever came of it, with the version of the resource before that (null: not
   * known); all others must still find what they saw.
   */
  begun?: ReadonlyMap<string, Json>;
}

interface State {
  target: Plan["target"];
  steps: ReadonlyMap<string, Step>;
  done: Set<string>;
  failed: Set<string>;
  begun: Set<string>;
  /** Never rejects: what a step throws is kept until all have ended. */
  running: Map<string, Promise<void>>;
  outcomes: Map<string, StepOutcome>;
  thrown: unknown[];
  /** Why the journal could not tell of something that was done. */
  unwritten: AppError | undefined;
}

/**
 * Runs a plan: independent steps side by side, none begun after the first failure except those that must
 * follow one already begun (a stopped VM is started again). Waits for what is in flight before it returns,
 * also when a step throws something unexpected: that counts as a failure and is thrown in the end.
 */
export async function executePlan(plan: Plan, options: ExecuteOptions): Promise<StepOutcome[]> {
  const state: State = {
    target: plan.target,
    steps: new Map(plan.steps.map((step) => [step.id, step])),
    done: new Set(options.finished),
    failed: new Set(),
    begun: new Set(options.begun?.keys()),
    running: new Map(),
    outcomes: new Map(),
    thrown: [],
    unwritten: undefined,
  };
  for (;;) {
    const halted = isHalted(state, options);
    const ready = options.signal.aborted ? [] : plan.steps.filter((step) => isReady(step, state, halted));
    for (const step of ready.slice(0, Math.max(0, options.concurrency - state.running.size))) {
      state.begun.add(step.id);
      state.running.set(step.id, runOne(step, state, options));
    }
    if (state.running.size === 0) break;
    await Promise.race(state.running.values());
  }
  options.onProgress(undefined);
  const { unwritten } = state;
  if (unwritten && !options.onUnwritten) state.thrown.push(unwritten);
  if (state.thrown.length > 0) throw state.thrown.find((each) => !isAbort(each)) ?? state.thrown[0];
  if (unwritten) options.onUnwritten?.(unwritten);
  return plan.steps.map((step) => state.outcomes.get(step.id) ?? outcomeWithoutRun(step, state));
}

function isHalted({ failed, unwritten }: State, { stopRequested }: ExecuteOptions): boolean {
  return failed.size > 0 || unwritten !== undefined || stopRequested();
}

function outcomeWithoutRun(step: Step, state: State): StepOutcome {
  if (state.done.has(step.id)) return { step, status: "done", note: "done in an earlier run" };
  return { step, status: "not tried" };
}

function isReady(step: Step, state: State, halted: boolean): boolean {
  if (state.done.has(step.id) || state.failed.has(step.id) || state.running.has(step.id)) return false;
  if (step.dependsOn.every((id) => state.done.has(id))) return !halted || mustRun(step, state);
  return halted && mustRun(step, state) && !buildsOnRunning(step, state);
}

function mustRun({ mustFollow }: Step, state: State): boolean {
  return mustFollow !== undefined && state.begun.has(mustFollow);
}

/** Whether anything before it, however far back, is still under way: a start waits for its stop. */
function buildsOnRunning(step: Step, state: State): boolean {
  return step.dependsOn.some((id) => {
    const before = state.steps.get(id);
    return state.running.has(id) || (before !== undefined && buildsOnRunning(before, state));
  });
}

async function runOne(step: Step, state: State, options: ExecuteOptions): Promise<void> {
  try {
    if (!isHalted(state, options)) await pause(step, state, options);
    options.onProgress(step.title);
    const mayHaveMoved = options.begun !== undefined && !options.begun.has(step.id);
    const sentAt = options.begun?.get(step.id);
    const noteSent = (version: Json | undefined): Promise<void> => note(step, version, { state, options });
    const result = await executeOrFallBack(step, { ...options, mayHaveMoved, sentAt, noteSent });
    state.outcomes.set(step.id, { step, ...result });
    options.onOutcome?.({ step, ...result });
    (result.status === "done" ? state.done : state.failed).add(step.id);
    await noteAnswer(step, result, options.journal).catch((error: unknown) => keepUnwritten(error, state));
    await settle(step, result, { state, options });
  } catch (error) {
    state.failed.add(step.id);
    state.thrown.push(error);
    if (isAbort(error)) options.onAbandoned?.(step);
  } finally {
    state.running.delete(step.id);
  }
}

async function pause(step: Step, state: State, { pauseBefore }: ExecuteOptions): Promise<void> {
  try {
    await pauseBefore?.(step);
  } catch (error) {
    state.thrown.push(error);
  }
}

interface Running {
  state: State;
  options: ExecuteOptions;
}

/** Nothing is sent that the journal does not tell of, except what ends an outage already begun. */
async function note(step: Step, version: Json | undefined, { state, options }: Running): Promise<void> {
  const { append, owing } = options.journal;
  try {
    await append({ type: "sent", step: step.id, ...(version === undefined ? {} : { version }) });
    const following = followers(step.id, state);
    if (following.length > 0) await owing.owe(step.id, following, state.target);
  } catch (error) {
    if (!mustRun(step, state)) throw error;
    keepUnwritten(error, state);
  }
}

/** What came of the steps must be told even when the journal cannot. */
function keepUnwritten(error: unknown, state: State): void {
  if (!(error instanceof AppError)) throw error;
  state.unwritten ??= error;
}

function followers(id: string, { steps }: State): Step[] {
  return [...steps.values()].filter(({ mustFollow }) => mustFollow === id);
}

/** What went back to where its plan had begun has ended the outage, too. */
async function settle(step: Step, result: StepResult, { state, options }: Running): Promise<void> {
  const { mustFollow } = step;
  if (mustFollow === undefined) return;
  const isEnded = result.status === "done" || result.note?.startsWith(FELL_BACK) === true;
  const others = followers(mustFollow, state).filter(({ id }) => !state.done.has(id) && id !== step.id);
  if (isEnded && others.length === 0) await options.journal.owing.settle(mustFollow);
}

export async function noteAnswer(step: Step, result: StepResult, journal: Journal): Promise<void> {
  const failure = result.status === "failed" ? result.failure : undefined;
  await journal.append({
    type: "answered",
    step: step.id,
    outcome: result.status,
    ...(failure?.code === undefined ? {} : { code: failure.code }),
    ...(failure === undefined ? {} : { message: failure.message }),
    ...(failure?.trouble === undefined ? {} : { trouble: failure.trouble }),
  });
}

/** What requests and pauses throw when the run is aborted; anything else is a fault of its own. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "RestError");
}
