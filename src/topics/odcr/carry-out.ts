import type { CapacityReservationGroup } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import type { Report } from "../../plan/apply.ts";
import { PLAN_FORMAT } from "../../plan/format.ts";
import type { Plan } from "../../plan/plan.ts";
import { runQuestion } from "../../plan/report-view.ts";
import { createdBy } from "../../version.ts";
import { readGroups } from "./read.ts";

/** What became of a plan: shown, saved or applied. */
export interface CarriedOut {
  plan: Plan;
  /** Where --out wrote the plan. */
  savedTo: string | undefined;
  /** Present once the plan was applied. */
  report?: Report;
  /** The groups as they are after applying. */
  after?: CapacityReservationGroup[];
  /** Why they could not be read. */
  unread?: string;
}

export interface How {
  apply: boolean;
  out: string | undefined;
  /** Read again in the end. */
  groupIds: readonly string[];
  /** What a person sees before the question. */
  show: (shown: CarriedOut) => View;
}

/** Saves the plan where that was asked for, and applies it after a confirmation. */
export async function carryOut(
  planned: Pick<Plan, "steps" | "warnings" | "refusals" | "pursuit">,
  { apply, out, groupIds, show }: How,
  ctx: Context,
): Promise<CarriedOut> {
  const plan = await toPlan(planned, ctx);
  if (out !== undefined) await save(out, plan, ctx);
  const result = { plan, savedTo: out };
  if (!apply || plan.steps.length === 0) return result;
  const mayHaveDrifted = await ctx.confirmOrStop(runQuestion(plan), show(result));
  const { applyPlan } = await import("../../plan/apply.ts");
  const report = await applyPlan(plan, ctx, { mayHaveDrifted });
  return { ...result, report, ...(await readAfter(groupIds, ctx)) };
}

async function toPlan(
  { steps, warnings, refusals, pursuit }: Parameters<typeof carryOut>[0],
  ctx: Context,
): Promise<Plan> {
  const { cloud, tenantId, subscriptionIds } = (await ctx.azure()).target;
  return {
    formatVersion: PLAN_FORMAT,
    command: ctx.command,
    target: { cloud, tenantId, subscriptionIds: [...subscriptionIds] },
    createdBy: createdBy(ctx.now()),
    steps,
    warnings,
    refusals,
    ...(pursuit ? { pursuit } : {}),
  };
}

// The executor, the journal and the schema of plans are loaded only by runs that need them.
async function save(file: string, plan: Plan, ctx: Context): Promise<void> {
  const { savePlan } = await import("../../plan/saved.ts");
  await savePlan(file, plan, ctx.cwd);
}

/** The report is worth more than the state after it, so a read that fails now must not hide it. */
async function readAfter(
  ids: readonly string[],
  ctx: Context,
): Promise<Pick<CarriedOut, "after" | "unread">> {
  try {
    return { after: await readGroups([...new Set(ids)], [], ctx) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { unread: error.message };
  }
}
