import { expect, test } from "vitest";
import { checkInvariants } from "./invariants.ts";
import { attach, CRG_SHOP, GROUPS, machine, openCloud } from "./azure.ts";

const RESERVATION = `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`;

test("a raise, a new group and a new association lose nothing", async () => {
  const cloud = await openCloud();
  const before = structuredClone(cloud.world);

  await cloud.change("PUT", `${GROUPS}/crg-new`, { location: "eastus2" });
  await cloud.change("PATCH", RESERVATION, { sku: { capacity: 5 } });
  await cloud.change("PATCH", machine("shop-db-01"), attach(CRG_SHOP));

  expect(checkInvariants(before, cloud.world)).toEqual([]);
});

test("a stopped VM, a lost association, a lower quantity and what is gone are told", async () => {
  const cloud = await openCloud();
  await cloud.change("PUT", `${GROUPS}/crg-new`, { location: "eastus2", zones: ["1"] });
  const spare = `${GROUPS}/crg-new/capacityReservations/spare`;
  await cloud.change("PUT", spare, {
    location: "eastus2",
    zones: ["1"],
    sku: { name: "Standard_D4s_v5", capacity: 0 },
  });
  const before = structuredClone(cloud.world);

  await cloud.change("POST", `${machine("shop-web-01")}/deallocate`);
  await cloud.change("PATCH", RESERVATION, { sku: { capacity: 0 } });
  await cloud.change("PATCH", machine("shop-search-01"), attach(null));
  await cloud.change("DELETE", spare);
  await cloud.sandbox.sleep(60_000);
  await cloud.change("DELETE", `${GROUPS}/crg-new`);

  expect(checkInvariants(before, cloud.world)).toEqual([
    "shop-search-01 was associated with crg-shop and is not",
    "shop-web-01 was running and is deallocated",
    "group crg-new is gone",
    "reservation spare is gone",
    "reservation Zone1_E8s_v5 went from 4 to 0",
  ]);
});
