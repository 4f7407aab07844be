import { readdir } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { expect, test } from "vitest";
import { SandboxConnectionLost, type SandboxRequest } from "../../src/sandbox/handler.ts";
import type { World } from "../../src/sandbox/world.ts";
import { onlyIn, regionsIn } from "../topics/acr/route-world.ts";
import { openDouble, type Double } from "./azure-double.ts";
import { runCli, startCli, type Running } from "./cli.ts";

const ALL = ["eastus2", "northeurope", "westeurope"];
const REHEARSE = ["acr", "rehearse", "shopregistry", "--region", "westeurope", "--hold", "1s"];
const APPLY = [...REHEARSE, "--apply", "--yes"];
/** World time that passes with each poll, and with each request to the registry's own hosts. */
const STEP_MS = 30_000;
/** Runs at once; each waits for much of its time. */
const AT_ONCE = 24;

type Moment = "before" | "after";

function edit(world: World): void {
  onlyIn(...ALL)(world);
  world.settings.closestRegion = "westeurope";
}

interface Killing {
  nth: number;
  moment: Moment;
}

async function openDying(
  { nth, moment }: Killing,
  requests: SandboxRequest[],
): Promise<{ double: Double; running: Running }> {
  let running: Running | undefined;
  const dieAt = async (request: SandboxRequest, at: Moment): Promise<void> => {
    if (at !== moment || requests[nth - 1] !== request) return;
    running?.child.kill("SIGKILL");
    await running?.finished;
    throw new SandboxConnectionLost(at === "after");
  };
  const double = await openDouble({
    edit,
    pollStepMs: STEP_MS,
    before: async (request) => {
      if (request.url.includes(".azurecr.io/")) double.world.clockOffsetMs += STEP_MS;
      requests.push(request);
      await dieAt(request, "before");
    },
    after: (request) => dieAt(request, "after"),
  });
  running = startCli(double, APPLY);
  return { double, running };
}

/** Kills a rehearsal at one of its requests; what the next command and resuming did wrong. */
async function killAndLook(killing: Killing): Promise<string[]> {
  const { double, running } = await openDying(killing, []);
  const { exit } = await running.finished;
  double.world.clockOffsetMs += 600_000;
  const wrong = exit === null ? [] : [`not killed: ${exit}`];
  const next = await runCli(double, ["acr", "show", "shopregistry"]);
  const run = /^warning: run (\S+) owes .*; azwise runs resume .* \1; should that not be possible/m.exec(
    next.stderr,
  )?.[1];
  const isOut = !regionsIn(double.world).includes("westeurope");
  if (isOut && run === undefined) wrong.push(`out and untold: ${next.stderr}`);
  if (run !== undefined) {
    const resumed = await runCli(double, ["runs", "resume", run, "--yes"]);
    if (resumed.exit !== 0 || resumed.stderr.includes(" owes ")) wrong.push(`resumed: ${resumed.stderr}`);
  }
  if (regionsIn(double.world).join() !== ALL.join()) wrong.push("not put back");
  const left = await readdir(join(double.home, ".local", "state", "azwise", "owed")).catch(() => []);
  if (left.length > 0) wrong.push("something is still owed");
  await double.close();
  return wrong;
}

function isChange({ method, url }: SandboxRequest): boolean {
  return method === "PATCH" && url.includes("/replications/");
}

/**
 * The first request of each kind since the change before it; test/topics/acr kills at every single one. A read that
 * was answered and one that was not are the same to a process that never sees the answer.
 */
function oneOfEachKind(requests: readonly SandboxRequest[]): Killing[] {
  const seen = new Set<string>();
  let changes = 0;
  return requests.flatMap((request, index): Killing[] => {
    if (isChange(request)) changes += 1;
    const kind = `${changes} ${request.method} ${request.url.split("?")[0]}`;
    if (seen.has(kind) || changes === 0) return [];
    seen.add(kind);
    const before: Killing = { nth: index + 1, moment: "before" };
    return isChange(request) ? [before, { ...before, moment: "after" }] : [before];
  });
}

test("SIGKILL at a request of any kind: the next command says what is owed, and resume puts the replica back", async () => {
  const requests: SandboxRequest[] = [];
  const { double, running } = await openDying({ nth: Infinity, moment: "before" }, requests);
  const clean = await running.finished;
  expect([clean.exit, regionsIn(double.world)]).toEqual([0, ALL]);
  await double.close();
  const limit = pLimit(AT_ONCE);
  const killings = oneOfEachKind(requests);

  const wrong = await Promise.all(
    killings.map((killing) => limit(async () => ({ ...killing, wrong: await killAndLook(killing) }))),
  );

  expect(wrong.filter((each) => each.wrong.length > 0)).toEqual([]);
  expect(killings.length).toBeGreaterThan(8);
}, 400_000);

test.concurrent.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s while the replica is out puts it back",
  async (signal) => {
    const double = await openDouble({ edit, pollStepMs: STEP_MS });
    const running = startCli(double, APPLY);
    await running.said("proof: westeurope answers");
    running.child.kill(signal);
    const { exit, stdout, stderr } = await running.finished;

    expect({ exit, stderr }).toMatchObject({ exit: 130 });
    expect(stdout).toContain("over: stopped by a signal");
    expect(regionsIn(double.world)).toEqual(ALL);
    expect((await runCli(double, ["runs", "list"])).stderr).toBe("");
    await double.close();
  },
);
