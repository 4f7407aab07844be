import {
  ComputeManagementClient,
  type CapacityReservation as SdkReservation,
  type CapacityReservationGroup as SdkGroup,
  type ResourceSku,
  type VirtualMachine as SdkVirtualMachine,
} from "@azure/arm-compute";
import type { TokenCredential } from "@azure/core-auth";
import { RestError } from "@azure/core-rest-pipeline";
import { idKey, nameOf, parseResourceId, type ResourceId } from "../resource-id.ts";
import type { ArmConnection } from "./arm.ts";
import { AzureError } from "./azure-error.ts";
import { readReservationStates, readReservationType } from "./newer-compute.ts";
import type {
  CapacityReservation,
  CapacityReservationGroup,
  ComputePort,
  GroupSummary,
  SizeOffer,
  Usage,
  VirtualMachine,
} from "./ports.ts";
import { powerOf } from "./power.ts";

export interface ComputeConnection extends ArmConnection {
  credential: TokenCredential;
}

/** By the rules of ARM a resource that tells no provisioning state has none under way. */
const SETTLED = "Succeeded";

type Clients = (subscriptionId: string) => ComputeManagementClient;

/** Reads of Microsoft.Compute through the SDK client, narrowed to what reservations need. */
export function createCompute(connection: ComputeConnection): ComputePort {
  const made = new Map<string, ComputeManagementClient>();
  const clients: Clients = (subscriptionId) => {
    const client = made.get(subscriptionId) ?? createClient(connection, subscriptionId);
    made.set(subscriptionId, client);
    return client;
  };
  return {
    listVirtualMachines: (scope) => listVirtualMachines(clients(scope.subscriptionId), scope.resourceGroup),
    getVirtualMachine: (id) => getVirtualMachine(clients, id),
    listGroups: (subscriptionId) => listGroups(clients(subscriptionId), subscriptionId),
    getReservationType: (id) => readReservationType(connection, id),
    getGroup: (id) => getGroup({ connection, clients }, id),
    listSizes: (subscriptionId, location) => listSizes(clients(subscriptionId), location),
    listUsages: (subscriptionId, location) => listUsages(clients(subscriptionId), location),
    isSinglePlacementGroup: (id) => isSinglePlacementGroup(clients, id),
  };
}

function createClient(connection: ComputeConnection, subscriptionId: string): ComputeManagementClient {
  const { pipeline, httpClient, endpoint, credential } = connection;
  // `pipeline` is honoured by the client's runtime although its option type does not name it.
  const options = { pipeline, httpClient, endpoint };
  return new ComputeManagementClient(credential, subscriptionId, options);
}

async function listVirtualMachines(
  client: ComputeManagementClient,
  resourceGroup: string | undefined,
): Promise<VirtualMachine[]> {
  const { virtualMachines } = client;
  const pages = resourceGroup === undefined ? virtualMachines.listAll() : virtualMachines.list(resourceGroup);
  return orEmpty(collect(pages, (machine) => toVirtualMachine(machine, false)));
}

async function getVirtualMachine(clients: Clients, id: string): Promise<VirtualMachine | undefined> {
  const { subscriptionId, resourceGroup, name } = requireId(id);
  let optedOut = false;
  // This flag is newer than the client's model, which would drop it.
  const onResponse = (raw: { parsedBody?: unknown; bodyAsText?: string | null }): void => {
    optedOut = /"disableCapacityReservationAssignment"\s*:\s*true/.test(raw.bodyAsText ?? "");
  };
  const machine = await orUndefined(
    clients(subscriptionId).virtualMachines.get(resourceGroup, name, { expand: "instanceView", onResponse }),
  );
  return machine && toVirtualMachine(machine, optedOut);
}

async function listGroups(client: ComputeManagementClient, subscriptionId: string): Promise<GroupSummary[]> {
  // Groups shared into a subscription do not appear in a plain list.
  const pages = client.capacityReservationGroups.listBySubscription({ resourceIdsOnly: "All" });
  const groups = await collect(pages, (group) => {
    const id = group.id ?? "";
    const shared = parseResourceId(id)?.subscriptionId !== subscriptionId.toLowerCase();
    return { id, name: nameOf(id), location: place(group.location), shared };
  });
  return uniqueById(groups);
}

