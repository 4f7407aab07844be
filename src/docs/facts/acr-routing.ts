import type { Fact } from "../fact.ts";

const out = "Step 3: Take a replica out of global endpoint routing";
const backIn = "Step 4: Re-enable the replica to participate in global endpoint routing";
const failover = "Step 5: What to expect when health-aware failover triggers";

/** A replica out of routing and back, and failover; part of acr-geo-operations. */
export const geoRoutingFacts: readonly Omit<Fact, "article">[] = [
  {
    id: "acr-geo-operations/route-out-when",
    section: out,
    text: "Taking a replica out of routing is for rehearsals, maintenance and setting a suspect replica aside without losing it.",
  },
  {
    id: "acr-geo-operations/route-out-stops-global",
    section: out,
    text: "The global endpoint sends no requests to a replica that is out of routing.",
  },
  {
    id: "acr-geo-operations/route-out-keeps-syncing",
    section: out,
    text: "A replica out of routing still receives what is pushed elsewhere and passes on what is pushed to it.",
  },
  {
    id: "acr-geo-operations/route-out-still-costs",
    section: out,
    text: "A replica out of routing is charged like any other and still counts towards storage.",
  },
  {
    id: "acr-geo-operations/route-out-regional-answers",
    section: out,
    text: "The regional host of a replica that is out of routing goes on answering.",
  },
  {
    id: "acr-geo-operations/two-controls-one-name",
    section: out,
    text: "--global-endpoint-routing says whether one replica takes part in global routing, --regional-endpoints gives the whole registry hosts per region; neither affects the other.",
  },
  {
    id: "acr-geo-operations/flag-renamed",
    section: out,
    text: "az 2.86.0 renamed --region-endpoint-enabled to --global-endpoint-routing; the old name goes away with 2.87.0, so scripts have to be changed.",
    appliesTo: "az 2.86.0 and 2.87.0 (June 2026)",
  },
  {
    id: "acr-geo-operations/data-endpoint-flag",
    section: out,
    text: "Dedicated data endpoints are a switch of the whole registry (--data-endpoint-enabled) and come on by themselves with the first private endpoint.",
  },
  {
    id: "acr-geo-operations/route-in-ready-at-once",
    section: backIn,
    text: "A replica put back into routing can serve at once, because it was kept in step while it was out.",
  },
  {
    id: "acr-geo-operations/route-in-no-cooldown",
    section: backIn,
    text: "There is no cooldown after putting a replica back: requests reach it as soon as ACR has taken the change in.",
  },
  {
    id: "acr-geo-operations/dns-purged-by-acr",
    section: backIn,
    text: "When a replica leaves routing, ACR drops its own DNS records for it right away and does not wait for their TTL.",
  },
  {
    id: "acr-geo-operations/long-lived-dns-cache",
    section: backIn,
    text: "A long-lived DNS cache for the global name keeps clients on the old replica, so that neither failover nor taking a replica out seems to work; do not run one.",
  },
  {
    id: "acr-geo-operations/failover-automatic",
    section: failover,
    text: "When the registry in one region cannot serve reliably, the global endpoint moves to a healthy replica without anyone acting.",
  },
  {
    id: "acr-geo-operations/failover-no-trigger",
    section: failover,
    text: "Health-aware failover cannot be started by the customer.",
  },
  {
    id: "acr-geo-operations/failover-takes-minutes",
    section: failover,
    text: "Failover takes minutes, so that passing errors do not set it off; DNS lifetimes can add to that before every client has moved.",
  },
  {
    id: "acr-geo-operations/failover-only-global",
    section: failover,
    text: "Failover covers API requests to the global endpoint and nothing else.",
  },
  {
    id: "acr-geo-operations/failover-not-mid-operation",
    section: failover,
    text: "Health is judged when a request arrives; an operation already under way is not moved.",
  },
  {
    id: "acr-geo-operations/failover-not-regional",
    section: failover,
    text: "A client on a regional endpoint stays with that replica when its region has trouble; moving to another region is the client's own task.",
  },
  {
    id: "acr-geo-operations/failover-not-data-endpoints",
    section: failover,
    text: "A layer download that has been redirected stays with its region's data endpoint until it ends.",
  },
  {
    id: "acr-geo-operations/failover-signals",
    section: failover,
    text: "A failover shows in slower pulls, in Resource Health of the registry, and in the status of its replicas.",
  },
  {
    id: "acr-geo-operations/failover-per-registry",
    section: failover,
    text: "Health is judged for each registry: others in the same region that are well stay where they are.",
  },
  {
    id: "acr-geo-operations/failback-automatic",
    section: failover,
    text: "Once a region is judged healthy, the global endpoint uses it again by itself and without a cooldown.",
  },
  {
    id: "acr-geo-operations/failover-not-throttling",
    section: failover,
    text: "Answers of 429 set off no failover: a replica that throttles while its region is well keeps its traffic, and only spreading the load over regional endpoints helps.",
  },
  {
    id: "acr-geo-operations/long-push-across-failover",
    section: failover,
    text: "A push that is under way during a failover can leave its layers on one replica and its manifest on another.",
  },
];
