import { expect, test } from "vitest";
import type { VirtualMachine } from "../../../src/azure/ports.ts";
import { EXIT } from "../../../src/errors.ts";
import { planDetach, type DetachPlan } from "../../../src/topics/odcr/detach-plan.ts";
import { list, MACHINE } from "../../../src/sandbox/bodies.ts";
import { attach } from "../../../src/topics/odcr/attach.ts";
import { detach } from "../../../src/topics/odcr/detach.ts";
import { loadWorld, openDriver, type Driver } from "../../harness.ts";
import { end, stateOf, stepsOf, type Ended } from "./attach-world.ts";
import { group, groupId, machine, reservation, SUBSCRIPTION, vmId } from "./builders.ts";
import { makeFlexible } from "./scale-set-world.ts";

const GROUP = groupId("crg");
const SET = vmId("web").replace("virtualMachines", "virtualMachineScaleSets");

/** All members of a reservation of two units leave, with all that is in it beside them. */
function plan(change: Partial<VirtualMachine>, { quantity = 2, others = [] as string[] } = {}): DetachPlan {
  const machines = [machine("a", { groupId: GROUP, ...change }), machine("b", { groupId: GROUP, ...change })];
  const ids = [...machines.map(({ id }) => id), ...others];
  const { zone = undefined } = machines[0]!;
  const held = reservation("r", { zone, quantity, associated: ids, allocated: ids });
  const groups = [group("crg", { zones: zone === undefined ? [] : [zone], reservations: [held] })];
  return planDetach(
    { machines, groups, subscriptionId: SUBSCRIPTION, isWholeGroup: true },
    { allowRestart: false, release: true, deleteEmpty: true },
  );
}

const REGIONAL = { zone: undefined };

test("running regional VMs leave as zonal ones do, and what that costs later is said", () => {
  const zonal = plan({});
  const regional = plan(REGIONAL);

  expect(regional.steps.map(({ id }) => id)).toEqual(zonal.steps.map(({ id }) => id));
  expect(regional.verdicts.map(({ action, text }) => `${action}: ${text}`)).toEqual(
    ["a", "b"].map(
      () => "detach: leaves while it runs, once the quantity is 0; to join again it has to be restarted",
    ),
  );
  expect(regional.verdicts[0]?.because).toContain("azure-wire/regional-must-be-deallocated");
  expect(plan(REGIONAL, { quantity: 0 }).verdicts[0]?.text).toBe(
    "leaves while it runs, as nothing is reserved for it; to join again it has to be restarted",
  );
});

test("instances of a flexible scale set leave, and its model is spoken of once", () => {
  const { steps, warnings } = plan({ scaleSetId: SET });

  expect(steps.filter(({ kind }) => kind === "detach")).toHaveLength(2);
  expect(warnings.filter(({ subject }) => subject === "scale set web")).toEqual([
    {
      subject: "scale set web",
      text: "if its model names the group, VMs that it makes later join that again, and Azure may not delete it",
      because: ["azure-wire/scale-set-model"],
    },
  ]);
});

test("an instance of a uniform scale set stays, and so do units, reservation and group", () => {
  const { verdicts, steps, deletedGroups } = plan({}, { others: [`${SET}/virtualMachines/0`] });

  expect(verdicts.map(({ action, text }) => [action, text])).toEqual(
    ["a", "b"].map(() => ["left alone", "others stay in r: use --allow-restart"]),
  );
  expect([steps, deletedGroups]).toEqual([[], []]);
});

test.each([
  ["is deleted", 0, ["detach", "nothing to do"], [GROUP]],
  ["has no units that others keep", 1, ["detach", "nothing to do"], [GROUP]],
])("what still lists a VM that has left %s", (_, quantity, actions, deleted) => {
  const machines = [machine("b", { groupId: GROUP }), machine("c")];
  const ids = machines.map(({ id }) => id);
  const held = reservation("r", { quantity, associated: ids, allocated: ids });
  const made = planDetach(
    {
      machines,
      groups: [group("crg", { reservations: [held] })],
      subscriptionId: SUBSCRIPTION,
      isWholeGroup: true,
    },
    { allowRestart: false, release: true, deleteEmpty: true },
  );

  expect(made.verdicts.map(({ action }) => action)).toEqual(actions);
  expect(made.deletedGroups).toEqual(deleted);
});

const LEGACY = ["shop-legacy-01", "shop-legacy-02", "shop-report-01"];

async function attached(vm: readonly string[], driver: Driver): Promise<Driver> {
  const { exit } = await end(attach, { vm, allowRestart: true, apply: true }, driver.ctx);
  expect(exit).toBe(EXIT.ok);
  return driver;
}

