import { expect, test } from "vitest";
import { find, GROUP, list, MACHINE, RESERVATION, type Machine } from "../../src/sandbox/bodies.ts";
import { setPower } from "../../src/sandbox/compute/settle.ts";
import type { World } from "../../src/sandbox/world.ts";
import { checkEnd, checkInvariants, type Allowed, type Finished } from "./invariants.ts";
import { attach, CRG_PLATFORM, CRG_SHOP, GROUPS, machine, openCloud, reservationBody } from "./azure.ts";

const RESERVATION_ID = `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`;
const SPARE = `${GROUPS}/crg-new/capacityReservations/Zone1_D4s_v5`;

const ATTACH: Allowed = { verb: "attach" };
const DETACH: Allowed = { verb: "detach" };

/** A group of one's own with an empty reservation, beside what contoso has. */
async function openEstate(): ReturnType<typeof openCloud> {
  const cloud = await openCloud();
  await cloud.change("PUT", `${GROUPS}/crg-new`, { location: "eastus2", zones: ["1"] });
  await cloud.change("PUT", SPARE, reservationBody("Standard_D4s_v5", 0, "1"));
  return cloud;
}

/** The world before and after somebody did something to it by hand. */
async function change(edit: (world: World) => void): Promise<[World, World]> {
  const { world } = await openEstate();
  const before = structuredClone(world);
  edit(world);
  return [before, world];
}

function vm(world: World, name: string): Machine {
  return find(world, MACHINE, machine(name))!;
}

function join(body: Machine, id: string | undefined): void {
  body.properties.capacityReservation = id === undefined ? {} : { capacityReservationGroup: { id } };
}

function hold(id: string, units: number): (world: World) => void {
  return (world) => {
    const found = find(world, RESERVATION, id)!;
    found.sku.capacity = units;
    found.properties.instanceView.utilizationInfo.currentCapacity = units;
  };
}

function remove(...ids: string[]): (world: World) => void {
  return (world) => {
    for (const id of ids) delete world.resources[id.toLowerCase()];
  };
}

const power =
  (name: string, state: string) =>
  (world: World): void =>
    setPower(vm(world, name), state);
const move =
  (name: string, id: string | undefined) =>
  (world: World): void =>
    join(vm(world, name), id);
const both =
  (...edits: ((world: World) => void)[]) =>
  (world: World): void => {
    for (const edit of edits) edit(world);
  };

test("what an attach does is allowed to it, and to nothing that only reads", async () => {
  const cloud = await openEstate();
  const before = structuredClone(cloud.world);

  await cloud.change("PATCH", machine("shop-web-01"), attach(`${GROUPS}/crg-new`));
  await cloud.change("PATCH", SPARE, { sku: { capacity: 1 } });

  expect(checkEnd(before, cloud.world, ATTACH)).toEqual([]);
  expect(checkEnd(before, cloud.world, { verb: "read" })).toEqual([
    "shop-web-01 was in no group and is in crg-new",
    "reservation Zone1_D4s_v5 went from 0 to 1",
  ]);
});

/** What is done, the command line that does not allow it, what is said then, and one that allows it, if there is one. */
type Case = [what: string, edit: (world: World) => void, by: Allowed, said: string, notBy?: Allowed];

const MOVE: Allowed = { verb: "attach", move: true };
const RESTARTING: Allowed = { verb: "attach", restart: true };
const RELEASING: Allowed = { verb: "detach", release: true };
const DELETING: Allowed = { verb: "detach", deleteEmpty: true };
const CLEARING: Allowed = { verb: "detach", release: true, deleteEmpty: true };
const resizing = (group: string, quantity: number): Allowed => ({
  verb: "resize",
  asked: { group, quantity },
});

