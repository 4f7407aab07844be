import type {
  CapacityReservation as SdkReservation,
  CapacityReservationGroup as SdkGroup,
  ComputeManagementClient,
} from "@azure/arm-compute";
import { idKey, nameOf, parseResourceId } from "../resource-id.ts";
import type { ArmConnection } from "./arm.ts";
import { collect, orUndefined, place, requireId, SETTLED, type Clients } from "./compute-answer.ts";
import { readReservationStates } from "./newer-compute.ts";
import type { CapacityReservation, CapacityReservationGroup, GroupSummary } from "./ports.ts";

export async function listGroups(
  client: ComputeManagementClient,
  subscriptionId: string,
): Promise<GroupSummary[]> {
  // Groups shared into a subscription do not appear in a plain list.
  const pages = client.capacityReservationGroups.listBySubscription({ resourceIdsOnly: "All" });
  const groups = await collect(pages, (group) => {
    const id = group.id ?? "";
    const shared = parseResourceId(id)?.subscriptionId !== subscriptionId.toLowerCase();
    return { id, name: nameOf(id), location: place(group.location), shared };
  });
  return uniqueById(groups);
}

export async function getGroup(
  { connection, clients }: { connection: ArmConnection; clients: Clients },
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

function uniqueById<T extends { id: string }>(items: T[]): T[] {
  return [...new Map(items.map((item) => [idKey(item.id), item])).values()];
}
