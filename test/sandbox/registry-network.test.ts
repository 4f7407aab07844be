import { expect, test } from "vitest";
import { find, list, NETWORK_INTERFACE, REGISTRY } from "../../src/sandbox/bodies.ts";
import { settleAddresses } from "../../src/sandbox/registry/addresses.ts";
import { code, leaveFree, membersOf, NETWORK, openRegistries, SHOPREGISTRY } from "./registries.ts";

const version = "2024-05-01";
const SMALL = `${NETWORK}/virtualNetworks/shop-weu-vnet/subnets/private`;
const BORN = ["registry_data_eastus2", "registry_data_westeurope", "registry_data_northeurope", "registry"];

test("from a registry the way leads to its private endpoint, network interface and subnet", async () => {
  const { send } = await openRegistries();
  const [connection] = (await send("GET", SHOPREGISTRY)).body.properties.privateEndpointConnections;

  const endpoint = await send("GET", connection.properties.privateEndpoint.id, { version });
  const nic = await send("GET", endpoint.body.properties.networkInterfaces[0].id, { version });
  const subnet = await send("GET", endpoint.body.properties.subnet.id, { version });

  expect(connection.properties.privateEndpoint.id).toContain("/resourceGroups/RG-SHOP-PROD/");
  expect(endpoint.body.name).toBe("shopregistry-pe-eastus2");
  expect(nic.body.properties.ipConfigurations[0].properties).toMatchObject({
    privateIPAddress: "10.20.4.10",
    privateIPAllocationMethod: "Static",
    privateLinkConnectionProperties: {
      groupId: "registry",
      requiredMemberName: "registry_data_eastus2",
      fqdns: ["shopregistry.eastus2.data.azurecr.io"],
    },
  });
  expect(subnet.body).toMatchObject({
    name: "endpoints",
    type: "Microsoft.Network/virtualNetworks/subnets",
    properties: { addressPrefix: "10.20.4.0/24", privateEndpoints: [{ id: endpoint.body.id }] },
  });
});

test("a subnet names everything that has an address in it, with resource groups in upper case", async () => {
  const { send } = await openRegistries();

  const { body } = await send("GET", SMALL, { version });

  expect(body.properties.addressPrefix).toBe("10.30.1.0/28");
  expect(body.properties.ipConfigurations).toHaveLength(10);
  expect(body.properties.ipConfigurations.at(-1).id).toMatch(
    /\/resourceGroups\/RG-SHOP-PROD\/.*\/shopregistry-pe-westeurope-nic\/ipConfigurations\//,
  );
});

test.for(["privateEndpoints/nobody", "networkInterfaces/nobody", "virtualNetworks/shop-vnet/subnets/nobody"])(
  "%s is not found",
  async (path) => {
    const { send } = await openRegistries();

    expect(code(await send("GET", `${NETWORK}/${path}`, { version }))).toEqual([404, "ResourceNotFound"]);
  },
);

test("a replica takes one address of each private endpoint, and gives it back", async () => {
  const { send, finish, sandbox, world } = await openRegistries();
  const path = `${SHOPREGISTRY}/replications/centralus`;

  await finish(await send("PUT", path, { body: { location: "centralus" } }));
  const created = membersOf(world);
  const full = (await send("GET", SMALL, { version })).body.properties.ipConfigurations.length;
  await send("DELETE", path);
  await sandbox.sleep(40_000);
  await send("GET", path);

  expect(created).toEqual([...BORN, "registry_data_centralus"]);
  expect(full).toBe(11);
  expect(membersOf(world)).toEqual(BORN);
});

test("regional endpoints take one more address for each replica, and give them back", async () => {
  const { send, world } = await openRegistries({ edit: (world) => leaveFree(world, 3) });

  await send("PATCH", SHOPREGISTRY, { body: { properties: { regionalEndpoints: "Enabled" } } });
  const enabled = membersOf(world);
  await send("PATCH", SHOPREGISTRY, { body: { properties: { regionalEndpoints: "Disabled" } } });

  expect(enabled).toHaveLength(7);
  expect(membersOf(world)).toEqual(BORN);
});

test("regional endpoints are refused while the small subnet has one address left", async () => {
  const { send, world } = await openRegistries();

  const answer = await send("PATCH", SHOPREGISTRY, {
    body: { properties: { regionalEndpoints: "Enabled" } },
  });

  expect(code(answer)).toEqual([400, "PrivateEndpointUpdateFailed"]);
  expect(answer.text).not.toMatch(/subnet|private"/);
  expect(find(world, REGISTRY, SHOPREGISTRY)?.properties.regionalEndpoints).toBe("Disabled");
});

test("with regional endpoints a new replica needs two addresses in each subnet", async () => {
  const { send, finish, world } = await openRegistries({ edit: (world) => leaveFree(world, 4) });
  await send("PATCH", SHOPREGISTRY, { body: { properties: { regionalEndpoints: "Enabled" } } });

  const end = await finish(
    await send("PUT", `${SHOPREGISTRY}/replications/centralus`, { body: { location: "centralus" } }),
  );

  expect(end.status).toBe("Failed");
  expect(membersOf(world)).toHaveLength(7);
});

test("new addresses are free ones of the subnet", async () => {
  const { send, finish, world } = await openRegistries();

  await finish(
    await send("PUT", `${SHOPREGISTRY}/replications/centralus`, { body: { location: "centralus" } }),
  );

  const nic = find(world, NETWORK_INTERFACE, `${NETWORK}/networkInterfaces/shopregistry-pe-eastus2-nic`)!;
  const last = nic.properties.ipConfigurations.at(-1)!;
  expect(last.properties).toMatchObject({
    privateIPAddress: "10.20.4.4",
    privateIPAllocationMethod: "Dynamic",
  });
});

test("contoso's private endpoints have the addresses that their registries need", async () => {
  const { world } = await openRegistries();
  const before = structuredClone(list(world, NETWORK_INTERFACE));

  for (const registry of list(world, REGISTRY)) settleAddresses(world, registry);

  expect(list(world, NETWORK_INTERFACE)).toEqual(before);
});
