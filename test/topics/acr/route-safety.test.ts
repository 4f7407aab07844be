import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { FaultName, World } from "../../../src/sandbox/world.ts";
import { openDriver, type Driver } from "../../harness.ts";
import { resumeRun } from "../odcr/attach-world.ts";
import { cutRun, killAt } from "../killing.ts";
import { meetEveryFault, momentsOf } from "./every-moment.ts";
import { again, applyRoute, onlyIn, regionsIn, settle, watchPool, type Words } from "./route-world.ts";

interface Job {
  name: string;
  start: (world: World) => void;
  words: Words;
  wanted: string[];
}

const JOBS: readonly Job[] = [
  {
    name: "out, with one other left",
    start: onlyIn("eastus2", "westeurope"),
    words: { way: "out", region: "westeurope" },
    wanted: ["eastus2"],
  },
  {
    name: "out, while it cannot be told of the home region",
    start: () => {},
    words: { way: "out", region: "westeurope" },
    wanted: ["eastus2", "northeurope"],
  },
  {
    name: "in",
    start: onlyIn("eastus2"),
    words: { way: "in", region: "westeurope" },
    wanted: ["eastus2", "westeurope"],
  },
  {
    name: "a swap of the only one",
    start: onlyIn("westeurope"),
    words: { regions: "westeurope: out, northeurope: in" },
    wanted: ["northeurope"],
  },
];

/** How many requests a job takes when nothing goes wrong. */
async function countRequests({ start, words, wanted }: Job): Promise<number> {
  const driver = await openDriver(start);
  const { exit } = await applyRoute(driver, words);
  expect([exit, regionsIn(driver.open.world)]).toEqual([EXIT.ok, wanted]);
  return driver.open.requests.length;
}

/** The same command line once more, with nothing in its way. */
async function doAgain(driver: Driver, { words }: Job): Promise<unknown[]> {
  driver.open.world.faults = [];
  const { exit } = await applyRoute(await again(driver), words);
  return [exit, regionsIn(driver.open.world)];
}

/** What a fault at the request after `skip` others that it could meet did wrong; undefined when it met none. */
async function meet(job: Job, name: FaultName, skip: number): Promise<unknown[] | undefined> {
  const driver = await openDriver(job.start);
  const { open } = driver;
  open.world.faults.push({ name, match: {}, times: 1, skip });
  const empty = watchPool(open.world);
  const { exit } = await applyRoute(driver, job.words);
  const isMet = open.world.faults.length === 0;
  if (isMet) await settle(open);
  const isDone = regionsIn(open.world).join() === job.wanted.join();
  const second = isMet ? await doAgain(driver, job) : [EXIT.ok, job.wanted];
  const seen = { empty: empty(), honest: exit !== EXIT.ok || isDone, second };
  if (!isMet) return undefined;
  const fine = { empty: [], honest: true, second: [EXIT.ok, job.wanted] };
  return isDeepStrictEqual(seen, fine) ? [] : [{ name, skip, ...seen }];
}

test.each(JOBS)(
  "$name: no fault at any request leaves no replica in routing, and the same command then ends it",
  async (job) => {
    const { met, wrong } = await meetEveryFault((name, skip) => meet(job, name, skip));

    expect(wrong).toEqual([]);
    expect(met).toBeGreaterThan(50);
  },
  60_000,
);

async function goOn(driver: Driver, job: Job): Promise<number> {
  const next = await again(driver);
  const run = await cutRun(driver.host);
  if (run === undefined) return (await applyRoute(next, job.words)).exit;
  return (await resumeRun(run, next.ctx)).exit;
}

test.each(JOBS)(
  "$name: killed at any request, a replica is in routing, and going on ends it",
  async (job) => {
    for (const place of momentsOf(await countRequests(job))) {
      const driver = await openDriver(job.start);
      const empty = watchPool(driver.open.world);
      const { killed, bury } = killAt(driver, place, () => true);
      const cut = applyRoute(driver, job.words);
      await killed;
      const exit = await goOn(driver, job);
      bury();
      await cut.catch(() => {});

      const seen = { place, exit, empty: empty(), regions: regionsIn(driver.open.world) };
      expect(seen).toEqual({ place, exit: EXIT.ok, empty: [], regions: job.wanted });
    }
  },
  60_000,
);
