import type { Fact } from "../fact.ts";

const seeding = "Q1. Performance impact during initial replica creation on a live registry";
const restricted = "Q2. Restricted/updating state during initial sync";
const cooldown = "Q3. Cooldown periods and non-straightforward failback scenarios";
const window = "Q4. Common pull and push failure modes during the eventual-consistency window";
const auth = "Q5. Auth behavior across endpoint switches";
const throttling = "Q6. Throttling under failover and pinning";
const home = "Q7. Home region outage scope";
const webhooks = "Q8. Webhooks during failover";
const privateEndpoints = "Q9. Private endpoints with regional endpoints and dedicated data endpoints";
const stuck = "Q10. Geo-replica creation stuck for private endpoint-enabled registries";
const dns = "DNS and Client-Side Considerations";
const monitoring = "Monitoring Guidance";
const pricing = "Pricing Considerations";
const cleanup = "Cleanup";

/** The questions and the reference part of the article on geo-replication; part of acr-geo-operations. */
export const geoQuestionFacts: readonly Omit<Fact, "article">[] = [
  {
    id: "acr-geo-operations/seeding-impact-unpublished",
    section: seeding,
    text: "No figure is published for how much seeding a new replica slows the others, and no freedom from impact is promised; expect normal service.",
  },
  {
    id: "acr-geo-operations/seeding-no-restricted-state",
    section: restricted,
    text: "Adding a replica puts the registry into no restricted state: pushes, pulls and configuration of what exists go on.",
  },
  {
    id: "acr-geo-operations/failback-may-miss-images",
    section: cooldown,
    text: "An image pushed shortly before routing changed may be missing on the replica that now serves, until replication catches up.",
  },
  {
    id: "acr-geo-operations/pull-outruns-replication",
    section: window,
    text: "Pulling in one region right after a push in another can fail with manifest unknown until the image has arrived there.",
  },
  {
    id: "acr-geo-operations/tag-overwrite-race",
    section: window,
    text: "After a tag is pushed again with another digest, replicas can resolve it to different digests for a while.",
  },
  {
    id: "acr-geo-operations/delete-propagation",
    section: window,
    text: "A tag or repository deleted in one region can still be pulled in others until the deletion reaches them.",
  },
  {
    id: "acr-geo-operations/scattered-push",
    section: window,
    text: "When the layers and the manifest of a push land on different replicas, the push fails manifest validation, or later pulls report blob unknown.",
  },
  {
    id: "acr-geo-operations/bounded-staleness-coming",
    section: window,
    text: "Bounded staleness, where a replica without an image would fetch it from one that has it, is being developed and is not available.",
    appliesTo: "announced June 2026",
  },
  {
    id: "acr-geo-operations/pin-pushes",
    section: window,
    text: "A push through a regional endpoint sends login, layers and manifest to one replica and so cannot be scattered; this is the preferred remedy.",
  },
  {
    id: "acr-geo-operations/short-dns-cache",
    section: window,
    text: "Without regional endpoints, a client-side DNS cache that lives only as long as one push holds that push together.",
  },
  {
    id: "acr-geo-operations/retry-pulls",
    section: window,
    text: "A pull that follows a push in another region should be repeated with growing pauses, or wait until replication is known to be done.",
  },
  {
    id: "acr-geo-operations/webhook-tells-replication",
    section: window,
    text: "A webhook can tell when an image pushed to one replica has arrived at another and can be pulled there.",
  },
  {
    id: "acr-geo-operations/idempotent-publish",
    section: window,
    text: "Publish steps should be safe to repeat, because a push under way during a failover may fail.",
  },
  {
    id: "acr-geo-operations/sign-in-per-endpoint",
    section: auth,
    text: "The global and each regional endpoint count as separate places to sign in: a client that moves between them has to authenticate again.",
  },
  {
    id: "acr-geo-operations/aks-signs-in-again",
    section: auth,
    text: "On AKS, the article says, the Kubernetes credential provider for ACR signs in again by itself when the endpoint changes.",
  },
  {
    id: "acr-geo-operations/throttling-per-replica",
    section: throttling,
    text: "Throttling limits hold for each replica, not for the registry as a whole.",
  },
  {
    id: "acr-geo-operations/fewer-replicas-more-load",
    section: throttling,
    text: "When a replica drops out, its traffic falls on those left in routing, each with its own limits; plan for two or three healthy ones.",
  },
  {
    id: "acr-geo-operations/two-regions-throttle",
    section: throttling,
    text: "A registry of only two regions reaches the limits of the remaining replica more easily when one fails.",
  },
  {
    id: "acr-geo-operations/pinning-concentrates",
    section: throttling,
    text: "Pinning every cluster to one regional endpoint puts all their load on that replica's limits; spread them over regions, or leave them on the global endpoint.",
  },
  {
    id: "acr-geo-operations/home-outage-control-plane",
    section: home,
    text: "While the home region is down, replicas cannot be created, deleted or reconfigured and network rules cannot be changed.",
  },
  {
    id: "acr-geo-operations/home-outage-data-plane",
    section: home,
    text: "An outage of the home region leaves the data plane working: healthy replicas serve sign-in, manifests, layers and webhooks through the global and regional endpoints.",
  },
  {
    id: "acr-geo-operations/home-outage-tasks",
    section: home,
    text: "ACR Tasks belong to the home region and do not run while it is down.",
  },
  {
    id: "acr-geo-operations/home-region-fixed",
    section: home,
    text: "The home region is chosen when the registry is created and stays; moving means setting up a new registry in another region.",
  },
  {
    id: "acr-geo-operations/customer-managed-key",
    section: home,
    text: "With a customer-managed key the registry can encrypt and decrypt only while the key vault is available, so the vault's own redundancy matters too.",
  },
  {
    id: "acr-geo-operations/webhooks-multiply",
    section: webhooks,
    text: "One push raises a webhook event at the replica that took it and another at each replica that it is copied to.",
  },
  {
    id: "acr-geo-operations/webhooks-deduplicate",
    section: webhooks,
    text: "Receivers of webhooks must expect several events for one image and drop the duplicates.",
  },
  {
    id: "acr-geo-operations/webhooks-move-with-failover",
    section: webhooks,
    text: "During a failover events come from the region that takes the pushes, and from the recovered region once it has caught up.",
  },
  {
    id: "acr-geo-operations/private-endpoint-covers-all",
    section: privateEndpoints,
    text: "One private endpoint reaches the global endpoint and the regional and data endpoints of every region.",
  },
  {
    id: "acr-geo-operations/addresses-at-first",
    section: privateEndpoints,
    text: "A private endpoint begins with two addresses: the global endpoint and the data endpoint of the home region.",
  },
  {
    id: "acr-geo-operations/addresses-per-replica",
    section: privateEndpoints,
    text: "Each further replica takes one more address per virtual network, for its data endpoint.",
  },
  {
    id: "acr-geo-operations/addresses-regional",
    section: privateEndpoints,
    text: "Regional endpoints take one more address per replica, the home region's included, in each virtual network.",
  },
  {
    id: "acr-geo-operations/addresses-example",
    section: privateEndpoints,
    text: "Three replicas need 4 addresses per virtual network (1 global, 3 data), and 7 with regional endpoints.",
  },
  {
    id: "acr-geo-operations/addresses-run-out",
    section: privateEndpoints,
    text: "Creating a private endpoint can fail when its network has too few free addresses for all the registry's endpoints.",
  },
  {
    id: "acr-geo-operations/subnet-size",
    section: privateEndpoints,
    text: "Subnets for private endpoints of a replicated registry should be a /27 at least, and a /24 where that is possible.",
  },
  {
    id: "acr-geo-operations/addresses-in-use",
    section: privateEndpoints,
    text: "How many addresses of a subnet are taken shows in the number of IP configurations that the subnet lists.",
  },
  {
    id: "acr-geo-operations/stuck-in-creating",
    section: stuck,
    text: "With a private endpoint present, a new replica can hang in Creating when its creator may not set up private endpoint networking.",
  },
  {
    id: "acr-geo-operations/stuck-remedy",
    section: stuck,
    text: "A stuck replica is deleted by hand, and created again once the permission is there.",
  },
  {
    id: "acr-geo-operations/stuck-permission",
    section: stuck,
    text: "Creating a replica beside private endpoints needs the action Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write.",
  },
  {
    id: "acr-geo-operations/full-subnet-rolls-back",
    section: stuck,
    text: "If the subnet of any connected private endpoint is full, the new replica shows Creating for a moment and is then removed again.",
  },
  {
    id: "acr-geo-operations/full-subnet-unnamed",
    section: stuck,
    text: "The error of a replica that was rolled back does not say which subnet or network was full.",
  },
  {
    id: "acr-geo-operations/dns-bouncing",
    section: dns,
    text: "A client that resolves the global name anew during one push can reach several replicas; the manifest then arrives where its layers are not yet, and is rejected.",
  },
  {
    id: "acr-geo-operations/retry-policy-is-the-clients",
    section: dns,
    text: "How often and how long to retry, and when to give up a push, is left to the client; ACR prescribes no numbers.",
  },
  {
    id: "acr-geo-operations/signals-first-sync",
    section: monitoring,
    text: "The first sync of a replica is followed by its provisioning state and status, and by the registry's platform metrics.",
  },
  {
    id: "acr-geo-operations/signals-failover",
    section: monitoring,
    text: "During a failover look at Resource Health, the latency of pulls and the metrics of each region; the routing flag shows only replicas taken out by hand.",
  },
  {
    id: "acr-geo-operations/signals-failback",
    section: monitoring,
    text: "A failback shows when the routing flag is on again after a manual change, replicas are online, pulls are fast again and Resource Health is clear.",
  },
  {
    id: "acr-geo-operations/flag-is-not-health",
    section: monitoring,
    text: "regionEndpointEnabled tells whether a replica may be routed to, never whether failover has moved traffic away from it.",
  },
  {
    id: "acr-geo-operations/no-serving-signal",
    section: monitoring,
    text: "ACR does not tell which region serves a client's traffic, nor does it notify when routing changes.",
    appliesTo: "June 2026; work on such signals is announced",
  },
  {
    id: "acr-geo-operations/metrics-and-logs",
    section: monitoring,
    text: "Platform metrics are collected without any setup; resource logs and exported metrics need diagnostic settings.",
  },
  {
    id: "acr-geo-operations/storage-billed-per-replica",
    section: pricing,
    text: "Storage is billed for every replica: 1 GiB in five replicas costs as much as 5 GiB.",
  },
  {
    id: "acr-geo-operations/quota-counts-once",
    section: pricing,
    text: "Against the storage limit of the SKU an image counts once, however many replicas hold it.",
  },
  {
    id: "acr-geo-operations/transfer-costs",
    section: pricing,
    text: "Pushes and pulls within a region avoid charges for traffic between regions; copying pushed content to the other replicas is charged.",
  },
  {
    id: "acr-geo-operations/clean-up-order",
    section: cleanup,
    text: "To take replicas away, disable regional endpoints first, as their hosts depend on the replicas; then put replicas back into routing, and delete them last.",
  },
  {
    id: "acr-geo-operations/replica-delete-needs-home",
    section: cleanup,
    text: "Deleting a replica goes through the control plane and so needs the home region to be up.",
  },
];
