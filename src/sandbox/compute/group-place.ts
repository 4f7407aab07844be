import type { Group } from "../bodies.ts";
import { refuse } from "../http.ts";
import { sameText } from "../ids.ts";
import type { World } from "../world.ts";

/** Refuses a new group in a location or zone that Azure does not have. */
export function checkGroupPlace(world: World, group: Group): void {
  const location = Object.keys(world.sizes).find((each) => sameText(each, group.location));
  if (location === undefined) {
    const available = Object.keys(world.sizes).join(",");
    const message = `The provided location '${group.location}' is not available for resource type 'Microsoft.Compute/capacityReservationGroups'. List of available regions for the resource type is '${available}'.`;
    throw refuse(400, { code: "LocationNotAvailableForResourceType", message });
  }
  const offered = new Set(
    world.sizes[location]?.flatMap((size) => size.locationInfo.flatMap((info) => info.zones)),
  );
  const missing = (group.zones ?? []).filter((zone) => !offered.has(zone));
  if (missing.length > 0) {
    const message = `The zone(s) '${missing.join(",")}' for resource 'Microsoft.Compute/capacityReservationGroups/${group.name}' is not supported. The supported zones for location '${location}' are '${[...offered].sort().join(",")}'`;
    throw refuse(400, { code: "AvailabilityZoneNotSupported", message });
  }
  if (!["Targeted", "Block", "Open"].includes(group.properties.reservationType)) {
    const message = "The value of parameter reservationType is invalid.";
    throw refuse(400, { code: "InvalidParameter", message }, { target: "reservationType" });
  }
}
