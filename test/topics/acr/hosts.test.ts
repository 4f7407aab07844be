import { expect, test } from "vitest";
import { allowList, endpointsOf, untoldHosts, type Switch } from "../../../src/topics/acr/hosts.ts";
import { obstacles } from "../../../src/topics/acr/obstacles.ts";
import type { RegistryRead } from "../../../src/topics/acr/read.ts";
import { ENDPOINT, hosts, registry, replica, UNSHOWN_HOME } from "./builders.ts";

const REPLICAS = [UNSHOWN_HOME, replica("westus")];
const OFF = { registry: registry(), replicas: REPLICAS };
const ON = {
  registry: registry({
    regionalEndpoints: true,
    dataEndpoints: true,
    regionalHosts: hosts("geo", "eastus2", "westus"),
    dataHosts: hosts("data", "eastus2", "westus"),
  }),
  replicas: REPLICAS,
};

function listed(read: RegistryRead, ...after: Switch[]): string[] {
  return endpointsOf(read, after).map(({ host, expected }) => `${host}${expected ? " expected" : ""}`);
}

test("with everything off there are the global host and all of Azure's storage", () => {
  expect(listed(OFF)).toEqual(["shopimages.azurecr.io", "*.blob.core.windows.net"]);
});

test("the hosts are those that the service reports, whatever the registry is called", () => {
  const regionalHosts = [{ region: "westus", host: "other-hash.westus.geo.example.com" }];

  expect(listed({ ...ON, registry: { ...ON.registry, regionalHosts } })).toEqual([
    "shopimages.azurecr.io",
    "other-hash.westus.geo.example.com",
    "shopimages.eastus2.data.azurecr.io",
    "shopimages.westus.data.azurecr.io",
  ]);
});

test("what would be there is expected in the pattern of the login server, hash and domain included", () => {
  const loginServer = "shopimages-a1b2.azurecr.cn";

  expect(listed({ ...OFF, registry: registry({ loginServer }) }, "regional", "data")).toEqual([
    "shopimages-a1b2.azurecr.cn",
    "shopimages-a1b2.eastus2.geo.azurecr.cn expected",
    "shopimages-a1b2.westus.geo.azurecr.cn expected",
    "shopimages-a1b2.eastus2.data.azurecr.cn expected",
    "shopimages-a1b2.westus.data.azurecr.cn expected",
  ]);
});

test("what is on already is not expected, but told", () => {
  expect(listed(ON, "regional", "data")).toEqual(listed(ON));
});

test("with a private endpoint layers do not come from storage, and hosts that are not told are said", () => {
  const read = { ...OFF, registry: registry({ privateEndpoints: [ENDPOINT] }) };

  expect(listed(read)).toEqual(["shopimages.azurecr.io"]);
  expect(untoldHosts(read)).toEqual([
    "the data host of eastus2 is not told",
    "the data host of westus is not told",
  ]);
  expect(untoldHosts(read, ["data"])).toEqual([]);
});

test("a replica that is being created has no hosts yet; a ready one should have", () => {
  const creating = replica("centralus", { provisioningState: "Creating" });
  const withThird = (third = replica("centralus")): RegistryRead => ({
    ...ON,
    replicas: [...REPLICAS, third],
  });

  expect(untoldHosts(ON)).toEqual([]);
  expect(untoldHosts(withThird(creating))).toEqual([]);
  expect(untoldHosts(withThird())).toEqual([
    "the regional host of centralus is not told",
    "the data host of centralus is not told",
  ]);
});

test("whether regional endpoints are on can be untold, unless they are what is asked for", () => {
  const read = { ...OFF, registry: registry({ regionalEndpoints: undefined }) };

  expect(untoldHosts(read)).toEqual(["whether regional endpoints are on is not told"]);
  expect(untoldHosts(read, ["regional"])).toEqual([]);
});

test("a client of the global endpoint needs the data hosts of every region, a pinned one those of its own", () => {
  const rows = allowList(ON, endpointsOf(ON)).filter(({ client }) => client === "westus");

  expect(rows.map(({ endpoint, neededBy }) => [endpoint.host, neededBy])).toEqual([
    ["shopimages.azurecr.io", "global"],
    ["shopimages.westus.geo.azurecr.io", "pinned"],
    ["shopimages.eastus2.data.azurecr.io", "global"],
    ["shopimages.westus.data.azurecr.io", "global and pinned"],
  ]);
});

test("storage is needed by every client, and nobody is pinned without regional hosts", () => {
  const neededBy = (read: RegistryRead): string[] =>
    allowList(read, endpointsOf(read))
      .filter(({ endpoint }) => endpoint.kind === "storage")
      .map((each) => each.neededBy);
  const pinned = registry({ regionalEndpoints: true, regionalHosts: hosts("geo", "eastus2", "westus") });

  expect(neededBy(OFF)).toEqual(["global", "global"]);
  expect(neededBy({ ...OFF, registry: pinned })).toEqual(["global and pinned", "global and pinned"]);
});

test.each([
  [{ sku: "Basic" }, ["data"], ["the SKU is Basic, and data endpoints need Premium"]],
  [
    { sku: "Standard", contentTrust: true },
    ["regional", "data"],
    [
      "the SKU is Standard, and regional and data endpoints need Premium",
      "content trust is on, and az refuses to enable regional endpoints with it",
    ],
  ],
  [{ contentTrust: true }, ["data"], []],
  [{ sku: "Basic" }, [], []],
  [{}, ["regional", "data"], []],
] as const)("%j and %j: %j", (change, wanted, texts) => {
  expect(obstacles(registry(change), wanted).map(({ text }) => text)).toEqual(texts);
});
