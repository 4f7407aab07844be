import type { SizeOffer, VirtualMachine } from "../../azure/ports.ts";
import { idKey, nameOf } from "../../resource-id.ts";

/** Why something is not done, with the facts behind it. */
export interface Reason {
  text: string;
  because: string[];
}

export interface Surroundings {
  offers: readonly SizeOffer[];
  /** Keys (see idKey) of scale sets that are limited to one placement group. */
  singlePlacementSets: ReadonlySet<string>;
}

/** What a VM's own definition says that matters here. */
export type OwnDefinition = Pick<
  VirtualMachine,
  "spot" | "availabilitySetId" | "proximityPlacementGroupId" | "hostId" | "ultraDisk" | "optedOut"
>;

/** The properties of a VM that rule a reservation out; they are checked in this order. */
const NOT_COMBINABLE: readonly { text: (machine: OwnDefinition) => string | undefined }[] = [
  { text: (machine) => (machine.spot ? "it is a Spot VM" : undefined) },
  { text: ({ availabilitySetId: id }) => id && `it is in availability set ${nameOf(id)}` },
  { text: ({ proximityPlacementGroupId: id }) => id && `it is in proximity placement group ${nameOf(id)}` },
  { text: ({ hostId: id }) => id && `it is on dedicated host ${nameOf(id)}` },
  { text: (machine) => (machine.ultraDisk ? "it uses Ultra disk" : undefined) },
];

/** Reasons that lie in the VM's own definition and do not depend on what the location offers. */
export function findOwnObstacle(machine: OwnDefinition): Reason | undefined {
  for (const { text } of NOT_COMBINABLE) {
    const found = text(machine);
    if (found !== undefined) {
      return { text: found, because: ["azure-wire/not-combinable", "odcr/eligibility-changes"] };
    }
  }
  if (machine.optedOut) {
    return { text: "it opted out of capacity reservations", because: ["azure-wire/open-and-optout"] };
  }
  return undefined;
}

/** The first reason why a VM can never be in a reservation as it is; undefined when it can. */
export function findObstacle(machine: VirtualMachine, around: Surroundings): Reason | undefined {
  const state = machine.provisioningState;
  if (state !== "Succeeded") {
    const repair = state === "Failed" ? ": repair it first (az vm start, or az vm reapply)" : "";
    const text = `its provisioning state is ${state}${repair}`;
    return { text, because: ["azure-wire/provisioning-must-succeed"] };
  }
  const own = findOwnObstacle(machine);
  if (own) return own;
  const set = machine.scaleSetId;
  if (set !== undefined && around.singlePlacementSets.has(idKey(set))) {
    const text = `its scale set ${nameOf(set)} is limited to one placement group`;
    return { text, because: ["azure-wire/not-combinable"] };
  }
  return findSizeObstacle(machine, around.offers);
}

function findSizeObstacle(
  { size, location, zone }: Pick<VirtualMachine, "size" | "location" | "zone">,
  offers: readonly SizeOffer[],
): Reason | undefined {
  const offer = offers.find((each) => each.location === location && sameSize(each.size, size));
  if (!offer || offer.restricted) {
    const why = offer ? "is restricted" : "is not offered";
    const text = `size ${size} ${why} in ${location} for this subscription`;
    return { text, because: ["azure-wire/size-restricted", "odcr/causes-of-failure"] };
  }
  if (!offer.capacityReservationSupported) {
    const text = `size ${size} does not support capacity reservations`;
    return { text, because: ["azure-wire/size-must-support"] };
  }
  // A size without any zones in the list says nothing about a VM that is in one.
  const elsewhere = zone !== undefined && offer.zones.length > 0 && !offer.zones.includes(zone);
  if (zone !== undefined && (elsewhere || offer.restrictedZones.includes(zone))) {
    const text = `size ${size} is restricted in zone ${zone} of ${location} for this subscription`;
    return { text, because: ["azure-wire/size-restricted"] };
  }
  return undefined;
}

function sameSize(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
