import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { View } from "../../../src/output/view.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { cost } from "../../../src/topics/odcr/cost.ts";
import {
  createTestHost,
  loadWorld,
  OTHER_SUBSCRIPTION,
  runCli,
  SUBSCRIPTION,
  type CliResult,
  type Driver,
  type TestHost,
} from "../../harness.ts";

export const VMS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.Compute/virtualMachines`;
export const GROUPS = `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/rg-platform-capacity/providers/Microsoft.Compute/capacityReservationGroups`;
const VAULT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/vault-dr`;
export const ITEMS = `${VAULT}/replicationFabrics/east/replicationProtectionContainers/east/replicationProtectedItems`;
const TYPE =
  "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems";

/** A replicated item in the shape of the Site Recovery API; ids are invented. */
export function replicate(world: World, friendlyName: string, details: Record<string, unknown>): void {
  const name = `asr-${friendlyName}`;
  const id = `${ITEMS}/${name}`;
  const properties = { friendlyName, protectionState: "Protected", providerSpecificDetails: details };
  world.resources[id.toLowerCase()] = { id, name, type: TYPE, location: "", properties };
}

export function addReplicas(world: World): void {
  const azure = (name: string, group: object): Record<string, unknown> => ({
    instanceType: "A2A",
    fabricObjectId: `${VMS}/${name}`,
    ...group,
  });
  const group = { recoveryCapacityReservationGroupId: `${GROUPS}/crg-platform` };
  replicate(world, "shop-search-01", azure("shop-search-01", group));
  replicate(world, "shop-search-02", azure("shop-search-02", { recoveryCapacityReservationGroupId: "" }));
  replicate(world, "shop-web-01", azure("shop-web-01", group));
  replicate(world, "shop-db-01", azure("shop-db-01", {}));
  const targetCapacityReservationGroupId = `${GROUPS}/crg-platform`;
  replicate(world, "old-erp", { instanceType: "InMageRcm", targetCapacityReservationGroupId });
  replicate(world, "old-crm", { instanceType: "InMageRcm" });
}

export async function hostWith(
  change: (world: World) => void,
  options: Parameters<typeof createTestHost>[0] = {},
): Promise<TestHost> {
  const host = createTestHost(options);
  const world = await loadWorld();
  change(world);
  await mkdir(join(host.state, "sandbox"), { recursive: true });
  await writeFile(join(host.state, "sandbox", "world.json"), JSON.stringify(world));
  return host;
}

export interface Printed {
  prices: unknown;
  reservations: unknown[];
  total: unknown;
  duplicates: { found: unknown[] };
  notes: unknown[];
}

export async function runJson(host: TestHost, ...argv: string[]): Promise<CliResult & { json: Printed }> {
  const result = await runCli(host, "odcr", "cost", "-o", "json", ...argv);
  return { ...result, json: JSON.parse(result.stdout) as Printed };
}

export async function view(driver: Driver, input: object = {}): Promise<View> {
  return cost.view(await cost.run(cost.input.parse(input), driver.ctx));
}
