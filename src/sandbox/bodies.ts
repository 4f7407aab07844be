import type * as z from "zod";
import type * as schemas from "./body-schemas.ts";
import { keyOf } from "./ids.ts";

export type Resource = z.infer<typeof schemas.Resource>;
export type Machine = z.infer<typeof schemas.Machine>;
export type Group = z.infer<typeof schemas.Group>;
export type Reservation = z.infer<typeof schemas.Reservation>;
export type Registry = z.infer<typeof schemas.Registry>;
export type Replication = z.infer<typeof schemas.Replication>;
export type Webhook = z.infer<typeof schemas.Webhook>;
export type PrivateEndpoint = z.infer<typeof schemas.PrivateEndpoint>;
export type NetworkInterface = z.infer<typeof schemas.NetworkInterface>;
export type Workspace = z.infer<typeof schemas.Workspace>;
export type CollectionRule = z.infer<typeof schemas.CollectionRule>;
export type VirtualNetwork = z.infer<typeof schemas.VirtualNetwork>;

export const MACHINE = "Microsoft.Compute/virtualMachines";
export const GROUP = "Microsoft.Compute/capacityReservationGroups";
export const RESERVATION = "Microsoft.Compute/capacityReservationGroups/capacityReservations";
export const SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets";
export const RESOURCE_GROUP = "Microsoft.Resources/resourceGroups";
export const REGISTRY = "Microsoft.ContainerRegistry/registries";
export const REPLICATION = "Microsoft.ContainerRegistry/registries/replications";
export const WEBHOOK = "Microsoft.ContainerRegistry/registries/webhooks";
export const PRIVATE_ENDPOINT = "Microsoft.Network/privateEndpoints";
export const NETWORK_INTERFACE = "Microsoft.Network/networkInterfaces";
export const VIRTUAL_NETWORK = "Microsoft.Network/virtualNetworks";
export const WORKSPACE = "Microsoft.OperationalInsights/workspaces";
export const COLLECTION_RULE = "Microsoft.Insights/dataCollectionRules";
export const COLLECTION_ENDPOINT = "Microsoft.Insights/dataCollectionEndpoints";
export const DIAGNOSTIC_SETTING = "Microsoft.Insights/diagnosticSettings";
export const CONTAINER_APP = "Microsoft.App/containerApps";
export const CONTAINER_JOB = "Microsoft.App/jobs";
export const CONTAINER_ENVIRONMENT = "Microsoft.App/managedEnvironments";

interface Bodies {
  [MACHINE]: Machine;
  [GROUP]: Group;
  [RESERVATION]: Reservation;
  [SCALE_SET]: Resource;
  [RESOURCE_GROUP]: Resource;
  [REGISTRY]: Registry;
  [REPLICATION]: Replication;
  [WEBHOOK]: Webhook;
  [PRIVATE_ENDPOINT]: PrivateEndpoint;
  [NETWORK_INTERFACE]: NetworkInterface;
  [VIRTUAL_NETWORK]: VirtualNetwork;
  [WORKSPACE]: Workspace;
  [DIAGNOSTIC_SETTING]: Resource;
  [CONTAINER_APP]: Resource;
  [CONTAINER_JOB]: Resource;
  [CONTAINER_ENVIRONMENT]: Resource;
  [COLLECTION_RULE]: CollectionRule;
  [COLLECTION_ENDPOINT]: Resource;
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
  const keyed = all(world, type).map((body) => [keyOf(body.id), body] as const);
  return keyed.sort(([left], [right]) => (left < right ? -1 : 1)).map(([, body]) => body);
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
