import type { Registry, Replica } from "../../azure/registry-ports.ts";
import { azAcr, azwiseAcr } from "./az-command.ts";
import { cannotTell, type Finding } from "./doctor-finding.ts";
import type { Examined } from "./doctor-read.ts";
import { isPremium } from "./obstacles.ts";
import { canServe, hoursStuck, isInRouting, isPublicCanary, regionList } from "./replicas.ts";
import { stuckRemedy } from "./replica-notes.ts";

/** Whether there is somewhere to go when a region fails, and what is wrong with each replica. */
export function checkReplicas({ registry, replicas, nowMs }: Examined): Finding[] {
  if (!isPremium(registry)) return [notPremium(registry)];
  if ("unknown" in replicas) {
    return [cannotTell("replicas-unknown", "what state its replicas are in", { reason: replicas.unknown })];
  }
  return [
    ...checkWaysOut(replicas.value),
    ...replicas.value.flatMap((replica) => checkReplica(replica, registry, nowMs)),
  ];
}

function notPremium(registry: Registry): Finding {
  return {
    id: "not-premium",
    severity: "warning",
    title: "no replicas and no regional hosts",
    evidence: `the SKU is ${registry.sku || "not told"}, and they need Premium, at another price`,
    command: azAcr(registry, ["update", "--sku", "Premium"]),
    because: ["acr-geo-operations/premium-only", "acr-regional-endpoints/premium-public-cloud"],
  };
}

function checkWaysOut(replicas: readonly Replica[]): Finding[] {
  const serving = replicas.filter((each) => canServe(each) === true);
  const untold = replicas.filter((each) => canServe(each) === undefined);
  if (untold.length > 0) {
    const reason = `the service does not say it of ${regionList(untold)}`;
    return [cannotTell("routing-untold", "which replicas are in global routing", { reason })];
  }
  if (serving.length < 2) return [nowhereToGo(replicas, serving)];
  if (serving.length > 2) return [];
  return [
    {
      id: "two-regions",
      severity: "warning",
      title: "all load of one region falls on one other",
      evidence: `only ${regionList(serving)} can serve the global endpoint; the article plans for two or three that are left`,
      because: [
        "acr-geo-operations/two-regions-throttle",
        "acr-geo-operations/throttling-per-replica",
        "acr-geo-operations/fewer-replicas-more-load",
      ],
    },
  ];
}

function nowhereToGo(replicas: readonly Replica[], serving: readonly Replica[]): Finding {
  const only = serving.length === 0 ? "no replica" : `only ${regionList(serving)}`;
  return {
    id: "nowhere-to-go",
    severity: "error",
    title: "nowhere to fail over to",
    evidence:
      replicas.length === 1
        ? `${regionList(replicas)} has the only replica; another region is yours to choose`
        : `${only} of ${regionList(replicas)} can serve the global endpoint`,
    because: ["acr-geo-operations/failover-automatic", "acr-geo-operations/fewer-replicas-more-load"],
  };
}

function checkReplica(replica: Replica, registry: Registry, nowMs: number): Finding[] {
  return [
    ...checkState(replica, registry, nowMs),
    ...checkOut(replica, registry),
    ...checkCanary(replica, registry),
  ];
}

function checkState(replica: Replica, registry: Registry, nowMs: number): Finding[] {
  const { region, provisioningState: state, status } = replica;
  const hours = hoursStuck(replica, nowMs);
  if (hours !== undefined) {
    const { text, because = [] } = stuckRemedy(
      `Creating for ${hours} h without a status`,
      undefined,
      registry,
    );
    const title = `the replica in ${region} may be stuck`;
    // Without one no cause is known, and a large registry takes long.
    const isKnown = registry.privateEndpoints.length > 0 && !replica.isHome;
    const command = isKnown ? azwiseAcr("replica remove", registry, ["--region", region]) : undefined;
    return [{ id: "replica-stuck", severity: "error", title, evidence: text, command, because }];
  }
  if (!/^(failed|canceled)$/i.test(state)) return [];
  return [
    {
      id: "replica-failed",
      severity: "error",
      title: `the replica in ${region} is ${state}`,
      evidence: `its status is ${status ?? "not told"}; the cause is not told either, and the activity log may know it`,
      because: ["azure-wire/acr-provisioning-states"],
    },
  ];
}

function checkOut(replica: Replica, registry: Registry): Finding[] {
  if (isInRouting(replica) !== false) return [];
  const { region, since } = replica;
  const changed = since === undefined ? "" : `; its status is of ${since}, which may be another time`;
  return [
    {
      id: "out-of-routing",
      severity: "warning",
      title: `the replica in ${region} is out of global routing`,
      evidence: `on purpose or forgotten: since when the service does not tell${changed}; it is billed all the same`,
      command: azwiseAcr("route in", registry, ["--region", region]),
      because: ["acr-geo-operations/route-out-stops-global", "acr-geo-operations/route-out-still-costs"],
    },
  ];
}

function checkCanary(replica: Replica, registry: Registry): Finding[] {
  const { region } = replica;
  if (!isPublicCanary(region) || isInRouting(replica) === false) return [];
  return [
    {
      id: "canary-in-routing",
      severity: "warning",
      title: `the canary region ${region} is in global routing`,
      evidence: "one that was degraded stayed in routing until it was taken out by hand",
      command: replica.isHome ? undefined : azwiseAcr("route out", registry, ["--region", region]),
      because: ["azure-wire/acr-canary-regions"],
    },
  ];
}
