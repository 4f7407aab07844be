import type { Known } from "../../azure/known.ts";
import { judgeAction, type Answer } from "../../azure/permissions.ts";
import type {
  CapacityReservationGroup,
  Permission,
  SizeOffer,
  Usage,
  VirtualMachine,
} from "../../azure/ports.ts";
import { nameOf } from "../../resource-id.ts";
import { judgeQuota } from "./check-quota.ts";
import { judgeSize } from "./check-size.ts";
import { slotText, type Slot } from "./slots.ts";
import { peerZone, type ZoneMap } from "./zone-map.ts";

/** A slot, and how many units are asked about. */
export interface AskedSlot extends Slot {
  units: number;
  /** Of these, how many are VMs that count against quota already. */
  counted: number;
}

/** Actions to be granted at one scope, and what the caller may do there. */
export interface Grant {
  scope: string;
  /** A missing grant may still be given further down, where the resource will be. */
  partial: boolean;
  permissions: Known<Permission[]>;
}

/** Everything that was asked of Azure; locations are keys. */
export interface CheckState {
  slots: readonly AskedSlot[];
  offers: ReadonlyMap<string, Known<SizeOffer[]>>;
  usages: ReadonlyMap<string, Known<Usage[]>>;
  /** Undefined when there is none yet. */
  group: Known<CapacityReservationGroup> | undefined;
  /** The name or id of a group that was asked about and is not there. */
  missing: string | undefined;
  /** Where the group is, or where it would be made. */
  places: readonly Grant[];
  machines: readonly { machine: VirtualMachine; grant: Grant }[];
  /** Only for a group of another subscription: its zone numbers by ours. */
  zoneMaps: ReadonlyMap<string, ZoneMap> | undefined;
}

/** One answered question. */
export interface Finding {
  question: string;
  /** The slot, family, group, scope or VM. */
  about: string;
  answer: Answer;
  detail: string;
  because: string[];
}

/** Every question in the order in which a person would ask. */
export function judgeCheck(state: CheckState): Finding[] {
  const bySlot = state.slots.flatMap((slot) => [
    ...judgeSize(slot, state.offers.get(slot.location)),
    ...judgeZone(slot, state),
    ...judgeGroup(slot, state),
  ]);
  return [...bySlot, ...judgeMissing(state), ...judgeQuota(state), ...judgeGrants(state)];
}

/** The zone's number in the group's subscription. */
function zoneThere({ location, zone }: Slot, { zoneMaps }: CheckState): Known<string | undefined> {
  if (zoneMaps === undefined || zone === undefined) return { value: zone };
  return peerZone(zone, zoneMaps.get(location) ?? { unknown: "the zones were not compared" });
}

function judgeZone(slot: AskedSlot, state: CheckState): Finding[] {
  const { zone } = slot;
  if (state.zoneMaps === undefined || zone === undefined) return [];
  const because = ["azure-wire/zones-are-logical", "azure-wire/zone-peers"];
  const asked = { question: "zone-map", about: slotText(slot), because };
  const peer = zoneThere(slot, state);
  if ("unknown" in peer) return [{ ...asked, answer: "cannot tell", detail: peer.unknown }];
  const detail = `zone ${zone} here is zone ${peer.value} in the group's subscription`;
  return [{ ...asked, answer: peer.value === zone ? "yes" : "no", detail }];
}

/** Not a no, because attach makes a group with this name; not a yes, because it may be a slip of the pen. */
function judgeMissing({ missing, zoneMaps }: CheckState): Finding[] {
  if (missing === undefined) return [];
  const because = ["odcr/order-of-steps"];
  const asked = { question: "group-fits", about: `group ${nameOf(missing)}`, because };
  // Zones are compared only for a group of another subscription.
  if (zoneMaps !== undefined) {
    return [
      { ...asked, answer: "no", detail: "it is not there, and attach makes none in another subscription" },
    ];
  }
  const detail = "no such group is visible; attach would make it, so check how it is written";
  return [{ ...asked, answer: "cannot tell", detail }];
}

function judgeGroup(slot: AskedSlot, state: CheckState): Finding[] {
  if (state.group === undefined) return [];
  const because = ["azure-wire/group-zones-immutable", "azure-wire/one-zone-per-reservation"];
  const asked = { question: "group-fits", about: slotText(slot), because };
  if ("unknown" in state.group) return [{ ...asked, answer: "cannot tell", detail: state.group.unknown }];
  const { name, location, zones, reservationType } = state.group.value;
  if (reservationType !== "Targeted") {
    const detail = `group ${name} is of type ${reservationType}, which VMs do not join by association`;
    return [{ ...asked, answer: "no", detail, because: ["azure-wire/open-and-optout"] }];
  }
  const where = zones.length === 0 ? "regional" : `zones ${zones.join(", ")}`;
  const detail = `group ${name} is in ${location}, ${where}`;
  if (location !== slot.location) return [{ ...asked, answer: "no", detail }];
  const peer = zoneThere(slot, state);
  if ("unknown" in peer) return [{ ...asked, answer: "cannot tell", detail: `${detail}; ${peer.unknown}` }];
  const fits = peer.value === undefined ? zones.length === 0 : zones.includes(peer.value);
  return [{ ...asked, answer: fits ? "yes" : "no", detail }];
}

const COMPUTE = "Microsoft.Compute/";
const GROUP = `${COMPUTE}capacityReservationGroups`;

const ACTIONS = {
  "may-create-group": `${GROUP}/write`,
  "may-create-reservation": `${GROUP}/capacityReservations/write`,
  "may-associate": `${GROUP}/deploy/action`,
  "may-change-vm": `${COMPUTE}virtualMachines/write`,
} as const;

type GrantQuestion = keyof typeof ACTIONS;

function judgeGrants({ group, places, machines }: CheckState): Finding[] {
  const questions: GrantQuestion[] = ["may-create-reservation", "may-associate"];
  if (group === undefined) questions.unshift("may-create-group");
  return [
    ...places.flatMap((grant) => questions.map((question) => judgeGrant(question, grant))),
    ...machines.map(({ machine, grant }) => ({
      ...judgeGrant("may-change-vm", grant),
      about: machine.name,
    })),
  ];
}

function judgeGrant(question: GrantQuestion, { scope, partial, permissions }: Grant): Finding {
  const action = ACTIONS[question];
  const because = ["azure-wire/permissions-read", "azure-wire/permissions-are-roles"];
  if (question === "may-associate") because.unshift("azure-wire/deploy-permission");
  const asked = { question, about: scopeText(scope), because };
  const judged = judgeAction(action, permissions);
  if (judged.answer !== "no" || !partial) return { ...asked, ...judged };
  const detail = `${judged.detail}; one further down may, so give --group or --resource-group`;
  return { ...asked, answer: "cannot tell", detail };
}

function scopeText(scope: string): string {
  const kind = scope.split("/").at(-2)?.toLowerCase();
  if (kind === "subscriptions") return "subscription";
  return `${kind === "resourcegroups" ? "resource group" : "group"} ${nameOf(scope)}`;
}
