export type ProbeKind = "Liveness" | "Readiness" | "Startup";

export interface Probe {
  kind: ProbeKind;
  /** Undefined when the service does not say. */
  port: number | undefined;
  path: string | undefined;
  /** Seconds; what is not set has the service's default. */
  initialDelay: number | undefined;
  period: number | undefined;
  failureThreshold: number | undefined;
}

export interface Variable {
  name: string;
  /** The name of the secret that it refers to. */
  secret: string | undefined;
}

export interface Container {
  name: string;
  image: string;
  /** Cores that it may use. */
  cpu: number | undefined;
  /** As the service writes it, such as 0.5Gi. */
  memory: string | undefined;
  /** Environment variables; their values are never read out. */
  variables: Variable[];
  probes: Probe[];
}

export interface Ingress {
  /** Undefined when the service is to find it out by itself. */
  targetPort: number | undefined;
  external: boolean;
  fqdn: string | undefined;
  /** Auto, Http, Http2 or Tcp. */
  transport: string | undefined;
}

interface ContainerResource {
  id: string;
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  location: string;
  environmentId: string | undefined;
  containers: Container[];
  /** Login servers of registries for which it has an identity or a password. */
  registries: string[];
}

export interface ContainerApp extends ContainerResource {
  kind: "app";
  ingress: Ingress | undefined;
  latestRevision: string | undefined;
  minReplicas: number | undefined;
}

export interface ContainerJob extends ContainerResource {
  kind: "job";
  /** Seconds after which a replica is ended. */
  replicaTimeout: number | undefined;
  retryLimit: number | undefined;
  /** Manual, Schedule or Event. */
  trigger: string | undefined;
}

export interface ContainerEnvironment {
  id: string;
  name: string;
  /** log-analytics, azure-monitor; undefined when logs go nowhere. */
  logDestination: string | undefined;
  /** What addresses of its apps end in. */
  defaultDomain: string | undefined;
  /** The workspace's GUID, with destination log-analytics. */
  customerId: string | undefined;
}

export interface ContainerAppsPort {
  listApps(subscriptionId: string): Promise<ContainerApp[]>;
  listJobs(subscriptionId: string): Promise<ContainerJob[]>;
  /** Undefined when there is none of that id. */
  getEnvironment(id: string): Promise<ContainerEnvironment | undefined>;
}
