import { find, MACHINE, SCALE_SET } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { SUBSCRIPTION } from "../../harness.ts";

const COMPUTE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.Compute`;
export const UNIFORM_ID = `${COMPUTE}/virtualMachineScaleSets/shop-front`;
export const SET_ID = `${COMPUTE}/virtualMachineScaleSets/web`;

/** Makes VMs of the shop the instances of flexible scale set "web". */
export function makeFlexible(world: World, names: readonly string[], setId = SET_ID): void {
  const uniform = find(world, SCALE_SET, UNIFORM_ID)!;
  const properties = { ...uniform.properties, singlePlacementGroup: false, orchestrationMode: "Flexible" };
  world.resources[setId.toLowerCase()] = { ...uniform, id: setId, name: "web", properties };
  for (const name of names) {
    const machine = find(world, MACHINE, `${COMPUTE}/virtualMachines/${name}`)!;
    // Azure does not keep the casing of ids.
    machine.properties["virtualMachineScaleSet"] = { id: setId.toUpperCase() };
  }
}
