import { expect, test } from "vitest";
import { MAIN, machine, openCloud, SHOP } from "./azure.ts";

const LIST = `/subscriptions/${MAIN}/providers/Microsoft.Compute/virtualMachines`;

test("a list comes in pages whose links are followed as they are", async () => {
  const { send } = await openCloud({ edit: (world) => (world.settings.pageSize = 6) });
  const names: string[] = [];

  let link: string | undefined = LIST;
  while (link !== undefined) {
    const { body } = await send("GET", link);
    names.push(...body.value.map((each: { name: string }) => each.name));
    link = body.nextLink;
  }

  expect(names).toHaveLength(15);
  expect(new Set(names).size).toBe(15);
});

test("nextLink keeps the host that was asked and carries a skip token", async () => {
  const { send } = await openCloud({ edit: (world) => (world.settings.pageSize = 6) });

  const { body } = await send("GET", `https://localhost:8443${LIST}?api-version=2026-03-01`);

  expect(body.nextLink).toMatch(
    /^https:\/\/localhost:8443\/subscriptions\/.*\?api-version=2026-03-01&\$skipToken=[\w-]+$/,
  );
});

test("a list has no instance view and shouts resource groups, a read does neither", async () => {
  const { send } = await openCloud();

  const list = await send("GET", `${SHOP}/virtualMachines`);
  const one = await send("GET", machine("shop-web-01"));

  const listed = list.body.value.find((each: { name: string }) => each.name === "shop-web-01");
  expect(listed.id).toBe(machine("shop-web-01").replace("rg-shop-prod", "RG-SHOP-PROD"));
  expect(listed.properties).not.toHaveProperty("instanceView");
  expect(one.body.id).toBe(machine("shop-web-01"));
  expect(one.body.properties).not.toHaveProperty("instanceView");
});

test("a list with an instance view is refused", async () => {
  const { send } = await openCloud();

  expect((await send("GET", `${LIST}?$expand=instanceView`)).status).toBe(400);
});

test("the instance view tells the power state when asked for", async () => {
  const { send } = await openCloud();

  const { body } = await send("GET", `${machine("shop-web-04")}?$expand=instanceView`);

  expect(body.properties.instanceView.statuses).toEqual([
    { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Provisioning succeeded" },
    { code: "PowerState/deallocated", level: "Info", displayStatus: "VM deallocated" },
  ]);
});

test("the kind of reservation is told from api-version 2026-04-01 on", async () => {
  const { send } = await openCloud();
  const path = `${machine("shop-search-01")}?$expand=instanceView`;

  const older = await send("GET", path);
  const newer = await send("GET", path, { version: "2026-04-01" });

  expect(older.body.properties.instanceView).not.toHaveProperty("capacityReservationType");
  expect(newer.body.properties.instanceView.capacityReservationType).toBe("Targeted");
});

test("a single resource is printed with line breaks, a list is not", async () => {
  const { send } = await openCloud();

  const list = await send("GET", LIST);
  const one = await send("GET", machine("shop-web-01"));

  expect(list.text).not.toContain("\n");
  expect(one.text).toContain("\r\n");
});

test("a scale set tells whether it has a single placement group", async () => {
  const { send } = await openCloud();

  const { body } = await send("GET", `${SHOP}/virtualMachineScaleSets/shop-front`);

  expect(body.properties.singlePlacementGroup).toBe(true);
});

test("scale sets are listed for a subscription", async () => {
  const { send } = await openCloud();

  const { body } = await send(
    "GET",
    `/subscriptions/${MAIN}/providers/Microsoft.Compute/virtualMachineScaleSets`,
  );

  expect(body.value.map((each: { name: string }) => each.name)).toEqual(["shop-front"]);
});

test("sizes of one location come in one page", async () => {
  const { send } = await openCloud();

  const { body } = await send(
    "GET",
    `/subscriptions/${MAIN}/providers/Microsoft.Compute/skus?$filter=location eq 'eastus2'`,
    { version: "2021-07-01" },
  );

  expect(body).not.toHaveProperty("nextLink");
  expect(body.value.map((each: { name: string }) => each.name)).toEqual([
    "Standard_D2s_v5",
    "Standard_D4s_v5",
    "Standard_E8s_v5",
    "Standard_A2_v2",
  ]);
  expect(body.value[0].restrictions[0].restrictionInfo).toEqual({ locations: ["eastus2"], zones: ["3"] });
});

test("usage counts reserved cores once and running machines beside them", async () => {
  const { send } = await openCloud();

  const { body } = await send(
    "GET",
    `/subscriptions/${MAIN}/providers/Microsoft.Compute/locations/eastus2/usages`,
  );

  const used = Object.fromEntries(
    body.value.map((each: { name: { value: string }; currentValue: number; limit: number }) => [
      each.name.value,
      [each.currentValue, each.limit],
    ]),
  );
  // Reservation of four E8s with two members, and three more E8s; six D4s and one D2s.
  expect(used).toMatchObject({ standardESv5Family: [7 * 8, 96], standardDSv5Family: [6 * 4 + 2, 100] });
});
