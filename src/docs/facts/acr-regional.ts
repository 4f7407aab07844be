import type { Fact } from "../fact.ts";

const whatsNew = "What's new";
const whatTheyAre = "What are regional endpoints?";
const gettingStarted = "Getting started";
const using = "Using regional endpoints";
const whenToUse = "When to use regional endpoints";
const changed = "What changed from private preview";
const privatePreview = "If you were in the private preview";

const statements: readonly Omit<Fact, "article">[] = [
  {
    id: "acr-regional-endpoints/public-preview",
    section: whatsNew,
    text: "Regional endpoints are in public preview, and general availability is planned.",
    appliesTo: "June 2026",
  },
  {
    id: "acr-regional-endpoints/premium-public-cloud",
    section: whatsNew,
    text: "Regional endpoints are there for Premium registries in every region of the Azure public cloud.",
    appliesTo: "Premium SKU; public preview",
  },
  {
    id: "acr-regional-endpoints/no-registration",
    section: whatsNew,
    text: "No feature flag and no enrolment of the subscription is needed any more.",
    appliesTo: "public preview",
  },
  {
    id: "acr-regional-endpoints/az-2-86",
    section: whatsNew,
    text: "From az 2.86.0 on the commands for regional endpoints are built in, without an extension.",
    appliesTo: "az 2.86.0 and later",
  },
  {
    id: "acr-regional-endpoints/registry-wide-flag",
    section: whatsNew,
    text: "az acr create or update --regional-endpoints switches the feature for all replicas of a registry together.",
    appliesTo: "az 2.86.0 and later",
  },
  {
    id: "acr-regional-endpoints/routing-flag",
    section: whatsNew,
    text: "az acr replication create or update --global-endpoint-routing decides only whether one replica takes part in global routing; it is an older feature and not regional endpoints.",
    appliesTo: "az 2.86.0 and later",
  },
  {
    id: "acr-regional-endpoints/host-pattern",
    section: whatTheyAre,
    text: "Each replica gets a login server of its own, of the pattern <registry>.<region>.geo.azurecr.io.",
  },
  {
    id: "acr-regional-endpoints/global-stays",
    section: whatTheyAre,
    text: "Enabling regional endpoints takes nothing away from the global endpoint; each workload may use one or the other.",
  },
  {
    id: "acr-regional-endpoints/global-has-failover",
    section: whatTheyAre,
    text: "The global endpoint picks the replica with the best network path and has health-aware failover; a regional one gives the choice to the client.",
  },
  {
    id: "acr-regional-endpoints/show-endpoints",
    section: gettingStarted,
    text: "az acr show-endpoints prints the global, regional and data hosts of a registry.",
    appliesTo: "az 2.86.0 and later",
  },
  {
    id: "acr-regional-endpoints/login-to-one",
    section: using,
    text: "az acr login --endpoint REGION signs Docker in to the regional endpoint of that region.",
    appliesTo: "az 2.86.0 and later",
  },
  {
    id: "acr-regional-endpoints/pushes-still-spread",
    section: using,
    text: "What is pushed through a regional endpoint still reaches all other replicas later.",
  },
  {
    id: "acr-regional-endpoints/manifests-pin-clusters",
    section: using,
    text: "With a different regional host in the manifests of each cluster, every cluster pulls from the replica beside it and does not depend on Azure's choice.",
  },
  {
    id: "acr-regional-endpoints/most-stay-global",
    section: whenToUse,
    text: "Most workloads are best left on the global endpoint, where failover looks after routing.",
  },
  {
    id: "acr-regional-endpoints/pin-for-affinity",
    section: whenToUse,
    text: "To tie a cluster to the replica beside it, put the regional host into its manifests.",
  },
  {
    id: "acr-regional-endpoints/pin-for-consistency",
    section: whenToUse,
    text: "A pipeline that pushes and then pulls should push through a regional endpoint, to avoid races with replication.",
  },
  {
    id: "acr-regional-endpoints/client-failover",
    section: whenToUse,
    text: "Failover on the client's side means changing from one regional endpoint to another by one's own health checks.",
  },
  {
    id: "acr-regional-endpoints/spread-for-capacity",
    section: whenToUse,
    text: "Workloads spread over several regional endpoints stay clear of the throttling limits of a single replica.",
  },
  {
    id: "acr-regional-endpoints/one-replica-for-troubleshooting",
    section: whenToUse,
    text: "A regional endpoint isolates a fault, because it addresses one replica and no other.",
  },
  {
    id: "acr-regional-endpoints/portal",
    section: changed,
    text: "The Azure portal can enable regional endpoints too, for a new registry and for an existing one.",
  },
  {
    id: "acr-regional-endpoints/remove-extension",
    section: privatePreview,
    text: "The extension acrregionalendpoint of the private preview conflicts with the commands built into az 2.86.0 and must be removed.",
    appliesTo: "az 2.86.0 and later",
  },
  {
    id: "acr-regional-endpoints/flag-renamed",
    section: privatePreview,
    text: "--region-endpoint-enabled is now called --global-endpoint-routing; the old name is deprecated in az 2.86.0 and gone in 2.87.0.",
    appliesTo: "az 2.86.0 and 2.87.0 (June 2026)",
  },
  {
    id: "acr-regional-endpoints/why-renamed",
    section: privatePreview,
    text: "The old flag was renamed because it sounded like the switch for regional endpoints, while it only took a replica in or out of global routing.",
  },
];

/** Regional endpoints as their announcement describes them. */
export const acrRegionalFacts: readonly Fact[] = statements.map((statement) => ({
  ...statement,
  article: "acr-regional-endpoints",
}));
