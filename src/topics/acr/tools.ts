/** What a user may need of a registry, in the article's words. */
export const NEEDS = [
  "affinity",
  "routing",
  "consistency",
  "troubleshooting",
  "failover",
  "capacity",
  "none",
] as const;
export type Need = (typeof NEEDS)[number];

/** The three ways to steer traffic, as the article tells them apart. */
export type Tool = "health-aware failover" | "replica in or out of routing" | "regional endpoints";

interface Why {
  why: string;
  because: string[];
}

const byPlatform: Why = {
  why: "the global endpoint finds a replica and leaves a failing region by itself",
  because: ["acr-geo-operations/failover-automatic", "acr-geo-operations/global-needs-nothing"],
};
const bySwitch: Why = {
  why: "keeps clients of the global endpoint away from a replica without losing it",
  because: ["acr-geo-operations/route-out-when", "acr-geo-operations/route-out-stops-global"],
};
const regional = (why: string, ...because: string[]): Why => ({ why, because });

const byClient: Record<Need, Why> = {
  affinity: regional(
    "a cluster pulls from the replica of its own region, always",
    "acr-geo-operations/regional-for-affinity",
    "acr-regional-endpoints/pin-for-affinity",
  ),
  routing: regional(
    "the client knows which replica serves it",
    "acr-geo-operations/regional-for-predictable-routing",
  ),
  consistency: regional(
    "push and pull meet the same replica, so none runs ahead of replication",
    "acr-geo-operations/regional-for-consistency",
    "acr-regional-endpoints/pin-for-consistency",
  ),
  troubleshooting: regional(
    "requests reach the one replica that is looked at",
    "acr-geo-operations/regional-for-troubleshooting",
    "acr-regional-endpoints/one-replica-for-troubleshooting",
  ),
  failover: regional(
    "the client moves by health checks and rules of its own",
    "acr-geo-operations/regional-for-client-failover",
    "acr-regional-endpoints/client-failover",
  ),
  capacity: regional(
    "limits hold for each replica, and load can be given to each",
    "acr-geo-operations/regional-for-capacity",
    "acr-geo-operations/throttling-per-replica",
  ),
  none: regional("not needed", "acr-regional-endpoints/most-stay-global"),
};

/** Why a tool serves a need. */
export function whyOf(need: Need, tool: Tool): Why {
  if (tool === "regional endpoints") return byClient[need];
  return tool === "health-aware failover" ? byPlatform : bySwitch;
}

export interface Limit {
  tool: Tool;
  text: string;
  because: string[];
}

const limit =
  (tool: Tool) =>
  (text: string, ...because: string[]): Limit => ({ tool, text, because });
const ofPlatform = limit("health-aware failover");
const ofSwitch = limit("replica in or out of routing");
const ofClient = limit("regional endpoints");

/** What a tool does not do. */
export const LIMITS: Record<Tool, readonly Limit[]> = {
  "health-aware failover": [
    ofPlatform("does not react to throttling", "acr-geo-operations/failover-not-throttling"),
    ofPlatform(
      "does not help clients of regional hosts, nor a download under way",
      "acr-geo-operations/failover-not-regional",
      "acr-geo-operations/failover-not-data-endpoints",
    ),
    ofPlatform(
      "cannot be started by hand, and takes minutes",
      "acr-geo-operations/failover-no-trigger",
      "acr-geo-operations/failover-takes-minutes",
    ),
    ofPlatform("does not tell which region serves", "acr-geo-operations/no-serving-signal"),
  ],
  "replica in or out of routing": [
    ofSwitch(
      "does not end syncing or the bill of that replica",
      "acr-geo-operations/route-out-keeps-syncing",
      "acr-geo-operations/route-out-still-costs",
    ),
    ofSwitch("does not close its regional host", "acr-geo-operations/route-out-regional-answers"),
    ofSwitch("does not reach clients with a long DNS cache", "acr-geo-operations/long-lived-dns-cache"),
    ofSwitch("does not work while the home region is down", "acr-geo-operations/home-outage-control-plane"),
  ],
  "regional endpoints": [
    ofClient(
      "does not fail over",
      "acr-geo-operations/failover-not-regional",
      "azure-wire/acr-regional-no-failover",
    ),
    ofClient(
      "does not bring an image to other regions any sooner",
      "acr-regional-endpoints/pushes-still-spread",
      "acr-geo-operations/sync-is-eventual",
    ),
    ofClient("does not raise the limits of the pinned replica", "acr-geo-operations/pinning-concentrates"),
    ofClient(
      "does not work with a default AKS cluster without a pull secret, or with old node images",
      "azure-wire/acr-aks-regional-pull",
      "azure-wire/acr-aks-node-image",
    ),
    ofClient("does not share the sign-in of the global host", "acr-geo-operations/sign-in-per-endpoint"),
  ],
};
