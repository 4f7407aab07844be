import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../../src/errors.ts";
import { nameOf } from "../../../src/resource-id.ts";
import { planRemove, type ReplicaPlan } from "../../../src/topics/acr/replica-plan.ts";
import { registry, replica, UNSHOWN_HOME } from "./builders.ts";

const REGIONS = ["eastus2", "westeurope", "northeurope", "westus"];

const anyPool = fc.record({
  unshown: fc.boolean(),
  routed: fc.array(fc.constantFrom(true, false, undefined), { minLength: 4, maxLength: 4 }),
  states: fc.array(fc.constantFrom("Succeeded", "Succeeded", "Failed"), { minLength: 4, maxLength: 4 }),
  region: fc.constantFrom(...REGIONS),
});

test("whatever the pool: what is removed leaves one in routing that is looked at again, or was in none itself", () => {
  fc.assert(
    fc.property(anyPool, ({ unshown, routed, states, region }) => {
      const replicas = REGIONS.map((at, index) =>
        unshown && index === 0
          ? UNSHOWN_HOME
          : replica(at, { inRouting: routed[index], provisioningState: states[index] ?? "" }),
      );
      let plan: ReplicaPlan;
      try {
        const state = { registry: registry(), replicas, grants: [], privateEndpoints: [] };
        plan = planRemove(state, { region, keepRegional: false });
      } catch (error) {
        if (error instanceof AppError) return;
        throw error;
      }
      const needed = nameOf(plan.steps[0]?.needs?.path ?? "");
      const staying = replicas.find((each) => each.region === needed);
      const isSafe =
        staying && needed !== region
          ? staying.region !== region && (staying.id === undefined || staying.inRouting === true)
          : replicas.find((each) => each.region === region)?.inRouting === false;

      expect(region).not.toBe("eastus2");
      expect(isSafe).toBe(true);
    }),
  );
});
