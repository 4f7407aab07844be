import type { VirtualMachine } from "../../azure/ports.ts";
import { idKey } from "../../resource-id.ts";

/** Ids of the scale sets that VMs are instances of, each once. */
export function scaleSetsOf(machines: readonly VirtualMachine[]): string[] {
  const ids = machines.flatMap(({ scaleSetId }) => scaleSetId ?? []);
  return [...new Map(ids.map((id) => [idKey(id), id])).values()];
}
