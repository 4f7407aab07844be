import { expect, test } from "vitest";
import { recorded } from "./recorded.ts";
import { ARM, openPorts, refusalOf, reply } from "./wire.ts";

const NETWORK =
  "/subscriptions/5a000000-0000-4000-8000-000000000001/resourceGroups/rg-shop-prod/providers/Microsoft.Network";
const ENDPOINT = `${NETWORK}/privateEndpoints/shopregistry-pe`;
const NIC = `${NETWORK}/networkInterfaces/shopregistry-pe.nic.0b6f`;
const SUBNET = `${NETWORK}/virtualNetworks/shop-vnet/subnets/private`;

test("a private endpoint leads to its subnet and network interfaces, in the casing of the service", async () => {
  const { network, wire } = openPorts({
    [`GET ${ARM}${ENDPOINT}`]: reply(200, recorded("private-endpoint")),
  });

  expect(await network.getPrivateEndpoint(ENDPOINT)).toEqual({
    id: ENDPOINT,
    subnetId: SUBNET.replace("rg-shop-prod", "RG-SHOP-PROD"),
    interfaceIds: [NIC],
  });
  expect(wire.seen).toEqual([`GET ${ARM}${ENDPOINT}?api-version=2024-05-01`]);
});

test("addresses tell how they were allocated; those of IPv6 are left out", async () => {
  const { network } = openPorts({ [`GET ${ARM}${NIC}`]: reply(200, recorded("network-interface")) });

  expect(await network.listAddresses(NIC)).toEqual([{ isStatic: false }, { isStatic: true }]);
});

test.each([
  [{ addressPrefix: "10.30.1.0/28" }, ["10.30.1.0/28"]],
  [{ addressPrefixes: ["10.30.1.0/28", "fd00::/64"] }, ["10.30.1.0/28", "fd00::/64"]],
  [{ addressPrefix: "10.30.1.0/28", addressPrefixes: ["10.30.1.0/28"] }, ["10.30.1.0/28"]],
  [{}, []],
])("a subnet of %j where nothing is in use lists nothing", async (properties, prefixes) => {
  const { network } = openPorts({ [`GET ${ARM}${SUBNET}`]: reply(200, { id: SUBNET, properties }) });

  expect(await network.getSubnet(SUBNET)).toEqual({ id: SUBNET, prefixes, listed: 0 });
});

test("the addresses of a subnet are the IP configurations that it lists", async () => {
  const { network } = openPorts({ [`GET ${ARM}${SUBNET}`]: reply(200, recorded("subnet")) });

  expect(await network.getSubnet(SUBNET)).toMatchObject({ prefixes: ["10.30.1.0/28"], listed: 3 });
});

test("what does not exist is undefined; what may not be read, or whose subscription is unknown, is an error", async () => {
  const error = (code: string): unknown => ({ error: { code, message: "no" } });
  const { network } = openPorts({
    [`GET ${ARM}${ENDPOINT}`]: reply(404, error("ResourceNotFound")),
    [`GET ${ARM}${NIC}`]: reply(404, error("SubscriptionNotFound")),
    [`GET ${ARM}${SUBNET}`]: reply(403, error("AuthorizationFailed")),
  });

  expect(await network.getPrivateEndpoint(ENDPOINT)).toBeUndefined();
  expect(await refusalOf(network.listAddresses(NIC))).toMatchObject({ code: "SubscriptionNotFound" });
  expect(await refusalOf(network.getSubnet(SUBNET))).toMatchObject({ status: 403 });
});