async function getGroup(
  { connection, clients }: { connection: ComputeConnection; clients: Clients },
  id: string,
): Promise<CapacityReservationGroup | undefined> {
  const { subscriptionId, resourceGroup, name } = requireId(id);
  const client = clients(subscriptionId);
  const group = await orUndefined(client.capacityReservationGroups.get(resourceGroup, name));
  if (!group) return undefined;
  const pages = client.capacityReservations.listByCapacityReservationGroup(resourceGroup, name);
  const names = await collect(pages, (reservation) => reservation.name ?? nameOf(reservation.id ?? ""));
  // The list carries no instance view, so allocation needs one read per reservation.
  const reservations = await Promise.all(
    names.map((each) =>
      orUndefined(client.capacityReservations.get(resourceGroup, name, each, { expand: "instanceView" })),
    ),
  );
  const found = reservations.filter((reservation) => reservation !== undefined);
  const isScheduled = found.some((reservation) => reservation.scheduleProfile !== undefined);
  const states = isScheduled ? await readReservationStates(connection, id) : new Map<string, string>();
  return toGroup(id, group, { reservations: found, states });
}

async function listSizes(client: ComputeManagementClient, location: string): Promise<SizeOffer[]> {
  const pages = client.resourceSkus.list({ filter: `location eq '${location}'` });
  const skus = await collect(pages, (sku) => sku);
  return skus
    .filter((sku) => sku.resourceType?.toLowerCase() === "virtualmachines" && isOffered(sku, location))
    .map((sku) => toSizeOffer(sku, location));
}

async function listUsages(client: ComputeManagementClient, location: string): Promise<Usage[]> {
  return collect(client.usage.list(location), ({ name, currentValue, limit }) => ({
    name: name.value ?? "",
    current: currentValue,
    limit,
  }));
}

async function isSinglePlacementGroup(clients: Clients, id: string): Promise<boolean | undefined> {
  const { subscriptionId, resourceGroup, name } = requireId(id);
  const set = await orUndefined(clients(subscriptionId).virtualMachineScaleSets.get(resourceGroup, name));
  return set && (set.singlePlacementGroup ?? false);
}

function toVirtualMachine(machine: SdkVirtualMachine, optedOut: boolean): VirtualMachine {
  const id = machine.id ?? "";
  const parsed = requireId(id);
  const disks = machine.storageProfile?.dataDisks ?? [];
  const ultra = disks.some((disk) => disk.managedDisk?.storageAccountType === "UltraSSD_LRS");
  return {
    id,
    name: machine.name ?? parsed.name,
    subscriptionId: parsed.subscriptionId,
    resourceGroup: parsed.resourceGroup,
    location: place(machine.location),
    zone: machine.zones?.[0],
    size: machine.hardwareProfile?.vmSize ?? "",
    tags: machine.tags ?? {},
    power: powerOf(machine.instanceView?.statuses?.map((status) => status.code ?? "") ?? []),
    provisioningState: machine.provisioningState ?? SETTLED,
    groupId: machine.capacityReservation?.capacityReservationGroup?.id,
    spot: machine.priority === "Spot" || machine.priority === "Low",
    availabilitySetId: machine.availabilitySet?.id,
    proximityPlacementGroupId: machine.proximityPlacementGroup?.id,
    hostId: machine.host?.id ?? machine.hostGroup?.id,
    ultraDisk: ultra || machine.additionalCapabilities?.ultraSSDEnabled === true,
    scaleSetId: machine.virtualMachineScaleSet?.id,
    optedOut,
  };
}

function toGroup(
  id: string,
  group: SdkGroup,
  { reservations, states }: { reservations: SdkReservation[]; states: ReadonlyMap<string, string> },
): CapacityReservationGroup {
  const parsed = requireId(group.id ?? id);
  const converted = reservations.map((each) => toReservation(each, states));
  return {
    id: group.id ?? id,
    name: group.name ?? parsed.name,
    subscriptionId: parsed.subscriptionId,
    resourceGroup: parsed.resourceGroup,
    location: place(group.location),
    zones: [...(group.zones ?? [])].sort(),
    reservationType: group.reservationType ?? "Targeted",
    sharedWith: (group.sharingProfile?.subscriptionIds ?? []).map(({ id = "" }) => nameOf(id)),
    reservations: converted.sort((left, right) => left.name.localeCompare(right.name)),
  };
}

