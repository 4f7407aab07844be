import { stillProvisioning } from "../azure/provisioning.ts";
import type { Json } from "../json.ts";
import { differences, evaluate, type Difference } from "./observe.ts";
import type { Observation } from "./plan.ts";
import type { SendContext } from "./send.ts";

const STATE = "properties.provisioningState";
const SETTLE_PAUSE_MS = 3000;
export const MOST_SETTLE_READS = 100;

export interface Settled {
  body: Json | undefined;
  missing: Difference[];
}

/** Compares once no change of the resource is under way any more; one that never ends is a difference. */
export async function readSettled(
  expect: Observation,
  context: SendContext,
  mostReads = MOST_SETTLE_READS,
): Promise<Settled> {
  const { path, apiVersion, query } = expect;
  for (let reads = 1; ; reads += 1) {
    const body = await context.arm.read(
      { path, apiVersion, ...(query ? { query } : {}) },
      { signal: context.signal },
    );
    const missing = differences(expect, body);
    const isMet = missing.length === 0 && STATE in expect.fields;
    if (!stillProvisioning(body) || isMet || isForGood(expect, body)) return { body, missing };
    if (reads >= mostReads) return { body, missing: [...missing, ...differences(settled(expect), body)] };
    await context.clock.sleep(SETTLE_PAUSE_MS, context.signal);
  }
}

export async function settledDifferences(
  ...[expect, context, mostReads]: Parameters<typeof readSettled>
): Promise<Difference[]> {
  return (await readSettled(expect, context, mostReads)).missing;
}

/** What is being created does not go away by waiting, and one that is stuck is deleted as it is. */
function isForGood({ exists }: Observation, body: Json | undefined): boolean {
  return !exists && /^creating$/i.test(String(evaluate(body ?? null, STATE)));
}

function settled(expect: Observation): Observation {
  return { ...expect, fields: { [STATE]: "Succeeded" } };
}
