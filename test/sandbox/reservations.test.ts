import { expect, test } from "vitest";
import {
  CRG_SHOP,
  GROUPS,
  openCloud,
  reservationBody,
  type Answer,
  type Cloud,
  type CloudOptions,
} from "./azure.ts";

const EXISTING = `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`;
const NEW = `${CRG_SHOP}/capacityReservations/Zone1_D4s_v5`;
const D4 = "Standard_D4s_v5";

function code(answer: Answer): [number, string] {
  return [answer.status, answer.body.error.code];
}

async function raise(cloud: Cloud, capacity: number): Promise<Answer> {
  return cloud.send("PATCH", EXISTING, { body: { sku: { capacity } } });
}

test("a new reservation answers 201 Creating and later tells when it was provisioned", async () => {
  const { send, finish } = await openCloud();

  const answer = await send("PUT", NEW, { body: reservationBody(D4, 1, "1") });
  const end = await finish(answer);
  const { body } = await send("GET", NEW);

  expect(answer.status).toBe(201);
  expect(answer.headers).toMatchObject({ etag: '"1"', "azure-asyncnotification": "Enabled" });
  expect(answer.headers).not.toHaveProperty("location");
  expect(answer.body).toEqual({
    name: "Zone1_D4s_v5",
    id: NEW,
    type: "Microsoft.Compute/capacityReservationGroups/capacityReservations",
    location: "eastus2",
    sku: { name: D4, capacity: 1 },
    zones: ["1"],
    etag: '"1"',
    properties: {
      platformFaultDomainCount: 1,
      provisioningState: "Creating",
      reservationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timeCreated: "2026-11-21T08:00:00.000Z",
    },
  });
  expect(end.status).toBe("Succeeded");
  expect(body.properties).toMatchObject({
    provisioningState: "Succeeded",
    provisioningTime: "2026-11-21T08:00:04.000Z",
  });
});

test("a new reservation takes free hardware, and fails as a whole when there is too little", async () => {
  const cloud = await openCloud();

  const ok = await cloud.finish(await cloud.send("PUT", NEW, { body: reservationBody(D4, 2, "1") }));
  const twin = NEW.replace("Zone1", "Zone2");
  const failed = await cloud.finish(await cloud.send("PUT", twin, { body: reservationBody(D4, 1, "2") }));

  expect(ok.status).toBe("Succeeded");
  expect(cloud.world.capacity["eastus2|1|Standard_D4s_v5"]).toBe(0);
  expect(failed).toMatchObject({ status: "Failed", error: { code: "ZonalAllocationFailed" } });
  expect((await cloud.send("GET", twin)).status).toBe(404);
});

test("quantity 0 succeeds where there is no hardware at all", async () => {
  const { change, send } = await openCloud();
  const path = NEW.replace("Zone1", "Zone2");

  await change("PUT", path, reservationBody(D4, 0, "2"));

  expect((await send("GET", path)).body.properties.provisioningState).toBe("Succeeded");
});

test.for([
  ["without a zone in a zonal group", reservationBody(D4, 0), 400, "InvalidParameter"],
  ["in a zone outside the group", reservationBody(D4, 0, "3"), 400, "InvalidParameter"],
  [
    "in two zones",
    { location: "eastus2", zones: ["1", "2"], sku: { name: D4, capacity: 0 } },
    400,
    "InvalidParameter",
  ],
  [
    "in another location",
    { location: "northcentralus", zones: ["1"], sku: { name: D4, capacity: 0 } },
    400,
    "InvalidParameter",
  ],
  ["of an unknown size", reservationBody("Standard_Z1", 0, "1"), 400, "InvalidParameter"],
  ["of a negative quantity", reservationBody(D4, -1, "1"), 400, "InvalidParameter"],
  [
    "of a size and zone that the group has already",
    reservationBody("Standard_E8s_v5", 0, "1"),
    409,
    "OperationNotAllowed",
  ],
  ["of a size that is not in the zone", reservationBody("Standard_A2_v2", 0, "1"), 409, "SkuNotAvailable"],
] as const)("a reservation %s is refused", async ([, body, status, error]) => {
  const { send } = await openCloud();

  expect(code(await send("PUT", NEW, { body }))).toEqual([status, error]);
});

test("a size that does not support reservations is refused in a regional group, too", async () => {
  const { send, change } = await openCloud();
  const group = `${GROUPS}/crg-regional`;
  await change("PUT", group, { location: "eastus2" });

  const unsupported = await send("PUT", `${group}/capacityReservations/a2`, {
    body: reservationBody("Standard_A2_v2", 0),
  });
  const zonal = await send("PUT", `${group}/capacityReservations/d4`, { body: reservationBody(D4, 0, "1") });

  expect(code(unsupported)).toEqual([409, "OperationNotAllowed"]);
  expect(code(zonal)).toEqual([400, "InvalidParameter"]);
});

test("a size restricted in a zone is refused there", async () => {
  const { send, change } = await openCloud();
  const group = `${GROUPS}/crg-three`;
  await change("PUT", group, { location: "eastus2", zones: ["3"] });

  const answer = await send("PUT", `${group}/capacityReservations/d2`, {
    body: reservationBody("Standard_D2s_v5", 0, "3"),
  });

  expect(code(answer)).toEqual([409, "SkuNotAvailable"]);
});

test("a reservation needs its group", async () => {
  const { send } = await openCloud();

  const answer = await send("PUT", `${GROUPS}/crg-none/capacityReservations/x`, {
    body: reservationBody(D4, 0, "1"),
  });

  expect(code(answer)).toEqual([404, "ParentResourceNotFound"]);
});

