import { exitOf, failedProbeOf, isFailure } from "./events.ts";
import { goodStarts, overcomeBy, runsOf, type GoodStart, type Run } from "./runs.ts";
import type { Cause, Certainty, ConsoleLine, Evidence, Examined, SystemEvent } from "./seen.ts";

/** What signatures go by beside the rows themselves. */
export interface Case {
  examined: Examined;
  runs: readonly Run[];
  good: readonly GoodStart[];
}

export function caseOf(examined: Examined): Case {
  const runs = runsOf(examined);
  return { examined, runs, good: goodStarts(examined, runs) };
}

type Row = ConsoleLine | SystemEvent;

/** In the order in which keys were first seen. */
export function groupBy<Each>(all: readonly Each[], keyOf: (each: Each) => string): Map<string, Each[]> {
  const groups = new Map<string, Each[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group) group.push(each);
    else groups.set(keyOf(each), [each]);
  }
  return groups;
}

const MOST_EVIDENCE = 3;
const LONGEST_TEXT = 240;

/** The newest of each kind of text, numbers left out of the comparison; a few. */
export function evidenceOf(rows: readonly Row[], { tables }: Examined): Evidence[] {
  const kinds = groupBy(rows, ({ text, replica }) => `${replica}\n${text.replaceAll(/\d+/g, "#")}`);
  return [...kinds.values()]
    .toSorted((one, other) => (other.at(-1)?.at ?? 0) - (one.at(-1)?.at ?? 0))
    .slice(0, MOST_EVIDENCE)
    .flatMap((same) => {
      const last = same.at(-1);
      if (!last) return [];
      const { time, replica, text } = last;
      const table = "container" in last ? tables.console : tables.system;
      const short = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
      return [{ time, replica, table, times: same.length, text: short }];
    });
}

/** Those that no good start came after; or all, with the start that came after the last of them. */
export function currentOf<Each extends Row>(
  rows: readonly Each[],
  { examined, good }: Case,
): { rows: readonly Each[]; over: GoodStart | undefined; past: number } {
  const starts = rows.map((row) => overcomeBy(row, examined, good));
  const current = rows.filter((_, index) => starts[index] === undefined);
  if (current.length > 0) return { rows: current, over: undefined, past: rows.length - current.length };
  return { rows, over: starts.at(-1), past: 0 };
}

export function overText({ at }: GoodStart): string {
  return `over: it started well at ${new Date(at).toISOString()}, after the last of these`;
}

const NEAR_MS = 30_000;

interface Judged {
  certainty: Certainty;
  tier: number;
  because: string;
}

/** How certain lines are as a cause, by what follows them in the same replica. */
export function judgeLines(lines: readonly ConsoleLine[], { examined }: Case): Judged {
  const written = lines.length === 1 ? "written once" : `written ${lines.length} times`;
  if (!examined.knowsEvents) {
    const because = `${written}; whether anything ended after it cannot be told, as there are no system events`;
    return { certainty: "possible", tier: 6, because };
  }
  const ends = examined.events.filter((event) => isBadEnd(event));
  const probes = examined.events.filter((event) => failedProbeOf(event) !== undefined);
  const exited = lines.flatMap((line) => delayTo(line, ends));
  const failed = lines.flatMap((line) => delayTo(line, probes));
  if (exited.length > 0) {
    const because = `${written}, ${within(exited, lines)} before a container of the same replica ended`;
    return { certainty: "likely", tier: 2, because };
  }
  if (failed.length > 0) {
    const because = `${written}, ${within(failed, lines)} before a failed probe of the same replica`;
    return { certainty: "likely", tier: 4, because };
  }
  const because = `${written}, never within ${NEAR_MS / 1000} s before an exit or a failed probe: whether it stops anything cannot be told`;
  return { certainty: "possible", tier: 6, because };
}

/** Of its own: an end by failed probes comes from outside. */
function isBadEnd(event: SystemEvent): boolean {
  const exit = exitOf(event);
  return exit !== undefined && isFailure(exit) && !/probe/i.test(exit.reason);
}

function delayTo({ at, replica }: ConsoleLine, events: readonly SystemEvent[]): number[] {
  const next = events.find((event) => event.replica === replica && event.at >= at);
  return next && next.at - at <= NEAR_MS ? [next.at - at] : [];
}

function within(delays: readonly number[], lines: readonly ConsoleLine[]): string {
  const which = lines.length === 1 ? "" : `${delays.length} of them `;
  return `${which}within ${Math.max(1, Math.ceil(Math.max(...delays) / 1000))} s`;
}

interface About extends Pick<Cause, "id" | "title" | "fixes" | "facts"> {
  /** The most certain that it may be. */
  most?: Certainty;
  /** Lines that are shown with them and not counted. */
  also?: readonly ConsoleLine[];
}

/** A cause that lines of a container tell; none without such lines. */
export function causeOfLines(
  found: readonly ConsoleLine[],
  { most = "likely", also = [], ...about }: About,
  seen: Case,
): Cause[] {
  if (found.length === 0) return [];
  const { rows, over, past } = currentOf(found, seen);
  const judged = judgeLines(rows, seen);
  const certainty = over ? "over" : judged.certainty === "likely" ? most : judged.certainty;
  const before = past > 0 ? `; ${past} before a good start ${past === 1 ? "is" : "are"} over` : "";
  const because = over ? overText(over) : judged.because + before;
  return [
    {
      ...about,
      ...spanOf(rows),
      certainty,
      tier: judged.tier,
      because,
      evidence: [...evidenceOf(rows, seen.examined), ...evidenceOf(also, seen.examined)],
    },
  ];
}

/** When rows were seen, and how many. */
export function spanOf(rows: readonly Row[]): Pick<Cause, "count" | "first" | "last" | "lastAt"> {
  const [first] = rows;
  const last = rows.at(-1);
  return { count: rows.length, first: first?.time ?? "", last: last?.time ?? "", lastAt: last?.at ?? 0 };
}
