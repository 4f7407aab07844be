import type { Context } from "../context.ts";
import type { View } from "../output/view.ts";
import type { Flag } from "../verb.ts";
import { createdBy } from "../version.ts";
import type { ApplyOptions, Report } from "./apply.ts";
import { PLAN_FORMAT } from "./format.ts";
import type { Plan } from "./plan.ts";
import { runQuestion } from "./report-view.ts";

/** What a planner found: the part of a plan that a verb makes itself. */
export type Planned = Pick<Plan, "steps" | "warnings" | "refusals" | "pursuit" | "rehearsal">;

/** What became of a plan: shown, saved or applied. */
export interface CarriedOut {
  plan: Plan;
  /** Where --out wrote the plan. */
  savedTo: string | undefined;
  /** Present once the plan was applied. */
  report?: Report;
}

export interface How {
  apply: boolean;
  out: string | undefined;
  /** What a person sees before the question. */
  show: (shown: CarriedOut) => View;
  /** Where there is more to be said than how many steps are run. */
  question?: string;
  between?: ApplyOptions["between"];
  onOutcome?: ApplyOptions["onOutcome"];
}

/** The flags of every verb that carries a plan out. */
export const APPLYING: readonly Flag[] = [
  { flag: "--apply", summary: "run the plan after a confirmation" },
  { flag: "--out <file>", summary: "save the plan for azwise apply" },
];

/** Saves the plan where that was asked for, and applies it after a confirmation. */
export async function carryOut(
  planned: Planned,
  { apply, out, show, question, between, onOutcome }: How,
  ctx: Context,
): Promise<CarriedOut> {
  const plan = await toPlan(planned, ctx);
  if (out !== undefined) await save(out, plan, ctx);
  const result = { plan, savedTo: out };
  if (!apply || plan.steps.length === 0) return result;
  const mayHaveDrifted = await ctx.confirmOrStop(question ?? runQuestion(plan), show(result));
  const { applyPlan } = await import("./apply.ts");
  return { ...result, report: await applyPlan(plan, ctx, { mayHaveDrifted, between, onOutcome }) };
}

async function toPlan(
  { steps, warnings, refusals, pursuit, rehearsal }: Planned,
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
    ...(rehearsal ? { rehearsal } : {}),
  };
}

// The executor, the journal and the schema of plans are loaded only by runs that need them.
async function save(file: string, plan: Plan, ctx: Context): Promise<void> {
  const { savePlan } = await import("./saved.ts");
  await savePlan(file, plan, ctx.cwd);
}
