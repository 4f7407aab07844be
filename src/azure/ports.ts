import type { Json, JsonObject } from "../json.ts";
import type { ContainerAppsPort } from "./container-ports.ts";
import type { CollectionRulePort, IngestionPort } from "./ingestion-ports.ts";
import type { ClusterPort, VaultPort } from "./graph-ports.ts";
import type { LogsPort, WorkspacePort } from "./log-ports.ts";
import type { NetworkPort } from "./network-ports.ts";
import type { RegistryDataPort, RegistryPort } from "./registry-ports.ts";

/** The one cloud, tenant and set of subscriptions that a run may touch. */
export interface Target {
  cloud: string;
  tenantId: string;
  /** The first one is where new resources go. */
  subscriptionIds: [string, ...string[]];
  /** The kind of credential that was used, e.g. "environment". */
  auth: string;
}

export interface Azure {
  target: Target;
  arm: ArmPort;
  compute: ComputePort;
  registries: RegistryPort;
  registryData: RegistryDataPort;
  network: NetworkPort;
  graph: GraphPort;
  clusters: ClusterPort;
  vaults: VaultPort;
  /** Undefined in a cloud of which we know no query address. */
  logs: LogsPort | undefined;
  workspaces: WorkspacePort;
  containerApps: ContainerAppsPort;
  collectionRules: CollectionRulePort;
  /** Undefined in a cloud of which we know no address for events. */
  ingestion: IngestionPort | undefined;
  subscriptions: SubscriptionPort;
  access: AccessPort;
  /** Undefined in a cloud of which we know no price list. */
  prices: PricePort | undefined;
  clock: Clock;
}

