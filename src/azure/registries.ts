import type { Json, JsonObject } from "../json.ts";
import { parseResourceId } from "../resource-id.ts";
import { asObject, listPages, objectsIn, type ArmConnection } from "./arm.ts";
import type { ArmPort } from "./ports.ts";
import type {
  PrivateEndpointConnection,
  RegionHost,
  Registry,
  RegistryPort,
  RegistrySummary,
  RegistryUsage,
  Replica,
  Webhook,
} from "./registry-ports.ts";

/** The first version that az's own release uses and that tells of regional endpoints. */
export const REGISTRY_API = "2026-03-01-preview";

const REGISTRIES = "providers/Microsoft.ContainerRegistry/registries";

/** Reads of Microsoft.ContainerRegistry by plain requests: the typed client drops regional endpoints and their hosts. */
export function createRegistries(connection: ArmConnection, arm: ArmPort): RegistryPort {
  const read = (path: string): Promise<Json | undefined> => arm.read({ path, apiVersion: REGISTRY_API });
  const list = (path: string): Promise<JsonObject[]> => listAll(connection, path);
  return {
    async list(subscriptionId) {
      return (await list(`/subscriptions/${subscriptionId}/${REGISTRIES}`)).map(toSummary);
    },
    async get(id) {
      const body = await read(id);
      return body === undefined ? undefined : toRegistry(asObject(body));
    },
    async listReplicas({ id, location }) {
      const listed = (await list(`${id}/replications`)).map((item) => toReplica(item, location));
      if (listed.some(({ isHome }) => isHome)) return homeFirst(listed);
      const named = await read(`${id}/replications/${location}`);
      const home = named === undefined ? unshownHome(location) : toReplica(asObject(named), location);
      return homeFirst([home, ...listed]);
    },
    async listUsages(id) {
      const body = asObject(await read(`${id}/listUsages`));
      return objectsIn(body["value"]).map(toUsage);
    },
    async listWebhooks(id) {
      return (await list(`${id}/webhooks`)).map(toWebhook);
    },
  };
}

async function listAll(connection: ArmConnection, path: string): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for await (const page of listPages(connection, { path, apiVersion: REGISTRY_API })) found.push(...page);
  return found;
}

function toSummary(item: JsonObject): RegistrySummary {
  const id = text(item["id"]);
  const { name = "", subscriptionId = "", resourceGroup = "" } = parseResourceId(id) ?? {};
  const { loginServer } = asObject(item["properties"]);
  return {
    id,
    name,
    subscriptionId,
    resourceGroup,
    location: region(item["location"]),
    loginServer: text(loginServer).toLowerCase(),
  };
}

function toRegistry(item: JsonObject): Registry {
  const properties = asObject(item["properties"]);
  const { policies, encryption, networkRuleSet, privateEndpointConnections } = properties;
  return {
    ...toSummary(item),
    sku: text(asObject(item["sku"])["name"]),
    provisioningState: text(properties["provisioningState"]),
    regionalEndpoints: isSwitchedOn(properties["regionalEndpoints"]),
    dataEndpoints: properties["dataEndpointEnabled"] === true,
    regionalHosts: toHosts(properties["regionalEndpointHostNames"]),
    dataHosts: toHosts(properties["dataEndpointHostNames"]),
    publicAccess: !isText(properties["publicNetworkAccess"], "disabled"),
    networkDefault: text(asObject(networkRuleSet)["defaultAction"]) || "Allow",
    contentTrust: isText(asObject(asObject(policies)["trustPolicy"])["status"], "enabled"),
    ownKey: keyOf(asObject(encryption)),
    anonymousPull: properties["anonymousPullEnabled"] === true,
    privateEndpoints: objectsIn(privateEndpointConnections).map(toConnection),
  };
}

/** Left out by API versions that know nothing of it. */
function isSwitchedOn(value: Json | undefined): boolean | undefined {
  return typeof value === "string" ? isText(value, "enabled") : undefined;
}

/** The region is the second label: `shop.westeurope.geo.azurecr.io`. */
function toHosts(value: Json | undefined): RegionHost[] {
  const hosts = Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
  return hosts.map((host) => ({ region: region(host.split(".")[1]), host: host.toLowerCase() }));
}

function keyOf(encryption: JsonObject): string | undefined {
  if (!isText(encryption["status"], "enabled")) return undefined;
  return text(asObject(encryption["keyVaultProperties"])["keyIdentifier"]) || "a key that is not told";
}

function toConnection(item: JsonObject): PrivateEndpointConnection {
  const { privateEndpoint, privateLinkServiceConnectionState } = asObject(item["properties"]);
  return {
    endpointId: text(asObject(privateEndpoint)["id"]),
    status: text(asObject(privateLinkServiceConnectionState)["status"]) || "unknown",
  };
}

function toReplica(item: JsonObject, home: string): Replica {
  const { provisioningState, status, regionEndpointEnabled, zoneRedundancy } = asObject(item["properties"]);
  const { displayStatus, timestamp } = asObject(status);
  const at = region(item["location"]);
  return {
    region: at,
    isHome: at === home,
    id: text(item["id"]),
    provisioningState: text(provisioningState),
    status: text(displayStatus) || undefined,
    inRouting: typeof regionEndpointEnabled === "boolean" ? regionEndpointEnabled : undefined,
    zoneRedundant: isSwitchedOn(zoneRedundancy),
    since: text(timestamp) || undefined,
  };
}

/** Newer API versions do not show the home region as a replication, so nothing of it is told. */
function unshownHome(home: string): Replica {
  return {
    region: home,
    isHome: true,
    id: undefined,
    provisioningState: "",
    status: undefined,
    inRouting: undefined,
    zoneRedundant: undefined,
    since: undefined,
  };
}

function homeFirst(replicas: readonly Replica[]): Replica[] {
  return [...replicas].sort(
    (left, right) => Number(right.isHome) - Number(left.isHome) || left.region.localeCompare(right.region),
  );
}

function toUsage(item: JsonObject): RegistryUsage {
  const limit = Number(item["limit"]);
  return {
    name: text(item["name"]),
    current: Number(item["currentValue"]),
    // -1 is the service's way to say that there is none.
    limit: limit === -1 ? undefined : limit,
    unit: text(item["unit"]),
  };
}

function toWebhook(item: JsonObject): Webhook {
  const { status, actions, scope } = asObject(item["properties"]);
  return {
    name: text(item["name"]),
    location: region(item["location"]),
    enabled: isText(status, "enabled"),
    actions: Array.isArray(actions) ? actions.map(text) : [],
    scope: text(scope),
  };
}

/** Locations come as "West Europe" or "westeurope". */
function region(value: Json | undefined): string {
  return text(value).replaceAll(" ", "").toLowerCase();
}

function isText(value: Json | undefined, wanted: string): boolean {
  return text(value).toLowerCase() === wanted;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
