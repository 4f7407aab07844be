import type { RunProgress } from "./journal.ts";
import type { Plan, Step } from "./plan.ts";

/** The steps that resuming a run does not run again. */
export function finishedIn(plan: Plan, { done, sent }: Pick<RunProgress, "done" | "sent">): Set<string> {
  return plan.rehearsal ? finishedOfRehearsal(plan, done, sent) : finishedSteps(plan, done);
}

/**
 * The steps that need not be run again. A step that had to follow another (start after stop) although
 * something between them failed must be repeated together with it: the VM has to be stopped once more. So must
 * what a step that is not done may have put back.
 */
export function finishedSteps(plan: Plan, done: ReadonlySet<string>): Set<string> {
  const finished = new Set(done);
  for (const step of plan.steps) {
    if (step.fallBack !== undefined && !done.has(step.id)) {
      for (const id of [...step.dependsOn, step.mustFollow ?? step.id]) finished.delete(id);
      continue;
    }
    const between = step.dependsOn.some((id) => !done.has(id));
    if (step.mustFollow === undefined || !between || !finished.has(step.id)) continue;
    finished.delete(step.id);
    finished.delete(step.mustFollow);
  }
  return finished;
}

/** Of a rehearsal nothing is begun once more: only what must follow a step that was sent is left. */
export function finishedOfRehearsal(
  { steps }: Plan,
  done: ReadonlySet<string>,
  sent: ReadonlyMap<string, unknown>,
): Set<string> {
  const isOver = ({ mustFollow }: Step): boolean => mustFollow === undefined || !sent.has(mustFollow);
  return new Set([...done, ...steps.filter(isOver).map(({ id }) => id)]);
}

/** Ids of the steps that others must follow, and did. */
export function followed({ steps }: Plan, done: ReadonlySet<string>): Set<string> {
  const followers = steps.filter(({ mustFollow }) => mustFollow !== undefined);
  const owed = new Set(followers.filter(({ id }) => !done.has(id)).map(({ mustFollow }) => mustFollow));
  return new Set(followers.flatMap(({ mustFollow = "" }) => (owed.has(mustFollow) ? [] : [mustFollow])));
}

/** Whether nothing is left to do: every step is done, or those of one choice are. */
export function isFinished({ steps, pursuit }: Plan, done: ReadonlySet<string>): boolean {
  if (pursuit) return pursuit.choices.some((choice) => choice.steps.every((id) => done.has(id)));
  return steps.every(({ id }) => done.has(id));
}
