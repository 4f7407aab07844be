import type { Registry } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import type { Finding, Observation, Step } from "../../plan/plan.ts";
import { azwiseAcr } from "./az-command.ts";
import type { RegistryRead } from "./read.ts";
import { canServe, isInRouting, regionList } from "./replicas.ts";
import { planRoute, type RoutedReplica } from "./route-plan.ts";
import { routeIn, routeInByHand } from "./route-steps.ts";
import type { Unknown } from "./who-serves.ts";

/** So many replicas leave two to share the load while one is out. */
const ENOUGH = 3;

export interface RehearsalPlan {
  registry: Registry;
  /** Of the replica that goes out and comes back. */
  region: string;
  replicas: RoutedReplica[];
  out: Step;
  /** Follows `out` whatever happens. */
  back: Step;
  /** What holds as long as the replica that is to stay does. */
  stays: Observation;
  steps: Step[];
  warnings: Finding[];
  refusals: Finding[];
  rehearsal: true;
}

export interface RehearsalWish {
  region: string;
  acceptRisk: boolean;
}

/** A replica out of global routing and back. Throws AppError for what must not be. */
export function planRehearsal(read: RegistryRead, { region, acceptRisk }: RehearsalWish): RehearsalPlan {
  const { registry } = read;
  const planned = planRoute(read, { regions: { [region]: "out" }, canaries: [] });
  const [out] = planned.steps;
  const replica = read.replicas.find((each) => each.region === region);
  if (!replica || !out?.needs || isInRouting(replica) !== true) throw notIn(registry, region);
  const able = read.replicas.filter((each) => canServe(each) === true);
  if (able.length < ENOUGH && !acceptRisk) throw tooFew(registry, regionList(able));
  const back: Step = {
    ...routeIn(registry, replica),
    saw: [],
    dependsOn: [out.id],
    mustFollow: out.id,
    byHand: routeInByHand(registry, replica),
  };
  // It holds until the way back only, which is taken in any case: that also puts right what Put back is for.
  const outForNow: Step = { ...out, transient: true };
  return {
    registry,
    region,
    replicas: planned.replicas,
    out: outForNow,
    back,
    stays: out.needs,
    steps: [outForNow, back],
    warnings: planned.warnings,
    refusals: [],
    rehearsal: true,
  };
}

function notIn(registry: Registry, region: string): AppError {
  const text = `the replica in ${region} is not known to be in global routing, so that there is nothing to rehearse`;
  const hint = `put it in first: ${azwiseAcr("route in", registry, ["--region", region])}`;
  return new AppError("usage", text, { hint });
}

function tooFew(registry: Registry, able: string): AppError {
  const text = `fewer than ${ENOUGH} replicas of ${registry.name} can serve (${able}): with one out, too few would be left`;
  const add = azwiseAcr("replica add", registry, ["--region"]);
  return new AppError("usage", text, {
    hint: `add one with ${add} <region>, or go on with --accept-risk`,
    because: ["acr-geo-operations/two-regions-throttle", "acr-geo-operations/fewer-replicas-more-load"],
  });
}

/** Refuses a rehearsal that would prove nothing. */
export function requireSeen(unknown: Unknown | undefined, { acceptRisk }: RehearsalWish): void {
  if (unknown === undefined || acceptRisk) return;
  throw new AppError("partial", `cannot tell which region answers: ${unknown.text}`, {
    hint: "--accept-risk goes on, and believes the control plane alone",
    because: unknown.because,
  });
}

/** What the one who rehearses should know of what can be seen from here. */
export function warnOfSight(
  { registry, region }: RehearsalPlan,
  before: { region?: string; unknown?: Unknown },
): Finding[] {
  if (before.unknown) {
    const text = `which region answers cannot be told, so only the control plane is believed: ${before.unknown.text}`;
    return [{ subject: registry.name, text, because: before.unknown.because }];
  }
  if (before.region === region) return [];
  const text = `it does not serve this machine now (${before.region} does), so that its own clients move and return cannot be seen from here`;
  return [{ subject: region, text, because: ["acr-geo-operations/global-picks-by-network"] }];
}
