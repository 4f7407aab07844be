import { expect, test } from "vitest";
import { attach, GROUPS, machine, openCloud, reservationBody } from "./azure.ts";

test("running zonal VMs are protected without free hardware: quantity 0, attach, raise", async () => {
  const cloud = await openCloud();
  const group = `${GROUPS}/crg-web`;
  const reservation = `${group}/capacityReservations/Zone2_D4s_v5`;

  await cloud.change("PUT", group, { location: "eastus2", zones: ["1", "2"] });
  await cloud.change("PUT", reservation, reservationBody("Standard_D4s_v5", 0, "2"));
  await cloud.change("PATCH", machine("shop-web-02"), attach(group));
  await cloud.change("PATCH", machine("shop-jobs-01"), attach(group));
  await cloud.change("PATCH", reservation, { sku: { capacity: 2 } });
  await cloud.sandbox.sleep(3000);

  const { body } = await cloud.send("GET", `${reservation}?$expand=instanceView`);
  expect(cloud.world.capacity["eastus2|2|Standard_D4s_v5"]).toBe(0);
  expect(body.sku).toEqual({ name: "Standard_D4s_v5", capacity: 2 });
  expect(body.properties.virtualMachinesAssociated).toEqual([
    { id: machine("shop-jobs-01") },
    { id: machine("shop-web-02") },
  ]);
  expect(body.properties.instanceView.utilizationInfo).toEqual({
    currentCapacity: 2,
    virtualMachinesAllocated: [{ id: machine("shop-jobs-01") }, { id: machine("shop-web-02") }],
  });
});

test("one more unit than the running members need takes free hardware, and fails without it", async () => {
  const cloud = await openCloud();
  const group = `${GROUPS}/crg-web`;
  const reservation = `${group}/capacityReservations/Zone2_D4s_v5`;
  await cloud.change("PUT", group, { location: "eastus2", zones: ["2"] });
  await cloud.change("PUT", reservation, reservationBody("Standard_D4s_v5", 0, "2"));
  await cloud.change("PATCH", machine("shop-web-02"), attach(group));

  const answer = await cloud.send("PATCH", reservation, { body: { sku: { capacity: 2 } } });
  const end = await cloud.finish(answer);

  const { body } = await cloud.send("GET", reservation);
  expect(answer.status).toBe(200);
  expect(answer.body.properties.provisioningState).toBe("Updating");
  expect(end).toMatchObject({ status: "Failed", error: { code: "ZonalAllocationFailed" } });
  expect(body.sku.capacity).toBe(0);
  expect(body.properties.provisioningState).toBe("Succeeded");
});
