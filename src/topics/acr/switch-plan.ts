import type { RegionHost, Registry, Replica } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import type { Finding, Step } from "../../plan/plan.ts";
import { planAddresses } from "./address-plan.ts";
import { azwiseAcr } from "./az-command.ts";
import {
  requireAddresses,
  requireGrants,
  requireReady,
  requireTold,
  warnOfAddresses,
  type ChangeState,
} from "./plan-checks.ts";
import { cloudObstacle, obstacles } from "./obstacles.ts";
import { API, AT_REGISTRY, here, REGIONAL, seenRegistry, switchWord } from "./registry-steps.ts";

export type Feature = "regional" | "data-endpoints";

interface SwitchWish {
  feature: Feature;
  on: boolean;
  /** Go on where it cannot be told whether there are enough addresses. */
  acceptRisk: boolean;
  /** Name of the cloud. */
  cloud: string;
}

export interface SwitchPlan {
  registry: Registry;
  feature: Feature;
  now: boolean;
  on: boolean;
  /** Regions that have a host while it is on. */
  regions: string[];
  steps: Step[];
  warnings: Finding[];
  refusals: Finding[];
}

const WHAT: Record<Feature, string> = {
  regional: "regional endpoints",
  "data-endpoints": "dedicated data endpoints",
};

/** Regional or data endpoints of a whole registry, on or off. Throws AppError for what must not be. */
export function planSwitch(state: ChangeState, wish: SwitchWish): SwitchPlan {
  const { registry, replicas } = state;
  const { feature, on } = wish;
  requireReady(state, WHAT[feature]);
  const now = feature === "regional" ? requireTold(registry) : registry.dataEndpoints;
  const regions = replicas.filter(hasHosts).map(({ region }) => region);
  const plan: SwitchPlan = { registry, feature, now, on, regions, steps: [], warnings: [], refusals: [] };
  if (now === on) return plan;
  requireAllowed(registry, wish);
  return {
    ...plan,
    steps: [feature === "regional" ? switchRegional(plan) : switchData(plan)],
    warnings: [...requireGrants(state.grants), ...warn(state, wish)],
  };
}

/** A home region that is no replication tells no state, and always has its hosts. */
function hasHosts({ id, provisioningState }: Replica): boolean {
  return id === undefined || provisioningState === "Succeeded";
}

function requireAllowed(registry: Registry, { feature, on }: SwitchWish): void {
  if (feature === "regional" && on) {
    const [obstacle] = obstacles(registry, ["regional"]);
    if (!obstacle) return;
    throw new AppError("usage", obstacle.text, {
      hint: `who needs signed images keeps content trust; what the registry has on: ${azwiseAcr("show", registry)}`,
      because: obstacle.because,
    });
  }
  if (feature === "regional" || on || registry.privateEndpoints.length === 0) return;
  throw new AppError(
    "usage",
    `${registry.name} has private endpoints, which turn dedicated data endpoints on by themselves`,
    {
      hint: `${azwiseAcr("show", registry)} lists them`,
      because: ["acr-geo-operations/data-endpoint-flag", "azure-wire/acr-data-endpoints"],
    },
  );
}

function switchRegional({ registry, on, regions }: SwitchPlan): Step {
  const hosts = "properties.regionalEndpointHostNames";
  const properties = { regionalEndpoints: switchWord(on) };
  const none = { [`length(${hosts} || \`[]\`)`]: 0 };
  return {
    ...patch(registry, properties),
    id: `${on ? "enable" : "disable"} regional endpoints`,
    title: on
      ? `Enable regional endpoints for ${regions.join(", ")}`
      : `Disable regional endpoints of ${registry.name}`,
    impact: on ? "none" : "disconnect",
    saw: [seenRegistry(registry)],
    expect: here(registry.id, {
      [REGIONAL]: switchWord(on),
      ...(on ? hostOfEach(hosts, regions) : none),
    }),
    because: [
      on ? "acr-geo-operations/regional-for-every-replica" : "acr-geo-operations/clean-up-order",
      "azure-wire/acr-regional-hosts",
      "azure-wire/acr-typed-client-sends-nothing",
    ],
  };
}

