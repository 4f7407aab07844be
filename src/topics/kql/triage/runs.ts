import { exitOf, failedProbeOf, isFailure, isJobDone, stepOf, type Exit } from "./events.ts";
import { isStartupMarker } from "./listening.ts";
import type { ConsoleLine, Examined, SystemEvent } from "./seen.ts";

/** One life of a container in one replica. */
export interface Run {
  replica: string;
  revision: string;
  /** The first that was seen of it. */
  from: number;
  /** Whether its start was seen, and not only something later. */
  isWhole: boolean;
  endedAt: number | undefined;
  end: SystemEvent | undefined;
  exit: Exit | undefined;
  failedProbes: SystemEvent[];
  /** When it said that it had started. */
  markedAt: number | undefined;
}

/** Runs of every replica, the oldest first. */
export function runsOf({ events, lines }: Examined): Run[] {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  const openAt = ({ replica, revision, at }: SystemEvent | ConsoleLine): Run => {
    const found = open.get(replica);
    if (found) return found;
    const run: Run = { ...EMPTY, replica, revision, from: at, failedProbes: [] };
    open.set(replica, run);
    runs.push(run);
    return run;
  };
  const steps: { at: number; order: number; take: () => void }[] = [
    ...events.map((event) => ({
      at: event.at,
      order: exitOf(event) ? 2 : 0,
      take: () => takeEvent(event, { openAt, open, runs }),
    })),
    ...lines.map((line) => ({
      at: line.at,
      order: 1,
      take: () => {
        const run = openAt(line);
        if (isStartupMarker(line)) run.markedAt = line.at;
      },
    })),
  ];
  for (const { take } of steps.toSorted((one, other) => one.at - other.at || one.order - other.order)) take();
  return runs;
}

const EMPTY = { isWhole: false, endedAt: undefined, end: undefined, exit: undefined, markedAt: undefined };

interface Opened {
  openAt: (seen: SystemEvent) => Run;
  open: Map<string, Run>;
  runs: Run[];
}

function takeEvent(event: SystemEvent, { openAt, open, runs }: Opened): void {
  const exit = exitOf(event);
  const step = stepOf(event);
  if (exit) {
    Object.assign(openAt(event), { exit, end: event, endedAt: event.at });
    open.delete(event.replica);
  } else if (step === "started") {
    open.delete(event.replica);
    openAt(event).isWhole = true;
  } else if (step === "ready") {
    const own = open.get(event.replica);
    const run = own ?? runs.findLast(({ revision }) => event.replica === "" && revision === event.revision);
    if (run && run.endedAt === undefined) run.markedAt = event.at;
  } else if (failedProbeOf(event)) {
    openAt(event).failedProbes.push(event);
  }
}

export function hasFailed({ exit }: Run): boolean {
  return exit !== undefined && isFailure(exit);
}

const HELD_LEAST_MS = 60_000;

/** When something started well: it said so, and held longer than any run that failed. */
export interface GoodStart {
  at: number;
  replica: string;
  revision: string;
}

export function goodStarts({ events, untilMs }: Examined, runs: readonly Run[]): GoodStart[] {
  const longest = Math.max(0, ...runs.filter(hasFailed).map(({ from, endedAt = from }) => endedAt - from));
  const held = runs.flatMap(({ markedAt, endedAt = untilMs, replica, revision }): GoodStart[] =>
    markedAt !== undefined && endedAt - markedAt > Math.max(HELD_LEAST_MS, 2 * longest)
      ? [{ at: markedAt, replica, revision }]
      : [],
  );
  const done = events.filter(isJobDone).map(({ at, replica, revision }) => ({ at, replica, revision }));
  return [...held, ...done];
}

/**
 * The good start that makes what was seen history: a later one of the same replica, or of another one of the same or a
 * newer revision, when nothing is seen of this replica any more.
 */
export function overcomeBy(
  { at, replica, revision }: SystemEvent | ConsoleLine,
  { events, lines }: Examined,
  good: readonly GoodStart[],
): GoodStart | undefined {
  const all = [...events, ...lines];
  const firstOf = (name: string): number =>
    Math.min(...all.filter((each) => each.revision === name).map((each) => each.at));
  const lastOf = Math.max(...all.filter((each) => each.replica === replica).map((each) => each.at));
  return good.find(
    (each) =>
      each.at > at &&
      (each.replica === replica ||
        (lastOf < each.at && (each.revision === revision || firstOf(each.revision) >= at))),
  );
}
