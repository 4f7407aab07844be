import type { Registry, Replica, Webhook } from "../../azure/registry-ports.ts";
import { EXIT } from "../../errors.ts";
import type { Json, JsonObject } from "../../json.ts";
import type { Cell, Row, Table, View } from "../../output/view.ts";
import { nameOf, parseResourceId } from "../../resource-id.ts";
import { automaticOf, type Scenario } from "./automatic.ts";
import { hostIn } from "./hosts.ts";
import { hoursStuck, isInRouting } from "./replicas.ts";
import { showNotes } from "./show-notes.ts";
import type { ShowResult } from "./show.ts";
import { gibText, storageOf } from "./storage.ts";
import { topologyLines } from "./topology.ts";

export function viewShow(result: ShowResult): View {
  const { registry, usages, webhooks } = result;
  const scenarios = automaticOf(result);
  const isWhole = "value" in webhooks && storageOf(result) !== undefined;
  return {
    data: dataOf(result, scenarios),
    tables: [
      replicaTable(result),
      registryTable(result),
      ...(registry.privateEndpoints.length === 0 ? [] : [endpointTable(registry)]),
      ...("value" in webhooks && webhooks.value.length > 0 ? [webhookTable(webhooks.value)] : []),
      automaticTable(scenarios),
    ],
    lines: topologyLines(result),
    notes: showNotes(result),
    exit: isWhole && "value" in usages ? EXIT.ok : EXIT.partial,
  };
}

function replicaTable({ registry, replicas, nowMs }: ShowResult): Table {
  const { regionalHosts, dataHosts } = registry;
  const row = (replica: Replica): Row => {
    const { region, isHome, provisioningState, status, zoneRedundant } = replica;
    const isStuck = hoursStuck(replica, nowMs) !== undefined;
    return {
      cells: [
        region,
        isHome ? "home" : null,
        isStuck ? { text: provisioningState, tone: "bad" } : provisioningState || NOT_TOLD,
        status ?? NOT_TOLD,
        routingCell(isInRouting(replica)),
        zoneRedundant === undefined ? NOT_TOLD : zoneRedundant ? "yes" : "no",
        hostIn(region, regionalHosts) ?? null,
        hostIn(region, dataHosts) ?? null,
      ],
      because: reasonsOf(replica, isStuck),
    };
  };
  return {
    title: `Replicas of ${registry.name}`,
    columns: [
      { header: "region" },
      { header: "home" },
      { header: "provisioning" },
      { header: "status" },
      { header: "in routing" },
      { header: "zones" },
      { header: "regional host", whole: true },
      { header: "data host", whole: true },
    ],
    rows: replicas.map(row),
  };
}

const NOT_TOLD = "not told";

function routingCell(routed: boolean | undefined): Cell {
  if (routed === undefined) return NOT_TOLD;
  return routed ? "yes" : { text: "no", tone: "warn" };
}

function reasonsOf(replica: Replica, isStuck: boolean): string[] {
  return [
    ...(replica.isHome && replica.id === undefined ? ["azure-wire/acr-home-may-be-unlisted"] : []),
    ...(isInRouting(replica) === false ? ["acr-geo-operations/route-out-stops-global"] : []),
    ...(isStuck ? ["acr-geo-operations/stuck-in-creating"] : []),
    ...(replica.zoneRedundant === false ? ["azure-wire/acr-zones-at-creation"] : []),
  ];
}

function registryTable(result: ShowResult): Table {
  const { registry } = result;
  const row = (property: string, value: Cell, ...because: string[]): Row => ({
    cells: [property, value],
    because,
  });
  const { regionalEndpoints, publicAccess, networkDefault } = registry;
  const network = publicAccess
    ? `public; clients that no rule names: ${networkDefault}`
    : "private endpoints only";
  const regional = regionalEndpoints === undefined ? NOT_TOLD : onOff(regionalEndpoints);
  return {
    title: "Registry",
    columns: [{ header: "property" }, { header: "value" }],
    rows: [
      row("SKU", registry.sku),
      row("home region", registry.location, "acr-geo-operations/home-region-fixed"),
      row("provisioning", registry.provisioningState || NOT_TOLD),
      row("global endpoint", registry.loginServer, "azure-wire/acr-hosts-are-read"),
      row("regional endpoints", regional, "acr-geo-operations/two-controls-one-name"),
      row("dedicated data endpoints", onOff(registry.dataEndpoints), "azure-wire/acr-data-endpoints"),
      row("network access", network),
      row("anonymous pull", onOff(registry.anonymousPull)),
      row("content trust", onOff(registry.contentTrust)),
      row("encryption key", registry.ownKey ?? "Microsoft's"),
      ...storageRows(result).map(([property, value, ...because]) => row(property, value, ...because)),
    ],
  };
}

