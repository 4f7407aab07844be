import type { JsonObject } from "../../json.ts";
import type { Note, Row, Table, View } from "../../output/view.ts";
import { exitOf, gapNotes, TONES } from "./audit-view.ts";
import type { Fix } from "./report-fixes.ts";
import { AT_RISK, type PartCoverage, type RiskFinding } from "./report-plan.ts";
import type { ReportResult } from "./report.ts";
import { slotText } from "./slots.ts";

export function viewReport(result: ReportResult): View {
  const { audited, report, byTag } = result;
  const { findings, bySubscription, bySlot, fixes } = report;
  return {
    data: {
      total: audited.rows.length,
      unreadable: audited.unreadable,
      truncated: audited.truncated,
      mustRun: report.mustRun,
      findings: findings.map(findingData),
      bySubscription: bySubscription.map((each) => ({ ...each })),
      bySlot: bySlot.map((each) => ({ ...each })),
      byTag: report.byTag?.map((each) => ({ ...each })) ?? null,
      fixes: fixes.map(({ command = null, text = null, ...each }) => ({ ...each, command, text })),
    },
    tables: [
      findingsTable(findings),
      coverageTable("Coverage by subscription", "subscription", bySubscription),
      ...(report.byTag ? [coverageTable(`Coverage by tag ${byTag ?? ""}`, "tag", report.byTag)] : []),
      coverageTable("Coverage by slot", "slot", bySlot),
      ...(fixes.length > 0 ? [fixesTable(fixes)] : []),
    ],
    notes: notes(result),
    exit: exitOf(audited, AT_RISK),
  };
}

function findingsTable(findings: readonly RiskFinding[]): Table {
  return {
    title: "VMs at risk",
    columns: [
      { header: "must run" },
      { header: "state" },
      { header: "VM" },
      { header: "resource group" },
      { header: "slot" },
      { header: "detail" },
    ],
    rows: findings.map(({ row, mustRun }): Row => {
      const { machine, state, text, because } = row;
      const { name, resourceGroup } = machine;
      const marked = mustRun ? { text: "yes", tone: "bad" as const } : null;
      return {
        cells: [marked, { text: state, tone: TONES[state] }, name, resourceGroup, slotText(machine), text],
        because,
      };
    }),
  };
}

function coverageTable(title: string, header: string, parts: readonly PartCoverage[]): Table {
  return {
    title,
    columns: [
      { header },
      { header: "VMs", align: "right" },
      { header: "covered", align: "right" },
      { header: "at risk", align: "right" },
      { header: "others", align: "right" },
      { header: "share covered", align: "right" },
    ],
    rows: parts.map(({ name, total, covered, atRisk, others }) => ({
      cells: [name, total, covered, atRisk, others, shareOf(covered, covered + atRisk)],
    })),
  };
}

/** Of the VMs that could be covered; rounded down, so that 100 % means all. */
function shareOf(covered: number, all: number): string {
  return all === 0 ? "-" : `${Math.floor((covered / all) * 100)} %`;
}

function fixesTable(fixes: readonly Fix[]): Table {
  return {
    title: "How to mend it",
    columns: [{ header: "VMs", align: "right" }, { header: "impact" }, { header: "command" }],
    rows: fixes.map(({ machines, restarts, command, text, because }) => ({
      cells: [machines, restarts ? { text: "restart", tone: "warn" } : "none", command ?? text ?? null],
      because,
    })),
  };
}

function notes({ audited, report, isMarked }: ReportResult): Note[] {
  const { rows } = audited;
  const { findings } = report;
  const urgent = findings.filter(({ mustRun }) => mustRun).length;
  const because = ["odcr/assessments-report-gaps", "odcr/no-start-sla-without"];
  const sum: Note =
    rows.length === 0
      ? {
          level: "warning",
          text: "no VM is visible: there is none, or this identity may not read them; nothing can be said",
          because: ["azure-wire/graph-silently-absent"],
        }
      : {
          level: findings.length > 0 ? "warning" : "info",
          text: `${findings.length} of ${rows.length} VMs may not start again when they have to`,
          because,
        };
  return [
    sum,
    ...mustRunNotes(report.mustRun, urgent, isMarked),
    ...gapNotes(audited),
    ...planNotes(findings),
  ];
}

function mustRunNotes(marked: number, urgent: number, isMarked: boolean): Note[] {
  const because = ["odcr/always-on-vms"];
  if (!isMarked) {
    return [
      { level: "info", text: "no VM is taken for must-run: --must-run key=value says which are", because },
    ];
  }
  if (marked === 0)
    return [{ level: "warning", text: "no VM has a tag of --must-run; check its spelling", because }];
  const level = urgent > 0 ? "warning" : "info";
  return [{ level, text: `${urgent} of ${marked} must-run VMs are at risk`, because }];
}

function planNotes(findings: readonly RiskFinding[]): Note[] {
  if (findings.length === 0) return [];
  const text =
    "each command shows its plan first and changes nothing without --apply; capacity is known only by trying";
  return [{ level: "info", text, because: ["odcr/causes-of-failure"] }];
}

function findingData({ row, mustRun }: RiskFinding): JsonObject {
  const { machine, state, text, because } = row;
  const { id, name, subscriptionId, resourceGroup, location, zone = null, size, power } = machine;
  return {
    id,
    name,
    subscriptionId,
    resourceGroup,
    location,
    zone,
    size,
    power,
    mustRun,
    state,
    reason: text,
    because,
  };
}
