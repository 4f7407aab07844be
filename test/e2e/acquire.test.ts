import { expect, test } from "vitest";
import { SandboxConnectionLost, type SandboxRequest } from "../../src/sandbox/handler.ts";
import { find, RESERVATION } from "../../src/sandbox/bodies.ts";
import type { World } from "../../src/sandbox/world.ts";
import { openDouble, type Double } from "./azure-double.ts";
import { runCli, startCli, type Running } from "./cli.ts";

const SUBSCRIPTION = "/subscriptions/5a000000-0000-4000-8000-000000000001";
const CRG = `${SUBSCRIPTION}/resourceGroups/rg-capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-shop`;
/** Nothing is free in zone 2. */
const SLOT = "--size D4s_v5 --location eastus2 --zone 2 --quantity 3 --group crg-shop".split(" ");
const ACQUIRE = ["odcr", "acquire", ...SLOT, "--apply", "--yes"];

function makeRoom({ world }: Double): void {
  world.capacity["eastus2|2|Standard_D4s_v5"] = 3;
}

function quantity(world: World): number | undefined {
  return find(world, RESERVATION, `${CRG}/capacityReservations/Zone2_D4s_v5`)?.sku.capacity;
}

/** Resumes the only run, once there is room. */
async function goOn(double: Double): Promise<{ exit: number | null; created: number }> {
  makeRoom(double);
  const listed = await runCli(double, ["runs", "list"]);
  const { exit } = await runCli(double, ["runs", "resume", listed.stdout.split("\t")[0] ?? "", "--yes"]);
  return { exit, created: double.seen.filter(({ method }) => method === "PUT").length };
}

test.concurrent.each([
  ["SIGKILL", null, "; next at "],
  ["SIGINT", 130, " with: azwise runs resume "],
  ["SIGTERM", 130, " with: azwise runs resume "],
] as const)("%s in a pause ends the process, and resume acquires it", async (signal, exit, said) => {
  const double = await openDouble();
  const running = startCli(double, ACQUIRE);
  await running.said("; next at ");

  running.child.kill(signal);
  const ended = await running.finished;

  expect(ended.exit).toBe(exit);
  expect(ended.stderr).toContain(said);
  expect(await goOn(double)).toEqual({ exit: 0, created: 1 });
  expect(quantity(double.world)).toBe(3);
  await double.close();
});

test.concurrent.each([
  ["PUT", "before"],
  ["PUT", "after"],
  ["PATCH", "before"],
  ["PATCH", "after"],
] as const)("killed at its %s, %s it took effect, resume acquires it", async (method, moment) => {
  let running: Running | undefined;
  const dieAt = async (request: SandboxRequest, at: string): Promise<void> => {
    if (at !== moment || request.method !== method || running?.child.killed !== false) return;
    running.child.kill("SIGKILL");
    await running.finished;
    throw new SandboxConnectionLost(at === "after");
  };
  const double = await openDouble({
    before: (request) => dieAt(request, "before"),
    after: (request) => dieAt(request, "after"),
  });
  running = startCli(double, ACQUIRE);
  expect((await running.finished).exit).toBeNull();

  const { exit } = await goOn(double);

  expect([exit, quantity(double.world)]).toEqual([0, 3]);
  await double.close();
});

test.concurrent("a run that still waits is not resumed beside itself", async () => {
  const double = await openDouble();
  const running = startCli(double, ACQUIRE);
  await running.said("; next at ");
  const sent = double.seen.length;

  const [id = "", state] = (await runCli(double, ["runs", "list"])).stdout.split("\t");
  const { exit, stderr } = await runCli(double, ["runs", "resume", id, "--yes"]);

  expect([state, exit, double.seen.length]).toEqual(["running", 1, sent]);
  expect(stderr).toContain(`run ${id} is still running: process ${running.child.pid} since `);
  running.child.kill("SIGINT");
  await running.finished;
  expect(await goOn(double)).toEqual({ exit: 0, created: 1 });
  await double.close();
});
