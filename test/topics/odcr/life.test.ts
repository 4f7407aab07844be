import { expect, test } from "vitest";
import { GROUP, groupIdOf, list, MACHINE, powerOf, RESERVATION } from "../../../src/sandbox/bodies.ts";
import { nameOf, subscriptionOf } from "../../../src/sandbox/ids.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { SUBSCRIPTION } from "../../harness.ts";
import { addFixed, addMachines, beginLife, makeFleetWorld, type Life } from "./life-world.ts";

const D4 = "Standard_D4s_v5";
const E8 = "Standard_E8s_v5";
const WEB = { tier: "web" };
const DB = { tier: "db" };
const LEGACY = { tier: "legacy" };

/** Ten VMs in six slots; zone 2 has no hardware left, each other slot has room for one unit more. */
async function makeWorld(): Promise<World> {
  const world = await makeFleetWorld([
    { name: "web-01", size: D4, zone: "1", tags: WEB },
    { name: "web-02", size: D4, zone: "1", tags: WEB },
    { name: "web-03", size: D4, zone: "1", power: "stopped", tags: WEB },
    { name: "web-04", size: D4, zone: "2", tags: WEB },
    { name: "web-05", size: D4, zone: "2", power: "deallocated", tags: WEB },
    { name: "db-01", size: E8, zone: "1", tags: DB },
    { name: "db-02", size: E8, zone: "2", tags: DB },
    { name: "legacy-01", size: D4, tags: LEGACY },
    { name: "legacy-02", size: D4, tags: LEGACY },
    { name: "legacy-03", size: E8, tags: LEGACY },
  ]);
  for (const size of [D4, E8]) {
    for (const zone of ["1", ""]) world.capacity[`eastus2|${zone}|${size}`] = 1;
    world.capacity[`eastus2|2|${size}`] = 0;
  }
  const later = { start: "2027-02-01", minimumCommitmentDays: 30 };
  addFixed(world, { group: "crg-open", type: "Open", properties: {} });
  addFixed(world, {
    group: "crg-block",
    type: "Block",
    properties: { scheduleProfile: { start: "2026-11-02" } },
  });
  addFixed(world, { group: "crg-later", type: "Targeted", properties: { scheduleProfile: later } });
  return world;
}

/** Units of each reservation that verbs may change, and the VMs that are in its group. */
function fleetOf(world: World): object {
  const isOurs = ({ id, properties }: { id: string; properties: object }): boolean =>
    subscriptionOf(id) === SUBSCRIPTION && !("scheduleProfile" in properties) && !id.includes("crg-open");
  const reservations = list(world, RESERVATION).filter(isOurs);
  const members = list(world, MACHINE).filter((each) => groupIdOf(each) !== undefined);
  return {
    units: Object.fromEntries(reservations.map(({ name, sku }) => [name, sku.capacity])),
    members: members.map(({ name }) => name),
  };
}

function powersOf(world: World): object {
  return Object.fromEntries(list(world, MACHINE).map((machine) => [machine.name, powerOf(machine)]));
}

const STATES = ["covered", "overallocated", "unprotected", "needs-restart"];

