import { AzureError } from "../azure/azure-error.ts";
import type { ArmPort, Clock } from "../azure/ports.ts";
import { MOST_THROTTLED_TRIES, pauseAfter, tooLong } from "../azure/throttle.ts";
import type { Json } from "../json.ts";
import type { Step } from "./plan.ts";

/** What reading and sending need. */
export interface SendContext {
  arm: ArmPort;
  clock: Clock;
  signal: AbortSignal;
  onProgress: (text: string | undefined) => void;
}

export interface StepContext extends SendContext {
  /** Time has passed since the step was planned, so what it saw is read again before anything is sent. */
  mayHaveMoved: boolean;
  /** The version of its resource before an earlier run sent it, null when not known; undefined when none did. */
  sentAt?: Json | undefined;
  /** Told right before the first request leaves, with the version of the resource, when the step has one. */
  noteSent: (version: Json | undefined) => Promise<void>;
}

/** Another change of the same resource is under way; the service asks to come back. */
const BUSY = new Set(["AnotherOperationInProgress", "Conflict", "RetryableError", "OperationPreempted"]);
const MOST_TRIES = 5;
const BUSY_PAUSE_MS = 10_000;
const LOST_PAUSE_MS = 2000;

/** How often one change was tried already, and the time it spent in pauses that count against --timeout. */
export interface Tries {
  throttled: number;
  lagging: number;
  others: number;
  pausedMs: number;
}

export function noTries(): Tries {
  return { throttled: 0, lagging: 0, others: 0, pausedMs: 0 };
}

/** Sends a change; returns what the service made of it, undefined when it was accepted and ended well. */
export async function trySend(
  { body, query, ...rest }: Step["request"],
  title: string,
  context: SendContext,
): Promise<AzureError | undefined> {
  const onProgress = (state: string): void => context.onProgress(`${title}: ${state}`);
  try {
    const request = { ...rest, ...(body ? { body } : {}), ...(query ? { query } : {}) };
    await context.arm.change(request, { signal: context.signal, onProgress });
    return undefined;
  } catch (error) {
    if (error instanceof AzureError) return error;
    throw error;
  }
}

/** Whether a look at the state, and then the same request, may help. */
export function isPassing(error: AzureError): boolean {
  if (error.pause !== undefined) return true;
  const busy = error.status === 409 && error.code !== undefined && BUSY.has(error.code);
  return busy || (error.uncertain && error.kind !== "timeout");
}

/**
 * A failure that tells nothing about the request itself. passing: it was not acted on, and may be later; unsure: it
 * may have been, or still be under way; stop: a person has to look first, at the sign-in or at who misdirects the polls.
 */
export const TROUBLES = ["passing", "unsure", "stop"] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Undefined for a refusal, which is an answer. */
export function troubleOf(error: AzureError): Trouble | undefined {
  const { kind, status, code } = error;
  if (code === "ForeignHost") return "stop";
  if (error.uncertain) return "unsure";
  if (isPassing(error) || kind === "timeout" || status === 429 || (status ?? 0) >= 500) return "passing";
  if (kind === "auth") return status === 403 || status === 404 ? undefined : "stop";
  // Without an answer there is no code but the system's own, such as ECONNRESET or CERT_HAS_EXPIRED.
  const isUnanswered = status === undefined && (code === undefined || /^[A-Z_]+$/.test(code));
  return kind === "failed" && isUnanswered ? "passing" : undefined;
}

/** How long to wait while the service's books lag behind; undefined when that is not what it refuses for. */
export function pauseForLag({ lags }: Step, { status, code }: AzureError, tries: Tries): number | undefined {
  if (lags === undefined || status !== 409 || code === undefined || !lags.codes.includes(code))
    return undefined;
  tries.lagging += 1;
  return tries.lagging < lags.mostTries ? lags.pauseMs : undefined;
}

/** How long to wait before the next try, or the error that there is none after. */
export function pauseBefore(error: AzureError, tries: Tries): number | AzureError {
  const { pause } = error;
  const isThrottled = pause?.reason === "throttled";
  const count = isThrottled ? (tries.throttled += 1) : (tries.others += 1);
  if (count >= (isThrottled ? MOST_THROTTLED_TRIES : MOST_TRIES)) return error;
  if (pause === undefined) return error.uncertain ? LOST_PAUSE_MS * count : BUSY_PAUSE_MS;
  const pauseMs = pauseAfter(pause, count);
  tries.pausedMs += pauseMs;
  return tries.pausedMs > pause.mostMs ? tooLong(error, pauseMs, tries.pausedMs) : pauseMs;
}

export interface Wait {
  pauseMs: number;
  error: AzureError;
  title: string;
}

export async function wait({ pauseMs, error, title }: Wait, context: SendContext): Promise<void> {
  const reason = error.pause?.reason ?? (error.uncertain ? "no answer" : "refused for now");
  context.onProgress(`${title}: ${reason}, waiting ${Math.ceil(pauseMs / 1000)} s`);
  await context.clock.sleep(pauseMs, context.signal);
  context.onProgress(title);
}
