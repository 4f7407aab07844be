import * as z from "zod";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { AUDIT_STATES, type AuditState } from "./audit-classify.ts";
import { auditRows, type Audited } from "./audit-rows.ts";
import { viewAudit } from "./audit-view.ts";
import { gateOf, Tag } from "./flags.ts";

const DEFAULT_GATE: readonly AuditState[] = ["unprotected", "needs-restart", "overallocated", "unknown"];

const AuditInput = z.object({ tag: z.array(Tag).default([]), failOn: gateOf(AUDIT_STATES).optional() });
type AuditInput = z.infer<typeof AuditInput>;

export interface AuditResult extends Audited {
  gate: readonly AuditState[];
}

async function runAudit({ tag, failOn }: AuditInput, ctx: Context): Promise<AuditResult> {
  return { ...(await auditRows(tag, ctx)), gate: failOn ?? DEFAULT_GATE };
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
