import { find, list, REGISTRY, WEBHOOK, type Registry } from "../bodies.ts";
import { bodyOf, dig, isFields, pageOf, refuse, type Call, type Reply } from "../http.ts";
import { keyOf, parentOf, shoutResourceGroups } from "../ids.ts";
import type { Route } from "../route.ts";
import { requireResourceGroup, resourceNotFound, scopeOf } from "../subscriptions.ts";
import { lacksAddresses, settleAddresses } from "./addresses.ts";
import { refuseWhileChanging } from "./operations.ts";
import { isPremium, otherReplications, regionsOf, registryBody, webhookProperties } from "./registry-body.ts";
import { isOf2026, REGISTRY_VERSIONS } from "./versions.ts";

const IN_SUBSCRIPTION = "/subscriptions/{subscription}/providers/Microsoft.ContainerRegistry/registries";
const IN_GROUP =
  "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries";
const versions = REGISTRY_VERSIONS;

export const registryRoutes: readonly Route[] = [
  { method: "GET", path: IN_SUBSCRIPTION, versions, answer: listRegistries },
  { method: "GET", path: IN_GROUP, versions, answer: listRegistries },
  { method: "GET", path: `${IN_GROUP}/{name}`, versions, answer: getRegistry },
  { method: "PATCH", path: `${IN_GROUP}/{name}`, versions, answer: patchRegistry },
  { method: "GET", path: `${IN_GROUP}/{name}/listUsages`, versions, answer: listUsages },
  { method: "GET", path: `${IN_GROUP}/{name}/webhooks`, versions, answer: listWebhooks },
];

/** Lists shout resource groups, single reads do not. */
function listRegistries(call: Call): Reply {
  const registries = list(call.state.world, REGISTRY).filter(scopeOf(call));
  return pageOf(
    call,
    registries.map((each) => shoutResourceGroups({ ...each, ...shown(call, each) })),
  );
}

function shown(call: Call, registry: Registry): object {
  return registryBody(call.state.world, registry, versionOf(call));
}

export function versionOf(call: Call): string {
  return call.query["api-version"] ?? "";
}

function getRegistry(call: Call): Reply {
  return { status: 200, body: shown(call, requireRegistry(call)) };
}

/** The registry that the path names, or undefined. */
export function registryOf(call: Call): Registry | undefined {
  const { subscription, group, name } = call.params;
  const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${REGISTRY}/${name}`;
  return find(call.state.world, REGISTRY, id);
}

export function requireRegistry(call: Call): Registry {
  const registry = registryOf(call);
  if (registry) return registry;
  requireResourceGroup(call);
  throw resourceNotFound(call, `${REGISTRY}/${call.params["name"]}`);
}

/** Two switches and the tags can change here; every other property is ignored without a word. */
function patchRegistry(call: Call): Reply {
  const { world } = call.state;
  const registry = requireRegistry(call);
  const body = bodyOf(call);
  refuseWhileChanging(call, registry);
  const { regionalEndpoints, dataEndpointEnabled } = readSwitches(call, registry, body);
  const { properties } = registry;
  if (regionalEndpoints !== undefined) properties.regionalEndpoints = regionalEndpoints;
  if (dataEndpointEnabled !== undefined) properties.dataEndpointEnabled = dataEndpointEnabled;
  if (isFields(body["tags"])) registry.tags = body["tags"] as Record<string, string>;
  settleAddresses(world, registry);
  call.state.touch();
  // Finished at once: the answer names no operation and the registry is Succeeded.
  return { status: 200, body: shown(call, registry) };
}

interface Switches {
  regionalEndpoints: "Enabled" | "Disabled" | undefined;
  dataEndpointEnabled: boolean | undefined;
}

function readSwitches(call: Call, registry: Registry, body: object): Switches {
  const regional = readRegional(call, body);
  const data = dig(body, "properties", "dataEndpointEnabled");
  if (data !== undefined && typeof data !== "boolean") throw invalid("dataEndpointEnabled");
  if (data === true) requirePremium(registry, "dataEndpointEnabled");
  if (regional === "Enabled") {
    requirePremium(registry, "regionalEndpoints");
    requireRegionalAddresses(call, registry);
  }
  return { regionalEndpoints: regional, dataEndpointEnabled: data };
}

/** Whether an earlier version really ignores regional endpoints, and does not refuse them, is a guess. */
function readRegional(call: Call, body: object): Switches["regionalEndpoints"] {
  const value = dig(body, "properties", "regionalEndpoints");
  if (value === undefined || !isOf2026(versionOf(call))) return undefined;
  if (value === "Enabled" || value === "Disabled") return value;
  throw invalid("regionalEndpoints");
}

function invalid(property: string): Error {
  const message = `The value of property '${property}' is invalid.`;
  return refuse(400, { code: "InvalidParameter", message }, { target: property });
}

/** The code is a guess: no recording shows what a Basic or Standard registry answers. */
export function requirePremium(registry: Registry, feature: string): void {
  if (isPremium(registry)) return;
  const message = `The feature '${feature}' is not supported for the SKU ${registry.sku.name} of registry '${registry.name}'.`;
  throw refuse(400, { code: "SkuNotSupported", message });
}

/** How Azure refuses this is not known; that private endpoints need one more address a replica is. */
function requireRegionalAddresses(call: Call, registry: Registry): void {
  const { world } = call.state;
  const served = { regions: regionsOf(world, registry), regional: true };
  if (lacksAddresses(world, registry, served)) throw refuse(400, addressError(registry));
}

/** Names no subnet, as Azure does not. */
export function addressError(registry: Registry): { code: string; message: string } {
  const message = `The private endpoint connections of registry '${registry.name}' could not be updated.`;
  return { code: "PrivateEndpointUpdateFailed", message };
}

const GIB = 2 ** 30;

const LIMITS = {
  Basic: { Size: 10 * GIB, Webhooks: 2, "Geo-replications": 0 },
  Standard: { Size: 100 * GIB, Webhooks: 10, "Geo-replications": 0 },
  Premium: { Size: 500 * GIB, Webhooks: 500, "Geo-replications": -1 },
};

function listUsages(call: Call): Reply {
  const registry = requireRegistry(call);
  const limits = LIMITS[registry.sku.name];
  const used = {
    Size: registry.properties.usedBytes,
    Webhooks: webhooksOf(call, registry).length,
    "Geo-replications": otherReplications(call.state.world, registry).length,
  };
  const value = (["Size", "Webhooks", "Geo-replications"] as const).map((name) => ({
    name,
    limit: limits[name],
    currentValue: used[name],
    unit: name === "Size" ? "Bytes" : "Count",
  }));
  return { status: 200, body: { value } };
}

function webhooksOf(call: Call, registry: Registry): { id: string }[] {
  return list(call.state.world, WEBHOOK)
    .filter((each) => keyOf(parentOf(each.id)) === keyOf(registry.id))
    .map((each) => ({ ...each, properties: webhookProperties(each) }));
}

function listWebhooks(call: Call): Reply {
  return pageOf(call, webhooksOf(call, requireRegistry(call)).map(shoutResourceGroups));
}
