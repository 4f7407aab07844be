import * as z from "zod";
import type { Context } from "../../context.ts";
import { EXIT } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import type { View } from "../../output/view.ts";
import { applyPlan, type Report } from "../../plan/apply.ts";
import type { Plan } from "../../plan/plan.ts";
import { warningNotes } from "../../plan/carry-out-view.ts";
import { pursuitTable } from "../../plan/pursuit-view.ts";
import { outcomeNotes, outcomesTable, reportData, runQuestion, stepsTable } from "../../plan/report-view.ts";
import { loadPlan } from "../../plan/saved.ts";
import { verb } from "../../verb.ts";
import { connectForPlan } from "./target.ts";

const ApplyInput = z.object({ file: z.string().min(1) });

export interface ApplyResult {
  plan: Plan;
  report?: Report;
}

async function runApply({ file }: z.infer<typeof ApplyInput>, ctx: Context): Promise<ApplyResult> {
  const plan = await loadPlan(file, ctx.cwd);
  if (plan.steps.length === 0) return { plan };
  await connectForPlan(plan, ctx);
  await ctx.confirmOrStop(runQuestion(plan), viewApply({ plan }));
  return { plan, report: await applyPlan(plan, ctx, { mayHaveDrifted: true }) };
}

export function viewApply({ plan, report }: ApplyResult): View {
  if (!report) {
    const text =
      plan.steps.length === 0 ? "the plan is empty: nothing to change" : `made by ${plan.createdBy}`;
    return {
      data: { steps: plan.steps as unknown as JsonObject[], warnings: plan.warnings, report: null },
      tables: plan.steps.length === 0 ? [] : [stepsTable(plan)],
      notes: [...warningNotes(plan.warnings), { level: "info", text }],
      exit: EXIT.ok,
    };
  }
  return {
    data: { warnings: plan.warnings, report: reportData(report) },
    tables: [...(report.pursuit ? [pursuitTable(report.pursuit)] : []), outcomesTable(report)],
    notes: [...warningNotes(plan.warnings), ...outcomeNotes(report)],
    exit: report.exit,
  };
}

export const apply = verb({
  name: "apply",
  summary: "Run a saved plan",
  examples: ["apply plan.json", "apply plan.json --yes -o json"],
  args: ["<file>"],
  flags: [],
  details: `
Reads again everything the plan saw and refuses it (exit 3) when any of it has moved.`,
  input: ApplyInput,
  // A file that is no plan is said to be none before anything else.
  asks: async ({ file }, ctx) => (await loadPlan(file, ctx.cwd)).steps.length > 0,
  run: runApply,
  view: viewApply,
});
