import * as fc from "fast-check";
import { expect, test } from "vitest";
import { find, groupIdOf, isHeld, list, MACHINE, RESERVATION } from "../../src/sandbox/bodies.ts";
import { slotsInUse } from "../../src/sandbox/compute/capacity.ts";
import { readEstate } from "../../src/sandbox/compute/estate.ts";
import { World as schema } from "../../src/sandbox/world-schema.ts";
import type { World } from "../../src/sandbox/world.ts";
import { attach, GROUPS, machine, openCloud, reservationBody, type Answer, type Cloud } from "./azure.ts";

const MACHINES = [
  "shop-web-01",
  "shop-web-03",
  "shop-web-04",
  "shop-db-01",
  "shop-search-01",
  "shop-search-02",
];
const GROUP_NAMES = ["crg-shop", "crg-a", "crg-b"];
const SIZES = ["Standard_D4s_v5", "Standard_E8s_v5"];

type Action = (cloud: Cloud) => Promise<Answer>;

const anyMachine = fc.constantFrom(...MACHINES).map(machine);
const anyGroup = fc.constantFrom(...GROUP_NAMES).map((name) => `${GROUPS}/${name}`);
const anySize = fc.constantFrom(...SIZES);
const anyQuantity = fc.integer({ min: 0, max: 6 });

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  anyGroup.map((group): Action => {
    return ({ send }) => send("PUT", group, { body: { location: "eastus2", zones: ["1", "2"] } });
  }),
  fc.tuple(anyGroup, anySize, anyQuantity).map(([group, size, quantity]): Action => {
    const path = `${group}/capacityReservations/${reservationName(size)}`;
    return ({ send }) => send("PUT", path, { body: reservationBody(size, quantity, "1") });
  }),
  fc.tuple(anyGroup, anySize, anyQuantity).map(([group, size, capacity]): Action => {
    const path = `${group}/capacityReservations/${reservationName(size)}`;
    return ({ send }) => send("PATCH", path, { body: { sku: { capacity } } });
  }),
  fc.tuple(anyGroup, anySize).map(([group, size]): Action => {
    return ({ send }) => send("DELETE", `${group}/capacityReservations/${reservationName(size)}`);
  }),
  fc.tuple(anyMachine, fc.option(anyGroup)).map(([id, group]): Action => {
    return ({ send }) => send("PATCH", id, { body: attach(group) });
  }),
  fc.tuple(anyMachine, fc.constantFrom("start", "deallocate")).map(([id, verb]): Action => {
    return ({ send }) => send("POST", `${id}/${verb}`);
  }),
  fc.integer({ min: 0, max: 50_000 }).map((ms): Action => {
    return async ({ sandbox, send }) => {
      await sandbox.sleep(ms);
      return send("GET", `${GROUPS}/crg-shop`);
    };
  }),
);

function reservationName(size: string): string {
  return size === "Standard_E8s_v5" ? "Zone1_E8s_v5" : "Zone1_D4s_v5";
}

/** Free hardware and used hardware of each limited slot, which only together stay the same. */
function hardware(world: World): Record<string, number> {
  const estate = readEstate(world);
  return Object.fromEntries(
    Object.entries(world.capacity).map(([key, free]) => {
      const [location = "", zone = "", size = ""] = key.toLowerCase().split("|");
      return [key, free + slotsInUse(estate, { location, zone, size })];
    }),
  );
}

async function checkAllocation(cloud: Cloud): Promise<void> {
  for (const reservation of list(cloud.world, RESERVATION)) {
    const { body } = await cloud.send("GET", `${reservation.id}?$expand=instanceView`);
    if (body.error) continue;
    for (const { id } of body.properties.instanceView.utilizationInfo.virtualMachinesAllocated) {
      const holder = find(cloud.world, MACHINE, id)!;
      expect(isHeld(holder)).toBe(true);
      expect(groupIdOf(holder)?.toLowerCase()).toBe(
        reservation.id.toLowerCase().split("/capacityreservations/")[0],
      );
      expect(holder.properties.hardwareProfile.vmSize).toBe(reservation.sku.name);
    }
  }
}

test("whatever is done, hardware is conserved and allocation is explained by running VMs", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAction, { maxLength: 25 }), fc.boolean(), async (actions, failing) => {
      const cloud = await openCloud({ edit: (world) => (world.settings.failedRaiseLeavesFailed = failing) });
      const before = hardware(cloud.world);

      for (const act of actions) {
        const answer = await act(cloud);

        expect(answer.status).toBeLessThan(500);
        expect(hardware(cloud.world)).toEqual(before);
      }

      await cloud.sandbox.sleep(3_000_000);
      await checkAllocation(cloud);
      expect(schema.safeParse(cloud.world).error).toBeUndefined();
    }),
    { numRuns: 150 },
  );
});

test("a reservation's quantity is one that was asked for, and never more than it obtained unless it failed", async () => {
  const path = `${GROUPS}/crg-shop/capacityReservations/Zone1_E8s_v5`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }), async (quantities) => {
      const cloud = await openCloud();
      let last = 4;

      for (const capacity of quantities) {
        const answer = await cloud.send("PATCH", path, { body: { sku: { capacity } } });
        const end = answer.status === 200 ? await cloud.finish(answer) : { status: "Refused" };
        if (end.status === "Succeeded") last = capacity;

        const { body } = await cloud.send("GET", `${path}?$expand=instanceView`);
        expect(body.sku.capacity).toBe(last);
        expect(body.properties.instanceView.utilizationInfo.currentCapacity).toBe(last);
      }
    }),
    { numRuns: 60 },
  );
});
