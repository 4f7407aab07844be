import {
  find,
  NETWORK_INTERFACE,
  PRIVATE_ENDPOINT,
  type NetworkInterface,
  type Registry,
} from "../bodies.ts";
import { keyOf } from "../ids.ts";
import { freeAddresses, nextAddress } from "../network/subnets.ts";
import type { World } from "../world.ts";
import { hostIn, regionsOf } from "./registry-body.ts";

interface Member {
  name: string;
  host: string;
}

export interface Served {
  regions: readonly string[];
  regional: boolean;
}

/**
 * What a private endpoint has an address for. Data hosts are there even while dedicated data endpoints are off.
 * The name of a regional endpoint's member is a guess.
 */
function membersOf(registry: Registry, { regions, regional }: Served): Member[] {
  const member = (region: string, kind: "data" | "geo"): Member => ({
    name: `registry_${kind}_${region}`,
    host: hostIn(registry, region, kind),
  });
  return [
    ...regions.map((region) => member(region, "data")),
    ...(regional ? regions.map((region) => member(region, "geo")) : []),
    { name: "registry", host: registry.properties.loginServer },
  ];
}

interface Endpoint {
  id: string;
  subnetId: string;
  nic: NetworkInterface;
}

/** The private endpoints of a registry that this world has. */
export function endpointsOf(world: World, registry: Registry): Endpoint[] {
  return registry.properties.privateEndpointConnections.flatMap(({ properties }) => {
    const endpoint = find(world, PRIVATE_ENDPOINT, properties.privateEndpoint.id);
    const nicId = endpoint?.properties.networkInterfaces[0]?.id ?? "";
    const nic = find(world, NETWORK_INTERFACE, nicId);
    return endpoint && nic ? [{ id: endpoint.id, subnetId: endpoint.properties.subnet.id, nic }] : [];
  });
}

/** Whether the subnet of some private endpoint has too few free addresses for what is to be served. */
export function lacksAddresses(world: World, registry: Registry, served: Served): boolean {
  const wanted = membersOf(registry, served);
  const needs = new Map<string, number>();
  for (const { subnetId, nic } of endpointsOf(world, registry)) {
    const has = new Set(nic.properties.ipConfigurations.map(memberOf));
    const missing = wanted.filter(({ name }) => !has.has(name)).length;
    needs.set(keyOf(subnetId), (needs.get(keyOf(subnetId)) ?? 0) + missing);
  }
  return [...needs].some(([subnetId, need]) => need > freeAddresses(world, subnetId));
}

type IpConfiguration = NetworkInterface["properties"]["ipConfigurations"][number];

function memberOf({ properties }: IpConfiguration): string | undefined {
  return properties.privateLinkConnectionProperties?.requiredMemberName;
}

/** Gives each private endpoint the addresses that it needs now, and takes those that it no longer needs. */
export function settleAddresses(world: World, registry: Registry): void {
  const regional = registry.properties.regionalEndpoints === "Enabled";
  const wanted = membersOf(registry, { regions: regionsOf(world, registry), regional });
  for (const { subnetId, nic } of endpointsOf(world, registry)) {
    const { properties } = nic;
    const kept = properties.ipConfigurations.filter((each) =>
      wanted.some(({ name }) => name === memberOf(each)),
    );
    properties.ipConfigurations = kept;
    const has = new Set(kept.map(memberOf));
    for (const member of wanted.filter(({ name }) => !has.has(name))) {
      const privateIPAddress = nextAddress(world, subnetId);
      properties.ipConfigurations.push(ipConfiguration(nic, member, { privateIPAddress, subnetId }));
    }
  }
}

/** Whether addresses after the first ones are static, too, where those are is not known: here they are not. */
function ipConfiguration(
  nic: NetworkInterface,
  { name, host }: Member,
  { privateIPAddress, subnetId }: { privateIPAddress: string; subnetId: string },
): IpConfiguration {
  const own = `privateEndpointIpConfig.${name}`;
  return {
    name: own,
    id: `${nic.id}/ipConfigurations/${own}`,
    type: `${NETWORK_INTERFACE}/ipConfigurations`,
    properties: {
      provisioningState: "Succeeded",
      privateIPAddress,
      privateIPAllocationMethod: "Dynamic",
      subnet: { id: subnetId },
      primary: false,
      privateIPAddressVersion: "IPv4",
      privateLinkConnectionProperties: { groupId: "registry", requiredMemberName: name, fqdns: [host] },
    },
  };
}
