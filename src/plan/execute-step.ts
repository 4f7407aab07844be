import { AzureError } from "../azure/azure-error.ts";
import type { Json } from "../json.ts";
import { compareAll, describeDrift } from "./drift.ts";
import { GONE, NOT_NEEDED, NOTHING_SENT, TOOK_EFFECT } from "./notes.ts";
import { describeDifference, type Difference } from "./observe.ts";
import type { Observation, Step } from "./plan.ts";
import { loweredValue, restoreValue, valueToKeep } from "./restore.ts";
import {
  isPassing,
  troubleOf,
  noTries,
  pauseBefore,
  pauseForLag,
  trySend,
  wait,
  type StepContext,
  type Trouble,
  type Tries,
} from "./send.ts";
import { isUnclear, versionOf } from "./resource-version.ts";
import { MOST_SETTLE_READS, readSettled, settledDifferences } from "./settled.ts";

export interface StepFailure {
  code: string | undefined;
  message: string;
  hint: string | undefined;
  kind: AzureError["kind"];
  /** Present when it is no answer to what was asked for. */
  trouble?: Trouble;
}

export type StepResult =
  { status: "done"; note?: string } | { status: "failed"; failure: StepFailure; note?: string };

interface Trial {
  tries: Tries;
  /** Why the last send did not do; undefined before the first. */
  last: AzureError | undefined;
  sent: boolean;
  /** What a restore would put back; null when nothing is known. */
  kept: Json;
  /** Of the resource when it was looked at last; undefined when the step has none. */
  version: Json | undefined;
}

const CONFIRM_PAUSES_MS = [0, 2000, 4000, 8000];
const GONE_PAUSE_MS = 10_000;
const NOT_AGAIN = "it was not sent again";

/**
 * Sends one step until its effect can be seen, or its failure is certain. Before every send the state is
 * looked at, also after each pause: what already is as asked is not sent, so a resumed run repeats nothing,
 * and a quantity raised further by somebody else is never lowered.
 */
export async function executeStep(step: Step, context: StepContext): Promise<StepResult> {
  const trial: Trial = { tries: noTries(), last: undefined, sent: false, kept: null, version: undefined };
  try {
    for (;;) {
      const result = (await look(step, context, trial)) ?? (await sendOnce(step, context, trial));
      if (result) return result;
    }
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const unsent = `${NOTHING_SENT}: the state could not be read`;
    const note = trial.sent ? "the state could not be read, so it may have taken effect" : unsent;
    const failure = failureOf(error);
    // Whoever may not look any more has no answer either.
    const isUnsure = trial.sent && failure.trouble !== "stop";
    return { status: "failed", failure: isUnsure ? { ...failure, trouble: "unsure" } : failure, note };
  }
}

/** Whether the step may be sent now: undefined, or else how it ends without. */
async function look(step: Step, context: StepContext, trial: Trial): Promise<StepResult | undefined> {
  if (step.unless && (await settledDifferences(step.unless, context)).length === 0) {
    return { status: "done", note: NOT_NEEDED };
  }
  const { body, missing } = await readSettled(step.expect, context);
  if (missing.length === 0) {
    return { status: "done", note: trial.last?.uncertain ? TOOK_EFFECT : "was already so" };
  }
  if (await isGone(step, body, context)) return { status: "done", note: GONE };
  if (!trial.sent && isUnclear(step, body, context.sentAt)) {
    return { status: "failed", failure: unclear(step), note: NOT_AGAIN };
  }
  const note = trial.sent ? NOT_AGAIN : NOTHING_SENT;
  const lowered = loweredValue(step, body);
  if (lowered !== undefined) return { status: "failed", failure: wouldLower(step, lowered), note };
  const asSeen = context.mayHaveMoved && !trial.sent ? step.saw : sawAbsent(step);
  const [moved] = await compareAll(asSeen, context.arm, 1);
  if (moved) return { status: "failed", failure: driftFailure(moved), note };
  const [unready] = step.needs ? await settledDifferences(step.needs, context) : [];
  if (unready) return { status: "failed", failure: notReady(unready), note };
  trial.kept = valueToKeep(step, body, trial.kept);
  trial.version = versionOf(step, body);
  return undefined;
}

/** Nothing can be put right at what somebody deleted, so what would is owed no longer; a PUT would make it anew. */
async function isGone(step: Step, body: Json | undefined, context: StepContext): Promise<boolean> {
  const { mustFollow, request, expect } = step;
  const needsIt = expect.exists && expect.path === step.resource && request.path.startsWith(step.resource);
  if (mustFollow === undefined || request.method === "PUT" || !needsIt || body !== undefined) return false;
  // One answer may be a replica's of the service that lags behind.
  await context.clock.sleep(GONE_PAUSE_MS, context.signal);
  return (await readSettled(expect, context)).body === undefined;
}

/** A PUT replaces whatever is there, so one that is to create must find nothing. */
function sawAbsent({ request, saw }: Step): Observation[] {
  if (request.method !== "PUT") return [];
  return saw.filter(({ path, exists }) => !exists && path.toLowerCase() === request.path.toLowerCase());
}

/** Undefined when the step is to be looked at and sent once more; the pause is over by then. */
async function sendOnce(step: Step, context: StepContext, trial: Trial): Promise<StepResult | undefined> {
  if (!trial.sent) await context.noteSent(trial.version);
  trial.sent = true;
  const error = (await trySend(step.request, step.title, context)) ?? (await confirm(step, context));
  if (error === undefined) return { status: "done" };
  trial.last = error;
  if (error.uncertain && (await isSoNow(step, error, context))) {
    return { status: "done", note: TOOK_EFFECT };
  }
  const pauseMs =
    pauseForLag(step, error, trial.tries) ??
    (worthAnotherTry(step, error) ? pauseBefore(error, trial.tries) : error);
  if (!(pauseMs instanceof AzureError)) {
    await wait({ pauseMs, error, title: step.title }, context);
    return undefined;
  }
  const note = await restoreValue(step, trial.kept, context);
  return { status: "failed", failure: failureOf(pauseMs), ...(note === undefined ? {} : { note }) };
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
  return isPassing(error);
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

function driftFailure(moved: Difference): StepFailure {
  const message = `the plan no longer fits: ${describeDrift(moved)}`;
  return { code: "Drifted", message, hint: "make a new plan for what is left", kind: "changes" };
}

function wouldLower({ resource }: Step, value: number): StepFailure {
  const message = `the plan no longer fits: ${resource} has ${value} by now, which is not lowered`;
  return { code: "Drifted", message, hint: "make a new plan for what is left", kind: "changes" };
}

function unclear({ resource }: Step): StepFailure {
  const message = `cannot tell whether an earlier request took effect, because ${resource} may have changed since`;
  return { code: "Unclear", message, hint: "make a new plan for what is left", kind: "changes" };
}

function notReady(unready: Difference): StepFailure {
  const message = `${unready.path}: ${describeDifference(unready)}`;
  return { code: "NotReady", message, hint: "make a new plan for what is left", kind: "changes" };
}

function failureOf(error: AzureError): StepFailure {
  const { code, message, hint, kind } = error;
  const trouble = troubleOf(error);
  return { code, message, hint, kind, ...(trouble === undefined ? {} : { trouble }) };
}
