import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { isChange, openDriver, type Driver, type SentRequest, type TestHost } from "../harness.ts";
import { resumeRun, stateOf, type Ended } from "./odcr/attach-world.ts";

export type Moment = "before" | "after";

export interface Killing {
  killed: Promise<void>;
  /** Lets go of what the dead process still holds in this one. */
  bury(): void;
}

/** At the nth request that counts, a change unless said otherwise, just before or after it reaches the service, the process is gone: no request leaves, no answer arrives and nobody wakes up any more. */
export function killAt(
  { open, host }: Driver,
  [nth, moment]: [number, Moment],
  counts: (request: { method: string; url: string }) => boolean = isChange,
): Killing {
  const { sandbox } = open;
  const sleep = sandbox.sleep.bind(sandbox);
  let bury = (): void => {};
  const grave = new Promise<never>((_, reject) => {
    bury = () => reject(new DOMException("killed", "AbortError"));
  });
  let [seen, dead] = [0, false];
  sandbox.sleep = (ms, signal) => (dead ? grave : sleep(ms, signal));
  const killed = new Promise<void>((resolve) => {
    open.intercept(async (request, pass) => {
      const isIt = !dead && counts(request) && (seen += 1) === nth;
      dead ||= isIt && moment === "before";
      const response = dead ? undefined : await pass(request);
      dead ||= isIt;
      if (isIt) resolve();
      return dead || !response ? grave : response;
    });
  });
  return {
    killed,
    bury() {
      host.interrupt();
      host.interrupt();
      bury();
    },
  };
}

export async function onlyRun(host: TestHost): Promise<string> {
  const files = await readdir(join(host.state, "runs"));
  const [file = "", ...others] = files.filter((each) => !each.endsWith(".lock"));
  expect(others).toEqual([]);
  return file.slice(0, -".jsonl".length);
}

export interface GoneOn extends Ended {
  state: object;
  changes: SentRequest[];
}

/** Higher than any system numbers its processes. */
const DEAD = 4_194_305;

/** What was killed in this process holds its run no longer. */
async function leaveDeadLock(host: TestHost): Promise<void> {
  const lock = join(host.state, "runs", `${await onlyRun(host)}.lock`);
  const text = await readFile(lock, "utf8").catch(() => undefined);
  if (text !== undefined) await writeFile(lock, text.replace(/"pid":\d+/, `"pid":${DEAD}`));
}

/** Resumes the one run of a host; how that ended, and what it left behind. */
export async function goOn({ host, open }: Driver): Promise<GoneOn> {
  await leaveDeadLock(host);
  const driver = await openDriver(undefined, { host, world: open.world });
  const ended = await resumeRun(await onlyRun(host), driver.ctx);
  return { ...ended, state: stateOf(open.world), changes: driver.open.changes() };
}

/** The run that was cut short, held by nobody any more; undefined when none had begun. */
export async function cutRun(host: TestHost): Promise<string | undefined> {
  const files = await readdir(join(host.state, "runs")).catch(() => []);
  if (!files.some((each) => each.endsWith(".jsonl"))) return undefined;
  await leaveDeadLock(host);
  return onlyRun(host);
}
