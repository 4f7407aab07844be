/** A container registry as the service tells it; host names are never made up. */
export interface Registry extends RegistrySummary {
  /** Basic, Standard or Premium. */
  sku: string;
  provisioningState: string;
  /** Undefined when the API version does not tell. */
  regionalEndpoints: boolean | undefined;
  dataEndpoints: boolean;
  regionalHosts: RegionHost[];
  dataHosts: RegionHost[];
  /** Whether clients may come from the internet at all. */
  publicAccess: boolean;
  /** Allow or Deny: what happens to clients that no network rule names. */
  networkDefault: string;
  /** Docker Content Trust is on. */
  contentTrust: boolean;
  /** Id of the key that its owner keeps; undefined when Microsoft keeps it. */
  ownKey: string | undefined;
  anonymousPull: boolean;
  privateEndpoints: PrivateEndpointConnection[];
}

export interface RegistrySummary {
  id: string;
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  /** The home region. */
  location: string;
  /** Host of the global endpoint; may have a hash in its name. */
  loginServer: string;
}

export interface RegionHost {
  region: string;
  host: string;
}

export interface PrivateEndpointConnection {
  /** Id of the private endpoint, which may be in another subscription. */
  endpointId: string;
  /** Approved, Pending, Rejected or Disconnected. */
  status: string;
}

/** The copy of a registry in one region. */
export interface Replica {
  region: string;
  isHome: boolean;
  /** Id of the replication; undefined for a home region that the service does not show as one. */
  id: string | undefined;
  provisioningState: string;
  /** The service's own words, e.g. "Ready"; undefined when it tells none yet. */
  status: string | undefined;
  /** Whether the global endpoint may send clients there; undefined when not told. */
  inRouting: boolean | undefined;
  /** Undefined when not told. */
  zoneRedundant: boolean | undefined;
  /** When `status` was last changed, as the service writes it. */
  since: string | undefined;
}

export interface RegistryUsage {
  /** E.g. Size, Webhooks, Geo-replications. */
  name: string;
  current: number;
  /** Undefined means no limit. */
  limit: number | undefined;
  /** Bytes or Count. */
  unit: string;
}

export interface Webhook {
  name: string;
  /** Region whose events it tells. */
  location: string;
  enabled: boolean;
  actions: string[];
  /** Repositories it is about; empty means all. */
  scope: string;
}

export interface RegistryPort {
  /** Registries of a subscription, only to find one: what is said of a registry comes from `get`. */
  list(subscriptionId: string): Promise<RegistrySummary[]>;
  /** Undefined when it does not exist. */
  get(id: string): Promise<Registry | undefined>;
  /** One per region, the home region first, whether or not the service lists that one. */
  listReplicas(registry: RegistrySummary): Promise<Replica[]>;
  listUsages(id: string): Promise<RegistryUsage[]>;
  listWebhooks(id: string): Promise<Webhook[]>;
}

/** One of the hosts that the service told of a registry: its login server or a regional one. */
export interface RegistryHost {
  registry: Pick<Registry, "loginServer" | "regionalHosts">;
  host: string;
  /** Ends what is asked of this host, pauses included. */
  signal?: AbortSignal;
  /**
   * Each request on a connection of its own, or it would stay with the replica that the last one led to; and with a
   * longest wait for one answer, and for all pauses of one request together.
   */
  afresh?: { patienceMs: number };
}

/** An image, or a list of images for several platforms. */
export interface Manifest {
  digest: string;
  mediaType: string;
  /** Digests of a list's images; empty for an image. */
  images: string[];
  /** Digests of an image's configuration and layers, the configuration first; without those that are kept elsewhere. */
  blobs: string[];
}

export interface ImageTag {
  name: string;
  /** When it was last written, as the service says it; undefined when not told. */
  updated: string | undefined;
  /** Undefined where registries have none. */
  locks: TagLocks | undefined;
}

/** What may be done with a tag, as far as it is told. */
export type TagLocks = Partial<Record<"delete" | "write" | "read" | "list", boolean>>;

/** The first answer of a host, whatever it was. */
export interface Probe {
  /** HTTP status; undefined when no answer came. */
  status: number | undefined;
  /** The service's own code, or the transport's such as ENOTFOUND; undefined when neither told one. */
  code: string | undefined;
  /** The answer came from a registry, and not from a proxy or portal in its place. */
  isRegistry: boolean;
}

/** What a client such as Docker signs in to a registry with. */
export interface RegistrySignIn {
  /** The password of the user whose name is the null GUID; a secret. */
  token: string;
  /** Undefined when the token does not say. */
  expires: Date | undefined;
}

/** A registry's own hosts, which have errors, tokens and limits of their own. */
export interface RegistryDataPort {
  /** Asked page by page, as far as wanted. */
  listRepositories(at: RegistryHost): AsyncIterable<string>;
  /** Newest first; nothing when the replica that answers does not have the repository. */
  listTags(at: RegistryHost, repository: string): AsyncIterable<ImageTag>;
  /** Undefined when the replica that answers does not have it, or registries tell nothing of a single tag. */
  readTag(at: RegistryHost, repository: string, tag: string): Promise<ImageTag | undefined>;
  /** By tag or digest; undefined when the replica that answers does not have it. */
  readManifest(at: RegistryHost, repository: string, reference: string): Promise<Manifest | undefined>;
  /** The host that clients are sent to for a blob, without downloading it; undefined when the replica lacks it. */
  locateBlob(at: RegistryHost, repository: string, digest: string): Promise<string | undefined>;
  /** A token for another client, for as long as the service gives it; none of azwise's later requests need it. */
  signIn(at: RegistryHost): Promise<RegistrySignIn>;
  /** Whether there is a place for it, without downloading it: being sent on counts. */
  hasBlob(at: RegistryHost, repository: string, digest: string): Promise<boolean>;
  /** One request without a token, not repeated. */
  probe(at: RegistryHost, timeoutMs: number): Promise<Probe>;
}
