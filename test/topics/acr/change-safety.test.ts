import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { find, REGISTRY } from "../../../src/sandbox/bodies.ts";
import type { FaultName, World } from "../../../src/sandbox/world.ts";
import { openDriver, type Driver } from "../../harness.ts";
import { resumeRun, type Ended } from "../odcr/attach-world.ts";
import { cutRun, killAt } from "../killing.ts";
import { applyChange, having, open, roomy, stateIn, stuckInWest, type Words } from "./change-world.ts";
import { meetEveryFault, momentsOf } from "./every-moment.ts";
import { again, onlyIn, settle, SHOP, watchPool } from "./route-world.ts";

type State = ReturnType<typeof stateIn>;

interface Job {
  name: string;
  start: (world: World) => void;
  words: Words;
  wanted: Partial<State>;
}

const READY = ["northeurope Succeeded", "westeurope Succeeded"];

/** One private endpoint, with room in its subnet. */
function small(world: World): void {
  roomy(world);
  find(world, REGISTRY, SHOP)!.properties.privateEndpointConnections.length = 1;
}

function both(...changes: ((world: World) => void)[]): (world: World) => void {
  return (world) => changes.forEach((change) => change(world));
}

const JOBS: readonly Job[] = [
  { name: "regional enable", start: small, words: ["regional", "enable"], wanted: { regional: "Enabled" } },
  {
    name: "regional disable",
    start: both(open, having(true, true)),
    words: ["regional", "disable"],
    wanted: { regional: "Disabled", data: true },
  },
  {
    name: "data-endpoints enable",
    start: both(open, having(false, false)),
    words: ["data-endpoints", "enable"],
    wanted: { regional: "Disabled", data: true },
  },
  {
    name: "data-endpoints disable",
    start: both(open, having(true, true)),
    words: ["data-endpoints", "disable"],
    wanted: { regional: "Enabled", data: false },
  },
  {
    name: "replica add",
    start: small,
    words: ["replica", "add", "centralus"],
    wanted: { replicas: ["centralus Succeeded", ...READY] },
  },
  {
    name: "replica remove",
    start: both(open, onlyIn("eastus2", "westeurope")),
    words: ["replica", "remove", "westeurope"],
    wanted: { replicas: ["eastus2 Succeeded", "northeurope Succeeded"] },
  },
  {
    name: "replica remove of a stuck one",
    start: both(open, stuckInWest),
    words: ["replica", "remove", "westeurope"],
    wanted: { replicas: ["northeurope Succeeded"] },
  },
];

function isDone({ wanted }: Job, world: World): boolean {
  return isDeepStrictEqual({ ...stateIn(world), ...wanted }, stateIn(world));
}

/** A replica that is there cannot be added again, nor one that is gone removed. */
function isEnd({ words: [name] }: Job, { exit }: Ended): boolean {
  return exit === EXIT.ok || (name === "replica" && exit === EXIT.usage);
}

/** What a fault at the request after `skip` others that it could meet did wrong; undefined when it met none. */
async function meet(job: Job, name: FaultName, skip: number): Promise<unknown[] | undefined> {
  const driver = await openDriver(job.start);
  const { world } = driver.open;
  world.faults.push({ name, match: {}, times: 1, skip });
  const empty = watchPool(world);
  const { exit } = await applyChange(driver.ctx, job.words);
  const isHonest = exit !== EXIT.ok || isDone(job, world);
  const isMet = world.faults.length === 0;
  if (!isMet) {
    empty();
    return undefined;
  }
  await settle(driver.open);
  const second = await applyChange((await again(driver)).ctx, job.words);
  const seen = { empty: empty(), isHonest, ended: isEnd(job, second), done: isDone(job, world) };
  const fine = { empty: [], isHonest: true, ended: true, done: true };
  return isDeepStrictEqual(seen, fine) ? [] : [{ name, skip, exit, second: second.exit, ...seen }];
}

test.each(JOBS)(
  "$name: whatever fails at any request, ok is only said of what is so, and the same command then ends it",
  async (job) => {
    const { met, wrong } = await meetEveryFault((name, skip) => meet(job, name, skip));

    expect(wrong).toEqual([]);
    expect(met).toBeGreaterThan(50);
  },
  120_000,
);

async function goOn(driver: Driver, { words }: Job): Promise<Ended> {
  const next = await again(driver);
  const run = await cutRun(driver.host);
  return run === undefined ? applyChange(next.ctx, words) : resumeRun(run, next.ctx);
}

test.each(JOBS)(
  "$name: killed at any request, going on ends it",
  async (job) => {
    const clean = await openDriver(job.start);
    expect([(await applyChange(clean.ctx, job.words)).exit, isDone(job, clean.open.world)]).toEqual([
      0,
      true,
    ]);
    for (const place of momentsOf(clean.open.requests.length)) {
      const driver = await openDriver(job.start);
      const empty = watchPool(driver.open.world);
      const { killed, bury } = killAt(driver, place, () => true);
      const cut = applyChange(driver.ctx, job.words);
      await killed;
      const { exit } = await goOn(driver, job);
      bury();
      await cut.catch(() => {});

      const seen = { place, exit, empty: empty(), done: isDone(job, driver.open.world) };
      expect(seen).toEqual({ place, exit: EXIT.ok, empty: [], done: true });
    }
  },
  60_000,
);
