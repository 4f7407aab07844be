import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { idKey } from "../../resource-id.ts";
import { classify, sortRows, type AuditRow } from "./audit-classify.ts";
import { findUnreadable, readInventory, readReservationTypes, readUnsupportedSizes } from "./audit-read.ts";
import { hasTags } from "./flags.ts";
import { readGroupsById } from "./read.ts";

/** Every VM that this identity sees, and how far what it sees can be trusted. */
export interface Audited {
  rows: AuditRow[];
  /** Subscriptions that may not be read, so that nothing can be said about them. */
  unreadable: string[];
  /** The service dropped rows. */
  truncated: boolean;
}

/** The state of each VM that has all of these tags, most urgent first. */
export async function auditRows(
  tags: readonly { key: string; value: string }[],
  ctx: Context,
): Promise<Audited> {
  const { machines, openGroupIds, truncated } = await readInventory(ctx);
  const chosen = machines.filter((machine) => hasTags(machine.tags, tags));
  if (machines.length > 0 && chosen.length === 0) {
    throw new AppError("usage", `none of the ${machines.length} VMs has these tags`, {
      hint: "check --tag; nothing was audited",
    });
  }
  const used = chosen.flatMap(({ groupId }) => (groupId === undefined ? [] : [groupId]));
  const [groups, unsupported, unreadable] = await Promise.all([
    readGroupsById([...used, ...openGroupIds], ctx),
    readUnsupportedSizes(chosen, ctx),
    findUnreadable(machines, ctx),
  ]);
  const openGroups = openGroupIds.flatMap((id) => groups.get(idKey(id)) ?? []);
  const reservationTypes = await readReservationTypes(chosen, openGroups, ctx);
  const facts = { groups, unsupported, openGroups, reservationTypes };
  const rows = sortRows(chosen.map((machine) => classify(machine, facts)));
  return { rows, unreadable, truncated };
}
