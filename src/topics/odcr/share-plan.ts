import type { CapacityReservationGroup } from "../../azure/ports.ts";
import { AppError } from "../../errors.ts";
import type { Finding, Observation, Step } from "../../plan/plan.ts";
import { idKey, nameOf, parseResourceId } from "../../resource-id.ts";
import { namesText } from "./names-text.ts";
import { odcrCommand } from "./odcr-command.ts";
import { ALLOCATED, API, here, STATE } from "./plan-steps.ts";
import { findFixed } from "./reservation-kind.ts";
import { peerZone, type ZoneMap } from "./zone-map.ts";

export interface ShareWish {
  /** Subscription ids in lower case. */
  add: readonly string[];
  remove: readonly string[];
  /** Subscriptions whose VMs use the group may be removed. */
  release: boolean;
}

export interface ShareState {
  group: CapacityReservationGroup;
  /** By subscription: its zones by those of the group; empty for a regional group. */
  zones: ReadonlyMap<string, ZoneMap>;
}

export interface SharePlan {
  /** Subscriptions that the group is shared with, and that it will be shared with, in lower case. */
  now: string[];
  planned: string[];
  steps: Step[];
  warnings: Finding[];
  refusals: Finding[];
}

/** Ids of one subscription's VMs in a group, as the group's own lists have them. */
export interface Users {
  associated: string[];
  allocated: string[];
}

const MOST_SUBSCRIPTIONS = 100;

/** Who may use a group. Throws AppError "usage" when the wish cannot be, or takes more away than was said. */
export function planShare({ group, zones }: ShareState, wish: ShareWish): SharePlan {
  const now = sharedWith(group);
  requireSensible(group, wish);
  const planned = plannedFor(group, wish);
  const added = planned.filter((id) => !now.includes(id));
  const removed = now.filter((id) => !planned.includes(id));
  if (added.length > 0 && planned.length > MOST_SUBSCRIPTIONS) throw tooMany(group, planned.length);
  const lost = losses(group, removed);
  if (!wish.release) requireUnused(group, lost);
  const isSame = added.length === 0 && removed.length === 0;
  const warnings = [
    ...added.flatMap((id) => warnAdded(id, zonesText(group, zones.get(id)))),
    ...lost.map(warnLost),
  ];
  const steps = isSame ? [] : [replace(group, { planned, added, removed, release: wish.release })];
  return { now, planned, steps, warnings, refusals: [] };
}

export function sharedWith(group: CapacityReservationGroup): string[] {
  return [...new Set(group.sharedWith.map((id) => id.toLowerCase()))].sort();
}

export function plannedFor(group: CapacityReservationGroup, { add, remove }: ShareWish): string[] {
  return [...new Set([...sharedWith(group), ...add])].filter((id) => !remove.includes(id)).sort();
}

/** By subscription, the owner's own included. */
export function usersOf({ reservations }: CapacityReservationGroup): Map<string, Users> {
  const allocated = uniqueIds(reservations.flatMap((each) => each.allocated));
  // Bookkeeping lags: an allocated VM may not be listed as associated yet.
  const associated = uniqueIds([...reservations.flatMap((each) => each.associated), ...allocated]);
  const ownerOf = (id: string): string => parseResourceId(id)?.subscriptionId ?? "";
  return new Map(
    [...new Set(associated.map(ownerOf))].map((owner) => {
      const isOfOwner = (id: string): boolean => ownerOf(id) === owner;
      return [owner, { associated: associated.filter(isOfOwner), allocated: allocated.filter(isOfOwner) }];
    }),
  );
}

function uniqueIds(ids: readonly string[]): string[] {
  return [...new Map(ids.map((id) => [idKey(id), id])).values()];
}

function requireSensible(group: CapacityReservationGroup, { add, remove }: ShareWish): void {
  if (add.length + remove.length === 0) return;
  const fixed = findFixed(group, undefined);
  if (fixed) throw new AppError("usage", fixed.text, { because: fixed.because });
  const both = add.find((id) => remove.includes(id));
  if (both !== undefined) {
    throw new AppError("usage", `subscription ${both} is to be added and taken away`, {
      hint: "give it to --with or to --without",
    });
  }
  if (![...add, ...remove].includes(group.subscriptionId)) return;
  throw new AppError("usage", `subscription ${group.subscriptionId} owns ${group.name}`, {
    hint: "an owner is never in the list; name the other subscriptions",
    because: ["odcr/shared-groups"],
  });
}

function tooMany({ name }: CapacityReservationGroup, count: number): AppError {
  const text = `${name} would be shared with ${count} subscriptions, and ${MOST_SUBSCRIPTIONS} is the most`;
  return new AppError("usage", text, {
    hint: "take some away with --without, or share a second group",
    because: ["azure-wire/sharing-replaced"],
  });
}

interface Loss extends Users {
  subscriptionId: string;
  names: string;
}

function losses(group: CapacityReservationGroup, removed: readonly string[]): Loss[] {
  const users = usersOf(group);
  return removed.flatMap((subscriptionId) => {
    const found = users.get(subscriptionId);
    return found ? [{ subscriptionId, ...found, names: namesText(found.associated.map(nameOf).sort()) }] : [];
  });
}

function requireUnused({ id }: CapacityReservationGroup, [loss]: readonly Loss[]): void {
  if (!loss) return;
  const { subscriptionId, associated, names } = loss;
  const count = associated.length;
  const text = `${count} VM${count === 1 ? "" : "s"} of subscription ${subscriptionId} ${count === 1 ? "is" : "are"} in the group: ${names}`;
  throw new AppError("usage", text, {
    hint: `${leaveCommand(id, loss)}; those that run leave only with --allow-restart, and nothing holds hardware for their start; --release unshares in spite of them`,
    because: ["azure-wire/unshared-until-deallocated", "azure-wire/detach-running-needs-zero"],
  });
}

