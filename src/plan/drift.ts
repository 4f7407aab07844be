import pLimit from "p-limit";
import type { ArmPort } from "../azure/ports.ts";
import { AppError } from "../errors.ts";
import { differences, readKey, type Difference } from "./observe.ts";
import type { Observation, Plan } from "./plan.ts";

/** Reads again everything that the plan's steps saw; returns what has moved since. */
export async function findDrift(plan: Plan, arm: ArmPort, concurrency: number): Promise<Difference[]> {
  const observations = plan.steps.flatMap((step) => step.saw);
  return compareAll(observations, arm, concurrency);
}

/** Compares many observations with as few reads as possible. */
export async function compareAll(
  observations: readonly Observation[],
  arm: ArmPort,
  concurrency: number,
): Promise<Difference[]> {
  const byRead = groupByRead(observations);
  const limit = pLimit(concurrency);
  const compared = await Promise.all(
    [...byRead.values()].map((group) => limit(() => compareGroup(group, arm))),
  );
  return compared.flat();
}

function groupByRead(observations: readonly Observation[]): Map<string, Observation[]> {
  const groups = new Map<string, Observation[]>();
  for (const observation of observations) {
    const key = readKey(observation);
    groups.set(key, [...(groups.get(key) ?? []), observation]);
  }
  return groups;
}

async function compareGroup(group: Observation[], arm: ArmPort): Promise<Difference[]> {
  const [first] = group;
  if (!first) return [];
  const { path, apiVersion, query } = first;
  const body = await arm.read({ path, apiVersion, ...(query ? { query } : {}) });
  return group.flatMap((observation) => differences(observation, body));
}

/** Refuses a plan whose world has moved. */
export function refuseDrift(drift: readonly Difference[], remake: string): void {
  const [first] = drift;
  if (!first) return;
  const more = drift.length > 1 ? ` (and ${drift.length - 1} more)` : "";
  throw new AppError("changes", `the plan no longer fits: ${describeDrift(first)}${more}`, {
    hint: `nothing was changed; make the plan again: ${remake}`,
  });
}

/** "/subscriptions/… sku.capacity was 3, is 4" */
export function describeDrift({ path, field, expected, actual }: Difference): string {
  return `${path} ${field} was ${JSON.stringify(expected)}, is ${JSON.stringify(actual)}`;
}
