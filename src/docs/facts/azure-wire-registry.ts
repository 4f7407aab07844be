import type { Fact } from "../fact.ts";

const operations = "Long-running operations";
const registries = "Container registries";
const regional = "Regional endpoints of a registry";
const replications = "Replications";
const privateEndpoints = "Private endpoints of a registry";
const client = "The typed client for registries";

const recorded = "recorded traffic, API 2026-03-01-preview and 2026-09-01-preview";
const notes = "another team's first-hand notes";

/** How container registries are read and changed through ARM; part of the azure-wire article. */
export const registryFacts: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/acr-poll-word",
    section: operations,
    text: "An operation on a replication answers 200 with the word Creating while it runs, not InProgress; any word but Succeeded, Failed or Canceled means that it still runs.",
    appliesTo: `${recorded}; the words of the end read in the SDK`,
  },
  {
    id: "azure-wire/acr-replication-write",
    section: operations,
    text: "Creating or changing a replication answers with its body in state Creating or Updating and an Azure-AsyncOperation address; the final state comes from reading the replication again.",
    appliesTo: recorded,
  },
  {
    id: "azure-wire/acr-registry-patch-is-done",
    section: operations,
    text: "Creating or changing a registry answers 200 with the whole body, Succeeded already, and no operation to follow.",
    appliesTo: recorded,
  },
  {
    id: "azure-wire/acr-registry-delete",
    section: operations,
    text: "Deleting a registry answers 202 with its body in state Deleting and a Location; each poll brings a new Location, and an empty 200 is the end.",
    appliesTo: recorded,
  },
  {
    id: "azure-wire/acr-replication-delete",
    section: operations,
    text: "Deleting a replication answers an empty 202 whose Location lies in the replica's region and is new with every poll; the end, an empty 200, took 35 to 60 seconds.",
    appliesTo: recorded,
  },
  {
    id: "azure-wire/acr-no-retry-after",
    section: operations,
    text: "Polls of registry operations carried no Retry-After, so the client's own interval counts.",
    appliesTo: `${recorded}; the client's two seconds read in the SDK`,
  },
  {
    id: "azure-wire/acr-status-conflict",
    section: operations,
    text: "409 RegistryStatusConflict means that another operation is running on the registry; it can also follow one that failed.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-versions",
    section: registries,
    text: "regionalEndpoints came with 2026-01-01-preview. The service lists a version 2026-11-01 without preview, of which is not known whether it has them, nor whether 2025-11-01 rejects or ignores them.",
    appliesTo: "Microsoft documentation; the list of versions in recorded traffic, September 2026",
  },
  {
    id: "azure-wire/acr-update-only-what-changes",
    section: registries,
    text: "A change of a registry sends only the properties that change and gets the whole registry back.",
    appliesTo: recorded,
  },
  {
    id: "azure-wire/acr-mixed-vocabulary",
    section: registries,
    text: "One registry speaks three ways: dataEndpointEnabled is true or false, regionalEndpoints Enabled or Disabled, and policies enabled or disabled in lower case.",
    appliesTo: recorded,
  },
  {
    id: "azure-wire/acr-provisioning-states",
    section: registries,
    text: "Registries and replications are Creating, Updating, Deleting, Succeeded, Failed or Canceled.",
    appliesTo: `${recorded}; the full list is well known, not re-verified`,
  },
  {
    id: "azure-wire/acr-hosts-are-read",
    section: registries,
    text: "A registry's login server can hold a hash after its name, so hosts must be taken from loginServer, regionalEndpointHostNames and dataEndpointHostNames, never built from the name.",
    appliesTo: "Microsoft documentation; property names in recorded traffic, API 2026-03-01-preview",
  },
  {
    id: "azure-wire/acr-found-by-name",
    section: registries,
    text: "A name alone is looked up in the subscription's list of resources of that type, which gives id, location and SKU but no properties.",
    appliesTo: "recorded traffic of az, API 2024-11-01",
  },
  {
    id: "azure-wire/acr-list-and-get-differ",
    section: registries,
    text: "Listing and reading once gave different data about replicas, enough to misjudge their state; what is acted on should come from a read of the one resource.",
    appliesTo: notes,
  },
  {
    id: "azure-wire/acr-usages-are-a-get",
    section: registries,
    text: "Usage of storage, webhooks and replicas is read with GET on listUsages, despite the name.",
    appliesTo: "read in the SDK, API 2025-11-01",
  },
  {
    id: "azure-wire/acr-unlimited",
    section: registries,
    text: "A limit of -1 in the list of usages means that there is none.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/acr-webhook-address",
    section: registries,
    text: "Reading a webhook never shows the address it calls; that takes a separate request.",
    appliesTo: "read in the SDK, API 2025-11-01",
  },
  {
    id: "azure-wire/acr-not-premium-refusal",
    section: registries,
    text: "az refuses replicas, network rules and regional endpoints below Premium before it asks the service, whose own code is not known; so the SKU has to be checked first.",
    appliesTo: "Microsoft documentation; the service's code was not found, not re-verified",
  },
  {
    id: "azure-wire/acr-downgrade-refused",
    section: registries,
    text: "The service refuses to leave Premium while the registry has replicas, private endpoints or data endpoints.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/acr-regional-hosts",
    section: regional,
    text: "Enabled, there is one regional host for each replica and one for the home region, so exactly one without replications; disabled, the list is there and empty.",
    appliesTo: recorded,
  },
  {
    id: "azure-wire/acr-region-in-host",
    section: regional,
    text: "The region is the second label of a regional host, after the login server's own label.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-regional-is-registry-wide",
    section: regional,
    text: "Regional endpoints cannot be enabled for a single replica.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-regional-content-trust",
    section: regional,
    text: "az refuses to enable regional endpoints while content trust is on, and advises dedicated data endpoints along with them; whether the service refuses as well is not known.",
    appliesTo: "Microsoft documentation; only az's own check",
  },
  {
    id: "azure-wire/acr-regional-independent",
    section: regional,
    text: "regionEndpointEnabled of a replication concerns global routing alone: set to false, content still syncs and the regional host still works.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-regional-no-failover",
    section: regional,
    text: "No failover leads away from a regional host.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-az-show-endpoints",
    section: regional,
    text: "az acr show-endpoints leaves regionalEndpoints out altogether when they are disabled, and prints *.blob.core.windows.net for each region without data endpoints.",
    appliesTo: "recorded traffic of az; Microsoft documentation",
  },
  {
    id: "azure-wire/acr-regional-addresses",
    section: privateEndpoints,
    text: "Enabling regional endpoints takes one more private address for each replica at every private endpoint.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-addresses-formula",
    section: privateEndpoints,
    text: "With R replicas, the home region's counted, a private endpoint needs 1 + R addresses, and R more with regional endpoints.",
    appliesTo: "Microsoft documentation, August 2026",
  },
  {
    id: "azure-wire/subnet-keeps-five",
    section: privateEndpoints,
    text: "Azure keeps five addresses of every subnet for itself: the first four and the last.",
    appliesTo: "Microsoft documentation, as quoted by public pages",
  },
  {
    id: "azure-wire/acr-static-addresses",
    section: privateEndpoints,
    text: "A private endpoint with static addresses stands in the way of new replicas; Microsoft once declined to document this and then did.",
    appliesTo: "Microsoft documentation, 2026; a user's report of 2024",
  },
  {
    id: "azure-wire/acr-connection-states",
    section: privateEndpoints,
    text: "A private endpoint connection is Approved, Pending, Rejected or Disconnected, beside a provisioning state of its own.",
    appliesTo: "read in the SDK, API 2025-11-01",
  },
  {
    id: "azure-wire/acr-data-endpoints",
    section: registries,
    text: "dataEndpointEnabled gives each region a data host, which pulls are sent on to with 307; it is on by itself when a private endpoint exists.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-home-may-be-unlisted",
    section: replications,
    text: "The list of replications leaves out the home region in a fresh Premium registry, and is empty without replicas; older versions listed it, so neither may be assumed.",
    appliesTo: `${recorded}; the older versions are well known, not re-verified`,
    contradicts: ["acr-geo-operations/home-region-listed"],
  },
  {
    id: "azure-wire/acr-display-status",
    section: replications,
    text: "A replication that is ready has displayStatus Ready. Other words occur, such as Syncing, and are free text.",
    appliesTo: `${recorded}; the other words are well known, not re-verified`,
    contradicts: ["acr-geo-operations/status-online"],
  },
  {
    id: "azure-wire/acr-no-status-at-first",
    section: replications,
    text: "A replication that is being created has a status without displayStatus, and a message only where there is something to say.",
    appliesTo: recorded,
  },
  {
    id: "azure-wire/acr-route-out-reads-ready",
    section: replications,
    text: "A replica out of routing reads regionEndpointEnabled false and is still Ready.",
    appliesTo: recorded,
  },
  {
    id: "azure-wire/acr-zones-at-creation",
    section: replications,
    text: "Zone redundancy of a replica is given at creation only, and a replica created without it reported Disabled.",
    appliesTo: `${recorded}; whether that region has zones is not known`,
    contradicts: ["acr-geo-operations/zone-redundancy"],
  },
  {
    id: "azure-wire/acr-replica-not-at-home",
    section: replications,
    text: "A replica in the registry's home region is refused. By convention a replication is named after its region.",
    appliesTo: "Microsoft documentation; the name in recorded traffic",
  },
  {
    id: "azure-wire/acr-canary-regions",
    section: replications,
    text: "A degraded replica in a canary region (a name ending in euap) stayed in global routing until it was taken out by hand, and nearly every installation that met it failed.",
    appliesTo: `${notes}, July 2026`,
  },
  {
    id: "azure-wire/acr-names-of-the-routing-flag",
    section: replications,
    text: "Global routing of a replica is regionEndpointEnabled in ARM, --global-endpoint-routing in az (once --region-endpoint-enabled), and regional_endpoint_enabled or global_endpoint_routing_enabled in Terraform.",
    appliesTo: "ARM's name in recorded traffic; the others from public issue threads, not re-verified",
  },
  {
    id: "azure-wire/acr-routing-flag-by-az-version",
    section: replications,
    text: "Scripts broke in both directions over the renamed routing flag: az 2.87.0 lacks the old name, az before 2.86.0 the new one.",
    appliesTo: `${notes}, June 2026`,
  },
  {
    id: "azure-wire/acr-typed-client-sends-nothing",
    section: client,
    text: "Enabling regional endpoints through the typed client sends an empty body and reports success, so the change has to be a plain request and be read back.",
    appliesTo: "observed with the SDK on a simulated transport, arm-containerregistry 12.0.0",
  },
  {
    id: "azure-wire/acr-typed-client-drops",
    section: client,
    text: "The typed client drops properties it does not know from every answer, regional hosts among them, whichever API version is asked for.",
    appliesTo: "observed with the SDK on a simulated transport, arm-containerregistry 12.0.0",
  },
];
