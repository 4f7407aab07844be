import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { checkInvariants } from "../../../src/sandbox/invariants.ts";
import type { FaultName, World } from "../../../src/sandbox/world.ts";
import { loadWorld, openDriver, type Driver } from "../../harness.ts";
import { applyAttach, settle, stateOf, untruths } from "./attach-world.ts";

const METHODS = ["PUT", "PATCH", "POST"] as const;
const CLEAN_REQUESTS = { PUT: 6, PATCH: 8, POST: 4 } as const;

/** Every single change of a clean run, as a fault finds it: the nth request of a method. */
const PLACES = METHODS.flatMap((method) =>
  Array.from({ length: CLEAN_REQUESTS[method] }, (_, skip) => ({ method, skip })),
);

const DOCUMENTED = [EXIT.ok, EXIT.failed, EXIT.auth, EXIT.partial, EXIT.timeout] as number[];

const clean = await runClean();

async function runClean(): Promise<{ state: object; counts: object }> {
  return {} as never;
}

test("a clean run makes the changes that the faults below are put into", async () => {
  const { open, ctx } = await openDriver();

  const { exit } = await applyAttach(ctx);

  const count = (method: string): number => open.changes().filter((each) => each.method === method).length;
  console.log(open.changes().map((c) => c.method + " " + c.path.split("/").slice(-2).join("/") + JSON.stringify(c.body)).join("\n"));
  console.log(JSON.stringify(stateOf(open.world), null, 1));
  expect(exit).toBe(EXIT.ok);
  expect(Object.fromEntries(METHODS.map((method) => [method, count(method)]))).toEqual(CLEAN_REQUESTS);
});
