import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { FAULT_NAMES, type Fault, type World } from "../../../src/sandbox/world.ts";
import { rehearse } from "../../../src/topics/acr/rehearse.ts";
import { openDriver, runCli, type Driver, type TestHost } from "../../harness.ts";
import { cutRun, killAt, type Moment } from "../killing.ts";
import { end, resumeRun, type Ended } from "../odcr/attach-world.ts";
import { again, onlyIn, regionsIn, settle, watchPool } from "./route-world.ts";

const ALL = ["eastus2", "northeurope", "westeurope"];
const INPUT = { registry: "shopregistry", region: "westeurope", hold: "5s", within: "2m", apply: true };

/** Its home region can leave, too. */
function start(world: World): void {
  onlyIn(...ALL)(world);
  world.settings.closestRegion = "westeurope";
}

function run({ ctx }: Driver, more: object = {}): Promise<Ended> {
  return end(rehearse, { ...INPUT, ...more }, ctx);
}

async function warned(host: TestHost): Promise<string[]> {
  const { stderr } = await runCli(host, "runs", "list");
  return stderr.split("\n").filter((line) => line.startsWith("warning: run "));
}

function notesOf({ state }: TestHost): string[] {
  try {
    return readdirSync(join(state, "owed"));
  } catch {
    return [];
  }
}

/** What is wrong after a rehearsal, however it ended: the replica is out and nobody says so, or nothing puts it back. */
async function wrongAfter(driver: Driver): Promise<string[]> {
  const { open, host } = driver;
  open.world.faults = [];
  await settle(open);
  const cut = await cutRun(host);
  const lines = await warned(host);
  if (lines.length === 0) {
    return regionsIn(open.world).join() === ALL.join() ? [] : ["a replica is out, and nobody says so"];
  }
  const { exit } = await resumeRun(cut ?? "", (await again(driver)).ctx);
  return [
    ...(lines[0]?.includes(` ${cut}; should that not be possible`) ? [] : [`not told how: ${lines[0]}`]),
    ...(exit === EXIT.ok ? [] : [`resuming exits ${exit}`]),
    ...(regionsIn(open.world).join() === ALL.join() ? [] : ["resuming did not put it back"]),
    ...(notesOf(host).length === 0 ? [] : ["something is still owed"]),
  ];
}

const MATCHES: readonly Fault["match"][] = [{}, { path: "/v2/" }, { path: "/oauth2/" }, { path: "_tags" }];

/** What a fault at the request after `skip` others that it could meet did wrong; undefined when it met none. */
async function meet(fault: Fault): Promise<unknown[] | undefined> {
  const driver = await openDriver(start);
  const { open } = driver;
  open.world.faults.push({ ...fault });
  const empty = watchPool(open.world);
  const { exit } = await run(driver);
  const isMet = open.world.faults.length === 0;
  const back = regionsIn(open.world).join() === ALL.join();
  const owed = notesOf(driver.host).length > 0;
  const isHonest = exit === EXIT.ok ? back && !owed : exit === EXIT.partial || exit === EXIT.auth || back;
  const wrong = [...empty(), ...(isHonest ? [] : [`exit ${exit}`]), ...(await wrongAfter(driver))];
  if (!isMet) return undefined;
  return wrong.length === 0 ? [] : [{ ...fault, wrong }];
}

test("no fault at any request leaves the replica out without a word", async () => {
  const wrong: unknown[] = [];
  let met = 0;
  for (const [name, match] of FAULT_NAMES.flatMap((each) => MATCHES.map((at) => [each, at] as const))) {
    for (let skip = 0; ; skip += 1) {
      const found = await meet({ name, match, times: 1, skip });
      if (!found) break;
      met += 1;
      wrong.push(...found);
    }
  }

  expect(wrong).toEqual([]);
  expect(met).toBeGreaterThan(200);
}, 300_000);

test("killed at any request, the next command says what is owed, and resuming puts the replica back", async () => {
  const clean = await openDriver(start);
  expect([(await run(clean)).exit, regionsIn(clean.open.world)]).toEqual([EXIT.ok, ALL]);
  const count = clean.open.requests.length;
  const wrong: unknown[] = [];
  for (let nth = 1; nth <= count; nth += 1) {
    for (const moment of ["before", "after"] as const satisfies Moment[]) {
      const driver = await openDriver(start);
      const empty = watchPool(driver.open.world);
      const killing = killAt(driver, [nth, moment], () => true);
      const cut = run(driver).catch(() => {});
      await Promise.race([killing.killed, cut]);
      const isOut = regionsIn(driver.open.world).join() !== ALL.join();
      const isNoted = notesOf(driver.host).length > 0;
      const after = await wrongAfter(await again(driver));
      killing.bury();
      await cut;
      const seen = [...empty(), ...after, ...(isOut && !isNoted ? ["out without a note"] : [])];
      if (seen.length > 0) wrong.push({ nth, moment, seen });
    }
  }

  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(30);
}, 300_000);

