import { expect, test } from "vitest";
import { attach, CRG_SHOP, machine, openCloud, type Cloud } from "./azure.ts";

const SLOT = "eastus2|1|Standard_E8s_v5";
const SEARCH = machine("shop-search-01");
const DB = machine("shop-db-01");

async function powerOf(cloud: Cloud, id: string): Promise<string> {
  const { body } = await cloud.send("GET", `${id}/instanceView`);
  return body.statuses[1].code;
}

test("deallocating takes 45 seconds and gives the hardware back", async () => {
  const cloud = await openCloud();

  const answer = await cloud.send("POST", `${DB}/deallocate`);
  const during = await powerOf(cloud, DB);
  await cloud.sandbox.sleep(44_000);
  const almost = await powerOf(cloud, DB);
  await cloud.sandbox.sleep(1000);

  expect(answer.status).toBe(202);
  expect(answer.text).toBe("");
  expect(answer.headers["location"]).toBe(`${answer.headers["azure-asyncoperation"]}&monitor=true`);
  expect([during, almost, await powerOf(cloud, DB)]).toEqual([
    "PowerState/deallocating",
    "PowerState/deallocating",
    "PowerState/deallocated",
  ]);
  expect(cloud.world.capacity[SLOT]).toBe(2);
});

test("deallocating an associated VM keeps its place reserved", async () => {
  const cloud = await openCloud();

  await cloud.change("POST", `${SEARCH}/deallocate`);

  expect(cloud.world.capacity[SLOT]).toBe(1);
});

test("an associated VM starts on a reserved unit when nothing else is free", async () => {
  const cloud = await openCloud({ edit: (world) => (world.capacity[SLOT] = 0) });
  await cloud.change("POST", `${SEARCH}/deallocate`);

  await cloud.change("POST", `${SEARCH}/start`);

  expect(await powerOf(cloud, SEARCH)).toBe("PowerState/running");
  expect(cloud.world.capacity[SLOT]).toBe(0);
});

test("a zonal VM without a reserved unit fails to start when its zone is full", async () => {
  const cloud = await openCloud();
  const jobs = machine("shop-jobs-02");

  const end = await cloud.finish(await cloud.send("POST", `${jobs}/start`));

  const { body } = await cloud.send("GET", jobs);
  expect(end).toMatchObject({ status: "Failed", error: { code: "ZonalAllocationFailed" } });
  expect(await powerOf(cloud, jobs)).toBe("PowerState/deallocated");
  expect(body.properties.provisioningState).toBe("Failed");
});

test("a regional VM fails to start with AllocationFailed when the region is full", async () => {
  const cloud = await openCloud({ edit: (world) => (world.capacity["eastus2||Standard_D4s_v5"] = 0) });

  const end = await cloud.finish(await cloud.send("POST", `${machine("shop-report-01")}/start`));

  expect(end.error?.code).toBe("AllocationFailed");
});

test("more associated VMs than units start on other hardware", async () => {
  const cloud = await openCloud();
  await cloud.change("PATCH", `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`, { sku: { capacity: 1 } });
  await cloud.change("PATCH", DB, attach(CRG_SHOP));

  await cloud.change("POST", `${DB}/deallocate`);
  const afterStop = cloud.world.capacity[SLOT];
  await cloud.change("POST", `${DB}/start`);

  expect([afterStop, cloud.world.capacity[SLOT]]).toEqual([4, 3]);
});

test("a start that exceeds the quota is refused at once", async () => {
  const edit = { edit: (world: Cloud["world"]) => void (world.quota = quotaOf(world, 26)) };
  const cloud = await openCloud(edit);

  const answer = await cloud.send("POST", `${machine("shop-web-04")}/start`);

  expect([answer.status, answer.body.error.code]).toEqual([409, "OperationNotAllowed"]);
  expect(answer.body.error.message).toContain(
    "exceeding approved standardDSv5Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: eastus2, Current Limit: 26, Current Usage: 26, Additional Required: 4, (Minimum) New Limit Required: 30.",
  );
});

function quotaOf(world: Cloud["world"], limit: number): Record<string, number> {
  const family = Object.keys(world.quota).filter((key) =>
    key.startsWith("5a000000-0000-4000-8000-000000000001"),
  );
  return Object.fromEntries(family.filter((key) => key.includes("DSv5")).map((key) => [key, limit]));
}

test("starting a running VM and stopping a stopped one succeed and change nothing", async () => {
  const cloud = await openCloud();
  const before = structuredClone(cloud.world.resources);

  await cloud.change("POST", `${DB}/start`);
  await cloud.change("POST", `${machine("shop-web-04")}/deallocate`);

  expect(cloud.world.resources).toEqual(before);
});
