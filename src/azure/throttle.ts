import type {
  PipelinePolicy,
  PipelineRequest,
  PipelineResponse,
  SendRequest,
} from "@azure/core-rest-pipeline";
import { AppError } from "../errors.ts";
import { AzureError, type Pause } from "./azure-error.ts";
import type { Clock } from "./ports.ts";
import { errorFromResponse } from "./service-error.ts";
import { errorFromTransport, isPassing } from "./transport-error.ts";

export interface ThrottleOptions {
  clock: Clock;
  /** Longest time that one request may spend in pauses before the run gives up, in milliseconds. */
  timeoutMs: number;
  /** Told while a pause lasts, e.g. "throttled, waiting 20 s". */
  onWait: (text: string | undefined) => void;
  /** Whether a request changes nothing, so that it may be sent again after a lost answer. */
  isRead?: (request: PipelineRequest) => boolean;
  /** Whether an answer is not asked for again although its status is one that passes. */
  isFinal?: (response: PipelineResponse) => boolean;
}

export const MOST_THROTTLED_TRIES = 8;
const MOST_READ_TRIES = 4;
const FIRST_PAUSE_MS = 2000;
const LONGEST_GUESSED_PAUSE_MS = 60_000;
/** "Retry-After: 0" must not make all tries fall into the same moment. */
const SHORTEST_PAUSE_MS = 1000;

/**
 * Reads are asked again: when the service throttles, with or without Retry-After (the SDK gives up at once
 * without it, and sleeps without limit with it), when an answer is lost, and after a 5xx. A change is never
 * sent again here, as the world moves during a pause: its caller waits, reads the state, and decides.
 */
export function throttlePolicy(options: ThrottleOptions): PipelinePolicy {
  return {
    name: "azwiseThrottle",
    async sendRequest(request, next) {
      const read = (options.isRead ?? isRead)(request);
      let pausedMs = 0;
      for (let attempt = 1; ; attempt += 1) {
        const result = await attemptOnce(request, next);
        if (!(result instanceof AzureError) && options.isFinal?.(result) === true) return result;
        const pauseMs = pauseBefore(result, { read, attempt, now: options.clock.now() });
        if (pauseMs === undefined) return unwrap(result);
        pausedMs += pauseMs;
        if (pausedMs > options.timeoutMs) throw tooLong(result, pauseMs, pausedMs);
        if (!read) throw postponed(result, pauseMs, options);
        await pause(pauseMs, { ...options, request, throttled: isThrottled(result) });
      }
    },
  };
}

type Attempt = PipelineResponse | AzureError;

async function attemptOnce(request: PipelineRequest, next: SendRequest): Promise<Attempt> {
  try {
    return await next(request);
  } catch (cause) {
    // The sign-in of a request may stop the run for a reason of its own.
    if (cause instanceof AppError) throw cause;
    if (request.abortSignal?.aborted === true) throw cause;
    return errorFromTransport(cause, request);
  }
}

function unwrap(result: Attempt): PipelineResponse {
  if (result instanceof AzureError) throw result;
  return result;
}

function postponed(result: Attempt, ms: number, { clock, timeoutMs }: ThrottleOptions): AzureError {
  const reason = isThrottled(result) ? "throttled" : "no answer";
  const isError = result instanceof AzureError;
  const guessed = isError || askedPause(result, clock.now()) === undefined;
  const error = isError ? result : errorFromResponse(result);
  return error.withPause({ ms, reason, guessed, mostMs: timeoutMs });
}

/** The pause after the nth try of a change. */
export function pauseAfter({ ms, guessed }: Pause, tries: number): number {
  return guessed ? Math.min(ms * 2 ** (tries - 1), LONGEST_GUESSED_PAUSE_MS) : ms;
}

interface Trial {
  read: boolean;
  attempt: number;
  now: Date;
}

/** How long to wait before the next attempt; undefined when this result is final. */
function pauseBefore(result: Attempt, { read, attempt, now }: Trial): number | undefined {
  if (result instanceof AzureError) {
    const again = isPassing(result) && (read || !result.uncertain);
    return again && attempt < MOST_READ_TRIES ? guessedPause(attempt) : undefined;
  }
  const pauseMs = askedPause(result, now) ?? guessedPause(attempt);
  if (isThrottled(result)) return attempt < MOST_THROTTLED_TRIES ? pauseMs : undefined;
  const passing = result.status >= 500 && result.status !== 501 && read;
  return passing && attempt < MOST_READ_TRIES ? pauseMs : undefined;
}

function isThrottled(result: Attempt): boolean {
  if (result instanceof AzureError) return result.pause?.reason === "throttled";
  if (result.status !== 503) return result.status === 429;
  return ["retry-after", "retry-after-ms", "x-ms-retry-after-ms"].some((name) => result.headers.has(name));
}

/** Resource Graph queries and the comparison of zones are POSTs that change nothing. */
function isRead(request: PipelineRequest): boolean {
  return (
    request.method === "GET" ||
    /\/providers\/Microsoft\.(ResourceGraph|Resources\/checkZonePeers)\//.test(request.url)
  );
}

function guessedPause(attempt: number): number {
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_GUESSED_PAUSE_MS);
  return Math.round(pauseMs * (0.75 + Math.random() / 2));
}

/** The pause a service asks for, in milliseconds; Resource Graph says it as hh:mm:ss. */
export function askedPause({ headers }: Pick<PipelineResponse, "headers">, now: Date): number | undefined {
  const ms = askedExactly((name) => headers.get(name), now);
  return ms === undefined ? undefined : Math.max(ms, SHORTEST_PAUSE_MS);
}

function askedExactly(header: (name: string) => string | undefined, now: Date): number | undefined {
  const ms = header("retry-after-ms") ?? header("x-ms-retry-after-ms");
  if (ms !== undefined && /^\d+$/.test(ms)) return Number(ms);
  const after = header("retry-after");
  if (after !== undefined && /^\d+$/.test(after)) return Number(after) * 1000;
  const date = after === undefined ? Number.NaN : Date.parse(after);
  if (!Number.isNaN(date)) return date - now.getTime();
  const quota = /^(\d+):(\d+):(\d+)$/.exec(header("x-ms-user-quota-resets-after") ?? "");
  if (!quota) return undefined;
  return (Number(quota[1]) * 3600 + Number(quota[2]) * 60 + Number(quota[3])) * 1000;
}

/** Refuses a pause that is longer than the user allows, alone or together with those before it. */
export function tooLong(result: Attempt, pauseMs: number, pausedMs: number): AzureError {
  const seconds = Math.ceil(pauseMs / 1000);
  const what = isThrottled(result) ? `throttles and asks for a pause of ${seconds} s` : "does not answer";
  return new AzureError("timeout", `the service ${what}`, {
    code: isThrottled(result) ? "TooManyRequests" : "NoAnswer",
    hint: `try again later, or allow the pause with --timeout ${Math.ceil(pausedMs / 1000)}s`,
    ...(result.status === undefined ? {} : { status: result.status }),
    ...(result instanceof AzureError ? { cause: result } : {}),
  });
}

async function pause(
  pauseMs: number,
  options: ThrottleOptions & { request: PipelineRequest; throttled: boolean },
): Promise<void> {
  const reason = options.throttled ? "throttled" : "no answer";
  options.onWait(`${reason}, waiting ${Math.ceil(pauseMs / 1000)} s`);
  await options.clock.sleep(pauseMs, options.request.abortSignal as AbortSignal | undefined);
  options.onWait(undefined);
}
