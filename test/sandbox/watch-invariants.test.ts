import { expect, test } from "vitest";
import { nameOf } from "../../src/sandbox/ids.ts";
import { attach, CRG_SHOP, fault, machine, openCloud } from "./azure.ts";
import { checkEnd, watchInvariants, type Allowed } from "./invariants.ts";

const RESERVATION_ID = `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`;
const ATTACH: Allowed = { verb: "attach" };

test("every request is looked at, and what is put right again is told all the same", async () => {
  const cloud = await openCloud();
  const watched = watchInvariants(cloud.world, ATTACH, (world) => world === cloud.world);

  await cloud.change("PATCH", machine("shop-db-01"), attach(CRG_SHOP));
  await cloud.change("PATCH", RESERVATION_ID, { sku: { capacity: 5 } });
  await cloud.change("PATCH", RESERVATION_ID, { sku: { capacity: 4 } });
  await cloud.change("POST", `${machine("shop-web-02")}/deallocate`);
  watched.stop();
  await cloud.change("PATCH", RESERVATION_ID, { sku: { capacity: 3 } });

  expect(watched.violations).toEqual([
    "PATCH capacityReservations/Zone1_E8s_v5: reservation Zone1_E8s_v5 went from 5 to 4",
    "POST shop-web-02/deallocate: shop-web-02 was running and is deallocating",
    expect.stringMatching(/^GET operations\/.*: shop-web-02 was running and is deallocated$/),
  ]);
});

test.each([false, true])("a failed raise lowers nothing (left Failed: %s)", async (failed) => {
  const cloud = await openCloud({
    edit: (world) => {
      world.settings.failedRaiseLeavesFailed = failed;
      world.faults.push(fault("allocation-failed", { match: { path: nameOf(RESERVATION_ID) } }));
    },
  });
  const before = structuredClone(cloud.world);
  const watched = watchInvariants(before, ATTACH, (world) => world === cloud.world);

  await expect(cloud.change("PATCH", RESERVATION_ID, { sku: { capacity: 9 } })).rejects.toThrow(
    "AllocationFailed",
  );
  if (failed) await cloud.change("PATCH", RESERVATION_ID, { sku: { capacity: 4 } });
  watched.stop();

  expect(watched.violations).toEqual([]);
  expect(checkEnd(before, cloud.world, ATTACH)).toEqual([]);
});
