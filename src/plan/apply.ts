import { isCapacityRefusal } from "../advice.ts";
import type { Azure } from "../azure/ports.ts";
import type { Context } from "../context.ts";
import { AppError, EXIT, type ExitCode } from "../errors.ts";
import type { Json } from "../json.ts";
import { compareAll, findDrift, refuseDrift } from "./drift.ts";
import { executePlan, isAbort, type StepOutcome } from "./execute.ts";
import { reopenJournal, startJournal, type Journal, type PursuitSoFar } from "./journal.ts";
import { GONE, NOT_NEEDED } from "./notes.ts";
import type { Difference } from "./observe.ts";
import { noteFile, readNote } from "./owed.ts";
import { Plan, type Step } from "./plan.ts";
import { pursuePlan } from "./pursue.ts";
import type { PursuitReport } from "./pursuit.ts";

/** What became of a plan. Partial work is a result, not an exception. */
export interface Report {
  runId: string;
  plan: Plan;
  outcomes: StepOutcome[];
  /** How the choices of a plan that has some ended. */
  pursuit?: PursuitReport;
  /** What the last read-back found different from what was asked. */
  mismatches: Difference[];
  /** Why the last read-back could not be made; undefined when it was. */
  unread: string | undefined;
  /** Why the journal does not tell all of this; undefined when it does. */
  unwritten?: string;
  interrupted: boolean;
  exit: ExitCode;
}

/**
 * Awaited before each step, unless the plan is being stopped by then. Long work belongs before a step that must follow
 * another, which begins whatever becomes of it; it ends soon after `stop` is aborted, as the first Ctrl-C does.
 */
export type Between = (step: Step, stop: AbortSignal) => Promise<void>;

export interface ApplyOptions {
  /** Time passed since the plan was made, so what it saw must be read again first. */
  mayHaveDrifted: boolean;
  between?: Between | undefined;
  /** Told of each step as it ends. */
  onOutcome?: ((outcome: StepOutcome) => void) | undefined;
  /** Goes on with an earlier run instead of starting one. */
  resume?: {
    runId: string;
    finished: ReadonlySet<string>;
    begun: ReadonlyMap<string, Json>;
    pursuit?: PursuitSoFar | undefined;
  };
}

/** Runs a plan that was already confirmed: drift check, journal, steps, read-back. */
export async function applyPlan(plan: Plan, ctx: Context, options: ApplyOptions): Promise<Report> {
  // Whoever made it: with two steps of one id, what is done of one would be taken for done of the other.
  Plan.parse(plan);
  const azure = await ctx.azure();
  if (options.mayHaveDrifted) refuseDrift(await findDrift(plan, azure.arm, ctx.concurrency), plan.command);
  const place = { folder: ctx.folders.state, now: () => ctx.now() };
  const { resume } = options;
  const journal = resume ? await reopenJournal(resume.runId, place) : await startJournal(plan, place);
  const listening = listenForStop(ctx, journal.id);
  const left = new Set<Step>();
  const unwritten: string[] = [];
  try {
    const run = {
      arm: azure.arm,
      clock: azure.clock,
      journal,
      concurrency: ctx.concurrency,
      signal: ctx.signal,
      onProgress: (text: string | undefined) => ctx.progress(text),
      onAbandoned: (step: Step) => left.add(step),
      onOutcome: options.onOutcome,
      ...(resume ? { finished: resume.finished, begun: resume.begun } : {}),
    };
    const stop = listening.signal;
    const pauseBefore = async (step: Step): Promise<void> => options.between?.(step, stop);
    const pursuing = { ...run, stop, say: ctx.say, random: Math.random, soFar: resume?.pursuit };
    const ended = plan.pursuit
      ? await pursuePlan(plan, plan.pursuit, pursuing)
      : {
          outcomes: await executePlan(plan, {
            ...run,
            stopRequested: () => stop.aborted,
            pauseBefore,
            onUnwritten: ({ message }) => unwritten.push(message),
          }),
        };
    return await report({ plan, ...ended, azure, journal, ctx, unwritten, interrupted: stop.aborted });
  } catch (cause) {
    throw await abandoned(cause, ctx, {
      runId: journal.id,
      left: plan.steps.filter((step) => left.has(step)),
    });
  } finally {
    listening.off();
    await journal.close();
  }
}

/** The first Ctrl-C lets running steps end and starts stopped VMs again; the second abandons them. */
function listenForStop(ctx: Context, runId: string): { signal: AbortSignal; off: () => void } {
  const stopping = new AbortController();
  // Between the question and here the session hears Ctrl-C, and nothing begins any more.
  if (ctx.signal.aborted) stopping.abort();
  const off = ctx.onInterrupt(() => {
    stopping.abort();
    ctx.say(
      `stopping: no new step begins, running ones are waited for (again Ctrl-C: leave them; run ${runId})`,
    );
  });
  return { signal: stopping.signal, off };
}

