import { expect, test } from "vitest";
import {
  find,
  GROUP,
  groupIdOf,
  list,
  MACHINE,
  powerOf,
  REGISTRY,
  REPLICATION,
  RESERVATION,
  RESOURCE_GROUP,
} from "../../src/sandbox/bodies.ts";
import { resourceGroupOf, subscriptionOf } from "../../src/sandbox/ids.ts";
import { freeAddresses } from "../../src/sandbox/network/subnets.ts";
import { endpointsOf } from "../../src/sandbox/registry/addresses.ts";
import { loadBundledWorld } from "../../src/sandbox/world-file.ts";
import { CRG_SHOP, MAIN } from "./azure.ts";

const world = (await loadBundledWorld("contoso"))!;
const mine = list(world, MACHINE).filter((machine) => subscriptionOf(machine.id) === MAIN);

function names(isWanted: (machine: (typeof mine)[number]) => boolean): string[] {
  return mine.filter(isWanted).map((machine) => machine.name);
}

test("contoso has two tenants with an application each and three subscriptions", () => {
  expect(world.tenants.map((tenant) => [tenant.displayName, tenant.applications.length])).toEqual([
    ["Contoso", 1],
    ["Fabrikam", 1],
  ]);
  expect(world.subscriptions.map(({ tenantId }) => tenantId.slice(0, 2))).toEqual(["a0", "a0", "b0"]);
});

test("the shop runs zonal, regional, Spot and availability-set VMs", () => {
  const isRunning = (machine: (typeof mine)[number]): boolean => powerOf(machine) === "running";
  const isPlain = ({ properties }: (typeof mine)[number]): boolean =>
    properties.priority !== "Spot" && properties.availabilitySet === undefined;

  expect(names((each) => isRunning(each) && isPlain(each) && each.zones !== undefined)).toEqual([
    "shop-db-01",
    "shop-db-02",
    "shop-jobs-01",
    "shop-search-01",
    "shop-search-02",
    "shop-web-01",
    "shop-web-02",
    "shop-web-03",
  ]);
  expect(names((each) => isRunning(each) && isPlain(each) && each.zones === undefined)).toEqual([
    "shop-legacy-01",
    "shop-legacy-02",
  ]);
  expect(names((each) => !isRunning(each))).toEqual(["shop-jobs-02", "shop-report-01", "shop-web-04"]);
  expect(names((each) => !isPlain(each))).toEqual(["shop-ad-01", "shop-batch-01"]);
});

test("crg-shop holds four units, two of them in use", () => {
  const reservation = find(world, RESERVATION, `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`);

  expect(reservation?.sku).toEqual({ name: "Standard_E8s_v5", capacity: 4 });
  expect(names((each) => groupIdOf(each) === CRG_SHOP)).toEqual(["shop-search-01", "shop-search-02"]);
});

test("a group of the platform subscription is shared to the shop's", () => {
  const shared = list(world, GROUP).find((group) => group.name === "crg-platform");

  expect(shared?.properties.sharingProfile).toEqual({ subscriptionIds: [{ id: `/subscriptions/${MAIN}` }] });
});

test("there are two Premium registries with replicas and a Basic one", () => {
  const replicas = list(world, REPLICATION).map(({ id, properties }) => [
    ...id.split("/").filter((_, index) => [8, 10].includes(index)),
    properties.regionEndpointEnabled,
    properties.provisioningState,
  ]);

  expect(list(world, REGISTRY).map(({ name, sku, location }) => [name, sku.name, location])).toEqual([
    ["legacyapp", "Basic", "eastus2"],
    ["shopregistry", "Premium", "eastus2"],
    ["platformimages", "Premium", "westeurope"],
  ]);
  expect(replicas).toEqual([
    ["shopregistry", "northeurope", true, "Succeeded"],
    ["shopregistry", "westeurope", true, "Succeeded"],
    ["platformimages", "eastus2", false, "Succeeded"],
    ["platformimages", "northeurope", true, "Creating"],
  ]);
});

test("the shop's registry has a private endpoint with plenty of addresses and one with a single one left", () => {
  const registry = list(world, REGISTRY).find(({ name }) => name === "shopregistry")!;

  const free = endpointsOf(world, registry).map(({ subnetId, nic }) => [
    freeAddresses(world, subnetId),
    nic.properties.ipConfigurations[0]?.properties.privateIPAllocationMethod,
  ]);

  expect(free).toEqual([
    [247, "Static"],
    [1, "Dynamic"],
  ]);
});

test("every resource is in a resource group that exists, some in another casing", () => {
  const groups = new Set(list(world, RESOURCE_GROUP).map((group) => group.id.toLowerCase()));
  const used = Object.values(world.resources).map(
    ({ id }) => `/subscriptions/${subscriptionOf(id)}/resourcegroups/${resourceGroupOf(id).toLowerCase()}`,
  );

  expect(used.filter((group) => !groups.has(group))).toEqual([]);
  expect(new Set(mine.map(({ id }) => resourceGroupOf(id)))).toEqual(
    new Set(["rg-shop-prod", "RG-Shop-Prod"]),
  );
});
