import { all, list, NETWORK_INTERFACE, PRIVATE_ENDPOINT, VIRTUAL_NETWORK, type Resource } from "../bodies.ts";
import { keyOf, shoutResourceGroups } from "../ids.ts";
import type { World } from "../world.ts";

/** Azure keeps the first four addresses of a subnet and the last one. */
const KEPT_FIRST = 4;
const KEPT = 5;

interface Subnet {
  id: string;
  name: string;
  properties: { addressPrefix: string; ipConfigurations: { id: string }[] };
}

export function findSubnet(world: World, id: string): Subnet | undefined {
  const key = keyOf(id);
  return all(world, VIRTUAL_NETWORK)
    .flatMap((network) => network.properties.subnets)
    .find((subnet) => keyOf(subnet.id) === key);
}

interface IpConfiguration {
  id: string;
  properties: { privateIPAddress: string };
}

function interfacesIn(world: World, subnetId: string): IpConfiguration[] {
  const key = keyOf(subnetId);
  return list(world, NETWORK_INTERFACE)
    .flatMap((each) => each.properties.ipConfigurations)
    .filter(({ properties }) => keyOf(properties.subnet.id) === key);
}

/** Addresses that are left; a subnet that the world does not have is never full. */
export function freeAddresses(world: World, subnetId: string): number {
  const subnet = findSubnet(world, subnetId);
  if (!subnet) return Infinity;
  const used = subnet.properties.ipConfigurations.length + interfacesIn(world, subnetId).length;
  return sizeOf(subnet) - KEPT - used;
}

/** The first address of a subnet that no network interface has. */
export function nextAddress(world: World, subnetId: string): string {
  const subnet = findSubnet(world, subnetId);
  const first = toNumber(subnet?.properties.addressPrefix.split("/")[0] ?? "10.0.0.0");
  const taken = new Set(interfacesIn(world, subnetId).map(({ properties }) => properties.privateIPAddress));
  let offset = KEPT_FIRST;
  while (taken.has(toAddress(first + offset))) offset += 1;
  return toAddress(first + offset);
}

function sizeOf({ properties }: Subnet): number {
  return 2 ** (32 - Number(properties.addressPrefix.split("/")[1]));
}

function toNumber(address: string): number {
  return address.split(".").reduce((total, part) => total * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(value / unit) % 256).join(".");
}

/** A subnet as a read shows it: everything that has an address in it, with resource groups in upper case. */
export function subnetBody(world: World, subnet: Subnet): object {
  const { ipConfigurations, ...properties } = subnet.properties;
  const used = [...ipConfigurations, ...interfacesIn(world, subnet.id)].map(reference);
  const endpoints = list(world, PRIVATE_ENDPOINT)
    .filter((each) => keyOf(each.properties.subnet.id) === keyOf(subnet.id))
    .map(reference);
  return {
    ...subnet,
    type: `${VIRTUAL_NETWORK}/subnets`,
    properties: {
      provisioningState: "Succeeded",
      ...properties,
      ...(used.length > 0 ? { ipConfigurations: shoutResourceGroups(used) } : {}),
      ...(endpoints.length > 0 ? { privateEndpoints: endpoints } : {}),
    },
  };
}

function reference({ id }: Pick<Resource, "id">): { id: string } {
  return { id };
}
