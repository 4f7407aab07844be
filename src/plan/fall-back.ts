import { isShortage } from "../advice.ts";
import { executeStep, type StepResult } from "./execute-step.ts";
import { FELL_BACK } from "./notes.ts";
import type { Step } from "./plan.ts";
import type { StepContext } from "./send.ts";

/**
 * Runs a step. One that is refused because capacity is short, and that has a way back, takes that and is then tried
 * again: it has failed even so, because what was asked for is not so.
 */
export async function executeOrFallBack(step: Step, context: StepContext): Promise<StepResult> {
  const result = await executeStep(step, context);
  if (step.fallBack === undefined || result.status === "done" || !isShortage(result.failure.code)) {
    return result;
  }
  const note = await goBack(step, step.fallBack, { ...context, mayHaveMoved: false });
  return { ...result, note };
}

async function goBack(
  step: Step,
  { title, byHand, request, expect }: NonNullable<Step["fallBack"]>,
  context: StepContext,
): Promise<string> {
  const back = await executeStep({ ...step, title, request, expect }, context);
  if (back.status === "failed") return `could not go back: ${back.failure.message}; do it with: ${byHand}`;
  const again = await executeStep(step, context);
  return again.status === "done" ? `${FELL_BACK}: ${title}` : `${title}, and then: ${again.failure.message}`;
}
