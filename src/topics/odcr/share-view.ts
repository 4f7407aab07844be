import type { CapacityReservationGroup } from "../../azure/ports.ts";
import type { JsonObject } from "../../json.ts";
import type { Note, Table, View } from "../../output/view.ts";
import { carriedOutExit, warningNotes } from "../../plan/carry-out-view.ts";
import { nameOf } from "../../resource-id.ts";
import { carriedOutData, carriedOutTables, endNotes } from "./carry-out-view.ts";
import { findFixed } from "./reservation-kind.ts";
import { usersOf, zonesText, type SharePlan, type Users } from "./share-plan.ts";
import type { ShareResult } from "./share.ts";

/** One subscription that may use the group, could, will, or does. */
interface Sharer extends Users {
  subscriptionId: string;
  shared: string;
  zones: string;
}

export function viewShare(result: ShareResult): View {
  const { share, state, onlyShown } = result;
  const { group } = state;
  const sharers = sharersOf(result);
  return {
    data: {
      group: group.id,
      owner: group.subscriptionId,
      location: group.location,
      zones: group.zones,
      reservationType: group.reservationType,
      sharedWith: { now: share.now, planned: share.planned },
      subscriptions: sharers.map((each): JsonObject => ({ ...each, zones: zonesData(each, result) })),
      ...carriedOutData(result),
    },
    tables: carriedOutTables(result, [sharersTable(group, sharers)]),
    notes: [...fixedNotes(group), ...warningNotes(share.warnings), ...(onlyShown ? [] : endNotes(result))],
    exit: carriedOutExit(result),
  };
}

/** The owner first, then by id. */
function sharersOf({ share, state: { group, zones } }: ShareResult): Sharer[] {
  const users = usersOf(group);
  const owner = group.subscriptionId;
  const others = new Set([...share.now, ...share.planned, ...users.keys()]);
  others.delete(owner);
  const sharer = (subscriptionId: string, shared: string, zonesThere: string): Sharer => ({
    subscriptionId,
    shared,
    zones: zonesThere,
    ...(users.get(subscriptionId) ?? { associated: [], allocated: [] }),
  });
  return [
    sharer(owner, "owner", group.zones.length === 0 ? "regional" : group.zones.join(", ")),
    ...[...others].sort().map((id) => sharer(id, sharedText(id, share), zonesText(group, zones.get(id)))),
  ];
}

/** "yes", "no", "no -> yes", "yes -> no" */
function sharedText(id: string, { now, planned }: SharePlan): string {
  const words = [now, planned].map((list) => (list.includes(id) ? "yes" : "no"));
  return [...new Set(words)].join(" -> ");
}

/** By zone of the group its number there; null when that cannot be told, or there is nothing to tell. */
function zonesData({ subscriptionId, zones }: Sharer, { state }: ShareResult): JsonObject {
  const map = state.zones.get(subscriptionId);
  const numbers = map && "value" in map ? Object.fromEntries(map.value) : null;
  return { text: zones, numbers };
}

function sharersTable({ name }: CapacityReservationGroup, sharers: readonly Sharer[]): Table {
  return {
    columns: [
      { header: "group" },
      { header: "subscription" },
      { header: "shared" },
      { header: "associated", align: "right" },
      { header: "allocated", align: "right" },
      { header: "zones" },
      { header: "VMs" },
    ],
    rows: sharers.map(({ subscriptionId, shared, associated, allocated, zones }) => ({
      cells: [
        name,
        subscriptionId,
        shared,
        associated.length,
        allocated.length,
        zones,
        associated.map(nameOf).sort().join(", "),
      ],
      because:
        shared === "owner"
          ? ["odcr/shared-groups"]
          : ["azure-wire/zones-are-logical", "azure-wire/zone-peers"],
    })),
  };
}

/** Why nobody can be added or taken away. */
function fixedNotes(group: CapacityReservationGroup): Note[] {
  const fixed = findFixed(group, undefined);
  return fixed ? [{ level: "info", ...fixed }] : [];
}
