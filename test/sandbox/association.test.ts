import { expect, test } from "vitest";
import {
  attach,
  CRG_PLATFORM,
  CRG_SHOP,
  GROUPS,
  machine,
  openCloud,
  reservationBody,
  type Cloud,
} from "./azure.ts";

const DB = machine("shop-db-01");
const SEARCH = machine("shop-search-01");
const RESERVATION = `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`;

async function groupOf(cloud: Cloud, id: string): Promise<string | undefined> {
  const { body } = await cloud.send("GET", id);
  return body.properties.capacityReservation?.capacityReservationGroup?.id;
}

async function refusal(cloud: Cloud, id: string, groupId: string | null): Promise<[number, string]> {
  const answer = await cloud.send("PATCH", id, { body: attach(groupId) });
  return [answer.status, answer.body.error?.code];
}

test("a running zonal VM is attached without a stop", async () => {
  const cloud = await openCloud();

  const answer = await cloud.change("PATCH", DB, attach(CRG_SHOP));

  const { body } = await cloud.send("GET", `${DB}?$expand=instanceView`);
  expect(answer.status).toBe(200);
  expect(answer.body.properties.provisioningState).toBe("Updating");
  expect(body.properties.provisioningState).toBe("Succeeded");
  expect(body.properties.capacityReservation).toEqual({ capacityReservationGroup: { id: CRG_SHOP } });
  expect(body.properties.instanceView.statuses[1].code).toBe("PowerState/running");
});

test("a VM's etag moves with the change, and an old one is refused", async () => {
  const cloud = await openCloud();
  await cloud.change("PATCH", DB, attach(CRG_SHOP));

  const answer = await cloud.send("PATCH", DB, { body: attach(CRG_SHOP), headers: { "if-match": '"1"' } });

  expect(answer.status).toBe(412);
  expect((await cloud.send("GET", DB)).body.etag).toBe('"2"');
});

test.for([
  { properties: { capacityReservation: null } },
  { properties: { capacityReservation: { capacityReservationGroup: null } } },
])("a null further out answers 200 and keeps the association: %j", async (body) => {
  const cloud = await openCloud();
  await cloud.change("POST", `${SEARCH}/deallocate`);

  const answer = await cloud.change("PATCH", SEARCH, body);

  expect(answer.status).toBe(200);
  expect(await groupOf(cloud, SEARCH)).toBe(CRG_SHOP);
});

test("a null id inside detaches a deallocated VM", async () => {
  const cloud = await openCloud();
  await cloud.change("POST", `${SEARCH}/deallocate`);

  await cloud.change("PATCH", SEARCH, attach(null));

  expect(await groupOf(cloud, SEARCH)).toBeUndefined();
});

test("a running VM is detached only when its reservation's quantity is 0", async () => {
  const cloud = await openCloud();

  const early = await refusal(cloud, SEARCH, null);
  await cloud.change("PATCH", RESERVATION, { sku: { capacity: 0 } });
  await cloud.change("PATCH", SEARCH, attach(null));

  expect(early).toEqual([409, "OperationNotAllowed"]);
  expect(await groupOf(cloud, SEARCH)).toBeUndefined();
});

test("a running regional VM is refused until it is deallocated", async () => {
  const cloud = await openCloud();
  const group = `${GROUPS}/crg-regional`;
  const legacy = machine("shop-legacy-01");
  await cloud.change("PUT", group, { location: "eastus2" });
  await cloud.change("PUT", `${group}/capacityReservations/D4s`, reservationBody("Standard_D4s_v5", 0));

  const early = await refusal(cloud, legacy, group);
  await cloud.change("POST", `${legacy}/deallocate`);
  await cloud.change("PATCH", legacy, attach(group));

  expect(early).toEqual([409, "OperationNotAllowed"]);
  expect(await groupOf(cloud, legacy)).toBe(group);
});

test.for([
  ["of another size", "shop-web-01"],
  ["in another zone", "shop-db-02"],
  ["without a zone", "shop-report-01"],
])("a group without a reservation for a VM %s refuses it", async ([, name]) => {
  const cloud = await openCloud();
  const id = cloud.world.resources[machine(name ?? "").toLowerCase()]!.id;

  expect(await refusal(cloud, id, CRG_SHOP)).toEqual([409, "OperationNotAllowed"]);
});

