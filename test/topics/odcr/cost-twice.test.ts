import { expect, test } from "vitest";
import { find, MACHINE, RESERVATION } from "../../../src/sandbox/bodies.ts";
import { openDriver, runCli } from "../../harness.ts";
import { addReplicas, GROUPS, hostWith, ITEMS, replicate, runJson, view, VMS } from "./cost-world.ts";
import { refuse } from "../refuse.ts";

test("a gate for duplicates exits 3 when there is one, and 6 when one cannot be told", async () => {
  const twice = await hostWith((world) => {
    addReplicas(world);
    for (const name of ["shop-db-01", "old-erp"])
      delete world.resources[`${ITEMS}/asr-${name}`.toLowerCase()];
  });
  const untold = await hostWith(addReplicas);

  expect((await runCli(twice, "odcr", "cost", "--fail-on", "duplicate")).exit).toBe(3);
  expect((await runCli(untold, "odcr", "cost", "--fail-on", "duplicate")).exit).toBe(6);
  expect((await runCli(untold, "odcr", "cost")).exit).toBe(0);
});

test("a group narrows what is paid twice, too", async () => {
  const host = await hostWith((world) => {
    addReplicas(world);
    delete find(world, MACHINE, `${VMS}/shop-search-01`)!.properties.capacityReservation;
  });

  expect((await runJson(host)).json.duplicates.found).toEqual([]);
  expect((await runJson(await hostWith(addReplicas), "crg-shop")).json.duplicates.found).toHaveLength(1);
});

test("a replica's group that holds nothing is not paid for", async () => {
  const host = await hostWith((world) => {
    addReplicas(world);
    find(world, RESERVATION, `${GROUPS}/crg-platform/capacityReservations/Zone1_D4s_v5`)!.sku.capacity = 0;
  });

  expect((await runJson(host)).json.duplicates.found).toEqual([]);
});

test("a Resource Graph without the table of replicas is told, never taken for none", async () => {
  const driver = await openDriver();
  refuse(driver, "ResourceGraph", 400);

  const { data, notes, exit } = await view(driver, { failOn: "duplicate" });

  expect(data["duplicates"]).toEqual({
    reason: "Resource Graph refuses to list replicated items (BadRequest)",
  });
  expect(notes.at(-1)?.text).toContain("cannot be told: Resource Graph refuses");
  expect(exit).toBe(6);
});

test("a source VM that may not be read is told, too", async () => {
  const driver = await openDriver(addReplicas);
  refuse(driver, "/virtualMachines/shop-search-01", 403);

  const { data } = await view(driver);

  expect(data["duplicates"]).toMatchObject({ found: [] });
  expect(JSON.stringify(data["duplicates"])).toContain("its source cannot be read: not allowed");
});

test("names of details are found in any casing", async () => {
  const host = await hostWith((world) => {
    const RecoveryCapacityReservationGroupId = `${GROUPS}/crg-platform`;
    const FabricObjectId = `${VMS}/shop-search-01`;
    replicate(world, "search", { InstanceType: "A2A", FabricObjectId, RecoveryCapacityReservationGroupId });
  });

  expect((await runJson(host)).json.duplicates.found).toMatchObject([{ machine: "shop-search-01" }]);
});

test("rows that the service dropped are told, and are no clean result for a gate", async () => {
  const driver = await openDriver();
  driver.open.intercept(async (request, pass) => {
    const response = await pass(request);
    const bodyAsText = response.bodyAsText?.replace('"resultTruncated":"false"', '"resultTruncated":"true"');
    return { ...response, bodyAsText: bodyAsText ?? "" };
  });

  const { notes, exit } = await view(driver, { failOn: "duplicate" });

  expect(notes.map(({ text }) => text)).toContain("the service dropped rows");
  expect(exit).toBe(6);
});
