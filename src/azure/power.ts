import type { PowerState } from "./ports.ts";

const POWER_STATES: readonly string[] = [
  "running",
  "starting",
  "stopping",
  "stopped",
  "deallocating",
  "deallocated",
];

/** The power state among a VM's status codes; it may be missing entirely. */
export function powerOf(codes: readonly string[]): PowerState {
  const code = codes.find((each) => each.toLowerCase().startsWith("powerstate/"));
  const state = code?.split("/")[1]?.toLowerCase() ?? "unknown";
  return POWER_STATES.includes(state) ? (state as PowerState) : "unknown";
}
