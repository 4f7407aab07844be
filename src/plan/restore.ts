import { AzureError } from "../azure/azure-error.ts";
import type { Json, JsonObject } from "../json.ts";
import { differences, evaluate } from "./observe.ts";
import type { Step } from "./plan.ts";
import { isPassing, noTries, pauseBefore, trySend, wait, type SendContext } from "./send.ts";
import { MOST_SETTLE_READS, settledDifferences } from "./settled.ts";

type Restore = NonNullable<Step["restore"]>;

/**
 * The value to put back should the next send fail. What an earlier send left unusable is not an old value,
 * so then the one known from before that send stays.
 */
export function valueToKeep({ restore }: Step, body: Json | undefined, known: Json): Json {
  if (!restore || body === undefined) return known;
  const isUnusable = differences(restore.when, body).length === 0;
  return isUnusable && known !== null ? known : evaluate(body, restore.keep);
}

/** The quantity that a raise would lower, for instance one that somebody else raised further and left Failed. */
export function loweredValue({ kind, restore, request }: Step, body: Json | undefined): number | undefined {
  if (kind !== "raise" || !restore || body === undefined) return undefined;
  const [is, asked] = [evaluate(body, restore.keep), evaluate(request.body ?? {}, restore.keep)];
  return typeof is === "number" && typeof asked === "number" && is > asked ? is : undefined;
}

/** Puts the old value back when the failed change left the resource unusable; says what came of it. */
export async function restoreValue(
  step: Step,
  kept: Json,
  context: SendContext,
): Promise<string | undefined> {
  if (!step.restore) return undefined;
  try {
    return await putBack(step.restore, kept, context);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return `the old value could not be put back: ${error.message}${byHand(step.restore, kept)}`;
  }
}

/**
 * Puts back what was there when the step was planned, when an earlier try left the resource unusable and could not
 * do that itself: it would be refused for that alone.
 */
export async function makeUsable(step: Step, context: SendContext): Promise<void> {
  if (!step.restore) return;
  const { request, keep } = step.restore;
  await restoreValue(step, evaluate(request.body ?? {}, keep), context);
}

async function putBack(restore: Restore, kept: Json, context: SendContext): Promise<string | undefined> {
  const { when, title } = restore;
  const success = `${title}: ${JSON.stringify(kept)}`;
  const tries = noTries();
  for (let last: AzureError | undefined; ;) {
    const isUsable = (await settledDifferences(when, context, last ? MOST_SETTLE_READS : 1)).length > 0;
    if (isUsable) return last?.uncertain ? success : undefined;
    if (kept === null) return "the old value is not known, so it was not put back";
    last = await trySend(requestWith(restore, kept), title, context);
    if (last === undefined) break;
    const pauseMs = isPassing(last) ? pauseBefore(last, tries) : last;
    if (pauseMs instanceof AzureError) throw pauseMs;
    await wait({ pauseMs, error: last, title }, context);
  }
  const left = await settledDifferences(when, context);
  if (left.length > 0) return success;
  return `the old value was sent, but the resource still reads as failed${byHand(restore, kept)}`;
}

/** Without a known value there is nothing to type. */
function byHand({ byHand: command }: Restore, kept: Json): string {
  return command === undefined || kept === null
    ? ""
    : `; put it back with: ${command} ${JSON.stringify(kept)}`;
}

function requestWith({ request, keep }: Restore, kept: Json): Restore["request"] {
  return { ...request, body: withValue(request.body ?? {}, keep.split("."), kept) };
}

function withValue(body: JsonObject, [name = "", ...deeper]: string[], value: Json): JsonObject {
  if (deeper.length === 0) return { ...body, [name]: value };
  const inner = body[name];
  const isObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
  return { ...body, [name]: withValue(isObject ? inner : {}, deeper, value) };
}