function onOff(isOn: boolean): string {
  return isOn ? "on" : "off";
}

function storageRows(result: ShowResult): [property: string, value: string, ...because: string[]][] {
  const storage = storageOf(result);
  if (!storage) return [["storage used", "cannot tell"]];
  const { used, quota, replicas, billed } = storage;
  const limit = quota === undefined ? "no limit" : gibText(quota);
  return [
    ["storage used", `${gibText(used)} of ${limit}`, "acr-geo-operations/quota-counts-once"],
    [
      "storage billed",
      `${gibText(billed)} (${gibText(used)} x ${replicas})`,
      "acr-geo-operations/storage-billed-per-replica",
    ],
  ];
}

function endpointTable({ privateEndpoints }: Registry): Table {
  return {
    title: "Private endpoints",
    columns: [
      { header: "private endpoint" },
      { header: "connection" },
      { header: "subscription", wide: true },
    ],
    rows: privateEndpoints.map(({ endpointId, status }) => ({
      cells: [
        nameOf(endpointId),
        status.toLowerCase() === "approved" ? status : { text: status, tone: "warn" },
        parseResourceId(endpointId)?.subscriptionId ?? NOT_TOLD,
      ],
    })),
  };
}

function webhookTable(webhooks: readonly Webhook[]): Table {
  return {
    title: "Webhooks",
    columns: [
      { header: "webhook" },
      { header: "region" },
      { header: "enabled" },
      { header: "actions" },
      { header: "scope" },
    ],
    rows: webhooks.map(({ name, location, enabled, actions, scope }) => ({
      cells: [name, location, enabled ? "yes" : "no", actions.join(", "), scope || "all repositories"],
      because: ["acr-geo-operations/webhooks-multiply"],
    })),
  };
}

function automaticTable(scenarios: readonly Scenario[]): Table {
  return {
    title: "What is automatic",
    columns: [{ header: "when" }, { header: "automatic" }, { header: "what happens" }],
    rows: scenarios.map(({ scenario, automatic, detail, because }) => ({
      cells: [scenario, automatic, detail],
      because,
    })),
  };
}

function dataOf(result: ShowResult, scenarios: readonly Scenario[]): JsonObject {
  const { registry, replicas, usages, webhooks, nowMs } = result;
  const storage = storageOf(result);
  return {
    registry: {
      ...registry,
      regionalEndpoints: registry.regionalEndpoints ?? null,
      ownKey: registry.ownKey ?? null,
      regionalHosts: registry.regionalHosts.map((each) => ({ ...each })),
      dataHosts: registry.dataHosts.map((each) => ({ ...each })),
      privateEndpoints: registry.privateEndpoints.map((each) => ({ ...each })),
    },
    replicas: replicas.map((each) => replicaData(each, nowMs)),
    storage: storage
      ? {
          usedBytes: storage.used,
          quotaBytes: storage.quota ?? null,
          billedBytes: storage.billed,
          replicas: storage.replicas,
        }
      : null,
    usages: "value" in usages ? usages.value.map((each) => ({ ...each, limit: each.limit ?? null })) : null,
    webhooks: "value" in webhooks ? webhooks.value.map((each): Json => ({ ...each })) : null,
    automatic: scenarios.map((each) => ({ ...each })),
    topology: topologyLines(result),
  };
}

function replicaData(replica: Replica, nowMs: number): JsonObject {
  const { region, isHome, id, provisioningState, status, zoneRedundant, since } = replica;
  return {
    region,
    isHome,
    id: id ?? null,
    provisioningState: provisioningState || null,
    status: status ?? null,
    since: since ?? null,
    inRouting: isInRouting(replica) ?? null,
    zoneRedundant: zoneRedundant ?? null,
    hoursStuck: hoursStuck(replica, nowMs) ?? null,
  };
}
