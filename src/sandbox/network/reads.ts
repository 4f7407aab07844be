import { find, NETWORK_INTERFACE, PRIVATE_ENDPOINT, VIRTUAL_NETWORK } from "../bodies.ts";
import type { Call, Reply } from "../http.ts";
import type { Route } from "../route.ts";
import { requireResourceGroup, resourceNotFound } from "../subscriptions.ts";
import { findSubnet, subnetBody } from "./subnets.ts";

const PROVIDERS = "/subscriptions/{subscription}/resourceGroups/{group}/providers";
const versions = ["2023-09-01", "2024-05-01", "2024-07-01", "2025-01-01", "2025-03-01"];

/** What Microsoft.Network tells of private endpoints; nothing of it can be changed here. */
export const networkRoutes: readonly Route[] = [
  ...([PRIVATE_ENDPOINT, NETWORK_INTERFACE] as const).map((type) => ({
    method: "GET",
    path: `${PROVIDERS}/${type}/{name}`,
    versions,
    answer: (call: Call): Reply => getOne(call, type),
  })),
  {
    method: "GET",
    path: `${PROVIDERS}/${VIRTUAL_NETWORK}/{name}/subnets/{subnet}`,
    versions,
    answer: getSubnet,
  },
];

function getOne(call: Call, type: typeof PRIVATE_ENDPOINT | typeof NETWORK_INTERFACE): Reply {
  const body = find(call.state.world, type, call.path);
  if (body) return { status: 200, body };
  requireResourceGroup(call);
  throw resourceNotFound(call, `${type}/${call.params["name"]}`);
}

function getSubnet(call: Call): Reply {
  const { world } = call.state;
  const subnet = findSubnet(world, call.path);
  if (subnet) return { status: 200, body: subnetBody(world, subnet) };
  requireResourceGroup(call);
  const { name, subnet: wanted } = call.params;
  throw resourceNotFound(call, `${VIRTUAL_NETWORK}/${name}/subnets/${wanted}`);
}
