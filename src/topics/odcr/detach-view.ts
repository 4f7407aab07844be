import type { JsonObject } from "../../json.ts";
import type { Cell, Note, Row, Table, View } from "../../output/view.ts";
import { carriedOutExit, warningNotes } from "../../plan/carry-out-view.ts";
import { nameOf } from "../../resource-id.ts";
import { carriedOutData, carriedOutTables, endNotes, IMPACT } from "./carry-out-view.ts";
import type { ReservationPlan } from "./detach-plan.ts";
import type { DetachVerdict } from "./detach-verdict.ts";
import type { DetachResult } from "./detach.ts";

export function viewDetach(result: DetachResult): View {
  const { detach } = result;
  return {
    data: {
      machines: detach.verdicts.map(verdictData),
      reservations: detach.reservations.map(reservationData),
      deletedGroups: detach.deletedGroups,
      ...carriedOutData(result),
    },
    tables: carriedOutTables(result, [
      machinesTable(detach.verdicts),
      reservationsTable(detach.reservations),
    ]),
    notes: [...warningNotes(detach.warnings), ...endNotes(result), ...stayingNotes(detach.verdicts)],
    exit: carriedOutExit(result),
  };
}

function machinesTable(verdicts: readonly DetachVerdict[]): Table {
  return {
    columns: [
      { header: "VM" },
      { header: "group" },
      { header: "action" },
      { header: "impact" },
      { header: "detail" },
    ],
    rows: verdicts.map(({ machine, action, text, because }): Row => {
      const group = machine.groupId === undefined ? null : nameOf(machine.groupId);
      return { cells: [machine.name, group, action, IMPACT[action], text], because };
    }),
  };
}

function reservationsTable(reservations: readonly ReservationPlan[]): Table {
  return {
    title: "Reservations",
    columns: [
      { header: "group" },
      { header: "reservation" },
      { header: "quantity" },
      { header: "members", align: "right" },
      { header: "then it is" },
    ],
    rows: reservations.map(({ groupId, reservation, quantity, members, deleted }) => {
      const { now, planned } = quantity;
      const then: Cell = deleted ? { text: "deleted", tone: "warn" } : "kept";
      return {
        cells: [nameOf(groupId), reservation.name, `${now} -> ${deleted ? 0 : planned}`, members, then],
      };
    }),
  };
}

/** An empty plan must not be mistaken for an empty group. */
function stayingNotes(verdicts: readonly DetachVerdict[]): Note[] {
  const staying = verdicts.filter(({ action }) => action === "refused" || action === "left alone");
  if (staying.length === 0) return [];
  const text = `${staying.length} of ${verdicts.length} selected VMs stay in their group`;
  return [{ level: "warning", text }];
}

function verdictData({ machine, action, text, because }: DetachVerdict): JsonObject {
  const { id, name, groupId = null } = machine;
  return { id, name, group: groupId, action, reason: text, because };
}

function reservationData({ groupId, reservation, quantity, members, deleted }: ReservationPlan): JsonObject {
  return {
    group: groupId,
    reservation: reservation.name,
    quantity: { now: quantity.now, planned: deleted ? 0 : quantity.planned },
    members,
    deleted,
  };
}
