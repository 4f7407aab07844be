import type { Registry, Replica } from "../../azure/registry-ports.ts";
import type { RegistryRead } from "./read.ts";
import { fewServe, isInRouting, regionList, servingOf } from "./replicas.ts";

/** One thing that can happen, and who acts then. */
export interface Scenario {
  scenario: string;
  automatic: "yes" | "no" | "in part" | "cannot tell";
  /** What this registry does, or what its owner has to do. */
  detail: string;
  because: string[];
}

/** What happens by itself at this registry, and what does not. */
export function automaticOf(read: RegistryRead): Scenario[] {
  return [
    failover(read),
    failback(read),
    throttling(read),
    pinned(read),
    ...takenOut(read),
    homeOutage(read),
  ];
}

type Ways = "yes" | "no" | "cannot tell";

/** Whether there is another replica to go to when one fails. */
function hasWayOut({ replicas }: RegistryRead): Ways {
  const { serving, isUntold } = servingOf(replicas);
  if (serving.length > 1) return "yes";
  return isUntold ? "cannot tell" : "no";
}

function failover(read: RegistryRead): Scenario {
  const scenario = "the registry in one region fails";
  const automatic = hasWayOut(read);
  const because = ["acr-geo-operations/failover-automatic", "acr-geo-operations/failover-takes-minutes"];
  const { serving } = servingOf(read.replicas);
  if (automatic === "yes") {
    const detail = `the global endpoint moves to one of ${regionList(serving)} within minutes`;
    return { scenario, automatic, detail, because };
  }
  const detail =
    automatic === "no"
      ? `${fewServe(serving)}, so there is nowhere to go`
      : "the service does not tell which replicas are in routing";
  return {
    scenario,
    automatic,
    detail,
    because: [...because, "acr-geo-operations/fewer-replicas-more-load"],
  };
}

function failback(read: RegistryRead): Scenario {
  const automatic = hasWayOut(read);
  const detail =
    automatic === "yes"
      ? "it is used again at once, without a cooldown"
      : "needs a second replica in routing, to come back from";
  return {
    scenario: "that region recovers",
    automatic,
    detail,
    because: ["acr-geo-operations/failback-automatic"],
  };
}

function throttling({ registry, replicas }: RegistryRead): Scenario {
  const remedy =
    replicas.length === 1
      ? "there is no other replica to spread the load over"
      : `spread the load over regional hosts${enabledFirst(registry)}`;
  return {
    scenario: "a replica throttles (429)",
    automatic: "no",
    detail: `clients stay there; ${remedy}`,
    because: ["acr-geo-operations/failover-not-throttling", "acr-geo-operations/throttling-per-replica"],
  };
}

function enabledFirst({ regionalEndpoints }: Registry): string {
  if (regionalEndpoints === undefined) return ", if they are enabled, which is not told";
  return regionalEndpoints ? "" : ", which are not enabled";
}

function pinned({ registry: { regionalEndpoints } }: RegistryRead): Scenario {
  const detail = regionalEndpoints
    ? "a client of a regional host stays with it; it has to change the host and sign in again by itself"
    : regionalEndpoints === false
      ? "no client can be pinned: regional endpoints are off"
      : "the service does not tell whether regional endpoints are on";
  return {
    scenario: "the region of a pinned client fails",
    automatic: regionalEndpoints === undefined ? "cannot tell" : "no",
    detail,
    because: ["acr-geo-operations/failover-not-regional", "acr-geo-operations/sign-in-per-endpoint"],
  };
}

function takenOut({ replicas }: RegistryRead): Scenario[] {
  const out = replicas.filter((each) => isInRouting(each) === false);
  if (out.length === 0) return [];
  return [
    {
      scenario: "a replica is out of routing",
      automatic: "no",
      detail: `out until the owner puts it back: ${regionList(out)}`,
      because: ["acr-geo-operations/route-out-stops-global", "acr-geo-operations/flag-is-not-health"],
    },
  ];
}

function homeOutage(read: RegistryRead): Scenario {
  const others = read.replicas.filter(({ isHome }) => !isHome);
  const { serving, isUntold } = servingOf(others);
  const data =
    serving.length > 0
      ? `pulls and pushes go on at ${regionList(serving)}`
      : isUntold
        ? "which other replica serves the global endpoint is not told"
        : "no other replica serves the global endpoint";
  const direct = others.filter((each) => isOutWithHost(each, read.registry));
  const more =
    direct.length === 0
      ? ""
      : `; clients can pull from the regional host of ${regionList(direct)}, out of routing as it is`;
  return {
    scenario: `the home region ${read.registry.location} fails`,
    automatic: serving.length > 0 ? "in part" : isUntold ? "cannot tell" : "no",
    detail: `${data}${more}; replicas and network rules cannot be changed until it is back`,
    because: [
      "acr-geo-operations/home-outage-data-plane",
      "acr-geo-operations/home-outage-control-plane",
      ...(direct.length === 0 ? [] : ["acr-geo-operations/route-out-regional-answers"]),
    ],
  };
}

function isOutWithHost(replica: Replica, { regionalHosts }: Registry): boolean {
  const isReady = replica.provisioningState === "Succeeded" && isInRouting(replica) === false;
  return isReady && regionalHosts.some(({ region }) => region === replica.region);
}
