import type { AuditRow, AuditState } from "./audit-classify.ts";
import { hasTags } from "./flags.ts";
import { fixesFor, type Fix, type Scope, type Tagged } from "./report-fixes.ts";
import { slotText } from "./slots.ts";

/** States in which a VM may not start again when it has to. */
export const AT_RISK: readonly AuditState[] = ["unprotected", "needs-restart", "overallocated", "unknown"];

/** One VM of the report. */
export interface RiskFinding {
  row: AuditRow;
  /** Marked as one that has to be up around the clock. */
  mustRun: boolean;
}

/** How well one part of the estate is covered. */
export interface PartCoverage {
  name: string;
  total: number;
  covered: number;
  atRisk: number;
  /** Deallocated or not eligible: neither covered nor to be covered as it is. */
  others: number;
}

export interface ResiliencyReport {
  findings: RiskFinding[];
  bySubscription: PartCoverage[];
  bySlot: PartCoverage[];
  /** Undefined when no tag was asked for. */
  byTag: PartCoverage[] | undefined;
  fixes: Fix[];
  /** VMs that are marked as must-run, at risk or not. */
  mustRun: number;
}

export interface ReportWish extends Scope {
  /** A VM with any of these has to be up. */
  mustRun: readonly Tagged[];
  byTag: string | undefined;
}

/** What a reviewer would write down: what is at risk, must-run first, how much is covered, and how to mend it. */
export function planReport(
  rows: readonly AuditRow[],
  { mustRun, byTag, ...scope }: ReportWish,
): ResiliencyReport {
  const isMustRun = ({ machine }: AuditRow): boolean => mustRun.some((tag) => hasTags(machine.tags, [tag]));
  const findings = rows.filter(isAtRisk).map((row) => ({ row, mustRun: isMustRun(row) }));
  return {
    // The rows come in order of urgency, and a stable sort keeps that within each half.
    findings: findings.sort((left, right) => Number(right.mustRun) - Number(left.mustRun)),
    bySubscription: coverBy(rows, ({ machine }) => machine.subscriptionId),
    bySlot: coverBy(rows, slotNamer(rows)),
    byTag: byTag === undefined ? undefined : coverBy(rows, (row) => tagOf(row, byTag)),
    fixes: fixesFor(rows.filter(isAtRisk), scope),
    mustRun: rows.filter(isMustRun).length,
  };
}

function isAtRisk({ state }: AuditRow): boolean {
  return AT_RISK.includes(state);
}

/** Equal zone numbers of two subscriptions may be two zones, so they are never counted together. */
function slotNamer(rows: readonly AuditRow[]): (row: AuditRow) => string {
  const several = new Set(rows.map(({ machine }) => machine.subscriptionId.toLowerCase())).size > 1;
  return ({ machine }) => {
    const { zone, subscriptionId } = machine;
    return several && zone !== undefined
      ? `${slotText(machine)} of ${subscriptionId.toLowerCase()}`
      : slotText(machine);
  };
}

/** Tag names compare without regard to case. */
function tagOf({ machine }: AuditRow, key: string): string {
  const found = Object.entries(machine.tags).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found ? `${key}=${found[1]}` : `without ${key}`;
}

/** Most VMs at risk first. */
function coverBy(rows: readonly AuditRow[], nameOf: (row: AuditRow) => string): PartCoverage[] {
  const parts = new Map<string, PartCoverage>();
  for (const row of rows) {
    const name = nameOf(row);
    const part = parts.get(name) ?? { name, total: 0, covered: 0, atRisk: 0, others: 0 };
    part.total += 1;
    if (row.state === "covered") part.covered += 1;
    else if (isAtRisk(row)) part.atRisk += 1;
    else part.others += 1;
    parts.set(name, part);
  }
  return [...parts.values()].sort(
    (left, right) => right.atRisk - left.atRisk || left.name.localeCompare(right.name),
  );
}
