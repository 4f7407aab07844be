import { AzureError } from "../azure/azure-error.ts";
import type { ArmPort, Clock } from "../azure/ports.ts";
import { stillProvisioning } from "../azure/provisioning.ts";
import { compareAll, describeDrift } from "./drift.ts";
import { describeDifference, differences, type Difference } from "./observe.ts";
import type { Observation, Step } from "./plan.ts";

export interface StepContext {
  arm: ArmPort;
  clock: Clock;
  signal: AbortSignal;
  onProgress: (text: string | undefined) => void;
  /** Time has passed since the step was planned, so what it saw is read again before anything is sent. */
  mayHaveMoved: boolean;
}

export interface StepFailure {
  code: string | undefined;
  message: string;
  hint: string | undefined;
  kind: AzureError["kind"];
}

export type StepResult =
  { status: "done"; note?: string } | { status: "failed"; failure: StepFailure; note?: string };

/** Another change of the same resource is under way; the service asks to come back. */
const BUSY = new Set(["AnotherOperationInProgress", "Conflict", "RetryableError", "OperationPreempted"]);
const MOST_TRIES = 5;
const BUSY_PAUSE_MS = 10_000;
const LOST_PAUSE_MS = 2000;
const SETTLE_PAUSE_MS = 3000;
const MOST_SETTLE_READS = 100;
const CONFIRM_PAUSES_MS = [0, 2000, 4000, 8000];

/**
 * Sends one step until its effect can be seen, or its failure is certain. What already is as asked is not
 * sent at all: a resumed run repeats nothing, and a quantity raised further by somebody else is never lowered.
 */
export async function executeStep(step: Step, context: StepContext): Promise<StepResult> {
  let note = "nothing was sent: the state could not be read";
  try {
    if ((await settledDifferences(step.expect, context)).length === 0) {
      return { status: "done", note: "was already so" };
    }
    const [moved] = context.mayHaveMoved ? await compareAll(step.saw, context.arm, 1) : [];
    if (moved) return { status: "failed", failure: driftFailure(moved), note: "nothing was sent" };
    note = "the state could not be read, so it may have taken effect";
    return await sendUntilSeen(step, context);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { status: "failed", failure: failureOf(error), note };
  }
}

async function sendUntilSeen(step: Step, context: StepContext): Promise<StepResult> {
  for (let attempt = 1; ; attempt += 1) {
    const error = (await trySend(step, context)) ?? (await confirm(step, context));
    if (error === undefined) return { status: "done" };
    if (error.uncertain && (await isSoNow(step, error, context))) {
      return { status: "done", note: "the answer was lost; the state shows it took effect" };
    }
    if (attempt >= MOST_TRIES || !worthAnotherTry(step, error)) return fail(step, error, context);
    await context.clock.sleep(error.uncertain ? LOST_PAUSE_MS * attempt : BUSY_PAUSE_MS, context.signal);
  }
}

async function trySend(step: Step, context: StepContext): Promise<AzureError | undefined> {
  const onProgress = (state: string): void => context.onProgress(`${step.title}: ${state}`);
  try {
    const { body, query, ...rest } = step.request;
    const request = { ...rest, ...(body ? { body } : {}), ...(query ? { query } : {}) };
    await context.arm.change(request, { signal: context.signal, onProgress });
    return undefined;
  } catch (error) {
    if (error instanceof AzureError) return error;
    throw error;
  }
}

/** A timeout has used up the user's patience, so the state is then read only once. */
async function isSoNow(step: Step, error: AzureError, context: StepContext): Promise<boolean> {
  const mostReads = error.kind === "timeout" ? 1 : MOST_SETTLE_READS;
  return (await settledDifferences(step.expect, context, mostReads)).length === 0;
}

/**
 * Every request of a plan states a final value, so sending it again after a read showed no effect is safe.
 * A step that must follow another is tried again whatever the reason: without it a VM would stay stopped.
 */
function worthAnotherTry(step: Step, error: AzureError): boolean {
  if (step.mustFollow !== undefined && error.code !== "ForeignHost") return error.kind === "failed";
  return (error.uncertain && error.kind !== "timeout") || isBusy(error);
}

function isBusy(error: AzureError): boolean {
  return error.status === 409 && error.code !== undefined && BUSY.has(error.code);
}

/** A 200 proves nothing by itself: some requests are accepted and change nothing. */
async function confirm(step: Step, context: StepContext): Promise<AzureError | undefined> {
  let missing: Difference[] = [];
  for (const pauseMs of CONFIRM_PAUSES_MS) {
    if (pauseMs > 0) await context.clock.sleep(pauseMs, context.signal);
    missing = await settledDifferences(step.expect, context);
    if (missing.length === 0) return undefined;
  }
  const message = `the service accepted it, but ${describeDifference(missing[0])}`;
  const hint = "run the command again; if it stays so, ask Azure support";
  return new AzureError("failed", message, { code: "NotApplied", hint });
}

/** Compares once no change of the resource is under way any more; one that never ends is a difference. */
async function settledDifferences(
  expect: Observation,
  context: StepContext,
  mostReads = MOST_SETTLE_READS,
): Promise<Difference[]> {
  const { path, apiVersion, query } = expect;
  for (let reads = 1; ; reads += 1) {
    const body = await context.arm.read(
      { path, apiVersion, ...(query ? { query } : {}) },
      { signal: context.signal },
    );
    if (!stillProvisioning(body)) return differences(expect, body);
    if (reads >= mostReads) return [...differences(expect, body), ...differences(settled(expect), body)];
    await context.clock.sleep(SETTLE_PAUSE_MS, context.signal);
  }
}

function settled(expect: Observation): Observation {
  return { ...expect, fields: { "properties.provisioningState": "Succeeded" } };
}

function driftFailure(moved: Difference): StepFailure {
  const hint = "make a new plan for what is left";
  return {
    code: "Drifted",
    message: `the plan no longer fits: ${describeDrift(moved)}`,
    hint,
    kind: "changes",
  };
}

function failureOf({ code, message, hint, kind }: AzureError): StepFailure {
  return { code, message, hint, kind };
}

async function fail(step: Step, error: AzureError, context: StepContext): Promise<StepResult> {
  const note = await restore(step, context);
  return { status: "failed", failure: failureOf(error), ...(note === undefined ? {} : { note }) };
}

/** Puts the old value back when the failed change left the resource unusable. */
async function restore(step: Step, context: StepContext): Promise<string | undefined> {
  if (!step.restore) return undefined;
  const { when, request, title } = step.restore;
  try {
    if ((await settledDifferences(when, context, 1)).length > 0) return undefined;
    const { body, query, ...rest } = request;
    await context.arm.change(
      { ...rest, ...(body ? { body } : {}), ...(query ? { query } : {}) },
      { signal: context.signal },
    );
    const left = await settledDifferences(when, context);
    return left.length > 0 ? title : "the old value was sent, but the resource still reads as failed";
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return `the old value could not be put back: ${error.message}`;
  }
}