/** Time as the cloud sees it; the sandbox's jumps instead of sleeping. */
export interface Clock {
  /** For stamps: whoever sets the machine's clock moves it. */
  now(): Date;
  /** Milliseconds since some moment, which no clock that is set moves: for durations. */
  elapsed(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A request to Azure Resource Manager as plain data, so that plans can hold and save it. */
export interface ArmRequest {
  method: "GET" | "PUT" | "PATCH" | "POST" | "DELETE";
  /** Absolute path without host and query, e.g. a resource id. */
  path: string;
  apiVersion: string;
  /** Further query parameters. */
  query?: Record<string, string>;
  body?: JsonObject;
}

export interface ArmOptions {
  signal?: AbortSignal;
  /** Called with a short word ("Updating", "throttled, waiting 20 s") while waiting. */
  onProgress?: (state: string) => void;
}

export interface ArmPort {
  /** The body of a GET; undefined when the resource does not exist. Throws AzureError otherwise. */
  read(request: Omit<ArmRequest, "method" | "body">, options?: ArmOptions): Promise<Json | undefined>;
  /** Sends a change and waits for its operation to end. Throws AzureError with the service's own code. */
  change(request: ArmRequest, options?: ArmOptions): Promise<void>;
}

export type PowerState =
  "running" | "starting" | "stopping" | "stopped" | "deallocating" | "deallocated" | "unknown";

/** A virtual machine as far as capacity reservations care. Ids keep the service's casing. */
export interface VirtualMachine {
  id: string;
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  location: string;
  /** Undefined means regional. */
  zone: string | undefined;
  size: string;
  tags: Record<string, string>;
  power: PowerState;
  provisioningState: string;
  /** Id of the capacity reservation group it is associated with. */
  groupId: string | undefined;
  spot: boolean;
  availabilitySetId: string | undefined;
  proximityPlacementGroupId: string | undefined;
  /** Id of the dedicated host or host group. */
  hostId: string | undefined;
  ultraDisk: boolean;
  scaleSetId: string | undefined;
  /** Opted out of capacity reservations (disableCapacityReservationAssignment). */
  optedOut: boolean;
}

export interface CapacityReservation {
  id: string;
  name: string;
  location: string;
  zone: string | undefined;
  size: string;
  /** Reserved quantity. */
  quantity: number;
  provisioningState: string;
  /** When a Block or future reservation holds; undefined for one that holds at once. */
  schedule: Schedule | undefined;
  /** E.g. Committed or Live; undefined when the service tells none, or was not asked. */
  reservationState: string | undefined;
  /** Ids of VMs configured with the group that match this reservation, running or not. */
  associated: string[];
  /** Ids of VMs that are running, or stopped but allocated, against this reservation. */
  allocated: string[];
}

/** Dates as the service writes them. */
export interface Schedule {
  start: string | undefined;
  end: string | undefined;
}

export interface CapacityReservationGroup {
  id: string;
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  location: string;
  /** Empty means a regional group. */
  zones: string[];
  /** Targeted, Block or Open. */
  reservationType: string;
  /** Subscriptions that may use it beside its own. */
  sharedWith: string[];
  reservations: CapacityReservation[];
}

/** What a subscription may do with one VM size in one location. */
export interface SizeOffer {
  size: string;
  location: string;
  /** Zones in which the size is offered at all. */
  zones: string[];
  capacityReservationSupported: boolean;
  /** The whole location is restricted for this subscription. */
  restricted: boolean;
  restrictedZones: string[];
  /** Why, in the service's own codes: NotAvailableForSubscription or QuotaId. */
  restrictionCodes: string[];
  /** What quota is counted by, e.g. "standardDSv5Family". */
  family: string;
  /** Undefined when the list does not tell. */
  vCpus: number | undefined;
}

/** One limit of a subscription in a location. */
export interface Usage {
  /** A family such as "standardDSv5Family", or "cores" for all families together. */
  name: string;
  current: number;
  limit: number;
}

export interface GroupSummary {
  id: string;
  name: string;
  location: string;
  /** True when it belongs to another subscription and was shared into ours. */
  shared: boolean;
}

export interface ComputePort {
  /** All VMs of a subscription, or of one resource group; power is "unknown" here (the list has no instance view). */
  listVirtualMachines(scope: { subscriptionId: string; resourceGroup?: string }): Promise<VirtualMachine[]>;
  /** One VM with its power state; undefined when it does not exist. */
  getVirtualMachine(id: string): Promise<VirtualMachine | undefined>;
  /** Groups of the subscription and groups shared into it. */
  listGroups(subscriptionId: string): Promise<GroupSummary[]>;
  /**
   * NotEligible, Targeted, Open, Disabled or Block: what a VM runs on now, never which reservation.
   * Undefined when the service does not say.
   */
  getReservationType(id: string): Promise<string | undefined>;
  /** One group with every reservation and who uses it; undefined when it does not exist. */
  getGroup(id: string): Promise<CapacityReservationGroup | undefined>;
  listSizes(subscriptionId: string, location: string): Promise<SizeOffer[]>;
  listUsages(subscriptionId: string, location: string): Promise<Usage[]>;
  listScaleSets(subscriptionId: string): Promise<ScaleSet[]>;
  /** Whether a scale set is limited to one placement group; undefined when it does not exist. */
  isSinglePlacementGroup(scaleSetId: string): Promise<boolean | undefined>;
}

export interface ScaleSet {
  id: string;
  name: string;
  /** Its instances are VMs of their own; those of a uniform set are not. */
  flexible: boolean;
}

export interface GraphPage {
  rows: JsonObject[];
  /** Rows that match in all, when the service says. */
  total: number | undefined;
  /** The service dropped rows and gave no way to fetch them. */
  truncated: boolean;
}

export interface GraphPort {
  /** Runs one Resource Graph query over the given subscriptions, page by page. */
  query(kql: string, subscriptionIds: readonly string[]): AsyncIterable<GraphPage>;
}

export interface Subscription {
  id: string;
  name: string;
  tenantId: string;
  /** Enabled, Warned, PastDue, Disabled or Deleted. */
  state: string;
}

export interface SubscriptionPort {
  /** Exactly one subscription, never a list; undefined when this identity cannot see it. */
  get(subscriptionId: string): Promise<Subscription | undefined>;
}

/** What one role of the caller allows; `*` stands for any text. */
export interface Permission {
  actions: string[];
  notActions: string[];
}

export interface AccessPort {
  /** The caller's own permissions at a subscription, resource group or resource, inherited ones included. */
  listPermissions(scope: string): Promise<Permission[]>;
  /** By zone of the subscription: the number that its peer gives to the same physical zone. */
  mapZones(pair: { subscriptionId: string; peerId: string; location: string }): Promise<Map<string, string>>;
}

/** What the price list says of one size in one location. */
export interface ListPrice {
  /** Of one VM for one hour, without licences; undefined when the list does not name exactly one. */
  perHour: number | undefined;
  /** Different prices that fit. */
  found: number;
}

export interface PricePort {
  /** Host of the price list. */
  source: string;
  /** Asks without a token. Throws AzureError when the list does not answer, or not what it should. */
  find(place: { location: string; size: string }, currency: string): Promise<ListPrice>;
}
