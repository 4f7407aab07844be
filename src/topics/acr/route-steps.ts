import type { Registry, Replica } from "../../azure/registry-ports.ts";
import type { Step } from "../../plan/plan.ts";
import { azwiseAcr } from "./az-command.ts";
import { API, AT_REGISTRY, here, pathOf, ROUTED, seenReplica, stays } from "./registry-steps.ts";

export function routeIn(registry: Registry, replica: Replica): Step {
  return {
    ...change(registry, replica, true),
    id: `route in ${replica.region}`,
    title: `Put ${replica.region} back into global routing`,
    saw: [seenReplica(registry, replica)],
    because: ["acr-geo-operations/route-in-ready-at-once", "acr-geo-operations/route-in-no-cooldown"],
  };
}

/** `staying` must be in routing right before this is sent. */
export function routeOut(registry: Registry, replica: Replica, staying: Replica): Step {
  return {
    ...change(registry, replica, false),
    id: `route out ${replica.region}`,
    title: `Take ${replica.region} out of global routing`,
    saw: [seenReplica(registry, replica)],
    needs: stays(registry, staying),
    because: ["acr-geo-operations/route-out-stops-global", "azure-wire/acr-route-out-reads-ready"],
  };
}

/** Another run can have taken out `staying` between the look at it and this run's own change. */
export function putBack(
  registry: Registry,
  replica: Replica,
  { staying, out }: { staying: Replica; out: string },
): Step {
  return {
    ...change(registry, replica, true),
    id: `put back ${replica.region}`,
    title: `Put ${replica.region} back, only if ${staying.region} is found out of routing`,
    saw: [],
    unless: stays(registry, staying),
    mustFollow: out,
    byHand: routeInByHand(registry, replica),
    because: ["acr-geo-operations/route-out-stops-global"],
  };
}

/** What puts a replica back, typed by a person. */
export function routeInByHand(registry: Registry, { region }: Replica): string {
  return azwiseAcr("route in", registry, ["--region", region, "--apply"]);
}

type Change = Pick<Step, "kind" | "resource" | "request" | "expect" | "lags" | "impact" | "dependsOn">;

function change(registry: Registry, replica: Replica, routed: boolean): Change {
  const path = pathOf(registry, replica);
  return {
    kind: "route",
    resource: path,
    request: {
      method: "PATCH",
      path,
      apiVersion: API,
      body: { properties: { regionEndpointEnabled: routed } },
    },
    expect: here(path, { [ROUTED]: routed }),
    ...AT_REGISTRY,
  };
}
