import * as z from "zod";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../verb.ts";
import { AUDIT_STATES, classify, sortRows, type AuditRow, type AuditState } from "./audit-classify.ts";
import { findUnreadable, readInventory, readUnsupportedSizes, readUsedGroups } from "./audit-read.ts";
import { viewAudit } from "./audit-view.ts";
import { hasTags, Tag } from "./flags.ts";

const DEFAULT_GATE: readonly AuditState[] = ["unprotected", "needs-restart", "overallocated", "unknown"];

const Gate = z.string().transform((text, check): AuditState[] => {
  if (text === "none") return [];
  const words = text.split(",").map((word) => word.trim());
  const states = words.flatMap((word) => AUDIT_STATES.filter((state) => state === word));
  if (states.length === words.length) return states;
  check.addIssue({ code: "custom", message: `use none, or any of ${AUDIT_STATES.join(",")}` });
  return z.NEVER;
});

const AuditInput = z.object({ tag: z.array(Tag).default([]), failOn: Gate.optional() });
type AuditInput = z.infer<typeof AuditInput>;

export interface AuditResult {
  rows: AuditRow[];
  gate: readonly AuditState[];
  /** Subscriptions that may not be read, so that nothing can be said about them. */
  unreadable: string[];
  truncated: boolean;
}

async function runAudit(input: AuditInput, ctx: Context): Promise<AuditResult> {
  const { machines, truncated } = await readInventory(ctx);
  const chosen = machines.filter(({ tags }) => hasTags(tags, input.tag));
  if (machines.length > 0 && chosen.length === 0) {
    throw new AppError("usage", `none of the ${machines.length} VMs has these tags`, {
      hint: "check --tag; nothing was audited",
    });
  }
  const [groups, unsupported, unreadable] = await Promise.all([
    readUsedGroups(chosen, ctx),
    readUnsupportedSizes(chosen, ctx),
    findUnreadable(machines, ctx),
  ]);
  const rows = sortRows(chosen.map((machine) => classify(machine, { groups, unsupported })));
  return { rows, gate: input.failOn ?? DEFAULT_GATE, unreadable, truncated };
}

export const audit = verb({
  name: "audit",
  summary: "Which VMs are protected, and which are not",
  examples: [
    "odcr audit",
    "odcr audit --tag must-run=true --fail-on unprotected",
    "odcr audit --subscription <id> --subscription <id> -o json",
  ],
  flags: [
    {
      flag: "--tag <key=value>",
      summary: "only VMs with this tag; repeatable, all must match",
      repeat: true,
    },
    {
      flag: "--fail-on <states>",
      summary: `states that exit 3, or none (default ${DEFAULT_GATE.join(",")})`,
    },
  ],
  details: `
States: ${AUDIT_STATES.join(", ")}.
VMs come from one Resource Graph query, which lags a little behind Azure; use of reservations is read from Compute.`,
  input: AuditInput,
  run: runAudit,
  view: viewAudit,
});
