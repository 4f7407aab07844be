import type { Registry, Replica } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import type { Finding, Step } from "../../plan/plan.ts";
import { azwiseAcr } from "./az-command.ts";
import { hostIn } from "./hosts.ts";
import { requirePremium } from "./obstacles.ts";
import { lastOne, requireReplica } from "./plan-checks.ts";
import { isInRouting, isPublicCanary, isRoutable, mostReliedOn } from "./replicas.ts";
import { seenStaying } from "./registry-steps.ts";
import { warnOfCanary, warnOfLoad } from "./routing-warnings.ts";
import { putBack, routeIn, routeOut } from "./route-steps.ts";

export type Way = "in" | "out";

interface RouteWish {
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
  const named = Object.keys(regions).filter((region) => regions[region] === "out");
  if (named.length > 0 && !staying) throw lastOne({ registry, replicas }, named);
  const changed = routed.filter(({ now, planned }) => planned !== now);
  for (const { replica } of changed) requireSettled(replica);
  const out = changed.filter(({ planned }) => planned === false).map(({ replica }) => replica);
  const into = changed.filter(({ planned }) => planned === true).map(({ replica }) => replica);
  const pool = left.map(({ region }) => region);
  const counted = left.filter(({ region }) => !into.some((each) => each.region === region));
  return {
    registry,
    replicas: routed,
    unnamed: replicas.map(({ region }) => region).filter((region) => regions[region] === undefined),
    steps: inOrder([
      ...into.map((replica) => routeIn(registry, replica)),
      ...withCount(
        registry,
        counted,
        out.flatMap((replica) => (staying ? outOf(registry, replica, staying) : [])),
      ),
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

/** How many are left is warned of, so a saved plan is of no use when one of those has left meanwhile. */
function withCount(registry: Registry, counted: readonly Replica[], steps: readonly Step[]): Step[] {
  const seen = counted.map((replica) => seenStaying(registry, replica));
  return steps.map((step, index) => (index === 0 ? { ...step, saw: [...step.saw, ...seen] } : step));
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
  const replica = requireReplica(region, registry, replicas);
  if (replica.id !== undefined || way === "in") return;
  throw new AppError(
    "usage",
    `${region} is the home region of ${registry.name} and no replication, so it cannot be taken out`,
    {
      hint: `which replicas are replications is told by: ${azwiseAcr("show", registry)}`,
      because: ["azure-wire/acr-home-may-be-unlisted"],
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

function warnOfReplica({ regionalHosts }: Registry, { region }: Replica): Finding {
  const host = hostIn(region, regionalHosts);
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
