import { AzureError } from "./azure-error.ts";
import { readEnvelope } from "./service-error.ts";
import { askedPause } from "./throttle.ts";
import type { ArmOptions, Clock } from "./ports.ts";

/** An answer as the poller needs it. */
export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

type Headers = Parameters<typeof askedPause>[0]["headers"];

export interface PollContext extends ArmOptions {
  clock: Clock;
  timeoutMs: number;
  get(url: string): Promise<Answer>;
}

const FIRST_INTERVAL_MS = 2000;
/** Polls of one operation have a small bucket of their own, so they slow down as they go. */
const LONGEST_INTERVAL_MS = 10_000;

/** A status URL tells how the operation goes; a location answers 202 until there is a result. */
interface Link {
  header: "azure-asyncoperation" | "location";
  url: string;
}

/** Where an answer says its operation can be asked about; undefined when it is already complete. */
export function operationLink({ status, headers }: Answer): Link | undefined {
  const url = headers.get("azure-asyncoperation");
  if (url) return { header: "azure-asyncoperation", url };
  const location = status === 202 ? headers.get("location") : undefined;
  return location ? { header: "location", url: location } : undefined;
}

/**
 * Polls until the operation ends. Each answer may name a new URL, and the old one may then be refused,
 * so the newest is always used, byte for byte. Keeps the service's error code, which the SDK's poller loses.
 */
export async function waitForOperation(first: Answer, context: PollContext): Promise<void> {
  const { clock } = context;
  const deadline = clock.now().getTime() + context.timeoutMs;
  let link = operationLink(first);
  let intervalMs = askedPause(first, clock.now()) ?? FIRST_INTERVAL_MS;
  while (link !== undefined) {
    const leftMs = deadline - clock.now().getTime();
    if (leftMs <= 0) throw timedOut(context.timeoutMs);
    await clock.sleep(Math.min(intervalMs, leftMs), context.signal);
    const answer = await context.get(link.url);
    const state = link.header === "location" ? resultState(answer) : statusState(answer);
    context.onProgress?.(state.word);
    if (state.ended) return throwIfFailed(state.word, answer);
    link = { header: link.header, url: answer.headers.get(link.header) || link.url };
    const asked = askedPause(answer, clock.now());
    intervalMs = asked ?? Math.min(intervalMs * 1.5, LONGEST_INTERVAL_MS);
  }
}

interface State {
  word: string;
  ended: boolean;
}

/** Services use words of their own while running ("Creating"), so only the known endings end it. */
function statusState(answer: Answer): State {
  const word = statusWord(answer.body);
  if (word !== undefined) return { word, ended: /succeeded|fail|cancell?ed/i.test(word) };
  return answer.status === 202 ? { word: "Running", ended: false } : { word: "Succeeded", ended: true };
}

/** Here the HTTP status decides, as the body may be the resource itself, unless it says that work goes on. */
function resultState(answer: Answer): State {
  const word = statusWord(answer.body);
  const running = answer.status === 202 || /^(inprogress|accepted|notstarted|\w+ing)$/i.test(word ?? "");
  if (running) return { word: word ?? "Running", ended: false };
  return { word: /fail|cancell?ed/i.test(word ?? "") ? (word ?? "") : "Succeeded", ended: true };
}

function statusWord(body: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as { status?: unknown; properties?: { provisioningState?: unknown } };
    const word = parsed.status ?? parsed.properties?.provisioningState;
    return typeof word === "string" && word !== "" ? word : undefined;
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
