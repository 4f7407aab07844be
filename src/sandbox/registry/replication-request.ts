import { REPLICATION, type Registry, type Replication } from "../bodies.ts";
import { bodyOf, dig, isFields, refuse, type Call } from "../http.ts";
import { isHome } from "./registry-body.ts";
import { longStamp } from "./settle.ts";
import { REGISTRY_LOCATIONS } from "./versions.ts";

/** The replication that a PUT asks for, in the state in which it begins: without a display status. */
export function readReplication(call: Call, registry: Registry): Replication {
  const body = bodyOf(call);
  const { location, tags } = body;
  if (typeof location !== "string") {
    const message = "The location property is required for this definition.";
    throw refuse(400, { code: "LocationRequired", message });
  }
  const { replication: name = "" } = call.params;
  const now = call.state.now().toISOString();
  return {
    id: `${registry.id}/replications/${name}`,
    name,
    type: REPLICATION,
    location: location.replaceAll(" ", "").toLowerCase(),
    tags: isFields(tags) ? (tags as Record<string, string>) : {},
    systemData: { createdBy: call.identity?.name, createdAt: longStamp(now).replace("Z", "+00:00") },
    properties: {
      provisioningState: "Creating",
      regionEndpointEnabled: dig(body, "properties", "regionEndpointEnabled") !== false,
      zoneRedundancy: dig(body, "properties", "zoneRedundancy") === "Enabled" ? "Enabled" : "Disabled",
      status: { timestamp: longStamp(now) },
    },
  };
}

/** Refuses a name or a place that a replication cannot have. */
export function checkNewReplication(registry: Registry, { name, location }: Replication): void {
  if (!/^[a-z0-9]{5,50}$/i.test(name)) {
    const message = `The replication name '${name}' is invalid. It must be alphanumeric, with 5 to 50 characters.`;
    throw refuse(400, { code: "InvalidParameter", message }, { target: "name" });
  }
  if (!REGISTRY_LOCATIONS.includes(location)) {
    const message = `The provided location '${location}' is not available for resource type '${REPLICATION}'. List of available regions for the resource type is '${REGISTRY_LOCATIONS.join(",")}'.`;
    throw refuse(400, { code: "LocationNotAvailableForResourceType", message });
  }
  if (isHome(registry, location) || isHome(registry, name)) {
    const message = `A replication cannot be in '${location}', which is the home region of registry '${registry.name}'.`;
    throw refuse(400, { code: "InvalidParameter", message }, { target: "location" });
  }
}