const CASES: Case[] = [
  [
    "a running VM that is stopped",
    power("shop-web-01", "deallocating"),
    ATTACH,
    "shop-web-01 was running and is deallocating",
    RESTARTING,
  ],
  [
    "a deallocated VM that is started",
    power("shop-web-04", "starting"),
    RESTARTING,
    "shop-web-04 was deallocated and is starting",
  ],
  [
    "a VM that is deleted",
    remove(machine("shop-web-01")),
    { verb: "attach", restart: true, move: true },
    "shop-web-01 is gone",
  ],
  [
    "a VM that loses its tags",
    (world) => delete vm(world, "shop-web-01").tags,
    ATTACH,
    "shop-web-01 changed otherwise",
  ],
  [
    "a VM that leaves its group",
    move("shop-search-01", undefined),
    MOVE,
    "shop-search-01 was in crg-shop and is in no group",
    DETACH,
  ],
  [
    "a VM that changes its group",
    move("shop-search-01", `${GROUPS}/crg-new`),
    ATTACH,
    "shop-search-01 was in crg-shop and is in crg-new",
    MOVE,
  ],
  [
    "a VM that joins",
    move("shop-web-01", `${GROUPS}/crg-new`),
    resizing("crg-new", 1),
    "shop-web-01 was in no group and is in crg-new",
    ATTACH,
  ],
  [
    "a quantity that is lowered",
    hold(RESERVATION_ID, 0),
    DELETING,
    "reservation Zone1_E8s_v5 went from 4 to 0",
    RELEASING,
  ],
  [
    "a quantity that is lowered below what is in use",
    hold(RESERVATION_ID, 0),
    resizing("crg-shop", 0),
    "reservation Zone1_E8s_v5 went from 4 to 0",
    { ...resizing("crg-shop", 0), release: true },
  ],
  [
    "a quantity that is not the one that was typed",
    hold(RESERVATION_ID, 3),
    resizing("crg-shop", 2),
    "reservation Zone1_E8s_v5 went from 4 to 3",
    resizing("crg-shop", 3),
  ],
  [
    "a quantity of another group",
    hold(SPARE, 2),
    resizing("crg-shop", 2),
    "reservation Zone1_D4s_v5 went from 0 to 2",
    resizing("crg-new", 2),
  ],
  [
    "a raise that nobody asked for",
    hold(SPARE, 1),
    CLEARING,
    "reservation Zone1_D4s_v5 went from 0 to 1",
    ATTACH,
  ],
  ["a reservation that is deleted", remove(SPARE), RELEASING, "reservation Zone1_D4s_v5 is gone", DELETING],
  [
    "a reservation that is deleted with its units",
    both(move("shop-search-01", undefined), move("shop-search-02", undefined), remove(RESERVATION_ID)),
    DELETING,
    "reservation Zone1_E8s_v5 is gone",
    CLEARING,
  ],
  [
    "a group that is deleted",
    remove(SPARE, `${GROUPS}/crg-new`),
    RELEASING,
    "group crg-new is gone",
    DELETING,
  ],
  [
    "another subscription's reservation",
    hold(`${CRG_PLATFORM}/capacityReservations/Zone1_D4s_v5`, 3),
    ATTACH,
    "Zone1_D4s_v5 was changed, which is not ours to change",
  ],
  [
    "another subscription's VM",
    (world) =>
      setPower(
        list(world, MACHINE).find(({ name }) => name === "analytics-01")!,
        "stopped",
      ),
    RESTARTING,
    "analytics-01 was changed, which is not ours to change",
  ],
];

test.each(CASES)("told: %s", async (_, edit, by, said, notBy) => {
  const [before, after] = await change(edit);

  expect(checkInvariants(before, after, by)).toContain(said);
  expect(notBy ? checkInvariants(before, after, notBy) : []).toEqual([]);
});

test.each([
  ["Open", { reservationType: "Open" }, {}],
  ["Block", { reservationType: "Block" }, {}],
  ["future", {}, { scheduleProfile: { start: "2027-02-01" } }],
])("told: %s reservations that are changed", async (_, group, reservation) => {
  const { world } = await openEstate();
  Object.assign(find(world, GROUP, CRG_SHOP)!.properties, group);
  Object.assign(find(world, RESERVATION, RESERVATION_ID)!.properties, reservation);
  const before = structuredClone(world);
  hold(RESERVATION_ID, 5)(world);

  expect(checkInvariants(before, world, ATTACH)).toEqual([
    "Zone1_E8s_v5 was changed, which is not ours to change",
  ]);
});

const ORPHAN = "reservation Zone1_D4s_v5 holds 1, had 0, and 0 VMs are in it";

test.each<[string, Finished, (world: World) => void, string[]]>([
  [
    "a VM that was restarted and does not run",
    RESTARTING,
    power("shop-web-01", "deallocated"),
    ["shop-web-01 was running and is deallocated"],
  ],
  ["units for no VM", RESTARTING, hold(SPARE, 1), [ORPHAN]],
  [
    "units for no VM, after a cut run that restarts nobody",
    { verb: "attach", cut: true },
    hold(SPARE, 1),
    [ORPHAN],
  ],
  ["nothing when a run was cut before a restart", { ...RESTARTING, cut: true }, hold(SPARE, 1), []],
  [
    "more units than VMs",
    ATTACH,
    both(hold(SPARE, 2), move("shop-web-01", `${GROUPS}/crg-new`)),
    ["reservation Zone1_D4s_v5 holds 2, had 0, and 1 VMs are in it"],
  ],
  [
    "nothing of units that were typed",
    { verb: "resize", asked: { group: "crg-new", quantity: 2 } },
    hold(SPARE, 2),
    [],
  ],
  [
    "a reservation that is left Failed",
    ATTACH,
    (world) => (find(world, RESERVATION, RESERVATION_ID)!.properties.provisioningState = "Failed"),
    ["reservation Zone1_E8s_v5 is left Failed"],
  ],
  [
    "nothing of those who were to leave a cut run",
    { ...RELEASING, cut: true },
    both(hold(RESERVATION_ID, 0), move("shop-search-01", undefined)),
    [],
  ],
  [
    "units of those who stay",
    RELEASING,
    both(hold(RESERVATION_ID, 0), move("shop-search-01", undefined)),
    ["reservation Zone1_E8s_v5 went from 4 to 0 while 1 VMs use it"],
  ],
])("told in the end: %s", async (_, allowed, edit, said) => {
  const [before, after] = await change(edit);

  expect(checkEnd(before, after, allowed)).toEqual(said);
});
