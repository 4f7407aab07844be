import type { Json, JsonObject } from "../json.ts";
import { parseResourceId } from "../resource-id.ts";
import { asObject, listPages, objectsIn, type ArmConnection } from "./arm.ts";
import type {
  Container,
  ContainerApp,
  ContainerAppsPort,
  ContainerEnvironment,
  ContainerJob,
  Ingress,
  Probe,
  ProbeKind,
} from "./container-ports.ts";
import type { ArmPort } from "./ports.ts";

const CONTAINER_API = "2024-03-01";

/** Reads of Microsoft.App by plain requests: three resources do not need a client. */
export function createContainerApps(connection: ArmConnection, arm: ArmPort): ContainerAppsPort {
  const list = async (subscriptionId: string, type: string): Promise<JsonObject[]> => {
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.App/${type}`;
    const found: JsonObject[] = [];
    for await (const page of listPages(connection, { path, apiVersion: CONTAINER_API })) found.push(...page);
    return found;
  };
  return {
    async listApps(subscriptionId) {
      return (await list(subscriptionId, "containerApps")).map(toApp);
    },
    async listJobs(subscriptionId) {
      return (await list(subscriptionId, "jobs")).map(toJob);
    },
    async getEnvironment(id) {
      const body = await arm.read({ path: id, apiVersion: CONTAINER_API });
      return body === undefined ? undefined : toEnvironment(asObject(body));
    },
  };
}

function toApp(item: JsonObject): ContainerApp {
  const { configuration, template, latestRevisionName } = asObject(item["properties"]);
  const { ingress } = asObject(configuration);
  const { minReplicas } = asObject(asObject(template)["scale"]);
  return {
    ...common(item),
    kind: "app",
    ingress: ingress ? toIngress(asObject(ingress)) : undefined,
    latestRevision: text(latestRevisionName),
    minReplicas: number(minReplicas),
  };
}

function toJob(item: JsonObject): ContainerJob {
  const { configuration } = asObject(item["properties"]);
  const { replicaTimeout, replicaRetryLimit, triggerType } = asObject(configuration);
  return {
    ...common(item),
    kind: "job",
    replicaTimeout: number(replicaTimeout),
    retryLimit: number(replicaRetryLimit),
    trigger: text(triggerType),
  };
}

function common(item: JsonObject): Omit<ContainerApp, "kind" | "ingress" | "latestRevision" | "minReplicas"> {
  const id = text(item["id"]) ?? "";
  const { name = "", subscriptionId = "", resourceGroup = "" } = parseResourceId(id) ?? {};
  const properties = asObject(item["properties"]);
  const { registries } = asObject(properties["configuration"]);
  return {
    id,
    name: text(item["name"]) ?? name,
    subscriptionId,
    resourceGroup,
    location: (text(item["location"]) ?? "").replaceAll(" ", "").toLowerCase(),
    // Older answers have the first name alone.
    environmentId: text(properties["environmentId"]) ?? text(properties["managedEnvironmentId"]),
    containers: objectsIn(asObject(properties["template"])["containers"]).map(toContainer),
    registries: objectsIn(registries).flatMap(({ server }) => text(server)?.toLowerCase() ?? []),
  };
}

function toContainer(item: JsonObject): Container {
  const { cpu, memory } = asObject(item["resources"]);
  return {
    name: text(item["name"]) ?? "",
    image: text(item["image"]) ?? "",
    cpu: number(cpu),
    memory: text(memory),
    variables: objectsIn(item["env"]).map(({ name, secretRef }) => ({
      name: text(name) ?? "",
      secret: text(secretRef),
    })),
    probes: objectsIn(item["probes"]).flatMap(toProbe),
  };
}

const PROBE_KINDS: readonly ProbeKind[] = ["Liveness", "Readiness", "Startup"];

function toProbe(item: JsonObject): Probe[] {
  const { type, httpGet, tcpSocket, initialDelaySeconds, periodSeconds, failureThreshold } = item;
  const kind = PROBE_KINDS.find((each) => each.toLowerCase() === text(type)?.toLowerCase());
  if (kind === undefined) return [];
  const http = asObject(httpGet);
  return [
    {
      kind,
      port: number(http["port"]) ?? number(asObject(tcpSocket)["port"]),
      path: text(http["path"]),
      initialDelay: number(initialDelaySeconds),
      period: number(periodSeconds),
      failureThreshold: number(failureThreshold),
    },
  ];
}

function toIngress({ targetPort, external, fqdn, transport }: JsonObject): Ingress {
  const port = number(targetPort);
  return {
    targetPort: port === 0 ? undefined : port,
    external: external === true,
    fqdn: text(fqdn),
    transport: text(transport),
  };
}

function toEnvironment(item: JsonObject): ContainerEnvironment {
  const { appLogsConfiguration, defaultDomain } = asObject(item["properties"]);
  const { destination, logAnalyticsConfiguration } = asObject(appLogsConfiguration);
  const none = ["", "none"].includes((text(destination) ?? "").toLowerCase());
  return {
    id: text(item["id"]) ?? "",
    name: text(item["name"]) ?? "",
    defaultDomain: text(defaultDomain),
    logDestination: none ? undefined : text(destination),
    customerId: text(asObject(logAnalyticsConfiguration)["customerId"])?.toLowerCase(),
  };
}

function number(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Undefined for what is not there, and for an empty text. */
function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
