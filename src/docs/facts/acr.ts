import type { Fact } from "../fact.ts";
import { geoQuestionFacts } from "./acr-questions.ts";
import { geoRoutingFacts } from "./acr-routing.ts";

const whatItIs = "What is ACR geo-replication?";
const whatGoesWhere = "Endpoints and data endpoints: what goes where";
const threeTools = "The three traffic control tools";
const addReplica = "Step 1: Add a West US replica to a registry that lives in East US";
const pin = "Step 2a: Pin workloads to specific regions using regional endpoints";
const tips = "Regional endpoint operational tips";
const keepGlobal = "Step 2b: Keep using the global endpoint for everything else";

const statements: readonly Omit<Fact, "article">[] = [
  {
    id: "acr-geo-operations/premium-only",
    section: addReplica,
    text: "Geo-replication is part of the Premium SKU; creating a replica of a Basic or Standard registry fails.",
  },
  {
    id: "acr-geo-operations/every-replica-writable",
    section: whatItIs,
    text: "Every replica takes pushes and deletes as well as pulls; there is no primary one.",
  },
  {
    id: "acr-geo-operations/sync-is-eventual",
    section: whatItIs,
    text: "Content is copied between replicas in the background and is the same everywhere only after a while; more and larger images take longer.",
  },
  {
    id: "acr-geo-operations/global-picks-by-network",
    section: whatItIs,
    text: "The global endpoint sends a request to the replica with the best network path for the client, mostly the nearest one; equal distance or trouble in a region can change the choice.",
  },
  {
    id: "acr-geo-operations/zone-redundancy",
    section: whatItIs,
    text: "In a region with availability zones a replica is always spread over them, so the loss of one zone does not take it down.",
  },
  {
    id: "acr-geo-operations/api-traffic",
    section: whatGoesWhere,
    text: "Everything except the bytes of layers (sign-in, manifests, tags, listings, the question where a blob is) goes to the global endpoint or, for a pinned client, to a regional one.",
  },
  {
    id: "acr-geo-operations/layers-redirect-307",
    section: whatGoesWhere,
    text: "Asked for a layer, the registry answers with a 307 redirect to storage or a data endpoint in one region, and the client fetches the bytes there.",
  },
  {
    id: "acr-geo-operations/layers-from-blob-storage",
    section: whatGoesWhere,
    text: "Without dedicated data endpoints and without private endpoints, layers come from a storage account under *.blob.core.windows.net.",
  },
  {
    id: "acr-geo-operations/layers-from-data-endpoint",
    section: whatGoesWhere,
    text: "With dedicated data endpoints or a private endpoint, layers come from <registry>.<region>.data.azurecr.io of the region that served the request.",
  },
  {
    id: "acr-geo-operations/no-global-data-endpoint",
    section: whatGoesWhere,
    text: "Data endpoints are always regional: the global endpoint redirects to the region it chose, a regional endpoint to its own region and to no other.",
  },
  {
    id: "acr-geo-operations/wildcard-opens-all-storage",
    section: whatGoesWhere,
    text: "A firewall rule for *.blob.core.windows.net lets clients reach every Azure storage account, not just this registry's, so data could leak out through it.",
  },
  {
    id: "acr-geo-operations/data-endpoints-narrow-firewall",
    section: whatGoesWhere,
    text: "Dedicated data endpoints, a Premium feature, replace the storage wildcard by host names of this one registry, so a firewall can allow exactly them.",
    appliesTo: "Premium SKU",
  },
  {
    id: "acr-geo-operations/data-endpoints-predictable-dns",
    section: whatGoesWhere,
    text: "The host of a dedicated data endpoint is known beforehand, one per region; storage hosts are resolved and cached on their own, which makes a change of routing harder to follow.",
  },
  {
    id: "acr-geo-operations/enable-data-endpoints",
    section: whatGoesWhere,
    text: "Turn on dedicated data endpoints for each replicated registry that has to be secure and highly available.",
  },
  {
    id: "acr-geo-operations/three-tools",
    section: threeTools,
    text: "Three tools steer traffic: health-aware failover (the platform's), a replica in or out of global routing (the owner's), and regional endpoints (the client's, per request).",
  },
  {
    id: "acr-geo-operations/two-tools-act-on-global",
    section: threeTools,
    text: "Failover and taking a replica out of routing change only what the global endpoint does; regional endpoints go around its traffic manager altogether.",
  },
  {
    id: "acr-geo-operations/regional-endpoints-coexist",
    section: threeTools,
    text: "The global endpoint stays in use when regional endpoints are enabled, and every workload may choose between them.",
  },
  {
    id: "acr-geo-operations/failover-checks-end-to-end",
    section: "The behavior in question",
    text: "Failover judges whether the registry can really serve pulls and pushes; earlier, only an answer of the region's reverse proxy was looked at, and the owner had to act.",
  },
  {
    id: "acr-geo-operations/az-2-86-for-regional",
    section: "Prerequisites",
    text: "The az commands for regional endpoints (--regional-endpoints, show-endpoints, login --endpoint) are built in from version 2.86.0 on; the preview extension must be removed first.",
    appliesTo: "az 2.86.0 and later",
  },
  {
    id: "acr-geo-operations/home-region-listed",
    section: addReplica,
    text: "The article's list of replications shows the home region as a row of its own.",
    appliesTo: "output of az in the article",
  },
  {
    id: "acr-geo-operations/status-online",
    section: addReplica,
    text: "A replica that is ready is shown with provisioning state Succeeded and status online.",
    appliesTo: "output of az in the article",
  },
  {
    id: "acr-geo-operations/seeding-keeps-serving",
    section: addReplica,
    text: "While a new replica fills, the existing ones go on serving pulls and pushes.",
  },
  {
    id: "acr-geo-operations/seeding-time",
    section: addReplica,
    text: "How long a new replica takes to fill depends on the number and total size of images in the registry, not on any single image.",
  },
  {
    id: "acr-geo-operations/regional-for-affinity",
    section: pin,
    text: "A regional endpoint suits a cluster that must always pull from the replica of its own region.",
  },
  {
    id: "acr-geo-operations/regional-for-predictable-routing",
    section: pin,
    text: "A regional endpoint suits work that has to know which replica serves it, such as benchmarks, capacity plans, or a promise that traffic stays in the region.",
  },
  {
    id: "acr-geo-operations/regional-for-consistency",
    section: pin,
    text: "Pushing and pulling through the same regional endpoint removes the races between publishing an image and deploying it.",
  },
  {
    id: "acr-geo-operations/regional-for-troubleshooting",
    section: pin,
    text: "To see a problem of one particular replica again, requests must go to its regional endpoint.",
  },
  {
    id: "acr-geo-operations/regional-for-client-failover",
    section: pin,
    text: "A regional endpoint suits owners who decide by health checks and rules of their own when a client moves to another region.",
  },
  {
    id: "acr-geo-operations/regional-for-capacity",
    section: pin,
    text: "Pinned clusters give each region a share of the traffic that can be planned for.",
  },
  {
    id: "acr-geo-operations/regional-for-every-replica",
    section: pin,
    text: "Enabled once for the registry, regional endpoints appear for all its replicas; nothing is set up per region.",
  },
  {
    id: "acr-geo-operations/regional-with-one-replica",
    section: pin,
    text: "Any Premium registry can have regional endpoints: without further replicas there is one, for the home region. They are of most use from two replicas on.",
    appliesTo: "Premium SKU",
  },
  {
    id: "acr-geo-operations/manifests-pin-clusters",
    section: pin,
    text: "A cluster is pinned by naming the regional host in the image references of its manifests.",
  },
  {
    id: "acr-geo-operations/show-endpoints",
    section: tips,
    text: "az acr show-endpoints lists the global endpoint and, where enabled, the regional and data endpoints.",
    appliesTo: "az 2.86.0 and later",
  },
  {
    id: "acr-geo-operations/import-from-a-replica",
    section: tips,
    text: "An import may name the source registry's regional host and then reads from that replica.",
  },
  {
    id: "acr-geo-operations/firewall-registry-hosts",
    section: tips,
    text: "A firewall has to allow the regional host of each replica that clients use, and the global host if they use that as well.",
  },
  {
    id: "acr-geo-operations/firewall-layer-hosts",
    section: tips,
    text: "For layers a firewall has to allow each region's data endpoint, or *.blob.core.windows.net when there are neither data endpoints nor private endpoints.",
  },
  {
    id: "acr-geo-operations/dns-based-routing",
    section: tips,
    text: "Instead of changing manifests, the owner's network or a regional traffic manager can resolve the global name to the regional endpoint of the region that asks.",
  },
  {
    id: "acr-geo-operations/global-needs-nothing",
    section: keepGlobal,
    text: "A workload that needs no pinning stays on the global endpoint, which finds a replica and moves away from trouble with nothing to configure.",
  },
];

/** How a geo-replicated registry is run, as the article tells it. */
export const acrFacts: readonly Fact[] = [...statements, ...geoRoutingFacts, ...geoQuestionFacts].map(
  (statement) => ({
    ...statement,
    article: "acr-geo-operations",
  }),
);
