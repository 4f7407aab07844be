import { expect, test } from "vitest";
import {
  find,
  GROUP,
  groupIdOf,
  list,
  MACHINE,
  powerOf,
  RESERVATION,
  RESOURCE_GROUP,
  type Machine,
} from "../../src/sandbox/bodies.ts";
import { parentOf, resourceGroupOf, subscriptionOf } from "../../src/sandbox/ids.ts";
import { makeFleet } from "../../src/sandbox/fleet.ts";
import { loadBundledWorld } from "../../src/sandbox/world-file.ts";

const world = (await loadBundledWorld("fleet"))!;
const machines = list(world, MACHINE);
const reservations = list(world, RESERVATION);

function slotOf({ zones = [] }: { zones?: string[] | undefined }, size: string): string {
  return `${zones.join()}|${size}`;
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function isPlain({ properties }: Machine): boolean {
  return properties.priority === undefined && properties.availabilitySet === undefined;
}

test("there are 10,000 VMs in 200 subscriptions, of every kind, and the same each time", async () => {
  expect(machines).toHaveLength(10_000);
  expect(countBy(machines.map(({ tags }) => tags?.["tier"] ?? ""))).toEqual({
    ad: 600,
    app: 2400,
    batch: 800,
    db: 1600,
    legacy: 1200,
    tools: 600,
    web: 2800,
  });
  expect(countBy(machines.map(powerOf))).toEqual({ deallocated: 1000, running: 8500, stopped: 500 });
  expect(machines.filter(({ tags }) => tags?.["criticality"] === "must-run")).toHaveLength(2200);
  expect(new Set(machines.map(({ id }) => subscriptionOf(id))).size).toBe(200);
  expect(await loadBundledWorld("fleet")).toEqual(world);
});

test("a few groups are Open or Block, and a few Targeted ones hold what comes only later", () => {
  const later = reservations.filter(
    ({ properties }) => properties.instanceView["reservationStateInfo"] !== undefined,
  );

  expect(countBy(list(world, GROUP).map(({ properties }) => properties.reservationType))).toEqual({
    Block: 4,
    Open: 4,
    Targeted: 104,
  });
  expect(new Set(later.map(({ id }) => parentOf(id))).size).toBe(4);
});

test("every VM is in a group of its own subscription and location that has a reservation for it", () => {
  const held = new Set(
    reservations.map((each) => `${parentOf(each.id)}|${slotOf(each, each.sku.name)}|${each.location}`),
  );
  const members = machines.filter((machine) => groupIdOf(machine) !== undefined);
  const lost = members.filter((machine) => {
    const group = find(world, GROUP, groupIdOf(machine) ?? "");
    const slot = slotOf(machine, machine.properties.hardwareProfile.vmSize);
    const fits = held.has(`${groupIdOf(machine)}|${slot}|${machine.location}`) && isPlain(machine);
    return !fits || subscriptionOf(group?.id ?? "") !== subscriptionOf(machine.id);
  });

  expect(members.length).toBeGreaterThan(500);
  expect(lost).toEqual([]);
});

test("reservations are one per slot, in a zone of their group, and obtained unless they come later", () => {
  const keys = reservations.map((each) => `${parentOf(each.id)}|${slotOf(each, each.sku.name)}`);
  const odd = reservations.filter(({ id, zones = [], sku, properties }) => {
    const groupZones = find(world, GROUP, parentOf(id))?.zones ?? [];
    const { utilizationInfo, reservationStateInfo } = properties.instanceView;
    const obtained = reservationStateInfo === undefined ? sku.capacity : 0;
    const inPlace = groupZones.length === 0 ? zones.length === 0 : groupZones.includes(zones[0] ?? "");
    return utilizationInfo.currentCapacity !== obtained || !inPlace;
  });

  expect(new Set(keys).size).toBe(keys.length);
  expect(odd).toEqual([]);
});

test("every resource is in a resource group that exists, and no VM is with an Open group", () => {
  const groups = new Set(list(world, RESOURCE_GROUP).map(({ id }) => id));
  const homeless = Object.values(world.resources).filter(
    ({ id }) => !groups.has(`/subscriptions/${subscriptionOf(id)}/resourceGroups/${resourceGroupOf(id)}`),
  );
  const types = machines.map((each) => find(world, GROUP, groupIdOf(each) ?? "")?.properties.reservationType);

  expect(homeless).toEqual([]);
  expect(types).not.toContain("Open");
});

test("a smaller fleet has as many subscriptions", () => {
  const { subscriptions, resources } = makeFleet(5);

  expect(subscriptions).toHaveLength(200);
  expect(Object.values(resources).filter(({ type }) => type === MACHINE)).toHaveLength(1000);
});
