import { AzureError } from "../azure/azure-error.ts";
import { stillProvisioning } from "../azure/provisioning.ts";
import { compareAll } from "./drift.ts";
import type { StepFailure, StepResult } from "./execute-step.ts";
import { TOOK_EFFECT } from "./notes.ts";
import type { Step } from "./plan.ts";
import type { Choice } from "./pursuit.ts";
import type { SendContext } from "./send.ts";
import { readSettled } from "./settled.ts";

/** What became of a step whose answer was never seen. It is read only, and never sent. */
export async function lookBack({ expect }: Step, context: SendContext): Promise<StepResult> {
  try {
    const { body, missing } = await readSettled(expect, context);
    if (missing.length === 0) return { status: "done", note: TOOK_EFFECT };
    if (stillProvisioning(body))
      return unseen("its answer was never seen, and it is still under way", "unsure");
    return unseen("its answer was never seen, and it did not take effect", "passing");
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return unseen(`its answer was never seen, and the state could not be read: ${error.message}`, "unsure");
  }
}

function unseen(message: string, trouble: NonNullable<StepFailure["trouble"]>): StepResult {
  return {
    status: "failed",
    failure: { code: undefined, message, hint: undefined, kind: "failed", trouble },
  };
}

/** Whether what a choice leaves behind is there as it says; false when that cannot be read. */
export async function isLeft({ leaves }: Choice, { arm }: Pick<SendContext, "arm">): Promise<boolean> {
  try {
    return (await compareAll([leaves.when], arm, 1)).length === 0;
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return false;
  }
}
