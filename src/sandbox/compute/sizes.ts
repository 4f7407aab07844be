import { refuse, type Call, type Reply } from "../http.ts";
import { sameText } from "../ids.ts";
import type { Route } from "../route.ts";
import type { Size, World } from "../world.ts";
import { coresInUse, coresOf, findSize, limitOf, sizesIn } from "./quota.ts";
import { readEstate, type Slot } from "./estate.ts";
import { COMPUTE_VERSIONS, SKU_VERSIONS } from "./versions.ts";

const PROVIDER = "/subscriptions/{subscription}/providers/Microsoft.Compute";

export const sizeRoutes: readonly Route[] = [
  { method: "GET", path: `${PROVIDER}/skus`, versions: SKU_VERSIONS, answer: listSkus },
  {
    method: "GET",
    path: `${PROVIDER}/locations/{location}/usages`,
    versions: COMPUTE_VERSIONS,
    answer: listUsages,
  },
];

/** Stands for "no limit" where the service always names one. */
const UNLIMITED_CORES = 100_000;

function listSkus(call: Call): Reply {
  const filter = call.query["$filter"];
  const location = filter === undefined ? undefined : /^\s*location eq '([^']+)'\s*$/i.exec(filter)?.[1];
  if (filter !== undefined && location === undefined) {
    const message = `The filter '${filter}' is not supported. Only 'location eq' is.`;
    throw refuse(400, { code: "BadRequest", message });
  }
  const { sizes } = call.state.world;
  const places = Object.keys(sizes).filter((each) => location === undefined || sameText(each, location));
  return { status: 200, body: { value: places.flatMap((each) => sizes[each] ?? []) } };
}

function listUsages(call: Call): Reply {
  const { subscription = "", location = "" } = call.params;
  const { world } = call.state;
  const known = sizesIn(world, location);
  const estate = readEstate(world);
  const value = [...new Set(known.map((size) => size.family))].sort().map((family) => {
    const place = { subscriptionId: subscription.toLowerCase(), location: location.toLowerCase(), family };
    return {
      limit: limitOf(world, place) ?? UNLIMITED_CORES,
      unit: "Count",
      currentValue: coresInUse(world, estate, place),
      name: { value: family, localizedValue: `${family.replace(/Family$/, "")} Family vCPUs` },
    };
  });
  return { status: 200, body: { value } };
}

export interface SizeRequest {
  subscriptionId: string;
  resourceId: string;
  slot: Slot;
}

/** The size as the location offers it; refused when it cannot be reserved there. */
export function requireReservableSize(world: World, { subscriptionId, resourceId, slot }: SizeRequest): Size {
  const size = findSize(world, slot);
  if (!size) {
    const message = `The value ${slot.size} of parameter sku.name is invalid.`;
    throw refuse(400, { code: "InvalidParameter", message }, { target: "sku.name" });
  }
  if (!isOffered(size, slot)) {
    const where =
      slot.zone === "" ? `location '${slot.location}'` : `location '${slot.location}' zones '${slot.zone}'`;
    throw refuse(409, skuNotAvailable(resourceId, where, subscriptionId));
  }
  const supported = size.capabilities.find((each) => each.name === "CapacityReservationSupported");
  if (!supported || !sameText(supported.value, "true") || coresOf(size) === 0) {
    const message = `The VM size '${size.name}' does not support capacity reservations. Find supported sizes at https://aka.ms/capacityreservation.`;
    throw refuse(409, { code: "OperationNotAllowed", message });
  }
  return size;
}

export function skuNotAvailable(
  resourceId: string,
  where: string,
  subscriptionId: string,
): { code: string; message: string } {
  const message = `The requested size for resource '${resourceId}' is currently not available in ${where} for subscription '${subscriptionId}'. Please try another size or deploy to a different location or zones. See https://aka.ms/azureskunotavailable for details.`;
  return { code: "SkuNotAvailable", message };
}

function isOffered(size: Size, slot: Slot): boolean {
  const zones = size.locationInfo.find((each) => sameText(each.location, slot.location))?.zones ?? [];
  if (slot.zone !== "" && !zones.includes(slot.zone)) return false;
  return !size.restrictions.some(({ type, restrictionInfo }) => {
    if (type === "Location") return restrictionInfo.locations.some((each) => sameText(each, slot.location));
    return slot.zone !== "" && (restrictionInfo.zones ?? []).includes(slot.zone);
  });
}