function switchData({ registry, on, regions }: SwitchPlan): Step {
  // A registry that leaves the switch out has it off.
  const isOn = "properties.dataEndpointEnabled == `true`";
  return {
    ...patch(registry, { dataEndpointEnabled: on }),
    id: `${on ? "enable" : "disable"} data endpoints`,
    title: on
      ? `Enable dedicated data endpoints for ${regions.join(", ")}`
      : `Disable dedicated data endpoints of ${registry.name}`,
    saw: [here(registry.id, { ...seenRegistry(registry).fields, [isOn]: !on })],
    expect: here(registry.id, {
      [isOn]: on,
      ...(on ? hostOfEach("properties.dataEndpointHostNames", regions) : {}),
    }),
    because: on
      ? ["acr-geo-operations/enable-data-endpoints", "azure-wire/acr-data-endpoints"]
      : ["acr-geo-operations/layers-from-blob-storage"],
  };
}

/** The service's own list has one host for each region; the region is the second label. */
function hostOfEach(list: string, regions: readonly string[]): Record<string, number> {
  return Object.fromEntries(regions.map((each) => [`length(${list}[?contains(@, '.${each}.')])`, 1]));
}

function patch(
  registry: Registry,
  properties: Record<string, string | boolean>,
): Pick<Step, "kind" | "resource" | "request" | "lags" | "impact" | "dependsOn"> {
  return {
    ...AT_REGISTRY,
    kind: "switch",
    resource: registry.id,
    request: { method: "PATCH", path: registry.id, apiVersion: API, body: { properties } },
  };
}

function warn(state: ChangeState, wish: SwitchWish): Finding[] {
  const { registry } = state;
  if (wish.feature === "data-endpoints") return wish.on ? warnDataOn(registry) : warnDataOff(registry);
  return wish.on ? warnRegionalOn(state, wish) : warnRegionalOff(registry);
}

function warnRegionalOn(
  { registry, replicas, privateEndpoints }: ChangeState,
  { acceptRisk, cloud }: SwitchWish,
): Finding[] {
  const { length } = replicas;
  const before = { replicas: length, regional: false };
  const addresses = planAddresses({ before, after: { replicas: length, regional: true } }, privateEndpoints);
  const unknown = requireAddresses(registry, addresses, { acceptRisk, ipPlan: ["--enable", "regional"] });
  const { name: subject } = registry;
  const elsewhere = cloudObstacle(cloud);
  const look = azwiseAcr("endpoints", registry, ["--firewall", "--after", "regional"]);
  return [
    ...unknown,
    ...warnOfAddresses(registry, addresses),
    ...(elsewhere ? [{ subject, ...elsewhere }] : []),
    {
      subject,
      text: `firewalls have to let the new hosts through: ${look}`,
      because: ["acr-geo-operations/firewall-registry-hosts"],
    },
    ...(registry.dataEndpoints ? [] : [warnOfLayers(registry)]),
  ];
}

function warnOfLayers(registry: Registry): Finding {
  return {
    subject: registry.name,
    text: `dedicated data endpoints are off, which az advises along with regional ones: ${azwiseAcr("data-endpoints enable", registry)}`,
    because: ["azure-wire/acr-regional-content-trust", "acr-geo-operations/enable-data-endpoints"],
  };
}

function warnRegionalOff({ name, regionalHosts }: Registry): Finding[] {
  const text = `clients pinned to ${hostList(regionalHosts)} lose that host; the global endpoint stays`;
  const because = ["azure-wire/acr-regional-hosts", "acr-geo-operations/regional-endpoints-coexist"];
  return [{ subject: name, text, because }];
}

/** Hosts as a sentence names them. */
function hostList(hosts: readonly RegionHost[]): string {
  return hosts.length === 0 ? "a regional host" : hosts.map(({ host }) => host).join(", ");
}

function warnDataOn(registry: Registry): Finding[] {
  const look = azwiseAcr("endpoints", registry, ["--firewall", "--after", "data"]);
  const text = `layers then come from other hosts, which firewalls have to let through first: ${look}`;
  const because = ["acr-geo-operations/layers-from-data-endpoint", "acr-geo-operations/firewall-layer-hosts"];
  return [{ subject: registry.name, text, because }];
}

function warnDataOff({ name, dataHosts }: Registry): Finding[] {
  const text = `layers then come from *.blob.core.windows.net: a firewall that lets only ${hostList(dataHosts)} through stops them, and a rule for the wildcard opens every storage account`;
  const because = [
    "acr-geo-operations/layers-from-blob-storage",
    "acr-geo-operations/wildcard-opens-all-storage",
  ];
  return [{ subject: name, text, because }];
}