/**
 * Only what the abort itself threw is put down to the user; a fault met meanwhile stays visible. What was begun and is
 * not ended makes it partial.
 */
async function abandoned(
  cause: unknown,
  ctx: Context,
  { runId, left }: { runId: string; left: Step[] },
): Promise<unknown> {
  const isCut = ctx.signal.aborted && isAbort(cause);
  if (!isCut && !(cause instanceof AppError)) return cause;
  const titles = left.map(({ title }) => title).join(", ");
  const what = titles === "" ? "no step was under way" : `left where they are: ${titles}`;
  const text = cause instanceof AppError ? cause.message : `interrupted; ${what}`;
  const resume = `azwise runs resume ${runId}`;
  const read = await readNote(noteFile(runId, ctx.folders.state));
  if (!read || !("note" in read)) {
    return isCut ? new AppError("interrupted", text, { hint: resume, cause }) : cause;
  }
  const { debts } = read.note;
  const owed = debts.map(({ title, resource }) => `${title} (${resource})`).join(", ");
  const hint = [resume, ...debts.flatMap(({ byHand = [] }) => byHand)].join(", or ");
  return new AppError("partial", `${text}; still to be done: ${owed}`, { hint, cause });
}

interface Ended {
  plan: Plan;
  outcomes: StepOutcome[];
  pursuit?: PursuitReport;
  azure: Azure;
  journal: Journal;
  ctx: Context;
  unwritten: string[];
  interrupted: boolean;
}

async function report({ azure, journal, ctx, unwritten, ...ended }: Ended): Promise<Report> {
  ctx.progress("reading the state back");
  const readBack = await readStateBack(ended.outcomes, azure, ctx);
  ctx.progress(undefined);
  const exit = unwritten.length > 0 ? EXIT.partial : exitOf({ ...ended, ...readBack });
  try {
    await journal.append({ type: "ended", exit });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    unwritten.push(error.message);
  }
  const told = { runId: journal.id, ...ended, ...readBack };
  const [first] = unwritten;
  return first === undefined ? { ...told, exit } : { ...told, unwritten: first, exit: EXIT.partial };
}

/** What was done must be told even when it cannot be read back. */
async function readStateBack(
  outcomes: readonly StepOutcome[],
  { arm }: Azure,
  ctx: Context,
): Promise<Pick<Report, "mismatches" | "unread">> {
  const expectations = outcomes.filter(isLasting).map(({ step }) => step.expect);
  try {
    return { mismatches: await compareAll(expectations, arm, ctx.concurrency), unread: undefined };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { mismatches: [], unread: error.message };
  }
}

/** Whether what the step expects must still be so in the end. */
function isLasting({ status, note, step }: StepOutcome): boolean {
  return status === "done" && note !== NOT_NEEDED && note !== GONE && step.transient !== true;
}

/** A failure counts for more than an interrupt: the user knows about the interrupt. */
export function exitOf({
  outcomes,
  mismatches,
  unread,
  interrupted,
  pursuit,
}: Pick<Report, "outcomes" | "pursuit" | "mismatches" | "unread" | "interrupted">): ExitCode {
  if (mismatches.length > 0 || unread !== undefined) return EXIT.partial;
  const ending = pursuit && exitOfPursuit(pursuit, outcomes);
  if (ending !== undefined) return ending;
  const failed = outcomes.find((each) => each.status === "failed");
  const done = outcomes.some((each) => each.status === "done");
  if (failed?.failure && !done && !isRefusedRaise(failed)) return EXIT[failed.failure.kind];
  if (failed) return EXIT.partial;
  const left = outcomes.some((each) => each.status === "not tried");
  if (!left) return EXIT.ok;
  return interrupted ? EXIT.interrupted : EXIT.partial;
}

/** Refusals belong to a pursuit, so single ones do not count; undefined when somebody has to look at one. */
function exitOfPursuit(
  { end, choices }: PursuitReport,
  outcomes: readonly StepOutcome[],
): ExitCode | undefined {
  if (end === "acquired") return EXIT.ok;
  if (end === "time up") return EXIT.timeout;
  if (end === "interrupted") return EXIT.interrupted;
  if (end === "stopped") return undefined;
  const isDenied = choices.every(({ cause }) => cause === "denied");
  return isDenied && outcomes.every(({ status }) => status !== "done") ? EXIT.auth : EXIT.partial;
}

/** Partial even when it was the only step: what is to be covered is associated by then, but not covered. */
function isRefusedRaise({ step, failure }: StepOutcome): boolean {
  return step.kind === "raise" && isCapacityRefusal(failure?.code);
}
