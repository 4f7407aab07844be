import type { ChoiceReport, PursuitEnd } from "./pursuit.ts";

/** What follows a try: the choice with this name, a pause until then, or the end. */
export type Following = { name: string } | { at: Date } | { end: PursuitEnd };

/** "2026-11-21T10:00:00Z try 3: 4 x … zone 1: ZonalAllocationFailed (no free hardware); next at 10:11:20Z" */
export function lineOf(report: ChoiceReport, count: number, when: { now: Date; next: Following }): string {
  const { name, result } = report;
  const now = stamp(when.now);
  const rest = [
    whatOf(report),
    ...(result === "ruled out" ? ["not tried again"] : []),
    nextText(when.next, now),
  ];
  return `${now} try ${count}: ${name}: ${rest.filter((part) => part !== "").join("; ")}`;
}

/** "2026-11-21T10:00:00Z looked again at 4 x … zone 1: acquired" */
export function lookLineOf(report: ChoiceReport, now: Date): string {
  return `${stamp(now)} looked again at ${report.name}: ${whatOf(report)}`;
}

function whatOf({ result, cause, code, message }: ChoiceReport): string {
  return result === "acquired" ? result : `${code ?? message} (${cause})`;
}

const ENDS: Readonly<Record<PursuitEnd, string>> = {
  acquired: "",
  "ruled out": "no choice is left",
  "time up": "the time is up",
  stopped: "stopped",
  interrupted: "interrupted",
};

function nextText(next: Following, now: string): string {
  if ("name" in next) return `next: ${next.name}`;
  if ("end" in next) return ENDS[next.end];
  const at = stamp(next.at);
  return `next at ${at.slice(0, 10) === now.slice(0, 10) ? at.slice(11) : at}`;
}

/** To the second. */
export function stamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
