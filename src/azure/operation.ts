import { AzureError } from "./azure-error.ts";
import { readEnvelope } from "./service-error.ts";
import type { ArmOptions, Clock } from "./ports.ts";

/** An answer as the poller needs it. Header names are looked up without regard to case. */
export interface Answer {
  status: number;
  header(name: string): string | undefined;
  body: string;
}

export interface PollContext extends ArmOptions {
  clock: Clock;
  timeoutMs: number;
  get(url: string): Promise<Answer>;
}

const FIRST_INTERVAL_MS = 2000;
/** Polls of one operation have a small bucket of their own, so they slow down as they go. */
const LONGEST_INTERVAL_MS = 10_000;

/** Where an answer says its operation can be asked about; undefined when it is already complete. */
export function operationUrl(answer: Answer): string | undefined {
  const url = answer.header("azure-asyncoperation");
  if (url !== undefined) return url;
  return answer.status === 202 ? answer.header("location") : undefined;
}

/**
 * Polls until the operation ends. Each answer may name a new URL, and the old one may then be refused,
 * so the newest is always used, byte for byte. Keeps the service's error code, which the SDK's poller loses.
 */
export async function waitForOperation(first: Answer, context: PollContext): Promise<void> {
  let url = operationUrl(first);
  let intervalMs = askedInterval(first) ?? FIRST_INTERVAL_MS;
  const deadline = context.clock.now().getTime() + context.timeoutMs;
  while (url !== undefined) {
    await context.clock.sleep(intervalMs, context.signal);
    const answer = await context.get(url);
    const state = stateOf(answer);
    context.onProgress?.(state.word);
    if (state.ended) return throwIfFailed(state.word, answer);
    url = nextUrl(answer) ?? url;
    intervalMs = askedInterval(answer) ?? Math.min(intervalMs * 1.5, LONGEST_INTERVAL_MS);
    if (context.clock.now().getTime() > deadline) throw timedOut(context.timeoutMs);
  }
}

function nextUrl(answer: Answer): string | undefined {
  return answer.header("azure-asyncoperation") ?? answer.header("location");
}

interface State {
  word: string;
  ended: boolean;
}

/** Services use words of their own while running ("Creating"), so only the known endings end it. */
function stateOf(answer: Answer): State {
  const word = statusWord(answer.body);
  if (word !== undefined) return { word, ended: /succeeded|fail|cancell?ed/i.test(word) };
  return answer.status === 202 ? { word: "Running", ended: false } : { word: "Succeeded", ended: true };
}

function statusWord(body: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as { status?: unknown; properties?: { provisioningState?: unknown } };
    const word = parsed.status ?? parsed.properties?.provisioningState;
    return typeof word === "string" ? word : undefined;
  } catch {
    // Location polls answer with an empty body.
    return undefined;
  }
}

function throwIfFailed(word: string, answer: Answer): void {
  if (/succeeded/i.test(word)) return;
  const { code, message } = readEnvelope(answer.body);
  throw new AzureError("failed", message ?? `the operation ended as ${word}`, { code: code ?? word });
}

/** The operation goes on in Azure; whoever asked must read the resource to know how it ended. */
function timedOut(timeoutMs: number): AzureError {
  const text = `the operation has not ended after ${Math.round(timeoutMs / 1000)} s; it goes on in Azure`;
  return new AzureError("timeout", text, { hint: "allow more with --timeout", uncertain: true });
}

function askedInterval(answer: Answer): number | undefined {
  const after = answer.header("retry-after");
  return after !== undefined && /^\d+$/.test(after) ? Math.max(Number(after) * 1000, 1000) : undefined;
}
