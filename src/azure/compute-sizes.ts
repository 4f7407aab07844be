import type { ComputeManagementClient, ResourceSku } from "@azure/arm-compute";
import { collect, place } from "./compute-answer.ts";
import type { SizeOffer, Usage } from "./ports.ts";

export async function listSizes(client: ComputeManagementClient, location: string): Promise<SizeOffer[]> {
  const pages = client.resourceSkus.list({ filter: `location eq '${location}'` });
  const skus = await collect(pages, (sku) => sku);
  return skus
    .filter((sku) => sku.resourceType?.toLowerCase() === "virtualmachines" && isOffered(sku, location))
    .map((sku) => toSizeOffer(sku, location));
}

export async function listUsages(client: ComputeManagementClient, location: string): Promise<Usage[]> {
  return collect(client.usage.list(location), ({ name, currentValue, limit }) => ({
    name: name.value ?? "",
    current: currentValue,
    limit,
  }));
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