async function leave(driver: Driver, input: object): Promise<Ended> {
  return end(detach, { ...input, apply: true }, driver.ctx);
}

test("a regional group is cleared while its VMs run, and the world is as it was", async () => {
  const { open, ctx, host } = await attached(LEGACY, await openDriver());

  const input = { group: "crg-eastus2-regional", release: true, deleteEmpty: true };
  const { exit } = await leave({ open, ctx, host }, input);

  expect([exit, stateOf(open.world)]).toEqual([EXIT.ok, stateOf(await loadWorld())]);
  const stopped = open.changes().filter(({ path }) => path.endsWith("/deallocate"));
  // Of the attach.
  expect(stopped).toHaveLength(2);
});

test("one regional VM of several leaves by a restart, and the others keep their unit", async () => {
  const driver = await attached(LEGACY, await openDriver());

  const { exit } = await leave(driver, { vm: ["shop-legacy-01"], allowRestart: true });

  const { machines } = stateOf(driver.open.world) as { machines: { name: string }[] };
  expect(exit).toBe(EXIT.ok);
  expect(machines.filter(({ name }) => LEGACY.includes(name))).toEqual([
    { name: "shop-legacy-01", power: "running", group: null },
    { name: "shop-legacy-02", power: "running", group: "crg-eastus2-regional" },
    { name: "shop-report-01", power: "deallocated", group: "crg-eastus2-regional" },
  ]);
});

test("the VMs of a flexible scale set join and leave again, and the world is as it was", async () => {
  const web = ["shop-web-01", "shop-web-02", "shop-web-04"];
  const driver = await attached(
    [...web, "shop-web-03"],
    await openDriver((world) => makeFlexible(world, web)),
  );

  const { exit } = await leave(driver, { scaleSet: "web", release: true });
  const rest = await leave(driver, { group: "crg-eastus2-zonal", release: true, deleteEmpty: true });

  expect([exit, rest.exit]).toEqual([EXIT.ok, EXIT.ok]);
  expect(stateOf(driver.open.world)).toEqual(stateOf(await loadWorld()));
});

/** One of two members has left by a restart, and the lists name it for an hour. */
async function withLag(): Promise<Driver> {
  const driver = await openDriver((world) => (world.settings.associationLagMs = 3_600_000));
  const { exit } = await leave(driver, { vm: ["shop-search-01"], allowRestart: true });
  expect(exit).toBe(EXIT.ok);
  return openDriver(undefined, { host: driver.host, world: driver.open.world });
}

test("who has left keeps nobody, although the lists still name it", async () => {
  const driver = await withLag();

  const { exit } = await leave(driver, { vm: ["shop-search-02"], release: true });

  const { machines, reservations } = stateOf(driver.open.world) as {
    machines: { name: string }[];
    reservations: { id: string; quantity: number }[];
  };
  expect(exit).toBe(EXIT.ok);
  expect(machines.filter(({ name }) => name.startsWith("shop-search"))).toEqual([
    { name: "shop-search-01", power: "running", group: null },
    { name: "shop-search-02", power: "running", group: null },
  ]);
  expect(reservations.find(({ id }) => id.includes("/crg-shop/"))?.quantity).toBe(0);
});

test("who has left and comes back before the units go keeps them", async () => {
  const driver = await withLag();
  const { world } = driver.open;
  const [first, second] = list(world, MACHINE).filter(({ name }) => name.startsWith("shop-search"));
  const coming = {
    ...driver.ctx,
    confirmOrStop: async () => {
      first!.properties.capacityReservation = structuredClone(second!.properties.capacityReservation!);
      return true;
    },
  };

  const { error } = await end(detach, { vm: ["shop-search-02"], release: true, apply: true }, coming);

  expect([error?.kind, error?.message]).toEqual(["changes", expect.stringContaining("/shop-search-01 ")]);
});

test("who has joined meanwhile keeps the units, although one that has left is named still", async () => {
  const driver = await withLag();
  const { world } = driver.open;
  const joining = {
    ...driver.ctx,
    confirmOrStop: async () => {
      const sample = list(world, MACHINE).find(({ name }) => name === "shop-search-02")!;
      const id = sample.id.replace("shop-search-02", "joined-99");
      world.resources[id.toLowerCase()] = { ...structuredClone(sample), id, name: "joined-99" };
      return false;
    },
  };

  const { report } = await end(detach, { vm: ["shop-search-02"], release: true, apply: true }, joining);

  expect(stepsOf(report)[0]).toMatchObject({ status: "failed", error: { code: "NotReady" } });
});

test("a member that cannot be read stays one", () => {
  const others = [vmId("gone")];
  const { verdicts } = plan({}, { others });

  expect(verdicts.map(({ action }) => action)).toEqual(["left alone", "left alone"]);
});
