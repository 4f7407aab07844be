import type {
  CapacityReservation,
  CapacityReservationGroup,
  SizeOffer,
  VirtualMachine,
} from "../../../src/azure/ports.ts";
import { chooseGroups, type GroupWish } from "../../../src/topics/odcr/plan-groups.ts";
import type { ForeignGroup } from "../../../src/topics/odcr/plan-foreign.ts";
import type { AttachOptions, AttachState } from "../../../src/topics/odcr/plan-verdict.ts";

export const SUBSCRIPTION = "00000000-0000-4000-8000-00000000000a";
export const LOCATION = "eastus2";

export function vmId(name: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/${name}`;
}

export function groupId(name: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/capacityReservationGroups/${name}`;
}

/** A running zonal VM that nothing rules out. */
export function machine(name: string, change: Partial<VirtualMachine> = {}): VirtualMachine {
  return {
    id: vmId(name),
    name,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: "rg-app",
    location: LOCATION,
    zone: "1",
    size: "Standard_D4s_v5",
    tags: {},
    power: "running",
    provisioningState: "Succeeded",
    groupId: undefined,
    spot: false,
    availabilitySetId: undefined,
    proximityPlacementGroupId: undefined,
    hostId: undefined,
    ultraDisk: false,
    scaleSetId: undefined,
    optedOut: false,
    ...change,
  };
}

export function offer(change: Partial<SizeOffer> = {}): SizeOffer {
  return {
    size: "Standard_D4s_v5",
    location: LOCATION,
    zones: ["1", "2", "3"],
    capacityReservationSupported: true,
    restricted: false,
    restrictedZones: [],
    restrictionCodes: [],
    family: "standardDSv5Family",
    vCpus: 4,
    ...change,
  };
}

export function reservation(name: string, change: Partial<CapacityReservation> = {}): CapacityReservation {
  return {
    id: `${groupId("crg-eastus2-zonal")}/capacityReservations/${name}`,
    name,
    location: LOCATION,
    zone: "1",
    size: "Standard_D4s_v5",
    quantity: 0,
    provisioningState: "Succeeded",
    schedule: undefined,
    reservationState: undefined,
    associated: [],
    allocated: [],
    ...change,
  };
}

export function group(
  name: string,
  change: Partial<CapacityReservationGroup> = {},
): CapacityReservationGroup {
  return {
    id: groupId(name),
    name,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: "rg-app",
    location: LOCATION,
    zones: ["1", "2", "3"],
    reservationType: "Targeted",
    sharedWith: [],
    reservations: [],
    ...change,
  };
}

export interface StateParts {
  machines: VirtualMachine[];
  groups?: CapacityReservationGroup[];
  offers?: SizeOffer[];
  wish?: Partial<GroupWish>;
  singlePlacementSets?: string[];
  foreign?: ForeignGroup;
}

export function state({
  machines,
  groups = [],
  offers = [offer()],
  wish = {},
  singlePlacementSets = [],
  foreign,
}: StateParts): AttachState {
  const full = { group: undefined, resourceGroup: undefined, subscriptionId: SUBSCRIPTION, ...wish };
  return {
    machines,
    groups,
    foreign,
    offers,
    singlePlacementSets: new Set(singlePlacementSets.map((id) => id.toLowerCase())),
    chosen: chooseGroups({ machines, wish: full, existing: groups }),
  };
}

export function options(change: Partial<AttachOptions> = {}): AttachOptions {
  return { cover: "running", allowRestart: false, move: false, ...change };
}
