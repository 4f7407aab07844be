import type { Clock } from "../../azure/ports.ts";
import type { Look } from "./rehearse-watch.ts";

/** The parts of a rehearsal, in their order. */
export type Phase = "out" | "proof" | "hold" | "in" | "proof in";

export interface Event {
  phase: Phase;
  /** ISO, UTC. */
  at: string;
  /** Since the first event. */
  sinceMs: number;
  text: string;
}

export interface Timeline {
  events: Event[];
  add(phase: Phase, text: string): void;
  /** Tells of a look, where it is of another kind than the last one of its phase. */
  see(phase: Phase): (look: Look) => void;
}

/** Keeps events with their time, and tells each as it happens. */
export function createTimeline(clock: Clock, say: (line: string) => void): Timeline {
  const events: Event[] = [];
  let start: number | undefined;
  const addAt = (phase: Phase, at: string, text: string): void => {
    const now = clock.elapsed();
    const sinceMs = Math.round(now - (start ??= now));
    events.push({ phase, at, sinceMs, text });
    say(`${at.slice(0, 19)}Z ${sinceText(sinceMs)} ${phase}: ${text}`);
  };
  return {
    events,
    add: (phase, text) => addAt(phase, clock.now().toISOString(), text),
    see(phase) {
      let last: string | undefined;
      return (look) => {
        const kind = kindOf(look);
        if (kind !== last)
          addAt(phase, look.at, look.failure === undefined ? `${kind} (${look.ms} ms)` : kind);
        last = kind;
      };
    },
  };
}

/** "westeurope answers" */
export function kindOf({ region, failure }: Look): string {
  if (failure !== undefined) return `no answer: ${failure}`;
  return region === undefined ? "a replica answers, its region is not told" : `${region} answers`;
}

/** "+5:03", "+1:00:00" */
export function sinceText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `+${hours}:${two(minutes)}:${two(seconds % 60)}` : `+${minutes}:${two(seconds % 60)}`;
}

/** "about 5m, at most 15m": a replica is out until clients left it, then for the hold, then until its way back is proven. */
export function outForText({ hold, within }: { hold: number; within: number }): string {
  return `about ${spanText(hold)}, at most ${spanText(hold + 2 * within)}`;
}

/** "15m", "10m20s", "1h" */
function spanText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  return parts.map(([count, unit]) => (count === 0 ? "" : `${count}${unit}`)).join("");
}

/** "31 answers: 29 of northeurope, 2 of eastus2; 1 request without one" */
export function countText(looks: readonly Look[]): string {
  const failed = looks.filter(({ failure }) => failure !== undefined).length;
  const counts = new Map<string, number>();
  for (const { region = "a region that is not told", failure } of looks) {
    if (failure === undefined) counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  const answered = looks.length - failed;
  const parts = [...counts].map(([region, count]) => `${count} of ${region}`).join(", ");
  const answers = `${answered} ${answered === 1 ? "answer" : "answers"}${parts === "" ? "" : `: ${parts}`}`;
  return failed === 0
    ? answers
    : `${answers}; ${failed} ${failed === 1 ? "request" : "requests"} without one`;
}
