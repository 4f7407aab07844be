import type { Clock } from "../../azure/ports.ts";
import type { Registry, RegistryDataPort, RegistryHost } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import { judgeProbe } from "./pick-verdict.ts";
import { placeOf, type Layer } from "./who-serves.ts";

/** Longest wait for an answer, and for a replica that throttles. */
export const PATIENCE_MS = 10_000;
/** So many in a row prove something. */
const IN_A_ROW = 3;

/** One request to the global endpoint. */
export interface Look {
  /** When it was answered, or given up; ISO, UTC. */
  at: string;
  ms: number;
  /** Who answered; undefined where that cannot be told by any answer. */
  region?: string;
  /** Why there was no answer, or none that tells a region although others did; undefined when there was one. */
  failure?: string;
}

/** An image whose layer is asked for. */
export interface Sample {
  image: string;
  layer: Layer;
}

export interface Watching {
  registry: Registry;
  data: RegistryDataPort;
  clock: Clock;
  /** Undefined when no region can be told: then only that somebody answers is looked at. */
  sample: Sample | undefined;
}

/** Asks the global endpoint once. Never throws for what the service or the network does. */
export async function look(watching: Watching): Promise<Look> {
  const { clock } = watching;
  const start = clock.elapsed();
  const seen = await ask(watching).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    return { failure: error.message };
  });
  const ms = Math.round(clock.elapsed() - start);
  return { at: clock.now().toISOString(), ms, ...seen };
}

async function ask({ registry, data, sample }: Watching): Promise<Pick<Look, "region" | "failure">> {
  const at: RegistryHost = { registry, host: registry.loginServer, afresh: { patienceMs: PATIENCE_MS } };
  if (sample === undefined) {
    const { picked, answer } = judgeProbe(await data.probe(at, PATIENCE_MS));
    return picked ? {} : { failure: answer };
  }
  const { repository, digest } = sample.layer;
  const { region, unknown } = placeOf(registry, await data.locateBlob(at, repository, digest), sample);
  // The same layer told a region before, so whoever asked for it now could not have pulled it from there.
  return region === undefined ? { failure: unknown?.text ?? "no region is told" } : { region };
}

/** Why a watch has no point any more: the replica that was to stay left, or the one that was to be out is not. */
export type CallOff = "called off" | "not out";

export type WatchEnd = "enough" | "time is up" | "nobody answers" | CallOff | "stopped";

export interface Watch {
  looks: Look[];
  end: WatchEnd;
}

export interface Watcher {
  look: () => Promise<Look>;
  clock: Clock;
  /** Aborted by a signal: ends the watch at once. */
  stop: AbortSignal;
  everyMs: number;
  forMs: number;
  /** Told of each look. */
  onLook: (look: Look) => void;
  /** Ends the watch before its time; it sees all looks so far. */
  isEnough?: (looks: readonly Look[]) => boolean;
  /** Asked beside each look, and not waited for; once more when the time is up, and then it is. */
  calledOff?: () => Promise<CallOff | undefined>;
}

/** Looks again and again until something ends it. */
export async function watch(watcher: Watcher): Promise<Watch> {
  const { clock, stop, everyMs, forMs, onLook, isEnough, calledOff } = watcher;
  const until = clock.elapsed() + forMs;
  const looks: Look[] = [];
  const beside = askBeside(calledOff);
  for (;;) {
    beside.ask();
    const seen = await unlessStopped(watcher.look(), stop);
    if (seen === undefined) return { looks, end: "stopped" };
    looks.push(seen);
    onLook(seen);
    const said = beside.said();
    if (said) return { looks, end: said };
    if (isEnough?.(looks)) return { looks, end: "enough" };
    if (areLast(looks, ({ failure }) => failure !== undefined)) return { looks, end: "nobody answers" };
    const leftMs = until - clock.elapsed();
    if (leftMs <= 0) {
      const last = await unlessStopped(
        calledOff?.().catch(() => undefined) ?? Promise.resolve(undefined),
        stop,
      );
      return { looks, end: last ?? "time is up" };
    }
    const slept = clock.sleep(Math.min(everyMs, leftMs), stop).then(() => true);
    if ((await unlessStopped(slept, stop)) === undefined) return { looks, end: "stopped" };
  }
}

/** Whether the last three are so. */
export function areLast(looks: readonly Look[], isSo: (look: Look) => boolean): boolean {
  return looks.length >= IN_A_ROW && looks.slice(-IN_A_ROW).every(isSo);
}

/** One question at a time, whose answer may come late or never. */
function askBeside(question: Watcher["calledOff"]): { ask(): void; said(): CallOff | undefined } {
  let isAsked = false;
  let said: CallOff | undefined;
  return {
    ask() {
      if (question === undefined || isAsked) return;
      isAsked = true;
      question()
        .then((answer) => (said ??= answer))
        .catch(() => {})
        .finally(() => (isAsked = false));
    },
    said: () => said,
  };
}

/** Undefined once it is stopped; what then becomes of the work is nobody's concern. */
async function unlessStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  let off = (): void => {};
  const stopped = new Promise<undefined>((resolve) => {
    const end = (): void => resolve(undefined);
    if (stop.aborted) end();
    stop.addEventListener("abort", end, { once: true });
    off = () => stop.removeEventListener("abort", end);
  });
  const ended = work.catch((error: unknown) => {
    if (stop.aborted) return undefined;
    throw error;
  });
  try {
    return await Promise.race([ended, stopped]);
  } finally {
    off();
  }
}
