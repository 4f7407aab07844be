import { shellWord } from "../../azure/shell-word.ts";
import { idKey, parseResourceId } from "../../resource-id.ts";
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
  /** Undefined when no command mends it from here; `text` tells why. */
  command: string | undefined;
  text: string | undefined;
  because: string[];
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
  /** What the VMs were narrowed by. */
  tags: readonly Tagged[];
}

/** What a reviewer would write down: what is at risk, must-run first, how much is covered, and how to mend it. */
export function planReport(
  rows: readonly AuditRow[],
  { mustRun, byTag, tags }: ReportWish,
): ResiliencyReport {
  const isMustRun = ({ machine }: AuditRow): boolean => mustRun.some((tag) => hasTags(machine.tags, [tag]));
  const findings = rows.filter(isAtRisk).map((row) => ({ row, mustRun: isMustRun(row) }));
  return {
    // The rows come in order of urgency, and a stable sort keeps that within each half.
    findings: findings.sort((left, right) => Number(right.mustRun) - Number(left.mustRun)),
    bySubscription: coverBy(rows, ({ machine }) => machine.subscriptionId),
    bySlot: coverBy(rows, ({ machine }) => slotText(machine)),
    byTag: byTag === undefined ? undefined : coverBy(rows, (row) => tagOf(row, byTag)),
    fixes: fixesFor(rows.filter(isAtRisk), tags),
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

/** Attach what is in no reservation; units for the reservations that have too few. */
function fixesFor(rows: readonly AuditRow[], tags: readonly Tagged[]): Fix[] {
  // A VM whose group nobody can read is not mended by attaching it.
  const mendable = rows.filter(({ state }) => state !== "unknown");
  const loose = groupRows(mendable, ({ machine: { subscriptionId, resourceGroup }, held }) =>
    held ? undefined : `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`,
  );
  const short = groupRows(mendable, ({ held }) => held && `${held.groupId}/${held.reservation}`);
  return [...loose.map((members) => attachFix(members, tags)), ...short.map(raiseFix)];
}

type Rows = [AuditRow, ...AuditRow[]];

/** Rows without a key are left out. */
function groupRows(rows: readonly AuditRow[], keyOf: (row: AuditRow) => string | undefined): Rows[] {
  const groups = new Map<string, Rows>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const members = groups.get(idKey(key));
    if (members) members.push(row);
    else groups.set(idKey(key), [row]);
  }
  return [...groups.values()];
}

/** The tags of the report go with it, so that it reaches no VM that the report is not about. */
function attachFix(members: Rows, tags: readonly Tagged[]): Fix {
  const { subscriptionId, resourceGroup } = members[0].machine;
  const restarts = members.some(({ state }) => state === "needs-restart");
  const words = ["azwise", "odcr", "attach", "--subscription", subscriptionId];
  words.push(
    "--resource-group",
    resourceGroup,
    ...tags.flatMap(({ key, value }) => ["--tag", `${key}=${value}`]),
  );
  if (restarts) words.push("--allow-restart");
  const command = words.map(shellWord).join(" ");
  const because = [restarts ? "odcr/regional-restart" : "odcr/order-of-steps"];
  return {
    subscriptionId,
    resourceGroup,
    machines: members.length,
    restarts,
    command,
    text: undefined,
    because,
  };
}

/** Attach refuses members of a group: their reservation needs more units, which only its owner may give it. */
function raiseFix(members: Rows): Fix {
  const [{ held }] = members;
  const { groupId = "", reservation = "", allocated = 0, fixed } = held ?? {};
  const group = parseResourceId(groupId);
  const { subscriptionId = "", resourceGroup = "" } = group ?? {};
  const units = Math.max(allocated, members.length);
  const because = ["odcr/overallocation-first-come"];
  const fix = { subscriptionId, resourceGroup, machines: members.length, restarts: false, because };
  const isOurs = members.some(({ machine }) => machine.subscriptionId.toLowerCase() === subscriptionId);
  if (isOurs && fixed === undefined) {
    const words = ["azwise", "odcr", "resize", groupId, "--subscription", subscriptionId];
    words.push("--slot", reservation, "--quantity", String(units));
    return { ...fix, command: words.map(shellWord).join(" "), text: undefined };
  }
  const needs = `${reservation} of group ${groupId} needs ${units} units`;
  const text = `${needs}: ${isOurs ? fixed : "the owner of the group has to raise it"}`;
  return { ...fix, command: undefined, text };
}
