import type { Registry, Replica } from "../../azure/registry-ports.ts";
import type { Observation, Step } from "../../plan/plan.ts";
import { nameOf } from "../../resource-id.ts";

/** The version that registries are read with, so that reads and writes see the same shapes. */
const API = "2026-03-01-preview";
const ROUTED = "properties.regionEndpointEnabled";
const STATE = "properties.provisioningState";

/** Another operation on the registry is under way, such as a replica's creation. */
const BUSY = { codes: ["RegistryStatusConflict"], pauseMs: 10_000, mostTries: 30 };

export function routeIn(registry: Registry, replica: Replica): Step {
  return {
    ...change(registry, replica, true),
    id: `route in ${replica.region}`,
    title: `Put ${replica.region} back into global routing`,
    saw: [seen(registry, replica)],
    because: ["acr-geo-operations/route-in-ready-at-once", "acr-geo-operations/route-in-no-cooldown"],
  };
}

/** `staying` must be in routing right before this is sent. */
export function routeOut(registry: Registry, replica: Replica, staying: Replica): Step {
  return {
    ...change(registry, replica, false),
    id: `route out ${replica.region}`,
    title: `Take ${replica.region} out of global routing`,
    saw: [seen(registry, replica)],
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
    because: ["acr-geo-operations/route-out-stops-global"],
  };
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
    lags: BUSY,
    impact: "none",
    dependsOn: [],
  };
}

function seen(registry: Registry, replica: Replica): Observation {
  const { inRouting = null, provisioningState } = replica;
  return here(pathOf(registry, replica), { [ROUTED]: inRouting, [STATE]: provisioningState });
}

/** A home region that is no replication is in routing as long as it is none. */
function stays(registry: Registry, staying: Replica): Observation {
  const path = pathOf(registry, staying);
  if (staying.id === undefined) return { path, apiVersion: API, exists: false, fields: {} };
  return here(path, { [ROUTED]: true, [STATE]: "Succeeded" });
}

function here(path: string, fields: Observation["fields"]): Observation {
  return { path, apiVersion: API, exists: true, fields };
}

/** By the registry's own id, whose casing the list of replications does not keep. */
function pathOf({ id }: Registry, replica: Replica): string {
  return `${id}/replications/${replica.id === undefined ? replica.region : nameOf(replica.id)}`;
}
