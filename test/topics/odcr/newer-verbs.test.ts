import { expect, test } from "vitest";
import { find, GROUP, MACHINE, RESERVATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { audit } from "../../../src/topics/odcr/audit.ts";
import { status } from "../../../src/topics/odcr/status.ts";
import type { View } from "../../../src/output/view.ts";
import type { Verb } from "../../../src/verb.ts";
import { createTestHost, openDriver, runCli, SUBSCRIPTION } from "../../harness.ts";

const GOLDEN = "../../../fixtures/golden/odcr";
const CRG = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-shop`;
const VMS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.Compute/virtualMachines`;

/** Subscriptions of world fleet with an Open group, a Block group and a future reservation. */
const RARE = [9, 29, 49].map((number) => `f5000000-0000-4000-8000-${String(number).padStart(12, "0")}`);

function open(world: World): void {
  find(world, GROUP, CRG)!.properties.reservationType = "Open";
  for (const name of ["shop-search-01", "shop-search-02"]) {
    delete find(world, MACHINE, `${VMS}/${name}`)!.properties.capacityReservation;
  }
  const optOut = { disableCapacityReservationAssignment: true };
  find(world, MACHINE, `${VMS}/shop-web-01`)!.properties.capacityReservation = optOut;
}

function future(world: World): void {
  const { properties } = find(world, RESERVATION, `${CRG}/capacityReservations/Zone1_E8s_v5`)!;
  properties["scheduleProfile"] = { start: "2027-02-01" };
  properties.instanceView["reservationStateInfo"] = { reservationState: "Committed" };
}

async function run(verb: Verb, change: (world: World) => void): Promise<View> {
  const { ctx } = await openDriver(change);
  return verb.view(await verb.run(verb.input.parse({}), ctx));
}

async function statesOf(change: (world: World) => void): Promise<Record<string, unknown>> {
  const { data } = await run(audit, change);
  const machines = data["machines"] as { name: string; state: string }[];
  return Object.fromEntries(machines.map(({ name, state }) => [name, state]));
}

test("audit tells the VMs that use an Open group, and the one that opted out", async () => {
  expect(await statesOf(open)).toMatchObject({
    "shop-search-01": "open",
    "shop-search-02": "open",
    "shop-db-01": "open",
    "shop-db-02": "unprotected",
    "shop-web-01": "opted-out",
  });
});

test("audit counts members of a future reservation that is not live as unprotected", async () => {
  expect(await statesOf(future)).toMatchObject({
    "shop-search-01": "unprotected",
    "shop-search-02": "unprotected",
  });
});

test("audit reads the instance view only of VMs in the slot of an Open group", async () => {
  const { ctx, open: world } = await openDriver(open);

  await audit.run(audit.input.parse({}), ctx);

  const views = world.requests.filter(({ path }) => path.endsWith("/instanceView"));
  expect(views).toHaveLength(3);
  expect(world.changes()).toEqual([]);
});

test("status names who opted out only beside an Open group", async () => {
  const beside = await run(status, open);
  const without = await run(status, future);

  expect(beside.data["optedOut"]).toEqual(["shop-web-01"]);
  expect(beside.notes?.map(({ text }) => text)).toContain(
    "opted out, so without any Open reservation: shop-web-01",
  );
  expect(without.data["optedOut"]).toEqual([]);
});

test("attach leaves Open and Block groups alone", async () => {
  for (const type of ["Open", "Block"]) {
    const { ctx, open: world } = await openDriver((each) => {
      find(each, GROUP, CRG)!.properties.reservationType = type;
    });
    const { attach } = await import("../../../src/topics/odcr/attach.ts");

    const view = attach.view(
      await attach.run(attach.input.parse({ vm: ["shop-db-01"], group: "crg-shop", apply: true }), ctx),
    );

    expect(JSON.stringify(view.data)).toContain(`is of type ${type}`);
    expect(world.changes()).toEqual([]);
  }
});

test("status of Open, Block and future reservations looks right", async () => {
  const host = createTestHost({ tty: true, columns: 160, env: { NO_COLOR: "1" } });
  await runCli(host, "sandbox", "reset", "fleet");

  const { stdout } = await runCli(host, "odcr", "status", ...RARE.flatMap((id) => ["--subscription", id]));

  await expect(stdout).toMatchFileSnapshot(`${GOLDEN}/status-newer.tty.txt`);
});
