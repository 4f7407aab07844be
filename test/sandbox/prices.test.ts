import { expect, test } from "vitest";
import { MAIN, openCloud, type Answer, type Cloud } from "./azure.ts";

const LIST = "https://prices.azure.com/api/retail/prices";

async function ask(cloud: Cloud, query: Record<string, string>): Promise<Answer> {
  const search = new URLSearchParams(query).toString();
  return cloud.send("GET", `${LIST}?${search}`, { token: null, version: null });
}

const E8S =
  "serviceName eq 'Virtual Machines' and armRegionName eq 'eastus2' and armSkuName eq 'Standard_E8s_v5'";

test("anybody may ask for the prices of a size: the machine itself and what is sold beside it", async () => {
  const { status, body, headers } = await ask(await openCloud(), {
    $filter: `${E8S} and priceType eq 'Consumption'`,
  });

  expect([status, body.Count, body.NextPageLink]).toEqual([200, 5, null]);
  expect(Object.keys(headers).filter((name) => name.includes("ratelimit"))).toEqual([]);
  expect(body.Items[0]).toMatchObject({
    currencyCode: "USD",
    retailPrice: 0.56,
    armRegionName: "eastus2",
    armSkuName: "Standard_E8s_v5",
    productName: "Virtual Machines Esv5 Series",
    unitOfMeasure: "1 Hour",
    type: "Consumption",
  });
});

test("the list has pages, and other currencies", async () => {
  const cloud = await openCloud({ edit: (world) => void (world.settings.pageSize = 4) });

  const first = await ask(cloud, { currencyCode: "'EUR'", $filter: E8S });
  const second = await cloud.send("GET", first.body.NextPageLink, { token: null, version: null });

  expect([first.body.Count, second.body.Count, second.body.NextPageLink]).toEqual([4, 2, null]);
  expect(second.body.Items[0]).toMatchObject({ currencyCode: "EUR", armSkuName: "Standard_E8s_v5" });
});

test.each([
  [{ currencyCode: "'XYZ'" }, "The currency 'XYZ' is not supported."],
  [{ $filter: "contains(armSkuName, 'E8')" }, "The filter 'contains(armSkuName, 'E8')' is not valid."],
])("what it does not understand is refused: %o", async (query, message) => {
  const { status, body } = await ask(await openCloud(), query);

  expect([status, body.error.message]).toEqual([400, message]);
});

test("faults spare the price list, unless the path names it", async () => {
  const fault = { name: "server-error" as const, match: {}, times: 1, skip: 0 };
  const cloud = await openCloud({ edit: (world) => void world.faults.push(fault) });
  const named = await openCloud({
    edit: (world) => void world.faults.push({ ...fault, match: { path: "/retail/prices" } }),
  });

  expect((await ask(cloud, { $filter: E8S })).status).toBe(200);
  expect((await ask(named, { $filter: E8S })).status).toBe(500);
});

test("replicated items are in a table of their own", async () => {
  const id = `/subscriptions/${MAIN}/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/v/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/i`;
  const type =
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems";
  const cloud = await openCloud({
    edit(world) {
      world.resources[id.toLowerCase()] = { id, name: "i", type, location: "eastus2", properties: {} };
    },
  });
  const count = async (table: string): Promise<number> => {
    const query = `${table} | where type =~ '${type}' | project id`;
    const path = "/providers/Microsoft.ResourceGraph/resources";
    return (await cloud.send("POST", path, { version: "2022-10-01", body: { query } })).body.count;
  };

  expect(await count("recoveryservicesresources")).toBe(1);
  expect(await count("resources")).toBe(0);
});
