import { setImmediate } from "node:timers";

export interface SandboxClock {
  now(): Date;
  /** The sandbox's time as a number, so that a rehearsal in it is the same each time. */
  elapsed(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface ClockSource {
  realNow(): Date;
  offsetMs(): number;
  jumpTo(offsetMs: number): void;
  /** While a request is under way nobody wakes up, as no time passes for it. */
  isBusy(): boolean;
}

interface Sleeper {
  wakesAt: number;
  wake(): void;
}

/**
 * A clock that jumps instead of waiting. Sleepers wake in the order of their times, one per turn of the
 * event loop, so that whoever wakes early can act before the clock moves on.
 */
export function createClock(source: ClockSource): SandboxClock {
  const sleepers = new Set<Sleeper>();
  let ticking = false;
  const now = (): number => source.realNow().getTime() + source.offsetMs();

  function tick(): void {
    if (!source.isBusy()) wakeNext();
    ticking = sleepers.size > 0;
    if (ticking) setImmediate(tick);
  }

  function wakeNext(): void {
    const [next] = [...sleepers].sort((left, right) => left.wakesAt - right.wakesAt);
    if (!next) return;
    const missing = next.wakesAt - now();
    if (missing > 0) source.jumpTo(source.offsetMs() + missing);
    next.wake();
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (finish: () => void): void => {
        sleepers.delete(sleeper);
        signal?.removeEventListener("abort", abort);
        finish();
      };
      const abort = (): void => end(() => reject(signal?.reason));
      const sleeper: Sleeper = { wakesAt: now() + ms, wake: () => end(resolve) };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", abort);
      sleepers.add(sleeper);
      if (!ticking) setImmediate(tick);
      ticking = true;
    });
  }

  return { now: () => new Date(now()), elapsed: now, sleep };
}
