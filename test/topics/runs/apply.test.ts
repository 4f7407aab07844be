import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPlan, savePlan } from "../../../src/plan/saved.ts";
import { createTestHost, OTHER_SUBSCRIPTION, OTHER_TENANT, runCli } from "../../harness.ts";
import { planOf } from "../../plan/fake-arm.ts";
import {
  attach,
  changeWorld,
  copyResource,
  CRG_SHOP,
  machineIn,
  reservationIn,
  resourcesOf,
  saveAttachPlan,
} from "../../plan/saved-plan.ts";

test.each<{ what: string; change: Parameters<typeof changeWorld>[1]; says: string }>([
  {
    what: "a VM was resized",
    change: (world) => {
      machineIn(world).properties.hardwareProfile.vmSize = "Standard_D4s_v5";
    },
    says: `shop-db-01 properties.hardwareProfile.vmSize was "Standard_E8s_v5", is "Standard_D4s_v5"`,
  },
  {
    what: "a VM moved to another zone",
    change: (world) => {
      machineIn(world).zones = ["2"];
    },
    says: `shop-db-01 zones[0] was "1", is "2"`,
  },
  {
    what: "a VM was stopped",
    change: (world) => {
      machineIn(world).properties.instanceView.statuses = [{ code: "PowerState/deallocated" }];
    },
    says: `[0] was "PowerState/running", is "PowerState/deallocated"`,
  },
  {
    what: "a VM joined a group",
    change: (world) => {
      machineIn(world).properties.capacityReservation = { capacityReservationGroup: { id: CRG_SHOP } };
    },
    says: `capacityReservationGroup.id was null, is "${CRG_SHOP}"`,
  },
  {
    what: "a VM is gone",
    change: (world) => {
      delete world.resources[machineIn(world).id.toLowerCase()];
    },
    says: "shop-db-01 exists was true, is false",
  },
  {
    what: "a quantity was raised",
    change: (world) => {
      reservationIn(world).sku.capacity = 4;
    },
    says: "sku.capacity was 2, is 4",
  },
])("when $what since, the plan is refused and nothing is changed", async ({ change, says }) => {
  const { host, file } = await saveAttachPlan();
  const { resources } = await changeWorld(host, change);

  const ended = await runCli(host, "apply", file, "--yes");

  expect([ended.exit, ended.stdout]).toEqual([3, ""]);
  expect(ended.stderr).toContain(says);
  expect(ended.stderr).toContain("next: nothing was changed; make the plan again: azwise odcr attach --vm");
  expect(await resourcesOf(host)).toEqual(resources);
});

test("when a group appeared that the plan was to create, the plan is refused", async () => {
  const { host, file } = await saveAttachPlan({}, attach("shop-web-01", "crg-new"));
  const created = (await loadPlan(file, "/")).steps[0]?.resource ?? "";
  const { resources } = await changeWorld(host, (world) => copyResource(world, CRG_SHOP, created));

  const ended = await runCli(host, "apply", file, "--yes");

  expect(ended.exit).toBe(3);
  expect(ended.stderr).toContain("capacityReservationGroups/crg-new exists was false, is true");
  expect(await resourcesOf(host)).toEqual(resources);
});

test("when a reservation appeared that the plan was to create, the plan is refused", async () => {
  const { host, file } = await saveAttachPlan({}, attach("shop-web-01"));
  const created = (await loadPlan(file, "/")).steps[0]?.resource ?? "";
  const { resources } = await changeWorld(host, (world) =>
    copyResource(world, reservationIn(world).id, created),
  );

  const ended = await runCli(host, "apply", file, "--yes");

  expect(ended.exit).toBe(3);
  expect(ended.stderr).toContain("capacityReservations/Zone1_D4s_v5 exists was false, is true");
  expect(await resourcesOf(host)).toEqual(resources);
});

test("a plan runs only in the subscription and tenant that it was made for", async () => {
  const { host, file } = await saveAttachPlan();
  const before = await resourcesOf(host);

  const subscription = await runCli(host, "apply", file, "--yes", "--subscription", OTHER_SUBSCRIPTION);
  const elsewhere = ["--tenant", OTHER_TENANT, "--subscription", "5b000000-0000-4000-8000-000000000003"];
  const tenant = await runCli(host, "apply", file, "--yes", ...elsewhere);

  expect([subscription.exit, subscription.stderr.split("\n").slice(1)]).toEqual([
    4,
    [
      `error: the plan is for subscription 5a000000-0000-4000-8000-000000000001, this run is pinned to ${OTHER_SUBSCRIPTION}`,
      "  next: use --subscription 5a000000-0000-4000-8000-000000000001",
      "",
    ],
  ]);
  expect([tenant.exit, tenant.stderr.split("\n").slice(1)]).toEqual([
    4,
    [
      `error: the plan is for tenant a0000000-0000-4000-8000-00000000000a, this run is pinned to ${OTHER_TENANT}`,
      "  next: use --tenant a0000000-0000-4000-8000-00000000000a",
      "",
    ],
  ]);
  expect(await resourcesOf(host)).toEqual(before);
});

test("off a terminal a file that is not there is said to be so, not that somebody should look at it", async () => {
  expect(await runCli(createTestHost(), "apply", "nosuch.json")).toEqual({
    exit: 2,
    stdout: "",
    stderr: "error: cannot read the plan nosuch.json\n  next: give the path that --out wrote\n",
  });
});

test("off a terminal a plan needs --yes", async () => {
  const { host, file } = await saveAttachPlan();

  expect(await runCli(host, "apply", file)).toEqual({
    exit: 2,
    stdout: "",
    stderr:
      "error: applying needs a confirmation, and nobody can be asked here\n  next: look at the plan, then add --yes\n",
  });
});

test.each(["n\n", "\n", "", "yess\n"])(
  "the answer %j on a terminal declines, and nothing is changed",
  async (answer) => {
    const { host, file } = await saveAttachPlan({ tty: true });
    const before = await resourcesOf(host);
    host.type(answer);

    const ended = await runCli(host, "apply", file, "--no-color");

    expect([ended.exit, ended.stdout]).toEqual([5, ""]);
    expect(ended.stderr).toMatch(/\nRun these 2 steps\? \[y\/N\] error: declined; nothing was changed\n$/);
    expect(await resourcesOf(host)).toEqual(before);
  },
);

test("accepted on a terminal, a plan is run; a second time it no longer fits", async () => {
  const { host, file } = await saveAttachPlan({ tty: true });
  host.type("y\n");

  const accepted = await runCli(host, "apply", file, "--no-color");
  const resources = await resourcesOf(host);
  const second = await runCli(host, "apply", file, "--yes");

  expect([accepted.exit, second.exit, second.stdout]).toEqual([0, 3, ""]);
  const { capacityReservation } = machineIn({ resources } as never).properties;
  expect(capacityReservation).toEqual({ capacityReservationGroup: { id: CRG_SHOP } });
  expect(await resourcesOf(host)).toEqual(resources);
});

test("an empty plan changes nothing and says so", async () => {
  const host = createTestHost();
  const file = join(host.folder, "plan.json");
  await savePlan(file, planOf(), "/");

  expect(await runCli(host, "apply", file, "--yes")).toEqual({
    exit: 0,
    stdout: "",
    stderr: "note: the plan is empty: nothing to change\n",
  });
});
