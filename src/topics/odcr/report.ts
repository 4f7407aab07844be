import * as z from "zod";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { auditRows, type Audited } from "./audit-rows.ts";
import { Tag } from "./flags.ts";
import { planReport, type ResiliencyReport } from "./report-plan.ts";
import { viewReport } from "./report-view.ts";

const ReportInput = z.object({
  tag: z.array(Tag).default([]),
  mustRun: z.array(Tag).default([]),
  byTag: z.string().min(1).optional(),
});
type ReportInput = z.infer<typeof ReportInput>;

export interface ReportResult {
  audited: Audited;
  report: ResiliencyReport;
  /** Somebody said which VMs have to be up. */
  isMarked: boolean;
  byTag: string | undefined;
}

async function runReport({ tag, mustRun, byTag }: ReportInput, ctx: Context): Promise<ReportResult> {
  const audited = await auditRows(tag, ctx);
  const { subscriptionIds } = (await ctx.azure()).target;
  const report = planReport(audited.rows, { mustRun, byTag, tags: tag, subscriptionIds });
  return { audited, report, isMarked: mustRun.length > 0, byTag };
}

export const report = verb({
  name: "report",
  summary: "A resiliency finding, to be pasted: what is at risk, and how to mend it",
  examples: [
    "odcr report -o md",
    "odcr report --must-run criticality=must-run --by-tag tier -o md",
    "odcr report --subscription <id> --subscription <id> --show-ids -o md",
  ],
  flags: [
    {
      flag: "--tag <key=value>",
      summary: "only VMs with this tag; repeatable, all must match",
      repeat: true,
    },
    { flag: "--must-run <key=value>", summary: "VMs with this tag have to be up; repeatable", repeat: true },
    { flag: "--by-tag <key>", summary: "coverage for each value of this tag", once: true },
  ],
  details: `
Reads what odcr audit reads. Exit 3 when a VM is at risk, 6 when something could not be read.
Markdown masks subscription ids, also in the commands, unless --show-ids is given.`,
  input: ReportInput,
  run: runReport,
  view: viewReport,
});
