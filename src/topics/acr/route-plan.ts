import type { Registry, Replica } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import type { Finding, Step } from "../../plan/plan.ts";
import { requirePremium } from "./obstacles.ts";
import { isInRouting, isPublicCanary, isRoutable, mostReliedOn } from "./replicas.ts";
import { putBack, routeIn, routeOut } from "./route-steps.ts";

export type Way = "in" | "out";

export interface RouteWish {
  /** By region; those that are not named stay as they are. */
  regions: Readonly<Record<string, Way>>;
  /** Regions that the user calls canaries, beside the public ones. */
  canaries: readonly string[];
}

/** A replica, and what becomes of it; undefined where that is not told. */
export interface RoutedReplica {
  replica: Replica;
  now: boolean | undefined;
  planned: boolean | undefined;
}

export interface RoutePlan {
  registry: Registry;
  replicas: RoutedReplica[];
  /** Regions with a replica that the wish says nothing of. */
  unnamed: string[];
  steps: Step[];
  warnings: Finding[];
  refusals: Finding[];
}

interface State {
  registry: Registry;
  replicas: readonly Replica[];
}

/** Replicas in and out of global routing, one step after the other. Throws AppError for what must not be. */
export function planRoute({ registry, replicas }: State, { regions, canaries }: RouteWish): RoutePlan {
  requirePremium(registry, "replicas");
  for (const [region, way] of Object.entries(regions)) requireChangeable(region, way, { registry, replicas });
  const routed = replicas.map((replica) => toRouted(replica, regions[replica.region]));
  const isCanary = (region: string): boolean => isPublicCanary(region) || canaries.includes(region);
  const after = routed.map(({ replica, planned }) => ({ ...replica, inRouting: planned }));
  const left = mostReliedOn(after.filter(isRoutable), isCanary);
  const [staying] = left;
  if (Object.values(regions).includes("out") && !staying) throw lastOne(registry, regions);
  const changed = routed.filter(({ now, planned }) => planned !== now);
  for (const { replica } of changed) requireSettled(replica);
  const out = changed.filter(({ planned }) => planned === false).map(({ replica }) => replica);
  const into = changed.filter(({ planned }) => planned === true).map(({ replica }) => replica);
  const pool = left.map(({ region }) => region);
  return {
    registry,
    replicas: routed,
    unnamed: replicas.map(({ region }) => region).filter((region) => regions[region] === undefined),
    steps: inOrder([
      ...into.map((replica) => routeIn(registry, replica)),
      ...out.flatMap((replica) => (staying ? outOf(registry, replica, staying) : [])),
    ]),
    warnings: [
      ...(out.length > 0 ? warnOfLoad(registry, pool) : []),
      ...(changed.length > 0 ? pool.filter(isCanary).map(warnOfCanary) : []),
      ...out.map((replica) => warnOfReplica(registry, replica)),
      ...(out.length > 0 ? warnOfLever(registry) : []),
    ],
    refusals: [],
  };
}

function toRouted(replica: Replica, way: Way | undefined): RoutedReplica {
  const now = isInRouting(replica);
  return { replica, now, planned: way === undefined ? now : way === "in" };
}

/** A home region that is no replication cannot leave, so there is nothing to put back for. */
function outOf(registry: Registry, replica: Replica, staying: Replica): Step[] {
  const step = routeOut(registry, replica, staying);
  return staying.id === undefined ? [step] : [step, putBack(registry, replica, { staying, out: step.id })];
}

/** The service makes one change of a registry at a time. */
function inOrder(steps: readonly Step[]): Step[] {
  return steps.map((step, index) => ({
    ...step,
    dependsOn: steps
      .slice(0, index)
      .slice(-1)
      .map(({ id }) => id),
  }));
}

function requireChangeable(region: string, way: Way, { registry, replicas }: State): void {
  const replica = replicas.find((each) => each.region === region);
  if (!replica) {
    const known = replicas.map((each) => each.region).join(", ");
    throw new AppError("usage", `registry ${registry.name} has no replica in ${region}`, {
      hint: `it has replicas in: ${known}`,
    });
  }
  if (replica.id !== undefined || way === "in") return;
  throw new AppError(
    "usage",
    `${region} is the home region of ${registry.name} and no replication, so it cannot be taken out`,
    {
      hint: `azwise acr show ${registry.name} tells which replicas are replications`,
      because: ["azure-wire/acr-home-may-be-unlisted"],
    },
  );
}

function lastOne({ name }: Registry, regions: RouteWish["regions"]): AppError {
  const out = Object.keys(regions).filter((region) => regions[region] === "out");
  return new AppError(
    "usage",
    `with ${out.join(", ")} out, no replica of ${name} that is ready would be in global routing`,
    {
      hint: `put another one in first: azwise acr route in ${name} --region <region>`,
      because: ["acr-geo-operations/route-out-stops-global"],
    },
  );
}

function requireSettled({ region, provisioningState }: Replica): void {
  if (provisioningState === "Succeeded") return;
  throw new AppError(
    "changes",
    `the replica in ${region} is ${provisioningState || "in no state that is told"}`,
    {
      hint: "try again when it has settled",
      because: ["azure-wire/acr-provisioning-states"],
    },
  );
}

/** What it means for those that are left in routing when another one is not any more. */
export function warnOfLoad({ name }: Registry, pool: readonly string[]): Finding[] {
  const [only, another] = pool;
  const limits = ["acr-geo-operations/throttling-per-replica", "acr-geo-operations/fewer-replicas-more-load"];
  if (another !== undefined) {
    const text = `${pool.length} replicas are left in routing and ready (${pool.join(", ")}) and share the load, each with its own throttling limits`;
    return [{ subject: name, text, because: limits }];
  }
  return [
    {
      subject: name,
      text: `only ${only} is left in routing and ready: all load falls on the throttling limits of one replica`,
      because: [...limits, "acr-geo-operations/failover-not-throttling"],
    },
    {
      subject: name,
      text: `if ${only} fails there is no other replica that the global endpoint could move to`,
      because: ["acr-geo-operations/failover-automatic", "acr-geo-operations/two-regions-throttle"],
    },
  ];
}

export function warnOfCanary(region: string): Finding {
  return {
    subject: region,
    text: "a canary region is in routing: it has been left there degraded until somebody took it out by hand",
    because: ["azure-wire/acr-canary-regions"],
  };
}

function warnOfReplica({ regionalHosts }: Registry, { region }: Replica): Finding {
  const host = regionalHosts.find((each) => each.region === region)?.host;
  const answers = host === undefined ? "" : `, ${host} still answers`;
  return {
    subject: region,
    text: `out of routing it still syncs both ways${answers}, and is billed like any other`,
    because: [
      "acr-geo-operations/route-out-keeps-syncing",
      "acr-geo-operations/route-out-still-costs",
      ...(host === undefined ? [] : ["acr-geo-operations/route-out-regional-answers"]),
    ],
  };
}

function warnOfLever({ name, location }: Registry): Finding[] {
  return [
    {
      subject: name,
      text: "clients behind a long-lived DNS cache stay where they are; ACR drops its own records right away",
      because: ["acr-geo-operations/long-lived-dns-cache", "acr-geo-operations/dns-purged-by-acr"],
    },
    {
      subject: name,
      text: `routing is changed in the control plane of the home region: while ${location} is down, nothing can be put back`,
      because: ["acr-geo-operations/home-outage-control-plane"],
    },
  ];
}
