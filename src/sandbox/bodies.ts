import * as z from "zod";
import { keyOf } from "./ids.ts";

/** Any resource as the service would return it; unknown properties are kept. */
export const Resource = z.looseObject({
  id: z.string().startsWith("/subscriptions/"),
  name: z.string(),
  type: z.string(),
  location: z.string(),
  zones: z.array(z.string()).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.looseObject({}),
});

const Reference = z.looseObject({ id: z.string() });

const Status = z.looseObject({ code: z.string() });

/** A virtual machine; its instance view is stored with it and shown only when asked for. */
const Machine = Resource.extend({
  etag: z.string(),
  properties: z.looseObject({
    hardwareProfile: z.looseObject({ vmSize: z.string() }),
    provisioningState: z.string(),
    priority: z.string().optional(),
    availabilitySet: Reference.optional(),
    proximityPlacementGroup: Reference.optional(),
    host: Reference.optional(),
    hostGroup: Reference.optional(),
    additionalCapabilities: z.looseObject({ ultraSSDEnabled: z.boolean().optional() }).optional(),
    capacityReservation: z
      .looseObject({
        capacityReservationGroup: Reference.optional(),
        disableCapacityReservationAssignment: z.boolean().optional(),
      })
      .optional(),
    instanceView: z.looseObject({ statuses: z.array(Status) }),
  }),
});

const Group = Resource.extend({
  properties: z.looseObject({
    provisioningState: z.string(),
    reservationType: z.string(),
    sharingProfile: z.looseObject({ subscriptionIds: z.array(Reference).optional() }).optional(),
  }),
});

const Reservation = Resource.extend({
  etag: z.string(),
  sku: z.looseObject({ name: z.string(), capacity: z.int().min(0) }),
  properties: z.looseObject({
    provisioningState: z.string(),
    /** What was really obtained; `sku.capacity` is what was asked for. */
    instanceView: z.looseObject({ utilizationInfo: z.looseObject({ currentCapacity: z.int().min(0) }) }),
  }),
});

export type Resource = z.infer<typeof Resource>;
export type Machine = z.infer<typeof Machine>;
export type Group = z.infer<typeof Group>;
export type Reservation = z.infer<typeof Reservation>;

export const MACHINE = "Microsoft.Compute/virtualMachines";
export const GROUP = "Microsoft.Compute/capacityReservationGroups";
export const RESERVATION = "Microsoft.Compute/capacityReservationGroups/capacityReservations";
export const SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets";
export const RESOURCE_GROUP = "Microsoft.Resources/resourceGroups";

interface Bodies {
  [MACHINE]: Machine;
  [GROUP]: Group;
  [RESERVATION]: Reservation;
  [SCALE_SET]: Resource;
  [RESOURCE_GROUP]: Resource;
}

const SCHEMAS: Record<string, z.ZodType> = {
  [MACHINE]: Machine,
  [GROUP]: Group,
  [RESERVATION]: Reservation,
};

export function bodySchemaOf(type: string): z.ZodType | undefined {
  return SCHEMAS[type];
}

interface Holder {
  resources: Record<string, Resource>;
}

/** The stored body itself: changing it changes the world. */
export function find<T extends keyof Bodies>(world: Holder, type: T, id: string): Bodies[T] | undefined {
  const body = world.resources[keyOf(id)];
  return body?.type === type ? (body as Bodies[T]) : undefined;
}

/** The stored bodies of one type, in no order. */
export function all<T extends keyof Bodies>(world: Holder, type: T): Bodies[T][] {
  return Object.values(world.resources).filter((body) => body.type === type) as Bodies[T][];
}

/** The stored bodies of one type, in the order of their ids. */
export function list<T extends keyof Bodies>(world: Holder, type: T): Bodies[T][] {
  const entries = Object.entries(world.resources).filter(([, body]) => body.type === type);
  return entries.sort(([left], [right]) => (left < right ? -1 : 1)).map(([, body]) => body) as Bodies[T][];
}

export function powerOf(machine: Machine): string {
  const codes = machine.properties.instanceView.statuses.map((status) => status.code);
  return codes.find((code) => code.startsWith("PowerState/"))?.slice("PowerState/".length) ?? "unknown";
}

/** Stopped machines keep their hardware; only deallocated ones do not. */
export function isHeld(machine: Machine): boolean {
  return !["deallocated", "unknown"].includes(powerOf(machine));
}

export function groupIdOf(machine: Machine): string | undefined {
  return machine.properties.capacityReservation?.capacityReservationGroup?.id;
}
