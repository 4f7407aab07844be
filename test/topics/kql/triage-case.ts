import type { Container, ContainerApp, ContainerJob } from "../../../src/azure/container-ports.ts";
import { rankCauses } from "../../../src/topics/kql/triage/causes.ts";
import type { Cause, ConsoleLine, Examined, SystemEvent } from "../../../src/topics/kql/triage/seen.ts";

export const UNTIL = Date.parse("2026-11-21T12:00:00Z");

/** Seconds before the end of the window. */
function moment(ago: number): { at: number; time: string } {
  const at = UNTIL - ago * 1000;
  return { at, time: new Date(at).toISOString() };
}

interface Where {
  replica?: string;
  revision?: string;
}

export function line(ago: number, text: string, where: Where = {}): ConsoleLine {
  return { ...moment(ago), revision: "app--v1", replica: "app--v1-a", container: "app", ...where, text };
}

export function event(ago: number, reason: string, text = "", where: Where = {}): SystemEvent {
  return { ...moment(ago), revision: "app--v1", replica: "app--v1-a", ...where, reason, text };
}

export function started(ago: number, where: Where = {}): SystemEvent {
  return event(ago, "ContainerStarted", "Started container 'app'", where);
}

export function ended(ago: number, code = 134, reason = "ProcessExited", where: Where = {}): SystemEvent {
  const text = `Container 'app' was terminated with exit code '${code}' and reason '${reason}'`;
  return event(ago, "ContainerTerminated", text, where);
}

export function probeFailed(
  ago: number,
  text = "Probe of Liveness failed with status code: 503",
): SystemEvent {
  return event(ago, "ProbeFailed", text);
}

const CONTAINER: Container = {
  name: "app",
  image: "shopregistry.azurecr.io/shop/app:1",
  cpu: 0.5,
  memory: "1Gi",
  variables: [],
  probes: [],
};

const COMMON = {
  subscriptionId: "5a000000-0000-4000-8000-000000000001",
  resourceGroup: "rg-shop-prod",
  location: "eastus2",
  environmentId: undefined,
  registries: [],
};

export function app(change: Partial<ContainerApp> = {}, container: Partial<Container> = {}): ContainerApp {
  return {
    ...COMMON,
    kind: "app",
    id: "/subscriptions/5a000000-0000-4000-8000-000000000001/resourceGroups/rg-shop-prod/providers/Microsoft.App/containerApps/app",
    name: "app",
    ingress: {
      targetPort: 8080,
      external: true,
      fqdn: "app.happyfield.eastus2.azurecontainerapps.io",
      transport: "Auto",
    },
    latestRevision: "app--v1",
    minReplicas: 0,
    containers: [{ ...CONTAINER, ...container }],
    ...change,
  };
}

export function job(change: Partial<ContainerJob> = {}): ContainerJob {
  return {
    ...COMMON,
    kind: "job",
    id: "/subscriptions/5a000000-0000-4000-8000-000000000001/resourceGroups/rg-shop-prod/providers/Microsoft.App/jobs/app",
    name: "app",
    containers: [CONTAINER],
    replicaTimeout: 1800,
    retryLimit: 0,
    trigger: "Schedule",
    ...change,
  };
}

export function examined(change: Partial<Examined> = {}): Examined {
  const rows = [...(change.lines ?? []), ...(change.events ?? [])];
  return {
    name: "app",
    kind: "app",
    resource: app(),
    resourceId: undefined,
    resourceGroup: undefined,
    usage: [],
    tables: { console: "Console", system: "System", metrics: "AzureMetrics" },
    untilMs: UNTIL,
    knowsEvents: true,
    ...change,
    lines: rows
      .flatMap((each) => ("container" in each ? [each] : []))
      .toSorted((one, other) => one.at - other.at),
    events: rows
      .flatMap((each) => ("reason" in each ? [each] : []))
      .toSorted((one, other) => one.at - other.at),
  };
}

export function causes(change: Partial<Examined> = {}): Cause[] {
  return rankCauses(examined(change));
}

export function told(change: Partial<Examined> = {}): string[] {
  return causes(change).map(({ id, certainty }) => `${id} ${certainty}`);
}
