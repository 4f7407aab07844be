import { expect, test } from "vitest";
import { find, GROUP, MACHINE, RESERVATION } from "../../src/sandbox/bodies.ts";
import { keyOf } from "../../src/sandbox/ids.ts";
import type { World } from "../../src/sandbox/world.ts";
import { CRG_SHOP, openCloud, reservationBody, SHOP, type Answer, type Cloud } from "./azure.ts";

const HELD = `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`;
/** Regular, running, in zone 1, of the size that crg-shop holds, and in no group. */
const DB = `${SHOP}/virtualMachines/shop-db-01`;
const NEWER = { version: "2026-04-01" };

function open(world: World): void {
  find(world, GROUP, CRG_SHOP)!.properties.reservationType = "Open";
  for (const name of ["shop-search-01", "shop-search-02"]) {
    delete find(world, MACHINE, `${SHOP}/virtualMachines/${name}`)!.properties.capacityReservation;
  }
}

function optOut(world: World): void {
  open(world);
  find(world, MACHINE, DB)!.properties.capacityReservation = { disableCapacityReservationAssignment: true };
}

function commit(world: World): void {
  const reservation = find(world, RESERVATION, HELD)!;
  reservation.properties["scheduleProfile"] = { start: "2027-02-01" };
  reservation.properties.instanceView["reservationStateInfo"] = { reservationState: "Committed" };
}

async function typeOf({ send }: Cloud, version?: string): Promise<unknown> {
  const { body } = await send("GET", `${DB}/instanceView`, version === undefined ? NEWER : { version });
  return body.capacityReservationType;
}

async function allocated({ send }: Cloud): Promise<string[]> {
  const { body } = await send("GET", `${HELD}?$expand=instanceView`);
  const { virtualMachinesAllocated: ids } = body.properties.instanceView.utilizationInfo;
  return ids.map(({ id }: { id: string }) => id.split("/").at(-1));
}

function code({ status, body }: Answer): [number, string] {
  return [status, body.error.code];
}

test("VMs of a slot use an Open reservation of their subscription without being associated", async () => {
  const cloud = await openCloud({ edit: open });

  expect(await allocated(cloud)).toEqual(["shop-db-01", "shop-search-01", "shop-search-02"]);
  expect(await typeOf(cloud)).toBe("Open");
  expect(await typeOf(cloud, "2026-03-01")).toBeUndefined();
});

test("a VM that opted out uses no Open reservation", async () => {
  const cloud = await openCloud({ edit: optOut });

  expect(await allocated(cloud)).toEqual(["shop-search-01", "shop-search-02"]);
  expect(await typeOf(cloud)).toBe("Disabled");
});

test("a raise beyond what runs in an Open slot takes hardware for the rest only", async () => {
  const cloud = await openCloud({ edit: open });

  await cloud.change("PATCH", HELD, { sku: { capacity: 5 } });

  expect(cloud.world.capacity["eastus2|1|Standard_E8s_v5"]).toBe(0);
});

test("no VM can be associated with an Open group", async () => {
  const { send } = await openCloud({ edit: open });
  const body = { properties: { capacityReservation: { capacityReservationGroup: { id: CRG_SHOP } } } };

  expect(code(await send("PATCH", DB, { body }))).toEqual([409, "OperationNotAllowed"]);
});

test("a committed reservation shows its state to newer versions, and is neither changed nor deleted", async () => {
  const { send, world } = await openCloud({ edit: commit });

  const newer = await send("GET", `${HELD}?$expand=instanceView`, NEWER);
  const older = await send("GET", `${HELD}?$expand=instanceView`);

  expect(newer.body.properties.instanceView.reservationStateInfo).toEqual({ reservationState: "Committed" });
  expect(older.body.properties.instanceView).not.toHaveProperty("reservationStateInfo");
  expect(older.body.properties.scheduleProfile).toEqual({ start: "2027-02-01" });
  expect(code(await send("PATCH", HELD, { body: { sku: { capacity: 5 } } }))).toEqual([
    409,
    "OperationNotAllowed",
  ]);
  expect(code(await send("DELETE", HELD))).toEqual([409, "OperationNotAllowed"]);
  expect(world.resources[keyOf(HELD)]).toMatchObject({ sku: { capacity: 4 } });
});

test("what was ordered for later has nobody allocated until it holds something", async () => {
  const cloud = await openCloud({
    edit: (world) => {
      commit(world);
      find(world, RESERVATION, HELD)!.properties.instanceView.utilizationInfo.currentCapacity = 0;
    },
  });

  expect(await allocated(cloud)).toEqual([]);
});

test("a Block group takes no reservation without a schedule, and the sandbox makes none with one", async () => {
  const { send } = await openCloud({
    edit: (world) => (find(world, GROUP, CRG_SHOP)!.properties.reservationType = "Block"),
  });
  const path = `${CRG_SHOP}/capacityReservations/Zone1_D4s_v5`;
  const plain = reservationBody("Standard_D4s_v5", 1, "1");
  const scheduled = {
    ...Object(plain),
    properties: { scheduleProfile: { start: "2027-02-01", end: "2027-02-08" } },
  };

  expect(code(await send("PUT", path, { body: plain }))).toEqual([400, "InvalidParameter"]);
  expect(code(await send("PUT", path, { body: scheduled }))).toEqual([501, "NotImplemented"]);
});
