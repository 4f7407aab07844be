/** An AKS cluster as far as its node images matter. */
export interface Cluster {
  id: string;
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  pools: NodePool[];
}

export interface NodePool {
  name: string;
  /** E.g. `AKSUbuntu-2204gen2containerd-202607.29.0`; undefined when not told. */
  image: string | undefined;
}

export interface ClusterPort {
  /** Clusters of these subscriptions that the caller may read; what may not be read is left out without a word. */
  list(subscriptionIds: readonly string[]): Promise<{ clusters: Cluster[]; truncated: boolean }>;
}

export interface Vault {
  id: string;
  name: string;
  location: string;
}

export interface VaultPort {
  /** The vault or managed HSM that a key's address names; undefined when the caller sees none in these subscriptions. */
  findOf(keyId: string, subscriptionIds: readonly string[]): Promise<Vault | undefined>;
}
