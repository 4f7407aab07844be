import { EXIT, type ExitCode } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import type { Cell, Row, Table, View } from "../../output/view.ts";
import { nameOf } from "../../resource-id.ts";
import { isMissing, type CostRow } from "./cost-count.ts";
import { costNotes } from "./cost-notes.ts";
import type { Duplicate } from "./cost-replicas.ts";
import type { CostResult } from "./cost.ts";
import type { GroupStatus } from "./read-groups.ts";
import { slotText } from "./slots.ts";

export function viewCost(result: CostResult): View {
  const { replicated } = result;
  const duplicates = "reason" in replicated ? [] : replicated.found;
  return {
    data: dataOf(result),
    tables: [costTable(result), ...(duplicates.length === 0 ? [] : [duplicateTable(duplicates)])],
    notes: costNotes(result),
    exit: exitOf(result),
  };
}

function costTable({ groups, rows }: CostResult): Table {
  return {
    columns: [
      { header: "group" },
      { header: "reservation" },
      { header: "slot" },
      { header: "kind" },
      { header: "quantity", align: "right" },
      { header: "allocated", align: "right" },
      { header: "idle", align: "right" },
      { header: "unit/h", align: "right" },
      { header: "idle/h", align: "right" },
      { header: "idle/month", align: "right" },
      { header: "detail" },
    ],
    rows: [...rows.map(toRow), ...groups.flatMap(unreadRow)],
  };
}

function toRow({ coverage, shared, idle, unitPrice, perHour, perMonth, detail, because }: CostRow): Row {
  const { group, reservation, kind, quantity, allocated } = coverage;
  const slot = slotText({ ...coverage, zone: coverage.zone ?? undefined });
  const counted: Cell = idle ? { text: idle, tone: shared ? "dim" : "warn" } : idle;
  const money = [unitPrice, perHour, perMonth?.toFixed(2) ?? null];
  const name = `${group}${shared ? " (shared)" : ""}`;
  return { cells: [name, reservation, slot, kind, quantity, allocated, counted, ...money, detail], because };
}

function unreadRow({ id, group, reason, shared }: GroupStatus): Row[] {
  if (group) return [];
  const detail = reason === undefined ? "does not exist any more" : `cannot tell: ${reason}`;
  const name = `${nameOf(id)}${shared ? " (shared)" : ""}`;
  const blank: Cell[] = Array.from({ length: 9 }, () => null);
  return [{ cells: [name, ...blank, { text: detail, tone: "warn" }] }];
}

function duplicateTable(duplicates: readonly Duplicate[]): Table {
  return {
    title: "Paid twice",
    columns: [{ header: "VM" }, { header: "group" }, { header: "group of its replica" }, { header: "vault" }],
    rows: duplicates.map(({ machine, sourceGroupId, replicaGroupId, replicaId }) => ({
      cells: [machine, nameOf(sourceGroupId), nameOf(replicaGroupId), vaultOf(replicaId)],
      because: ["odcr/replicas-paid-twice"],
    })),
  };
}

function vaultOf(replicaId: string): string {
  return /\/vaults\/([^/]+)/i.exec(replicaId)?.[1] ?? "";
}

/** What cannot be told outranks the gate, but only what it asks about; what is not ours is never a finding. */
function exitOf({ groups, rows, replicated, gate }: CostResult): ExitCode {
  const own = rows.filter(({ shared }) => !shared);
  const isUntold =
    (gate.includes("idle") && own.some(({ idle }) => idle === null)) ||
    (gate.includes("duplicate") &&
      ("reason" in replicated || replicated.truncated || replicated.untold.length > 0));
  if (isMissing(groups) || isUntold) return EXIT.partial;
  const isIdle = gate.includes("idle") && own.some(({ idle }) => idle !== null && idle > 0);
  const isDouble = gate.includes("duplicate") && "found" in replicated && replicated.found.length > 0;
  return isIdle || isDouble ? EXIT.changes : EXIT.ok;
}

function dataOf({ groups, rows, total, prices, replicated, gate }: CostResult): JsonObject {
  const unread = groups.filter(({ group }) => !group);
  return {
    failOn: [...gate],
    prices:
      "reason" in prices
        ? { reason: prices.reason }
        : { source: prices.source, currency: prices.currency, retrievedAt: prices.retrievedAt },
    reservations: rows.map(rowData),
    unread: unread.map(({ id, shared, reason }) => ({ id, shared, reason: reason ?? null })),
    total: { ...total },
    duplicates:
      "reason" in replicated
        ? { reason: replicated.reason }
        : {
            found: replicated.found.map((each) => ({ ...each })),
            cannotTell: replicated.untold.map((each) => ({ ...each })),
            truncated: replicated.truncated,
          },
  };
}

function rowData({
  coverage,
  shared,
  idle,
  unitPrice,
  perHour,
  perMonth,
  detail,
  because,
}: CostRow): JsonObject {
  const { group, groupId, reservation, location, zone, size, kind, quantity, associated, allocated } =
    coverage;
  return {
    group,
    groupId,
    shared,
    reservation,
    location,
    zone,
    size,
    kind,
    reservationState: coverage.reservationState,
    quantity,
    associated,
    allocated,
    idle,
    pricePerHour: unitPrice,
    idlePerHour: perHour,
    idlePerMonth: perMonth,
    detail,
    because,
  };
}
