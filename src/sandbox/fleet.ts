import type * as z from "zod";
import { makeGroups } from "./fleet-groups.ts";
import {
  LOCATIONS,
  locationOf,
  machinesOf,
  RESOURCE_GROUP_NAME,
  subscriptionId,
  type FleetMachine,
} from "./fleet-machines.ts";
import { WORLD_FORMAT } from "./world.ts";
import type { World as schema } from "./world-schema.ts";

type Raw = z.input<typeof schema>;
type Body = Raw["resources"][string];

export const SUBSCRIPTIONS = 200;
const MACHINES_EACH = 50;
const PAGE_SIZE = 200;

const TENANT = "f0000000-0000-4000-8000-000000000001";
const STAGES = ["prod", "test", "dev"] as const;

/** One tenant of 200 subscriptions with as many VMs in each; the same each time. Ids are numbered, from 1. */
export function makeFleet(machinesEach: number = MACHINES_EACH): Raw {
  const numbers = Array.from({ length: SUBSCRIPTIONS }, (_, index) => index + 1);
  return {
    formatVersion: WORLD_FORMAT,
    name: "fleet",
    clockOffsetMs: 0,
    counters: {},
    tenants: [
      {
        tenantId: TENANT,
        displayName: "Tailwind Fleet",
        domains: ["tailwind.onmicrosoft.com", "tailwind.example"],
        countryCode: "US",
        applications: [
          {
            clientId: "f1000000-0000-4000-8000-000000000001",
            objectId: "f2000000-0000-4000-8000-000000000001",
            displayName: "azwise-fleet",
            secret: "sandbox-secret-not-real",
          },
        ],
      },
    ],
    users: [],
    subscriptions: numbers.map((number) => ({
      subscriptionId: subscriptionId(number),
      displayName: `tw-${STAGES[number % STAGES.length]}-${String(number).padStart(3, "0")}`,
      tenantId: TENANT,
      state: "Enabled",
    })),
    resources: Object.fromEntries(
      numbers.flatMap((number) => makeResources(number, machinesEach)).map((body) => [keyOf(body), body]),
    ),
    sizes: Object.fromEntries(LOCATIONS.map(({ name, zones }) => [name, makeSizes(name, zones)])),
    capacity: { "eastus2|2|Standard_D4s_v5": 0, "eastus2|1|Standard_E8s_v5": 40 },
    quota: {},
    operations: {},
    faults: [],
    settings: { pageSize: PAGE_SIZE },
  };
}

function keyOf({ id }: Body): string {
  return id.toLowerCase();
}

function makeResources(number: number, machinesEach: number): Body[] {
  const machines = machinesOf(number, machinesEach);
  const { bodies, groupOf } = makeGroups(number, machines);
  const place = `/subscriptions/${subscriptionId(number)}/resourceGroups/${RESOURCE_GROUP_NAME}`;
  const resourceGroup = {
    id: place,
    name: RESOURCE_GROUP_NAME,
    type: "Microsoft.Resources/resourceGroups",
    location: locationOf(number).name,
    properties: { provisioningState: "Succeeded" },
  };
  return [resourceGroup, ...bodies, ...machines.map((machine) => makeMachine(machine, groupOf(machine)))];
}

function makeMachine(machine: FleetMachine, groupId: string | undefined): Body {
  const { id, name, location, zone, size, tags, power, role, optedOut } = machine;
  const set = id.replace(/virtualMachines\/.*/, "availabilitySets/ad-as");
  const association = {
    ...(groupId === undefined ? {} : { capacityReservationGroup: { id: groupId } }),
    ...(optedOut ? { disableCapacityReservationAssignment: true } : {}),
  };
  return {
    id,
    name,
    type: "Microsoft.Compute/virtualMachines",
    location,
    ...(zone === undefined ? {} : { zones: [zone] }),
    tags,
    etag: '"1"',
    properties: {
      hardwareProfile: { vmSize: size },
      provisioningState: "Succeeded",
      ...(role === "batch" ? { priority: "Spot" } : {}),
      ...(role === "ad" ? { availabilitySet: { id: set } } : {}),
      ...(Object.keys(association).length > 0 ? { capacityReservation: association } : {}),
      instanceView: {
        statuses: [{ code: `PowerState/${power}`, level: "Info", displayStatus: `VM ${power}` }],
      },
    },
  };
}

/** Name, family and cores; A sizes cannot be reserved. */
const SIZES = [
  ["Standard_D2s_v5", "standardDSv5Family", 2],
  ["Standard_D4s_v5", "standardDSv5Family", 4],
  ["Standard_D8s_v5", "standardDSv5Family", 8],
  ["Standard_E8s_v5", "standardESv5Family", 8],
  ["Standard_A2_v2", "standardAv2Family", 2],
] as const;

function makeSizes(location: string, zones: readonly string[]): Raw["sizes"][string] {
  return SIZES.map(([name, family, cores]) => ({
    resourceType: "virtualMachines",
    name,
    tier: "Standard",
    family,
    locations: [location],
    locationInfo: [{ location, zones: family === "standardAv2Family" ? [] : [...zones], zoneDetails: [] }],
    capabilities: [
      { name: "vCPUs", value: String(cores) },
      ...(family === "standardAv2Family" ? [] : [{ name: "CapacityReservationSupported", value: "True" }]),
    ],
    restrictions: [],
  }));
}
