import type { Replica } from "../../azure/registry-ports.ts";
import type { Cell, Column } from "../../output/view.ts";

/** Of a table of replicas that a change is about. */
export const REPLICA_COLUMNS: Column[] = [
  { header: "region" },
  { header: "home" },
  { header: "routing" },
  { header: "provisioning" },
  { header: "status" },
];

export function replicaCells({ region, isHome, provisioningState, status }: Replica, routing: Cell): Cell[] {
  return [region, isHome ? "home" : null, routing, provisioningState || "not told", status ?? "not told"];
}

export function routingWord(routed: boolean | undefined): string {
  if (routed === undefined) return "not told";
  return routed ? "in" : "out";
}