test.for([
  ["a Spot VM", "shop-batch-01", (properties: Record<string, unknown>) => properties],
  ["a VM in an availability set", "shop-ad-01", (properties: Record<string, unknown>) => properties],
  [
    "a VM in a proximity placement group",
    "shop-web-01",
    (properties: Record<string, unknown>) => (properties["proximityPlacementGroup"] = { id: "/x" }),
  ],
  [
    "a VM on a dedicated host",
    "shop-web-01",
    (properties: Record<string, unknown>) => (properties["host"] = { id: "/x" }),
  ],
  [
    "a VM with Ultra disks",
    "shop-web-01",
    (properties: Record<string, unknown>) =>
      (properties["additionalCapabilities"] = { ultraSSDEnabled: true }),
  ],
] as const)("%s is not eligible", async ([, name, edit]) => {
  const id = machine(name);
  const cloud = await openCloud({
    edit: (world) => void edit(world.resources[id.toLowerCase()]!.properties),
  });
  const group = `${GROUPS}/crg-web`;
  await cloud.change("PUT", group, { location: "eastus2", zones: ["1"] });
  await cloud.change("PUT", `${group}/capacityReservations/D4s`, reservationBody("Standard_D4s_v5", 0, "1"));

  expect(await refusal(cloud, id, group)).toEqual([409, "OperationNotAllowed"]);
});

test("a group shared to the VM's subscription can be used, after sharing ends it cannot", async () => {
  const cloud = await openCloud();
  await cloud.change("PATCH", machine("shop-web-01"), attach(CRG_PLATFORM));

  await cloud.change("PATCH", CRG_PLATFORM, { properties: { sharingProfile: { subscriptionIds: [] } } });
  const later = await refusal(cloud, machine("shop-web-03"), CRG_PLATFORM);

  expect(await groupOf(cloud, machine("shop-web-01"))).toBe(CRG_PLATFORM);
  expect(later).toEqual([403, "LinkedAuthorizationFailed"]);
});

test("a group that does not exist is refused as an invalid reference", async () => {
  const cloud = await openCloud();

  expect(await refusal(cloud, DB, `${GROUPS}/crg-none`)).toEqual([400, "InvalidResourceReference"]);
});

test("a second change is refused while the first goes on", async () => {
  const cloud = await openCloud();

  await cloud.send("PATCH", DB, { body: attach(CRG_SHOP) });

  expect(await refusal(cloud, DB, CRG_SHOP)).toEqual([409, "Conflict"]);
});

test("what the sandbox cannot change is refused loudly", async () => {
  const cloud = await openCloud();

  const size = await cloud.send("PATCH", DB, { body: { properties: { hardwareProfile: { vmSize: "x" } } } });
  const zones = await cloud.send("PATCH", DB, { body: { zones: ["2"] } });

  expect(size.status).toBe(501);
  expect([zones.status, zones.body.error.code]).toEqual([409, "PropertyChangeNotAllowed"]);
});

test("tags of a VM are replaced as a whole", async () => {
  const cloud = await openCloud();

  await cloud.change("PATCH", DB, { tags: { env: "test" } });

  expect((await cloud.send("GET", DB)).body.tags).toEqual({ env: "test" });
});

test("associated lists lag behind, allocation does not", async () => {
  const cloud = await openCloud();
  await cloud.change("PATCH", DB, attach(CRG_SHOP));
  const read = async (): Promise<number[]> => {
    const { body } = await cloud.send("GET", `${RESERVATION}?$expand=instanceView`);
    const { virtualMachinesAssociated: associated, instanceView } = body.properties;
    return [associated.length, instanceView.utilizationInfo.virtualMachinesAllocated.length];
  };

  const atOnce = await read();
  await cloud.sandbox.sleep(3000);
  const later = await read();

  expect([atOnce, later]).toEqual([
    [2, 3],
    [3, 3],
  ]);
});

test("attaching a running VM to a reservation with a free unit frees the place it had", async () => {
  const cloud = await openCloud();

  await cloud.change("PATCH", DB, attach(CRG_SHOP));

  expect(cloud.world.capacity["eastus2|1|Standard_E8s_v5"]).toBe(2);
});
