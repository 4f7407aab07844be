import { idKey } from "../../resource-id.ts";
import type { AuditRow, AuditState } from "./audit-classify.ts";
import { hasTags } from "./flags.ts";
import { slotText } from "./slots.ts";

/** States in which a VM may not start again when it has to. */
export const AT_RISK: readonly AuditState[] = ["unprotected", "needs-restart", "overallocated", "unknown"];

export interface Tagged {
  key: string;
  value: string;
}

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

export interface Fix {
  subscriptionId: string;
  resourceGroup: string;
  machines: number;
  /** Some of them have to be restarted. */
  restarts: boolean;
  command: string;
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

export interface ReportWish {
  /** A VM with any of these has to be up. */
  mustRun: readonly Tagged[];
  byTag: string | undefined;
}

/** What a reviewer would write down: what is at risk, must-run first, how much is covered, and how to mend it. */
export function planReport(rows: readonly AuditRow[], { mustRun, byTag }: ReportWish): ResiliencyReport {
  const isMustRun = ({ machine }: AuditRow): boolean => mustRun.some((tag) => hasTags(machine.tags, [tag]));
  const findings = rows.filter(isAtRisk).map((row) => ({ row, mustRun: isMustRun(row) }));
  return {
    // The rows come in order of urgency, and a stable sort keeps that within each half.
    findings: findings.sort((left, right) => Number(right.mustRun) - Number(left.mustRun)),
    bySubscription: coverBy(rows, ({ machine }) => machine.subscriptionId),
    bySlot: coverBy(rows, ({ machine }) => slotText(machine)),
    byTag: byTag === undefined ? undefined : coverBy(rows, (row) => tagOf(row, byTag)),
    fixes: fixesFor(rows.filter(isAtRisk)),
    mustRun: rows.filter(isMustRun).length,
  };
}

function isAtRisk({ state }: AuditRow): boolean {
  return AT_RISK.includes(state);
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

/** One command for each resource group. A VM whose group nobody can read is not mended by attaching it. */
function fixesFor(rows: readonly AuditRow[]): Fix[] {
  const groups = new Map<string, AuditRow[]>();
  for (const row of rows.filter(({ state }) => state !== "unknown")) {
    const { subscriptionId, resourceGroup } = row.machine;
    const key = idKey(`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((members) => {
    const [{ machine }] = members as [AuditRow, ...AuditRow[]];
    const { subscriptionId, resourceGroup } = machine;
    const restarts = members.some(({ state }) => state === "needs-restart");
    const words = ["azwise odcr attach --subscription", subscriptionId, "--resource-group", resourceGroup];
    const command = [...words, ...(restarts ? ["--allow-restart"] : [])].join(" ");
    return { subscriptionId, resourceGroup, machines: members.length, restarts, command };
  });
}