function toReservation(
  reservation: SdkReservation,
  states: ReadonlyMap<string, string>,
): CapacityReservation {
  const { scheduleProfile } = reservation;
  const name = reservation.name ?? nameOf(reservation.id ?? "");
  const allocated = reservation.instanceView?.utilizationInfo?.virtualMachinesAllocated ?? [];
  return {
    id: reservation.id ?? "",
    name,
    location: place(reservation.location),
    zone: reservation.zones?.[0],
    size: reservation.sku?.name ?? "",
    quantity: reservation.sku?.capacity ?? 0,
    provisioningState: reservation.provisioningState ?? SETTLED,
    schedule: scheduleProfile && { start: scheduleProfile.start, end: scheduleProfile.end },
    reservationState: states.get(name.toLowerCase()),
    associated: (reservation.virtualMachinesAssociated ?? []).map((each) => each.id ?? ""),
    allocated: allocated.map((each) => each.id ?? ""),
  };
}

/** The filter is the service's to honour; an entry without locations is taken at its word. */
function isOffered({ locations = [] }: ResourceSku, location: string): boolean {
  return locations.length === 0 || locations.some((each) => place(each) === location);
}

function toSizeOffer(sku: ResourceSku, location: string): SizeOffer {
  const info = sku.locationInfo?.find((each) => place(each.location) === location);
  const supported = sku.capabilities?.find((each) => each.name === "CapacityReservationSupported");
  const restrictions = sku.restrictions ?? [];
  const zones = restrictions.filter((each) => each.type === "Zone");
  const vCpus = Number(sku.capabilities?.find((each) => each.name === "vCPUs")?.value);
  return {
    size: sku.name ?? "",
    location,
    zones: [...(info?.zones ?? [])].sort(),
    capacityReservationSupported: supported?.value?.toLowerCase() === "true",
    restricted: restrictions.some((each) => each.type === "Location"),
    restrictedZones: zones.flatMap((each) => each.restrictionInfo?.zones ?? []),
    restrictionCodes: [...new Set(restrictions.flatMap(({ reasonCode }) => reasonCode ?? []))],
    family: sku.family ?? "",
    vCpus: vCpus > 0 ? vCpus : undefined,
  };
}

/** Location names come as "eastus2", "EastUS2" and "East US 2". */
function place(location: string | undefined): string {
  return (location ?? "").replaceAll(" ", "").toLowerCase();
}

function requireId(id: string): ResourceId {
  const parsed = parseResourceId(id);
  if (parsed) return parsed;
  throw new AzureError("failed", `the service named a resource that azwise cannot read: "${id}"`);
}

function uniqueById<T extends { id: string }>(items: T[]): T[] {
  return [...new Map(items.map((item) => [idKey(item.id), item])).values()];
}

async function collect<T, R>(pages: AsyncIterable<T>, convert: (item: T) => R): Promise<R[]> {
  const items: R[] = [];
  try {
    for await (const item of pages) items.push(convert(item));
  } catch (error) {
    throw readable(error);
  }
  return items;
}

async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw readable(error);
  }
}

/** The client's model stumbles over bodies that are cut short or lack what it takes for granted. */
function readable(error: unknown): unknown {
  const foreign = error instanceof RestError || error instanceof TypeError;
  if (!foreign) return error;
  const hint = "the answer was incomplete or not of Compute; try again, with --verbose to see the requests";
  return new AzureError("failed", "Compute answered something that azwise cannot read", {
    cause: error,
    hint,
  });
}

/** A list in a resource group that does not exist is empty. */
async function orEmpty<T>(reading: Promise<T[]>): Promise<T[]> {
  return (await orUndefined(reading)) ?? [];
}

function isMissing(error: unknown): boolean {
  return error instanceof AzureError && error.status === 404 && error.code !== "SubscriptionNotFound";
}