test.each(["before", "after"] as const)(
  "Ctrl-C just %s any request: once and the replica is back, twice and the run that owes it is told",
  async (moment) => {
    const clean = await openDriver(start);
    await run(clean);
    const wrong: unknown[] = [];
    for (let nth = 1; nth <= clean.open.requests.length; nth += 1) {
      for (const times of [1, 2]) {
        const driver = await openDriver(start);
        const empty = watchPool(driver.open.world);
        let seen = 0;
        driver.open.intercept(async (request, pass) => {
          const isIt = (seen += 1) === nth;
          const interrupt = (): void => {
            for (let time = 0; time < times; time += 1) driver.host.interrupt();
          };
          if (isIt && moment === "before") interrupt();
          const response = await pass(request);
          if (isIt && moment === "after") interrupt();
          return response;
        });
        const exit = await run(driver).then(
          (ended) => ended.exit,
          (error: Error) => error.name,
        );
        await settle(driver.open);
        const isBack = regionsIn(driver.open.world).join() === ALL.join();
        const fine = times === 2 ? exit !== EXIT.ok || isBack : isBack && notesOf(driver.host).length === 0;
        // Ctrl-C before the run began, or after the last thing it waits for.
        const exits: unknown[] = [EXIT.interrupted, "AbortError", "RestError", EXIT.ok];
        if (times === 2) exits.push(EXIT.partial);
        const found = [...empty(), ...(fine && exits.includes(exit) ? [] : [`exit ${exit}`])];
        found.push(...(await wrongAfter(driver)));
        if (found.length > 0) wrong.push({ nth, times, found });
      }
    }

    expect(wrong).toEqual([]);
  },
  300_000,
);

test("a way back that is refused for good exits 6, names the command, and is told until it is resumed", async () => {
  const driver = await openDriver((world) => {
    start(world);
    const match = { method: "PATCH", path: "/replications/westeurope" };
    world.faults.push({ name: "server-error", match, times: 99, skip: 1 });
  });

  const { exit } = await run(driver);

  expect([exit, regionsIn(driver.open.world)]).toEqual([EXIT.partial, ["eastus2", "northeurope"]]);
  expect(await warned(driver.host)).toEqual([
    expect.stringMatching(
      /^warning: run (\S+) owes in cloud sandbox: Put westeurope back into global routing \(\/subscriptions\/.*\/replications\/westeurope\); azwise runs resume --cloud sandbox --tenant \S+ --subscription \S+ \1; should that not /,
    ),
  ]);
  expect(await wrongAfter(driver)).toEqual([]);
});

test("a rehearsal that was killed before the answer to its way out, and resumed, is listed as finished", async () => {
  const driver = await openDriver(start);
  const killing = killAt(driver, [1, "after"]);
  const cut = run(driver).catch(() => {});
  await Promise.race([killing.killed, cut]);
  const id = (await cutRun(driver.host)) ?? "";
  await resumeRun(id, (await again(driver)).ctx);
  killing.bury();
  await cut;

  const shown = await runCli(driver.host, "runs", "show", id);

  expect((await runCli(driver.host, "runs", "list")).stdout).toContain(`${id}\tfinished\t`);
  expect(regionsIn(driver.open.world)).toEqual(ALL);
  expect(shown.stderr).toBe(
    "note: the rehearsal is over: what is not done is not begun again, and nothing is left to put back\n",
  );
});

test("a rehearsal that was killed before anything was sent is not begun by resuming it", async () => {
  const driver = await openDriver(start);
  const journals = (): string[] => readdirSync(join(driver.host.state, "runs"));
  driver.open.intercept(async (request, pass) => {
    const isLast = request.url.includes("/replications/eastus2") && isRunning();
    if (isLast) throw new DOMException("killed", "AbortError");
    return pass(request);
  });
  const isRunning = (): boolean => {
    try {
      return journals().length > 0;
    } catch {
      return false;
    }
  };
  await run(driver).catch(() => {});
  const next = await again(driver);

  const { exit } = await resumeRun((await cutRun(driver.host)) ?? "", next.ctx);

  expect([exit, next.open.changes(), driver.open.changes()]).toEqual([EXIT.ok, [], []]);
});
