import type { ArmPort, Clock } from "../azure/ports.ts";
import { executeStep, type StepFailure } from "./execute-step.ts";
import type { Journal } from "./journal.ts";
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
  /** Steps that an earlier run already finished. */
  finished?: ReadonlySet<string>;
  /** Steps that an earlier run sent without seeing the answer. */
  begun?: ReadonlySet<string>;
}

interface State {
  done: Set<string>;
  failed: Set<string>;
  begun: Set<string>;
  running: Map<string, Promise<void>>;
  outcomes: Map<string, StepOutcome>;
}

/**
 * Runs a plan: independent steps side by side, none begun after the first failure except those that must
 * follow one already begun (a stopped VM is started again). Waits for what is in flight before it returns.
 */
export async function executePlan(plan: Plan, options: ExecuteOptions): Promise<StepOutcome[]> {
  const state: State = {
    done: new Set(options.finished),
    failed: new Set(),
    begun: new Set([...(options.finished ?? []), ...(options.begun ?? [])]),
    running: new Map(),
    outcomes: new Map(),
  };
  for (;;) {
    const halted = state.failed.size > 0 || options.stopRequested();
    const ready = plan.steps.filter((step) => isReady(step, state, halted));
    for (const step of ready.slice(0, Math.max(0, options.concurrency - state.running.size))) {
      state.begun.add(step.id);
      state.running.set(step.id, runOne(step, state, options));
    }
    if (state.running.size === 0) break;
    await Promise.race(state.running.values());
  }
  options.onProgress(undefined);
  return plan.steps.map((step) => state.outcomes.get(step.id) ?? outcomeWithoutRun(step, state));
}

function outcomeWithoutRun(step: Step, state: State): StepOutcome {
  if (state.done.has(step.id)) return { step, status: "done", note: "done in an earlier run" };
  return { step, status: "not tried" };
}

function isReady(step: Step, state: State, halted: boolean): boolean {
  if (state.done.has(step.id) || state.failed.has(step.id) || state.running.has(step.id)) return false;
  if (step.dependsOn.every((id) => state.done.has(id))) return !halted || mustRun(step, state);
  return halted && mustRun(step, state) && step.dependsOn.every((id) => !state.running.has(id));
}

function mustRun(step: Step, state: State): boolean {
  return step.mustFollow !== undefined && state.begun.has(step.mustFollow);
}

async function runOne(step: Step, state: State, options: ExecuteOptions): Promise<void> {
  const { journal } = options;
  try {
    await journal.append({ type: "sent", step: step.id });
    options.onProgress(step.title);
    const result = await executeStep(step, options);
    const failure = result.status === "failed" ? result.failure : undefined;
    await journal.append({
      type: "answered",
      step: step.id,
      outcome: result.status,
      ...(failure?.code === undefined ? {} : { code: failure.code }),
      ...(failure === undefined ? {} : { message: failure.message }),
    });
    (result.status === "done" ? state.done : state.failed).add(step.id);
    state.outcomes.set(step.id, { step, ...result });
  } finally {
    state.running.delete(step.id);
  }
}
