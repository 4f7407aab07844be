import type { JsonObject } from "../../json.ts";
import type { Note, Row, Table, View } from "../../output/view.ts";
import { carriedOutExit, warningNotes } from "../../plan/carry-out-view.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { nameOf, parseResourceId } from "../../resource-id.ts";
import type { AttachResult } from "./attach.ts";
import { carriedOutData, carriedOutTables, endNotes, IMPACT } from "./carry-out-view.ts";
import { coverageOf, type Coverage } from "./coverage.ts";
import { isMember, type SlotPlan } from "./plan-members.ts";
import type { Verdict } from "./plan-verdict.ts";
import { slotText } from "./slots.ts";

export function viewAttach(result: AttachResult): View {
  return {
    data: toData(result),
    tables: carriedOutTables(result, [slotsTable(result.attach.slots)]),
    notes: notes(result),
    exit: exitOf(result),
  };
}

function exitOf(result: AttachResult): ExitCode {
  const exit = carriedOutExit(result);
  return result.report && exit === EXIT.ok && overtaken(result).length > 0 ? EXIT.partial : exit;
}

interface Overtaken extends Coverage {
  /** More VMs use it than the plan counted with. */
  hasGrown: boolean;
}

/** Slots that hold more VMs than units although every step succeeded. With a minimum that is as asked. */
function overtaken({ attach, after = [] }: AttachResult): Overtaken[] {
  const full = attach.slots.filter(({ quantity, units }) => quantity.planned > 0 && units === undefined);
  const planned = new Map(full.map((each) => [slotId(each), each.quantity.planned]));
  return after
    .flatMap((group) => coverageOf(group))
    .flatMap((each) => {
      const counted = planned.get(slotId({ groupId: each.groupId, reservationName: each.reservation }));
      if (counted === undefined || each.state !== "overallocated") return [];
      return [{ ...each, hasGrown: each.allocated > counted }];
    });
}

function slotId({ groupId, reservationName }: Pick<SlotPlan, "groupId" | "reservationName">): string {
  return `${groupId}/${reservationName}`.toLowerCase();
}

function overtakenNotes(result: AttachResult): Note[] {
  return overtaken(result).map(({ reservation, unprotected, hasGrown }) => {
    const why = hasGrown ? ": others joined while this ran" : "";
    const text = `${reservation} is overallocated by ${unprotected}${why}; run the command again`;
    return { level: "warning", text, because: ["azure-wire/overallocation-silent"] };
  });
}

function slotsTable(slots: readonly SlotPlan[]): Table {
  return {
    columns: [
      { header: "slot" },
      { header: "VMs" },
      { header: "action" },
      { header: "impact" },
      { header: "quantity" },
      { header: "detail" },
    ],
    rows: slots.flatMap(slotRows),
  };
}

/** One row for each group of VMs of the slot that share action and reason. */
function slotRows(plan: SlotPlan): Row[] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of plan.verdicts) {
    const key = `${verdict.action}|${verdict.text}`;
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return [...groups.values()].map((verdicts) => {
    const [first] = verdicts as [Verdict, ...Verdict[]];
    const { action, text, because } = first;
    const { now, planned } = plan.quantity;
    const quantity = isMember(first) ? `${now} -> ${planned}` : "-";
    const names = verdicts.map(({ machine }) => machine.name).join(", ");
    return { cells: [slotText(plan.slot), names, action, IMPACT[action], quantity, text], because };
  });
}

function notes(result: AttachResult): Note[] {
  const { attach, plan } = result;
  return [
    ...groupNotes(result),
    ...warningNotes(attach.warnings),
    ...billingNotes(plan.steps.some(({ kind }) => kind === "raise")),
    ...endNotes(result),
    ...overtakenNotes(result),
    ...leftOutNotes(attach.slots),
  ];
}

function warning(text: string): Note {
  return { level: "warning", text, because: [] };
}

/** An empty plan must not be mistaken for a protected estate. */
function leftOutNotes(slots: readonly SlotPlan[]): Note[] {
  const actions = slots.flatMap(({ verdicts }) => verdicts.map(({ action }) => action));
  const refused = actions.filter((action) => action === "refused").length;
  const leftAlone = actions.filter((action) => action === "left alone").length;
  const notNeeded = actions.filter((action) => action === "not needed").length;
  const left = refused + leftAlone + notNeeded;
  if (left === 0) return [];
  const parts = [
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(leftAlone > 0 ? [`${leftAlone} would need --allow-restart`] : []),
    ...(notNeeded > 0 ? [`${notNeeded} not needed for the minimum`] : []),
  ];
  return [warning(`${left} of ${actions.length} selected VMs are not attached: ${parts.join(", ")}`)];
}

function groupNotes({ attach, plan }: AttachResult): Note[] {
  const used = attach.slots.filter(({ verdicts }) =>
    verdicts.some(({ action }) => action === "attach" || action === "restart"),
  );
  const ids = [...new Set(used.map(({ groupId }) => groupId))];
  return ids.map((id) => {
    const isNew = plan.steps.some(({ kind, resource }) => kind === "create" && resource === id);
    const { resourceGroup, subscriptionId = "" } = parseResourceId(id) ?? {};
    const isOurs = subscriptionId === plan.target.subscriptionIds[0];
    const place = `${nameOf(id)} in resource group ${resourceGroup}${isOurs ? "" : ` of subscription ${subscriptionId}`}`;
    return { level: "info", text: `capacity reservation group: ${place} (${isNew ? "new" : "exists"})` };
  });
}

function billingNotes(raises: boolean): Note[] {
  if (!raises) return [];
  const text =
    "billing starts with the quantity, used or not; a running VM that is covered is not billed twice";
  return [{ level: "info", text, because: ["odcr/billing-starts-with-quantity", "odcr/no-double-billing"] }];
}

function toData(result: AttachResult): JsonObject {
  return { slots: result.attach.slots.map(slotData), ...carriedOutData(result) };
}

function slotData(plan: SlotPlan): JsonObject {
  const { slot, groupId, reservationName, quantity, verdicts } = plan;
  return {
    slot: { location: slot.location, zone: slot.zone ?? null, size: slot.size },
    group: groupId,
    reservation: reservationName,
    quantity: { ...quantity },
    machines: verdicts.map(({ machine, action, text, because }) => ({
      id: machine.id,
      name: machine.name,
      action,
      reason: text,
      because,
    })),
  };
}