/** Runs one command of the life, which may do nothing that it did not say; how many rows tell of each state. */
async function live(life: Life, command: string, exit: number): Promise<object> {
  const { violations, requests, stdout, ...ended } = await life.run(command);
  expect({ command, exit: ended.exit, violations }).toEqual({ command, exit, violations: [] });
  expect(requests).toBeGreaterThan(1);
  const cells = stdout.split(/[\t\n]/);
  const counts = STATES.map((state) => [state, cells.filter((cell) => cell === state).length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** Azure's books catch up, and whoever was about to do something else has done it. */
async function wait(life: Life): Promise<void> {
  await life.edit((world) => void (world.clockOffsetMs += 60_000));
}

const FIXED = ["crg-block", "crg-later", "crg-open", "crg-platform"];
const ALL = "--resource-group rg-capacity";
const ZONAL = "crg-eastus2-zonal";
const REGIONAL = "crg-eastus2-regional";
const FULL_SLOT = `odcr resize ${ZONAL} --slot zone=2,size=D4s_v5 --quantity 3 --apply`;
const WAITING = `odcr acquire --group ${ZONAL} --size D4s_v5 --location eastus2 --zone 2 --quantity 3 --for 2h --apply`;
const EVERYTHING = "--release --delete-empty --apply";

const ATTACHED = {
  units: {
    Regional_D4s_v5: 2,
    Regional_E8s_v5: 1,
    Zone1_D4s_v5: 3,
    Zone1_E8s_v5: 1,
    Zone2_D4s_v5: 1,
    Zone2_E8s_v5: 1,
  },
  members: "db-01 db-02 legacy-01 legacy-02 legacy-03 web-01 web-02 web-03 web-04 web-05".split(" "),
};

test("the life of a fleet: nothing is done at any request that a command line did not say", async () => {
  const life = await beginLife(await makeWorld());
  const powers = powersOf(await life.world());

  // Nothing is protected. A plan changes nothing, and regional VMs wait until a restart is allowed.
  expect(await live(life, "odcr audit", 3)).toEqual({ unprotected: 7, "needs-restart": 3 });
  await live(life, `odcr attach ${ALL} --allow-restart`, 3);
  expect(fleetOf(await life.world())).toEqual({ units: {}, members: [] });
  await live(life, `odcr attach ${ALL} --apply`, 0);
  expect(await live(life, "odcr audit", 3)).toMatchObject({ "needs-restart": 3 });
  await live(life, `odcr attach ${ALL} --allow-restart --apply`, 0);
  expect(fleetOf(await life.world())).toEqual(ATTACHED);
  expect(powersOf(await life.world())).toEqual(powers);
  expect(await live(life, "odcr status", 0)).toEqual({ covered: 6 });
  expect(await live(life, "odcr audit", 0)).toEqual({ covered: 9 });

  // More VMs appear, also in the full zone: what runs needs no new hardware.
  await life.edit((world) => {
    addMachines(world, [
      { name: "web-06", size: D4, zone: "1", tags: WEB },
      { name: "web-07", size: D4, zone: "2", tags: WEB },
    ]);
  });
  expect(await live(life, "odcr audit", 3)).toEqual({ unprotected: 2, covered: 9 });
  await live(life, "odcr attach --tag tier=web --apply", 0);
  const grown = {
    units: { ...ATTACHED.units, Zone1_D4s_v5: 4, Zone2_D4s_v5: 2 },
    members: [...ATTACHED.members, "web-06", "web-07"],
  };
  expect(fleetOf(await life.world())).toEqual(grown);
  await live(life, `odcr attach ${ALL} --apply`, 0);

  // A unit beyond what runs, while there is room; without room, whatever Azure makes of it, the old quantity stays.
  await live(life, `odcr resize ${ZONAL} --slot Zone1_D4s_v5 --quantity 5 --apply`, 0);
  const raised = { ...grown, units: { ...grown.units, Zone1_D4s_v5: 5 } };
  for (const leavesFailed of [false, true]) {
    await life.edit((world) => void (world.settings.failedRaiseLeavesFailed = leavesFailed));
    await live(life, FULL_SLOT, 6);
    expect(fleetOf(await life.world())).toEqual(raised);
    expect(await live(life, "odcr status", 0)).toEqual({ covered: 6 });
  }

  // Units that somebody asked for outlast an attach, and what is not a plain reservation is nobody's to change.
  await live(life, `odcr attach ${ALL} --allow-restart --move --apply`, 0);
  for (const group of ["crg-block", "crg-later", "crg-open"]) {
    await live(life, `odcr resize ${group} --quantity 0 --release --apply`, 2);
    await live(life, `odcr detach --group ${group} ${EVERYTHING}`, 2);
  }
  expect(fleetOf(await life.world())).toEqual(raised);

  // The unit that was refused a moment ago is waited for: in vain, and then until there is hardware.
  await live(life, WAITING, 7);
  expect(fleetOf(await life.world())).toEqual(raised);
  await life.edit((world) => void (world.capacity[`eastus2|2|${D4}`] = 1));
  await live(life, WAITING, 0);
  const acquired = { ...raised, units: { ...raised.units, Zone2_D4s_v5: 3 } };
  expect(fleetOf(await life.world())).toEqual(acquired);
  await live(life, WAITING, 0);

  // Nobody who runs leaves without a flag, and no unit is given up.
  await wait(life);
  await live(life, `odcr detach --group ${ZONAL} --apply`, 0);
  await live(life, `odcr detach --group ${REGIONAL} --apply`, 0);
  const stay = { ...acquired, members: acquired.members.filter((name) => name !== "web-05") };
  expect(fleetOf(await life.world())).toEqual(stay);

  // One is restarted out of its group, the others leave while they run; what is empty goes when that is asked for.
  await wait(life);
  await live(life, "odcr detach --vm db-01 --allow-restart --apply", 0);
  await live(life, `odcr detach --group ${REGIONAL} --release --apply`, 0);
  await wait(life);
  await live(life, `odcr detach --group ${REGIONAL} --delete-empty --apply`, 0);
  await live(life, `odcr detach --group ${ZONAL} ${EVERYTHING}`, 0);
  const world = await life.world();
  expect(fleetOf(world)).toEqual({ units: {}, members: [] });
  expect(list(world, GROUP).map(({ id }) => nameOf(id))).toEqual(FIXED);
  expect(powersOf(world)).toEqual({ ...powers, "web-06": "running", "web-07": "running" });
  expect(await live(life, "odcr audit", 3)).toEqual({ unprotected: 9, "needs-restart": 3 });
});