test("a raise answers 200 Updating, moves the etag and keeps the reservation's identity", async () => {
  const cloud = await openCloud();
  const { body: before } = await cloud.send("GET", EXISTING);

  const answer = await raise(cloud, 5);
  await cloud.finish(answer);

  const { body: after } = await cloud.send("GET", EXISTING);
  expect([answer.status, answer.body.properties.provisioningState]).toEqual([200, "Updating"]);
  expect([before.etag, after.etag]).toEqual(['"1"', '"2"']);
  expect(after.sku.capacity).toBe(5);
  expect(after.properties.reservationId).toBe(before.properties.reservationId);
  expect(after.properties.timeCreated).toBe(before.properties.timeCreated);
  expect(after.properties.provisioningTime).not.toBe(before.properties.provisioningTime);
});

test("a lower quantity gives unused hardware back", async () => {
  const cloud = await openCloud();

  await cloud.change("PATCH", EXISTING, { sku: { capacity: 1 } });

  // Two running members keep their places, although only one is reserved.
  expect(cloud.world.capacity["eastus2|1|Standard_E8s_v5"]).toBe(3);
});

test("a raise beyond the quota is refused at once with the documented text", async () => {
  const cloud = await openCloud();

  const answer = await raise(cloud, 10);

  expect(code(answer)).toEqual([409, "OperationNotAllowed"]);
  expect(answer.body.error.message).toContain(
    "exceeding approved standardESv5Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: eastus2, Current Limit: 96, Current Usage: 56, Additional Required: 48, (Minimum) New Limit Required: 104.",
  );
});

test("a failed raise leaves the old quantity", async () => {
  const cloud = await openCloud();

  const answer = await raise(cloud, 6);
  const end = await cloud.finish(answer);

  const { body } = await cloud.send("GET", EXISTING);
  expect(answer.body.sku.capacity).toBe(6);
  expect(end).toMatchObject({ status: "Failed", error: { code: "ZonalAllocationFailed" } });
  expect([body.sku.capacity, body.properties.provisioningState]).toEqual([4, "Succeeded"]);
});

test("a failed raise may leave the reservation Failed until the old quantity is restored", async () => {
  const failing: CloudOptions = { edit: (world) => (world.settings.failedRaiseLeavesFailed = true) };
  const cloud = await openCloud(failing);

  await cloud.finish(await raise(cloud, 6));
  const { body: failed } = await cloud.send("GET", EXISTING);
  const again = await raise(cloud, 5);
  await cloud.change("PATCH", EXISTING, { sku: { capacity: 4 } });

  const { body: restored } = await cloud.send("GET", EXISTING);
  expect([failed.sku.capacity, failed.properties.provisioningState]).toEqual([6, "Failed"]);
  expect(code(again)).toEqual([409, "OperationNotAllowed"]);
  expect([restored.sku.capacity, restored.properties.provisioningState]).toEqual([4, "Succeeded"]);
});

test("size and zone of a reservation cannot change", async () => {
  const { send } = await openCloud();

  const size = await send("PATCH", EXISTING, { body: { sku: { name: D4, capacity: 4 } } });
  const zone = await send("PUT", EXISTING, { body: reservationBody("Standard_E8s_v5", 4, "2") });

  expect(code(size)).toEqual([409, "PropertyChangeNotAllowed"]);
  expect(code(zone)).toEqual([409, "PropertyChangeNotAllowed"]);
});

test("tags of a reservation are replaced as a whole", async () => {
  const { change, send } = await openCloud();

  await change("PATCH", EXISTING, { tags: { key2: "b" } });
  await change("PATCH", EXISTING, { tags: { key3: "c" } });

  expect((await send("GET", EXISTING)).body.tags).toEqual({ key3: "c" });
});

test("If-Match is ignored on reservations unless the world says otherwise", async () => {
  const lenient = await openCloud();
  const strict = await openCloud({ edit: (world) => (world.settings.reservationIfMatch = true) });
  const stale = { body: { sku: { capacity: 4 } }, headers: { "if-match": '"0"' } };

  expect((await lenient.send("PATCH", EXISTING, stale)).status).toBe(200);
  expect((await strict.send("PATCH", EXISTING, stale)).status).toBe(412);
});

test("the instance view is shown only when asked for and never in a list", async () => {
  const { send } = await openCloud();

  const plain = await send("GET", EXISTING);
  const list = await send("GET", `${CRG_SHOP}/capacityReservations?$expand=virtualMachines/$ref`);

  expect(plain.body.properties).not.toHaveProperty("instanceView");
  expect(list.body.value[0].properties).not.toHaveProperty("instanceView");
  expect(list.body.value[0].properties.virtualMachinesAssociated).toHaveLength(2);
});

test("a reservation with members cannot be deleted, and one that is gone can", async () => {
  const { send } = await openCloud();

  expect(code(await send("DELETE", EXISTING))).toEqual([409, "OperationNotAllowed"]);
  expect((await send("DELETE", NEW)).status).toBe(204);
});

test("a deleted reservation gives its hardware back", async () => {
  const cloud = await openCloud();
  await cloud.change("PUT", NEW, reservationBody(D4, 2, "1"));

  const answer = await cloud.change("DELETE", NEW);

  expect([answer.status, answer.text]).toEqual([202, ""]);
  expect(cloud.world.capacity["eastus2|1|Standard_D4s_v5"]).toBe(2);
  expect((await cloud.send("GET", NEW)).status).toBe(404);
});
