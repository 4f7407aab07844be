import { list, RESERVATION, type Group, type Reservation } from "../bodies.ts";
import { bodyOf, dig, isFields, refuse, type Call } from "../http.ts";
import { keyOf, parentOf, sameText, subscriptionOf } from "../ids.ts";
import type { World } from "../world.ts";
import { reservationFacts, sameSlot } from "./estate.ts";
import { requireReservableSize } from "./sizes.ts";

/** The reservation that a PUT describes, not yet obtained. */
export function readReservation(call: Call, id: string, group: Group): Reservation {
  const body = bodyOf(call);
  refuseSchedule(body, group);
  const size = dig(body, "sku", "name");
  if (typeof size !== "string") throw invalid("sku.name", "Required parameter 'sku.name' is missing (null).");
  return {
    name: call.params["reservation"] ?? "",
    id,
    type: RESERVATION,
    location: readLocation(body, group),
    ...(isFields(body["tags"]) ? { tags: body["tags"] as Record<string, string> } : {}),
    sku: { name: size, capacity: readQuantity(body) },
    ...readZones(body, group),
    etag: '"1"',
    properties: {
      platformFaultDomainCount: 1,
      provisioningState: "Creating",
      instanceView: { utilizationInfo: { currentCapacity: 0 } },
    },
  };
}

/** A Block reservation cannot be without a schedule, and the sandbox makes none that has one. */
function refuseSchedule(body: Record<string, unknown>, group: Group): void {
  if (dig(body, "properties", "scheduleProfile") !== undefined) {
    throw refuse(501, {
      code: "NotImplemented",
      message: "The sandbox makes no scheduled capacity reservations.",
    });
  }
  if (group.properties.reservationType !== "Block") return;
  throw invalid("scheduleProfile", "Required parameter 'scheduleProfile' is missing (null).");
}

export function readQuantity(body: Record<string, unknown>): number {
  const quantity = dig(body, "sku", "capacity");
  if (typeof quantity === "number" && Number.isInteger(quantity) && quantity >= 0) return quantity;
  throw invalid("sku.capacity", "The value of parameter sku.capacity is invalid.");
}

function readLocation(body: Record<string, unknown>, group: Group): string {
  const { location } = body;
  if (typeof location === "string" && sameText(location.replaceAll(" ", ""), group.location))
    return group.location;
  const message = `The location '${String(location)}' of the capacity reservation does not match the location '${group.location}' of its capacity reservation group.`;
  throw invalid("location", message);
}

/** A zonal group wants exactly one of its zones, a regional one none. */
function readZones(body: Record<string, unknown>, group: Group): { zones?: string[] } {
  const zones = Array.isArray(body["zones"]) ? body["zones"].map(String) : [];
  const allowed = group.zones ?? [];
  if (allowed.length === 0 && zones.length === 0) return {};
  const [zone] = zones;
  if (zones.length === 1 && zone !== undefined && allowed.includes(zone)) return { zones };
  const message = `The zones '${zones.join(",")}' of the capacity reservation are invalid: exactly one zone is expected, out of the zones '${allowed.join(",")}' of its capacity reservation group.`;
  throw invalid("zones", message);
}

function invalid(target: string, message: string): Error {
  return refuse(400, { code: "InvalidParameter", message }, { target });
}

/** One reservation per size and zone in a group, and only of sizes that can be reserved there. */
export function checkNewReservation(world: World, wanted: Reservation, group: Group): void {
  const facts = reservationFacts(world, wanted);
  const size = requireReservableSize(world, {
    subscriptionId: subscriptionOf(wanted.id),
    resourceId: wanted.id,
    slot: facts,
  });
  wanted.sku.name = size.name;
  const twin = list(world, RESERVATION).find(
    (each) => keyOf(parentOf(each.id)) === keyOf(group.id) && sameSlot(reservationFacts(world, each), facts),
  );
  if (!twin) return;
  const message = `Capacity reservation group '${group.name}' already has the capacity reservation '${twin.name}' for size '${size.name}' in the same zone.`;
  throw refuse(409, { code: "OperationNotAllowed", message });
}
