import type { JsonObject } from "../../json.ts";
import type { Note, Row, View } from "../../output/view.ts";
import { nameOf } from "../../resource-id.ts";
import { coverageOf, coverageTable, type Coverage } from "./coverage.ts";
import { namesText } from "./names-text.ts";
import type { GroupStatus } from "./read-groups.ts";
import type { StatusResult } from "./status.ts";

export function viewStatus({ groups, optedOut, today }: StatusResult): View {
  const rows = groups.flatMap((each) => rowsOf(each, today));
  const coverages = groups.flatMap(({ group }) => (group ? coverageOf(group, today) : []));
  return {
    data: { groups: groups.map((each) => groupData(each, today)), optedOut },
    tables: [{ ...coverageTable([]), rows }],
    notes: [...coverages.flatMap(overallocationNotes), ...optOutNotes(optedOut), ...emptyNotes(groups)],
  };
}

function rowsOf({ id, group, reason, shared }: GroupStatus, today: string): Row[] {
  const name = `${nameOf(id)}${shared ? " (shared)" : ""}`;
  if (!group) {
    const text = reason === undefined ? "does not exist any more" : `cannot tell: ${reason}`;
    return [
      {
        cells: [name, null, null, null, null, null, null, { text, tone: "warn" }, null],
        because: ["azure-wire/shared-groups-hidden"],
      },
    ];
  }
  const { rows } = coverageTable(coverageOf(group, today));
  if (rows.length === 0) {
    return [
      {
        cells: [name, null, null, 0, 0, 0, 0, { text: "empty", tone: "dim" }, null],
        because: ["odcr/group-is-a-bucket"],
      },
    ];
  }
  return rows.map((row) => ({ ...row, cells: [name, ...row.cells.slice(1)] }));
}

function overallocationNotes(each: Coverage): Note[] {
  if (each.state !== "overallocated") return [];
  const { group, reservation, unprotected, allocated, quantity } = each;
  const text =
    `${group}/${reservation}: ${unprotected} of ${allocated} allocated VMs exceed the quantity of ${quantity}; ` +
    (quantity === 0
      ? "none of them is protected"
      : "the first started are protected, and Azure does not say which those are");
  return [
    { level: "warning", text, because: ["odcr/overallocation-first-come", "azure-wire/which-vm-unknown"] },
  ];
}

function optOutNotes(names: readonly string[]): Note[] {
  if (names.length === 0) return [];
  const text = `opted out, so without any Open reservation: ${namesText(names)}`;
  return [{ level: "info", text, because: ["azure-wire/open-and-optout"] }];
}

function emptyNotes(groups: readonly GroupStatus[]): Note[] {
  if (groups.length > 0) return [];
  return [
    { level: "info", text: "no capacity reservation group is visible in these subscriptions, own or shared" },
  ];
}

function groupData({ id, shared, group, reason }: GroupStatus, today: string): JsonObject {
  return {
    id,
    name: nameOf(id),
    shared,
    readable: group !== undefined,
    reason: reason ?? null,
    location: group?.location ?? null,
    zones: group?.zones ?? [],
    reservationType: group?.reservationType ?? null,
    reservations: (group ? coverageOf(group, today) : []).map((each) => ({ ...each })),
  };
}
