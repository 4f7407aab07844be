import { FAULT_NAMES, type FaultName } from "../../../src/sandbox/world.ts";
import type { Moment } from "../killing.ts";

/** What a fault at the request after `skip` others that it could meet did wrong; undefined when it met none. */
export type Meet = (name: FaultName, skip: number) => Promise<unknown[] | undefined>;

/** Each fault at each request that it can meet: how many that were, and all that went wrong. */
export async function meetEveryFault(meet: Meet): Promise<{ met: number; wrong: unknown[] }> {
  const wrong: unknown[] = [];
  let met = 0;
  for (const name of FAULT_NAMES) {
    for (let skip = 0; ; skip += 1) {
      const found = await meet(name, skip);
      if (!found) break;
      met += 1;
      wrong.push(...found);
    }
  }
  return { met, wrong };
}

/** Before and after each of so many requests. */
export function momentsOf(requests: number): [number, Moment][] {
  return Array.from({ length: requests }, (_, index) => index + 1).flatMap((nth) => [
    [nth, "before"],
    [nth, "after"],
  ]);
}
