import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { applyPlan } from "../../plan/apply.ts";
import { holdRun, isOpen, progressOf, readRun, type PursuitSoFar } from "../../plan/journal.ts";
import { openOwing } from "../../plan/owed.ts";
import type { Plan } from "../../plan/plan.ts";
import { applying } from "../../plan/pursuit-view.ts";
import { finishedIn, followed, isFinished } from "../../plan/resume.ts";
import { verb } from "../../verb.ts";
import { viewApply, type ApplyResult } from "./apply.ts";
import { connectForPlan } from "./target.ts";

const ResumeInput = z.object({ id: z.string().min(1) });

interface ResumeResult extends ApplyResult {
  id: string;
}

/** What the run did is read while nobody else goes on with it. */
async function runResume({ id }: z.infer<typeof ResumeInput>, ctx: Context): Promise<ResumeResult> {
  return holdRun(id, { folder: ctx.folders.state, now: () => ctx.now() }, () => goOn(id, ctx));
}

async function isUnfinished({ id }: z.infer<typeof ResumeInput>, ctx: Context): Promise<boolean> {
  const { plan, done, sent } = progressOf(await readRun(id, ctx.folders.state));
  return plan !== undefined && !isFinished(plan, finishedIn(plan, { done, sent }));
}

async function goOn(id: string, ctx: Context): Promise<ResumeResult> {
  const { plan, done, sent, pursuit } = progressOf(await readRun(id, ctx.folders.state));
  if (!plan)
    throw new AppError("failed", `the journal of run ${id} holds no plan`, { hint: "azwise runs list" });
  const finished = finishedIn(plan, { done, sent });
  const left = plan.steps.filter((step) => !finished.has(step.id));
  const owing = openOwing(id, ctx.folders.state);
  if (isFinished(plan, finished)) {
    await owing.settleAll();
    return { id, plan: { ...plan, steps: [] } };
  }
  // The run may have ended between the answer of a step and taking the note of it away.
  for (const step of followed(plan, done)) await owing.settle(step);
  await connectForPlan(plan, ctx);
  if (pursuit) await requireTime(pursuit, plan, ctx);
  await ctx.confirmOrStop(
    plan.pursuit ? "Go on trying?" : `Go on with ${left.length} ${left.length === 1 ? "step" : "steps"}?`,
    viewApply({ plan: { ...plan, steps: left } }),
  );
  const resume = { runId: id, finished, begun: sent, pursuit };
  const report = await applyPlan(plan, ctx, { mayHaveDrifted: false, resume });
  // A note that is damaged is not settled step by step.
  if (report.outcomes.every(({ status }) => status === "done")) await owing.settleAll();
  return { id, plan, report };
}

/** After its time a pursuit only looks at what has no answer; there is nothing to ask about otherwise. */
async function requireTime(pursuit: PursuitSoFar, plan: Plan, ctx: Context): Promise<void> {
  const now = (await ctx.azure()).clock.now();
  if (isOpen(pursuit) || now < new Date(pursuit.until)) return;
  const hint = `for more time, with a longer --for: ${applying(plan)}`;
  throw new AppError("timeout", `the time of this run was up at ${pursuit.until}`, { hint });
}

function viewResume(result: ResumeResult): View {
  const view = viewApply(result);
  if (result.plan.steps.length > 0) return view;
  return { ...view, notes: [{ level: "info", text: `run ${result.id} is finished: nothing is left to do` }] };
}

export const resume = verb({
  name: "resume",
  summary: "Go on with a run that was cut short",
  examples: ["runs resume <id>", "runs resume <id> --yes"],
  args: ["<id>"],
  flags: [],
  details: `
A step whose answer was never seen is looked up first and sent again only when it did not take effect.
A run that another process is still at is refused (exit 1).
A quantity is lowered again only where the reservation is as it was: somebody may have raised it back.`,
  input: ResumeInput,
  // A run that is not there is said to be none before anything else.
  asks: isUnfinished,
  run: runResume,
  view: viewResume,
});
