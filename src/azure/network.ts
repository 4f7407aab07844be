import type { Json, JsonObject } from "../json.ts";
import { asObject, objectsIn } from "./arm.ts";
import type { InterfaceAddress, NetworkPort, PrivateEndpoint, Subnet } from "./network-ports.ts";
import type { ArmPort } from "./ports.ts";

export const NETWORK_API = "2024-05-01";

/** Reads of Microsoft.Network by plain requests: three resources do not need a client. */
export function createNetwork(arm: ArmPort): NetworkPort {
  const read = async <T>(id: string, convert: (item: JsonObject) => T): Promise<T | undefined> => {
    const body = await arm.read({ path: id, apiVersion: NETWORK_API });
    return body === undefined ? undefined : convert(asObject(body));
  };
  return {
    getPrivateEndpoint: (id) => read(id, toPrivateEndpoint),
    listAddresses: (interfaceId) => read(interfaceId, toAddresses),
    getSubnet: (id) => read(id, toSubnet),
  };
}

function toPrivateEndpoint(item: JsonObject): PrivateEndpoint {
  const { subnet, networkInterfaces } = asObject(item["properties"]);
  return {
    id: text(item["id"]),
    subnetId: text(asObject(subnet)["id"]),
    interfaceIds: objectsIn(networkInterfaces).map(({ id }) => text(id)),
  };
}

function toAddresses(item: JsonObject): InterfaceAddress[] {
  return objectsIn(asObject(item["properties"])["ipConfigurations"])
    .map(({ properties }) => asObject(properties))
    .filter(({ privateIPAddressVersion }) => text(privateIPAddressVersion).toLowerCase() !== "ipv6")
    .map(({ privateIPAllocationMethod }) => ({
      isStatic: text(privateIPAllocationMethod).toLowerCase() === "static",
    }));
}

/** A subnet has one prefix, or several under another name; nothing is listed where nothing is in use. */
function toSubnet(item: JsonObject): Subnet {
  const { addressPrefix, addressPrefixes, ipConfigurations } = asObject(item["properties"]);
  const several = Array.isArray(addressPrefixes) ? addressPrefixes.map(text) : [];
  return {
    id: text(item["id"]),
    prefixes: several.length > 0 ? several : [text(addressPrefix)].filter((prefix) => prefix !== ""),
    listed: objectsIn(ipConfigurations).length,
  };
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
