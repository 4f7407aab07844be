import type { Table, View } from "../../output/view.ts";
import { carriedOutExit, warningNotes } from "../../plan/carry-out-view.ts";
import { carriedOutData, carriedOutTables, endNotes } from "./carry-out-view.ts";
import type { ResizePlan } from "./resize-plan.ts";
import type { ResizeResult } from "./resize.ts";
import { slotOf, slotText } from "./slots.ts";

export function viewResize(result: ResizeResult): View {
  const { group, reservation, quantity, warnings } = result.resize;
  const { name, zone = null, size, location, quantity: now, allocated, associated } = reservation;
  return {
    data: {
      group: group.id,
      reservation: name,
      slot: { location, zone, size },
      quantity: { now, planned: quantity },
      allocated: allocated.length,
      associated: associated.length,
      ...carriedOutData(result),
    },
    tables: carriedOutTables(result, [quantityTable(result.resize)]),
    notes: [...warningNotes(warnings), ...endNotes(result)],
    exit: carriedOutExit(result),
  };
}

function quantityTable({ group, reservation, quantity }: ResizePlan): Table {
  const { name, quantity: now, allocated, associated } = reservation;
  return {
    columns: [
      { header: "group" },
      { header: "reservation" },
      { header: "slot" },
      { header: "quantity" },
      { header: "associated", align: "right" },
      { header: "allocated", align: "right" },
    ],
    rows: [
      {
        cells: [
          group.name,
          name,
          slotText(slotOf(reservation)),
          `${now} -> ${quantity}`,
          associated.length,
          allocated.length,
        ],
      },
    ],
  };
}
