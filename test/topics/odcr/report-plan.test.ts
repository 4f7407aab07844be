import { expect, test } from "vitest";
import type { AuditRow, AuditState } from "../../../src/topics/odcr/audit-classify.ts";
import { planReport, type ResiliencyReport } from "../../../src/topics/odcr/report-plan.ts";
import { machine, SUBSCRIPTION } from "./builders.ts";

const OTHER = "00000000-0000-4000-8000-00000000000b";

function row(name: string, state: AuditState, change: Partial<Parameters<typeof machine>[1]> = {}): AuditRow {
  return { machine: { ...machine(name, change), obstacle: undefined }, state, text: state, because: [] };
}

function report(rows: AuditRow[], mustRun = "up=always", byTag?: string): ResiliencyReport {
  const [key = "", value = ""] = mustRun.split("=");
  return planReport(rows, { mustRun: [{ key, value }], byTag });
}

const UP = { tags: { Up: "always" } };

test("must-run VMs come first, and then urgency", () => {
  const { findings, mustRun } = report([
    row("a", "unprotected"),
    row("b", "overallocated", UP),
    row("c", "unknown"),
    row("d", "covered", UP),
    row("e", "not-eligible"),
  ]);

  expect(findings.map((each) => `${each.row.machine.name} ${each.mustRun}`)).toEqual([
    "b true",
    "a false",
    "c false",
  ]);
  expect(mustRun).toBe(2);
});

test("coverage is counted by subscription, slot and tag, worst first", () => {
  const rows = [
    row("a", "covered"),
    row("b", "unprotected", { subscriptionId: OTHER, zone: "2", tags: { tier: "db" } }),
    row("c", "deallocated", { tags: { TIER: "db" } }),
  ];

  const { bySubscription, bySlot, byTag } = report(rows, "up=always", "tier");

  expect(bySubscription).toEqual([
    { name: OTHER, total: 1, covered: 0, atRisk: 1, others: 0 },
    { name: SUBSCRIPTION, total: 2, covered: 1, atRisk: 0, others: 1 },
  ]);
  expect(bySlot.map(({ name, total }) => [name, total])).toEqual([
    ["eastus2 zone 2 Standard_D4s_v5", 1],
    ["eastus2 zone 1 Standard_D4s_v5", 2],
  ]);
  expect(byTag?.map(({ name, total, atRisk }) => [name, total, atRisk])).toEqual([
    ["tier=db", 2, 1],
    ["without tier", 1, 0],
  ]);
});

test("one command mends a resource group; a restart is said, and an unreadable group is not mended", () => {
  const { fixes } = report([
    row("a", "unprotected", { resourceGroup: "RG-App" }),
    row("b", "needs-restart", { resourceGroup: "rg-app", zone: undefined }),
    row("c", "overallocated", { resourceGroup: "rg-db" }),
    row("d", "unknown", { resourceGroup: "rg-far" }),
  ]);

  expect(fixes.map(({ machines, restarts, command }) => [machines, restarts, command])).toEqual([
    [2, true, `azwise odcr attach --subscription ${SUBSCRIPTION} --resource-group RG-App --allow-restart`],
    [1, false, `azwise odcr attach --subscription ${SUBSCRIPTION} --resource-group rg-db`],
  ]);
});

test("nothing is at risk where everything is covered", () => {
  const made = report([row("a", "covered")]);

  expect({ findings: made.findings, fixes: made.fixes }).toEqual({ findings: [], fixes: [] });
});
