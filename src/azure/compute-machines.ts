import type { ComputeManagementClient, VirtualMachine as SdkVirtualMachine } from "@azure/arm-compute";
import { nameOf } from "../resource-id.ts";
import { collect, orEmpty, orUndefined, place, requireId, SETTLED, type Clients } from "./compute-answer.ts";
import type { ScaleSet, VirtualMachine } from "./ports.ts";
import { powerOf } from "./power.ts";

export async function listVirtualMachines(
  client: ComputeManagementClient,
  resourceGroup: string | undefined,
): Promise<VirtualMachine[]> {
  const { virtualMachines } = client;
  const pages = resourceGroup === undefined ? virtualMachines.listAll() : virtualMachines.list(resourceGroup);
  return orEmpty(collect(pages, (machine) => toVirtualMachine(machine, false)));
}

export async function getVirtualMachine(clients: Clients, id: string): Promise<VirtualMachine | undefined> {
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

/** A set that tells no mode was made before there was any but uniform. */
export async function listScaleSets(client: ComputeManagementClient): Promise<ScaleSet[]> {
  return collect(client.virtualMachineScaleSets.listAll(), ({ id = "", name = nameOf(id), ...set }) => ({
    id,
    name,
    flexible: set.orchestrationMode?.toLowerCase() === "flexible",
  }));
}

export async function isSinglePlacementGroup(clients: Clients, id: string): Promise<boolean | undefined> {
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
