import {
  DIAGNOSTIC_SETTING,
  MACHINE,
  powerOf,
  REGISTRY,
  RESERVATION,
  RESOURCE_GROUP,
  WEBHOOK,
  type Machine,
  type Registry,
  type Resource,
  type Webhook,
} from "./bodies.ts";
import type { Call } from "./http.ts";
import { resourceGroupOf, subscriptionOf } from "./ids.ts";
import type { Row } from "./kql/run.ts";
import type { TableName } from "./kql/parser.ts";
import { shownProperties, webhookProperties } from "./registry/registry-body.ts";
import type { World } from "./world.ts";

/** Columns of both tables. */
export const graphColumns: readonly string[] = [
  "id",
  "name",
  "type",
  "tenantId",
  "kind",
  "location",
  "resourceGroup",
  "subscriptionId",
  "managedBy",
  "sku",
  "plan",
  "properties",
  "tags",
  "identity",
  "zones",
  "extendedLocation",
];

/** What one table holds of some subscriptions. */
export function graphRows(call: Call, subscriptionIds: readonly string[], table: TableName): Row[] {
  const { resources } = call.state.world;
  const wanted = new Set(subscriptionIds);
  return Object.keys(resources)
    .sort()
    .flatMap((key) => {
      const resource = resources[key];
      const isWanted = resource !== undefined && tableFor(resource) === table;
      return isWanted && wanted.has(subscriptionOf(key)) ? [toRow(call, resource)] : [];
    });
}

function tableFor({ type }: Resource): TableName | undefined {
  if (type === RESOURCE_GROUP || type === DIAGNOSTIC_SETTING) return undefined;
  return /^Microsoft\.RecoveryServices\/vaults\/./i.test(type) ? "recoveryservicesresources" : "resources";
}

function toRow(call: Call, resource: Resource): Row {
  return {
    id: resource.id,
    name: resource.name,
    type: resource.type.toLowerCase(),
    tenantId: call.identity?.tenantId,
    kind: "",
    location: resource.location,
    resourceGroup: resourceGroupOf(resource.id).toLowerCase(),
    subscriptionId: subscriptionOf(resource.id),
    managedBy: "",
    sku: resource["sku"] ?? null,
    plan: null,
    properties: propertiesOf(call.state.world, resource),
    tags: resource.tags ?? null,
    identity: null,
    zones: resource.zones ?? null,
    extendedLocation: null,
  };
}

/** Resource Graph has its own summary of the instance view, which exists nowhere else. */
function propertiesOf(world: World, resource: Resource): unknown {
  if (resource.type === REGISTRY) return shownProperties(world, resource as Registry);
  if (resource.type === WEBHOOK) return webhookProperties(resource as Webhook);
  const { instanceView: _, ...properties } = resource.properties;
  if (resource.type === RESERVATION) return properties;
  if (resource.type !== MACHINE) return resource.properties;
  const power = powerOf(resource as Machine);
  const powerState = { code: `PowerState/${power}`, level: "Info", displayStatus: `VM ${power}` };
  return { ...properties, extended: { instanceView: { powerState } } };
}