const IDS_SHOWN = 3;

/** Names the VMs, as a group may have members that are not to leave. */
function leaveCommand(groupId: string, { subscriptionId, associated }: Loss): string {
  const words = ["detach", "--subscription", subscriptionId];
  if (associated.length <= IDS_SHOWN) {
    const vms = [...associated].sort().flatMap((id) => ["--vm", id]);
    return `${odcrCommand([...words, ...vms])} takes them out`;
  }
  const list = odcrCommand(["share", groupId, "-o", "json"]);
  return `${odcrCommand([...words, "--vm", "-"])} takes out those whose ids it reads, and ${list} lists them`;
}

function warnLost({ subscriptionId, associated, allocated, names }: Loss): Finding {
  const text = `${associated.length} associated, ${allocated.length} of them allocated: ${names}; what runs stays protected until it is deallocated or moved, then it is not`;
  return { subject: subscriptionId, text, because: ["azure-wire/unshared-until-deallocated"] };
}

function warnAdded(id: string, zones: string): Finding[] {
  const text =
    "that it exists and is of this tenant was not asked: Azure decides; its VMs need quota of their own there";
  const because = ["azure-wire/sharing-replaced", "azure-wire/share-permission", "azure-wire/shared-quota"];
  const apart = { subject: id, text: `zones: ${zones}`, because: ["azure-wire/zones-are-logical"] };
  return [{ subject: id, text, because }, ...(zones === SAME_ZONES || zones === NO_ZONES ? [] : [apart])];
}

const SAME_ZONES = "same";
const NO_ZONES = "regional";

/** "regional"; "same"; "1 is 2 there, 2 is 1 there"; "cannot tell: …". */
export function zonesText({ zones }: CapacityReservationGroup, map: ZoneMap | undefined): string {
  if (zones.length === 0) return NO_ZONES;
  const peers = zones.map((zone) => [zone, peerZone(zone, map ?? { unknown: "not compared" })] as const);
  const untold = peers.flatMap(([, peer]) => ("unknown" in peer ? [peer.unknown] : []));
  if (untold.length > 0) return `cannot tell: ${untold[0]}`;
  const apart = peers.flatMap(([zone, peer]) =>
    "value" in peer && peer.value !== zone ? [`${zone} is ${peer.value} there`] : [],
  );
  return apart.length === 0 ? SAME_ZONES : apart.join(", ");
}

interface Replacing {
  planned: readonly string[];
  added: readonly string[];
  removed: readonly string[];
  release: boolean;
}

function replace(group: CapacityReservationGroup, { planned, added, removed, release }: Replacing): Step {
  const { id, name, reservations } = group;
  const profile = profileOf(id, sharedWith(group));
  const guarded = release ? [] : removed;
  const seen =
    guarded.length === 0
      ? profile
      : { ...profile, ...EXPANDED, fields: { ...profile.fields, ...noneOf(guarded, GROUP_LISTS) } };
  // As they were read: each reservation's own lists, which the group's need not repeat.
  const unused = guarded.length === 0 ? [] : reservations.map((each) => unusedBy(guarded, each.id));
  const expected = profileOf(id, planned);
  const words = [
    ...(added.length === 0 ? [] : [`with ${idsText(added)}`]),
    ...(removed.length === 0 ? [] : [`no longer with ${idsText(removed)}`]),
  ];
  return {
    id: `share ${name}`,
    title: `Share ${name} ${words.join(", ")}`,
    kind: "share",
    resource: id,
    saw: [seen, ...unused],
    request: {
      method: "PATCH",
      path: id,
      apiVersion: API,
      body: {
        properties: { sharingProfile: { subscriptionIds: planned.map((each) => ({ id: pathOf(each) })) } },
      },
    },
    expect: { ...expected, fields: { ...expected.fields, [STATE]: "Succeeded" } },
    // The whole list is replaced: what somebody else added meanwhile would be lost without a word. So would be the
    // protection of VMs that joined meanwhile.
    needs: seen,
    because: ["odcr/shared-groups", "azure-wire/sharing-replaced", "azure-wire/share-permission"],
    impact: "none",
    dependsOn: [],
  };
}

function profileOf(groupId: string, subscriptions: readonly string[]): Observation {
  return here(groupId, {
    "properties.sharingProfile.subscriptionIds[].id || `[]`": subscriptions.map(pathOf),
  });
}

const EXPANDED = { query: { $expand: "instanceView" } };
const ASSOCIATED = "properties.virtualMachinesAssociated || `[]`";
const GROUP_LISTS = [
  ASSOCIATED,
  "properties.instanceView.capacityReservations[].utilizationInfo.virtualMachinesAllocated[] || `[]`",
];

function unusedBy(subscriptions: readonly string[], reservationId: string): Observation {
  return { ...here(reservationId, noneOf(subscriptions, [ASSOCIATED, ALLOCATED])), ...EXPANDED };
}

/** That these lists of VMs name none of these subscriptions; JMESPath knows no casing, and Azure writes both. */
function noneOf(subscriptions: readonly string[], lists: readonly string[]): Observation["fields"] {
  const cases = subscriptions.flatMap((each) => [each.toLowerCase(), each.toUpperCase()]);
  const theirs = cases.map((each) => `contains(id, '/${each}/')`).join(" || ");
  return { [`length([${lists.join(", ")}][] | [?${theirs}])`]: 0 };
}

function pathOf(subscriptionId: string): string {
  return `/subscriptions/${subscriptionId}`;
}

function idsText(ids: readonly string[]): string {
  return ids.length > 3 ? `${ids.length} subscriptions` : ids.join(", ");
}
