import { AzureError, type Pause } from "../../src/azure/azure-error.ts";
import { executeStep, type StepResult } from "../../src/plan/execute-step.ts";
import type { StepContext } from "../../src/plan/send.ts";
import type { Observation, Step } from "../../src/plan/plan.ts";
import { step, type FakeArm } from "./fake-arm.ts";

/** Of the resource of step "a". */
export const PATH = "/subscriptions/s/a";

export const lost = (): AzureError => new AzureError("failed", "the answer was lost", { uncertain: true });
export const refused = (): AzureError =>
  new AzureError("failed", "no room", { code: "AllocationFailed", hint: "wait" });
export const busy = (): AzureError => new AzureError("failed", "busy", { code: "Conflict", status: 409 });

/** A change that the service asks to send again later. */
export function throttled(pause: Partial<Pause> = {}): AzureError {
  return new AzureError("failed", "too many requests", {
    code: "TooManyRequests",
    status: 429,
    pause: { ms: 20_000, reason: "throttled", guessed: false, mostMs: 1_800_000, ...pause },
  });
}

export function seeing(fields: Observation["fields"], path = PATH): Observation {
  return { path, apiVersion: "1", exists: true, fields };
}

export function runStep(
  arm: FakeArm,
  each: Step = step("a"),
  more: Partial<StepContext> = {},
): Promise<StepResult> {
  const { signal } = new AbortController();
  return executeStep(each, {
    arm,
    clock: arm.clock,
    signal,
    onProgress: () => {},
    mayHaveMoved: false,
    noteSent: async () => {},
    ...more,
  });
}

/** How many changes were sent. */
export function changes(arm: FakeArm): number {
  return arm.events.filter((event) => event.startsWith("begin")).length;
}

/** Seconds that have passed. */
export function elapsed({ clock }: FakeArm): number {
  return (clock.now().getTime() - Date.parse("2026-11-21T08:00:00Z")) / 1000;
}
