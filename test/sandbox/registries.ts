import { find, list, NETWORK_INTERFACE, VIRTUAL_NETWORK } from "../../src/sandbox/bodies.ts";
import type { World } from "../../src/sandbox/world.ts";
import { MAIN, openCloud, SHARED, type Answer, type Cloud, type CloudOptions } from "./azure.ts";

export const REGISTRY_VERSION = "2026-03-01-preview";
export const OLDER_VERSION = "2025-11-01";

const SHOP_GROUP = `/subscriptions/${MAIN}/resourceGroups/rg-shop-prod/providers`;
const PLATFORM_GROUP = `/subscriptions/${SHARED}/resourceGroups/rg-platform-images/providers`;
export const NETWORK = `${SHOP_GROUP}/Microsoft.Network`;
export const REGISTRIES = `${SHOP_GROUP}/Microsoft.ContainerRegistry/registries`;
export const SHOPREGISTRY = `${REGISTRIES}/shopregistry`;
export const LEGACYAPP = `${REGISTRIES}/legacyapp`;
export const PLATFORMIMAGES = `${PLATFORM_GROUP}/Microsoft.ContainerRegistry/registries/platformimages`;

export const REPLICATIONS = `${SHOPREGISTRY}/replications`;
/** A replica that is not there yet, and what to ask for it with. */
export const NEW = `${REPLICATIONS}/centralus`;
export const BODY = { location: "Central US", properties: {} };

/** Contoso behind raw requests of the version that knows regional endpoints. */
export async function openRegistries(options: CloudOptions = {}): Promise<Cloud> {
  const cloud = await openCloud(options);
  return {
    ...cloud,
    send: (method, target, more) => cloud.send(method, target, { version: REGISTRY_VERSION, ...more }),
  };
}

export function code(answer: Answer): [number, string] {
  return [answer.status, answer.body.error.code];
}

export function names(answer: Answer): string[] {
  return answer.body.value.map((each: { name: string }) => each.name);
}

export const routing = (regionEndpointEnabled: boolean): object => ({
  properties: { regionEndpointEnabled },
});

/** The members that the private endpoint in West Europe has addresses for. */
export function membersOf(world: World): (string | undefined)[] {
  const nic = find(world, NETWORK_INTERFACE, `${NETWORK}/networkInterfaces/shopregistry-pe-westeurope-nic`)!;
  return nic.properties.ipConfigurations.map(
    ({ properties }) => properties.privateLinkConnectionProperties?.requiredMemberName,
  );
}

/** Takes all addresses that are left in the small subnet but so many. */
export function leaveFree(world: World, count: number): void {
  const network = list(world, VIRTUAL_NETWORK).find(({ name }) => name === "shop-weu-vnet")!;
  const { ipConfigurations } = network.properties.subnets[0]!.properties;
  // 16 less the five that Azure keeps, less four of the private endpoint.
  while (ipConfigurations.length < 7 - count)
    ipConfigurations.push({ id: `${NETWORK}/other-${ipConfigurations.length}` });
  ipConfigurations.length = 7 - count;
}

/** Nobody may change the private endpoints. */
export function forbidLinks(world: World): void {
  const notActions = ["Microsoft.Network/privateEndpoints/*/write"];
  world.settings.permissions = [{ scope: "/", actions: ["*"], notActions }];
}
