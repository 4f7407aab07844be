import { firstOpening } from "./off-hours.ts";
import type { ChoiceState, PursuitState } from "./pursuit-state.ts";
import type { PursuitEnd } from "./pursuit.ts";

/** `index` is of a choice. */
export type Next = { end: PursuitEnd } | { at: Date } | { index: number };

/** The last try begins at least this long before the end, so that none begins after it. */
const LAST_TRY_MS = 1000;

/** As the least that may be asked for; so soon after a try there is no extra one at the end. */
const LEAST_PAUSE_MS = 60_000;

/** What follows: a choice of this round from `from` on, a pause and then a new round, or the end. */
export function upNext(state: PursuitState, from: number): Next {
  const { choices, options } = state;
  if (options.stop.aborted) return { end: "interrupted" };
  const left = state.unsure ? [state.unsure] : choices.filter(({ report }) => report.result !== "ruled out");
  if (left.length === 0) return { end: "ruled out" };
  const now = options.clock.now().getTime();
  const last = lastOf(state);
  const due = ({ choice, notBefore }: ChoiceState): number =>
    firstOpening(choice.offHours, new Date(Math.max(now, notBefore)), last)?.getTime() ?? Infinity;
  const index = choices.findIndex((each, place) => place >= from && left.includes(each) && due(each) <= now);
  if (index >= 0) return { index };
  const at = Math.min(...left.map(due));
  return at === Infinity ? { end: "time up" } : { at: new Date(at) };
}

function lastOf({ until }: PursuitState): Date {
  return new Date(until.getTime() - LAST_TRY_MS);
}

export function afterTry(state: PursuitState, index: number): Next {
  const next = upNext(state, index + 1);
  if (!("at" in next)) return next;
  endRound(state);
  return upNext(state, 0);
}

/** Many who wait for the same hardware must not all ask at the same moment, so the pause varies. */
function endRound(state: PursuitState): void {
  const { clock, random } = state.options;
  const [now, last] = [clock.now().getTime(), lastOf(state).getTime()];
  const next = now + Math.round(state.pursuit.everyMs * (0.8 + random() * 0.4));
  for (const each of state.choices.filter(({ inThisRound }) => inThisRound)) {
    each.notBefore = last - now < LEAST_PAUSE_MS ? next : Math.min(next, last);
    each.inThisRound = false;
  }
}
