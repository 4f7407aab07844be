import type { Registry, Replica } from "../../azure/registry-ports.ts";
import type { Observation, Step } from "../../plan/plan.ts";
import { nameOf } from "../../resource-id.ts";

/** The version that registries are read with, so that reads and writes see the same shapes. */
export const API = "2026-03-01-preview";
export const ROUTED = "properties.regionEndpointEnabled";
export const STATE = "properties.provisioningState";
export const REGIONAL = "properties.regionalEndpoints";

/** Another operation on the registry is under way, such as a replica's creation. */
const BUSY = { codes: ["RegistryStatusConflict"], pauseMs: 10_000, mostTries: 30 };

/** What every step at a registry or its replicas has in common. */
export const AT_REGISTRY: Pick<Step, "lags" | "impact" | "dependsOn"> = {
  lags: BUSY,
  impact: "none",
  dependsOn: [],
};

export function here(path: string, fields: Observation["fields"]): Observation {
  return { path, apiVersion: API, exists: true, fields };
}

export function absent(path: string): Observation {
  return { path, apiVersion: API, exists: false, fields: {} };
}

export function seenReplica(registry: Registry, replica: Replica): Observation {
  const { inRouting = null, provisioningState } = replica;
  return here(pathOf(registry, replica), { [ROUTED]: inRouting, [STATE]: provisioningState });
}

/** What the addresses of its private endpoints were counted from, and which hosts there are. */
export function seenRegistry({ id, regionalEndpoints: regional, privateEndpoints }: Registry): Observation {
  return here(id, {
    [REGIONAL]: regional === undefined ? null : switchWord(regional),
    "length(properties.privateEndpointConnections || `[]`)": privateEndpoints.length,
  });
}

export function switchWord(on: boolean): string {
  return on ? "Enabled" : "Disabled";
}

/** A home region that is no replication is in routing as long as it is none. */
export function stays(registry: Registry, staying: Replica): Observation {
  const path = pathOf(registry, staying);
  return staying.id === undefined ? absent(path) : here(path, { [ROUTED]: true, [STATE]: "Succeeded" });
}

/** A replica that is counted on while another one leaves, as it was when the plan was made. */
export function seenStaying(registry: Registry, replica: Replica): Observation {
  return replica.id === undefined ? absent(pathOf(registry, replica)) : seenReplica(registry, replica);
}

/** By the registry's own id, whose casing the list of replications does not keep. */
export function pathOf(registry: Registry, { id, region }: Pick<Replica, "id" | "region">): string {
  return `${registry.id}/replications/${id === undefined ? region : nameOf(id)}`;
}
