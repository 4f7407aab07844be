import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { find, MACHINE, RESERVATION, type Machine, type Reservation } from "../../src/sandbox/bodies.ts";
import { keyOf } from "../../src/sandbox/ids.ts";
import type { World } from "../../src/sandbox/world.ts";
import { loadWorld, saveWorld } from "../../src/sandbox/world-file.ts";
import { createTestHost, runCli, SUBSCRIPTION, type HostOptions, type TestHost } from "../harness.ts";

const SHOP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.Compute`;
const CAPACITY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-capacity/providers/Microsoft.Compute`;
export const CRG_SHOP = `${CAPACITY}/capacityReservationGroups/crg-shop`;

export interface SavedPlan {
  host: TestHost;
  file: string;
}

/** A plan that joins shop-db-01 to crg-shop and raises its reservation from two to three. */
export async function saveAttachPlan(options: HostOptions = {}, command = attach()): Promise<SavedPlan> {
  const host = createTestHost(options);
  const file = join(host.folder, "plan.json");
  await changeWorld(host, (world) => {
    reservationIn(world).sku.capacity = 2;
    reservationIn(world).properties.instanceView.utilizationInfo.currentCapacity = 2;
  });
  const made = await runCli(host, ...command, "--out", file);
  expect(made.exit).toBe(3);
  return { host, file };
}

export function attach(vm = "shop-db-01", group = "crg-shop"): string[] {
  return ["odcr", "attach", "--vm", vm, "--group", group];
}

/** The sandbox's world between two commands. */
export async function changeWorld(host: TestHost, change: (world: World) => void): Promise<World> {
  const path = join(host.state, "sandbox", "world.json");
  const world = await loadWorld(path);
  change(world);
  await saveWorld(path, world);
  return world;
}

export async function resourcesOf(host: TestHost): Promise<World["resources"]> {
  return (await loadWorld(join(host.state, "sandbox", "world.json"))).resources;
}

export function machineIn(world: World, name = "shop-db-01"): Machine {
  return find(world, MACHINE, `${SHOP}/virtualMachines/${name}`)!;
}

export function reservationIn(world: World): Reservation {
  return find(world, RESERVATION, `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`)!;
}

/** Another group or reservation, made after the likeness of one that is there. */
export function copyResource(world: World, from: string, to: string): void {
  const body = structuredClone(world.resources[keyOf(from)]!);
  world.resources[keyOf(to)] = { ...body, id: to, name: to.split("/").at(-1)! };
}

export async function readJson(file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
}
