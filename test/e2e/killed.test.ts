import { readdir } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { expect, test } from "vitest";
import { SandboxConnectionLost, type SandboxRequest } from "../../src/sandbox/handler.ts";
import type { World } from "../../src/sandbox/world.ts";
import { checkEnd } from "../sandbox/invariants.ts";
import { stateOf } from "../topics/odcr/attach-world.ts";
import { openDouble, type Double } from "./azure-double.ts";
import { runCli, startCli, type Running } from "./cli.ts";

/** Two zonal slots, and a regional one with a VM that is restarted and one that is deallocated. */
const VMS = ["shop-web-01", "shop-web-03", "shop-web-02", "shop-jobs-01", "shop-legacy-01", "shop-report-01"];
const NAMED = VMS.flatMap((name) => ["--vm", name]);
const ATTACH = ["odcr", "attach", ...NAMED, "--cover", "all", "--allow-restart", "--apply", "--yes"];

/** Operations end at their first poll; one that nobody polls goes on for some requests more. */
const POLL_STEP_MS = 60_000;
const REQUEST_STEP_MS = 10_000;
/** Runs at once; each waits for much of its time. */
const AT_ONCE = 16;

/** A request is lost before it takes effect, or its answer after that. */
type Moment = "before" | "after";

interface Killing {
  /** The first request is 1; Infinity kills nobody. */
  nth: number;
  moment: Moment;
}

interface Ended {
  killing: Killing;
  killed: boolean;
  /** Of going on: by `runs resume`, or by a new attach where no run was left. */
  exit: number | null;
  /** Whether the dead process changed something and left no run behind. */
  untold: boolean;
  /** VMs that were running and are not, and the like. */
  worse: string[];
  state: object;
}

/** Kills an attach at one of its requests (those that arrive are added), goes on, and tells how that ended. */
async function killAndGoOn(killing: Killing, requests: SandboxRequest[] = []): Promise<Ended> {
  const { nth, moment } = killing;
  let running: Running | undefined;
  const dieAt = async (request: SandboxRequest, at: Moment): Promise<void> => {
    if (at !== moment || requests[nth - 1] !== request) return;
    running?.child.kill("SIGKILL");
    await running?.finished;
    throw new SandboxConnectionLost(at === "after");
  };
  const double = await openDouble({
    pollStepMs: POLL_STEP_MS,
    before: async (request) => {
      double.world.clockOffsetMs += REQUEST_STEP_MS;
      requests.push(request);
      await dieAt(request, "before");
    },
    after: (request) => dieAt(request, "after"),
  });
  const first = structuredClone(double.world);
  running = startCli(double, ATTACH);
  const { exit } = await running.finished;
  const killed = exit === null;
  const rest = killed ? await goOn(double, first) : { exit, untold: false };
  const { world } = double;
  await double.close();
  const worse = checkEnd(first, world, { verb: "attach", restart: true });
  return { killing, killed, ...rest, worse, state: stateOf(world) };
}

async function goOn(double: Double, first: World): Promise<Pick<Ended, "exit" | "untold">> {
  const folder = join(double.home, ".local", "state", "azwise", "runs");
  const [journal] = await readdir(folder).catch(() => []);
  const isChanged = JSON.stringify(stateOf(double.world)) !== JSON.stringify(stateOf(first));
  const resume = ["runs", "resume", journal?.replace(".jsonl", "") ?? "", "--yes"];
  const { exit } = await runCli(double, journal === undefined ? ATTACH : resume);
  return { exit, untold: isChanged && journal === undefined };
}

function isChange({ method, url }: SandboxRequest): boolean {
  return method !== "GET" && !url.includes("/oauth2/");
}

test("killed at any one request of an attach, resume ends it as if nothing had happened", async () => {
  const requests: SandboxRequest[] = [];
  const { killing: _, ...clean } = await killAndGoOn({ nth: Infinity, moment: "before" }, requests);
  const limit = pLimit(AT_ONCE);
  // A read that was answered and one that was not are the same to a process that never sees the answer.
  const killings = requests.flatMap((request, index): Killing[] => [
    { nth: index + 1, moment: "before" },
    ...(isChange(request) ? [{ nth: index + 1, moment: "after" } as const] : []),
  ]);

  const ended = await Promise.all(killings.map((killing) => limit(() => killAndGoOn(killing))));

  expect(clean).toMatchObject({ exit: 0, worse: [] });
  expect(ended).toEqual(killings.map((killing) => ({ ...clean, killing, killed: true })));
}, 400_000);
