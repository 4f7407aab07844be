import { expect, test } from "vitest";
import { find, REGISTRY } from "../../src/sandbox/bodies.ts";
import { fault, MAIN, SHARED } from "./azure.ts";
import {
  code,
  LEGACYAPP,
  leaveFree,
  names,
  OLDER_VERSION,
  openRegistries,
  PLATFORMIMAGES,
  REGISTRIES,
  routing,
  SHOPREGISTRY,
} from "./registries.ts";

const REGIONAL = { properties: { regionalEndpoints: "Enabled" } };
const DATA = { properties: { dataEndpointEnabled: true } };
const BY_TYPE = `/subscriptions/${MAIN}/resources?$filter=resourceType eq 'Microsoft.ContainerRegistry/registries'`;

test("a registry tells its SKU, its data hosts and its private endpoints, never what is stored", async () => {
  const { send } = await openRegistries();

  const { status, headers, body } = await send("GET", SHOPREGISTRY);

  expect([status, headers["azure-asyncoperation"]]).toEqual([200, undefined]);
  expect(body).toMatchObject({
    name: "shopregistry",
    location: "eastus2",
    sku: { name: "Premium", tier: "Premium" },
  });
  expect(body.properties).toMatchObject({
    loginServer: "shopregistry.azurecr.io",
    provisioningState: "Succeeded",
    dataEndpointEnabled: true,
    dataEndpointHostNames: [
      "shopregistry.eastus2.data.azurecr.io",
      "shopregistry.northeurope.data.azurecr.io",
      "shopregistry.westeurope.data.azurecr.io",
    ],
    regionalEndpoints: "Disabled",
    regionalEndpointHostNames: [],
  });
  expect(body.properties.privateEndpointConnections).toHaveLength(2);
  expect(body.properties).not.toHaveProperty("usedBytes");
});

test("hosts have the hash of the login server, and none for a replica that is still being created", async () => {
  const { send } = await openRegistries();

  const { properties } = (await send("GET", PLATFORMIMAGES)).body;

  const label = "platformimages-g3a9dfh2c5e7b6hk";
  expect(properties.loginServer).toBe(`${label}.azurecr.io`);
  expect(properties.regionalEndpointHostNames).toEqual([
    `${label}.westeurope.geo.azurecr.io`,
    `${label}.eastus2.geo.azurecr.io`,
  ]);
  expect(properties.encryption.status).toBe("enabled");
});

test("lists are of a subscription or a resource group, and shout resource groups", async () => {
  const { send } = await openRegistries();

  const all = await send("GET", `/subscriptions/${MAIN}/providers/Microsoft.ContainerRegistry/registries`);
  const group = await send("GET", REGISTRIES);

  expect(names(all)).toEqual(["legacyapp", "shopregistry"]);
  expect(all.body.value[1].id).toBe(SHOPREGISTRY.replace("rg-shop-prod", "RG-SHOP-PROD"));
  expect(group.body).toEqual(all.body);
});

test("resources are found by type, without properties", async () => {
  const { send } = await openRegistries();

  const found = await send("GET", BY_TYPE, { version: "2024-11-01" });
  const other = await send("GET", BY_TYPE.replace(MAIN, SHARED), { version: "2024-11-01" });
  const refused = await send("GET", BY_TYPE.replace("eq", "ne"), { version: "2024-11-01" });

  expect(names(found)).toEqual(["legacyapp", "shopregistry"]);
  expect(found.body.value[1]).toMatchObject({
    location: "eastus2",
    sku: { name: "Premium" },
    tags: { env: "prod" },
  });
  expect(found.body.value[1]).not.toHaveProperty("properties");
  expect(names(other)).toEqual(["platformimages"]);
  expect(code(refused)).toEqual([400, "InvalidFilterInQueryString"]);
});

test("a registry that is not there is not found, an unknown version is refused", async () => {
  const { send } = await openRegistries();

  expect(code(await send("GET", `${REGISTRIES}/nobody`))).toEqual([404, "ResourceNotFound"]);
  expect(code(await send("GET", SHOPREGISTRY, { version: "2026-11-01" }))).toEqual([
    400,
    "NoRegisteredProviderFound",
  ]);
});

test("a PATCH of a switch is done at once, without an operation, and keeps the rest", async () => {
  const { send } = await openRegistries({ edit: (world) => leaveFree(world, 3) });

  const answer = await send("PATCH", SHOPREGISTRY, { body: REGIONAL });
  const { body } = await send("GET", SHOPREGISTRY);

  expect([answer.status, answer.headers["azure-asyncoperation"], answer.headers["location"]]).toEqual([
    200,
    undefined,
    undefined,
  ]);
  expect(answer.body).toEqual(body);
  expect(body.properties).toMatchObject({ provisioningState: "Succeeded", dataEndpointEnabled: true });
  expect(body.properties.regionalEndpointHostNames).toEqual([
    "shopregistry.eastus2.geo.azurecr.io",
    "shopregistry.northeurope.geo.azurecr.io",
    "shopregistry.westeurope.geo.azurecr.io",
  ]);
  expect(body.tags).toEqual({ env: "prod", owner: "shop" });
});

test("data hosts go when dedicated data endpoints are disabled", async () => {
  const { send } = await openRegistries();

  const answer = await send("PATCH", SHOPREGISTRY, { body: { properties: { dataEndpointEnabled: false } } });

  expect(answer.body.properties.dataEndpointHostNames).toEqual([]);
});

test("unknown properties are ignored without a word", async () => {
  const { send } = await openRegistries();
  const before = await send("GET", SHOPREGISTRY);

  const answer = await send("PATCH", SHOPREGISTRY, { body: { properties: { regionalEndpoint: "Enabled" } } });

  expect([answer.status, answer.body]).toEqual([200, before.body]);
});

test("an earlier version ignores regional endpoints and does not tell of them", async () => {
  const { send } = await openRegistries({ edit: (world) => leaveFree(world, 3) });

  const answer = await send("PATCH", SHOPREGISTRY, { body: REGIONAL, version: OLDER_VERSION });
  const newer = await send("GET", SHOPREGISTRY);

  expect(answer.status).toBe(200);
  expect(answer.body.properties).not.toHaveProperty("regionalEndpoints");
  expect(answer.body.properties).not.toHaveProperty("regionalEndpointHostNames");
  expect(answer.body.properties).toHaveProperty("dataEndpointHostNames");
  expect(newer.body.properties.regionalEndpoints).toBe("Disabled");
});

test("the newest version tells of writable cache repositories, the one before does not", async () => {
  const { send } = await openRegistries();

  const newest = await send("GET", SHOPREGISTRY, { version: "2026-09-01-preview" });
  const before = await send("GET", SHOPREGISTRY);

  expect(newest.body.properties).toMatchObject({
    regionalEndpoints: "Disabled",
    writableCacheRepos: "Disabled",
  });
  expect(before.body.properties).not.toHaveProperty("writableCacheRepos");
});

test.for([
  ["regional endpoints", "PATCH", LEGACYAPP, REGIONAL],
  ["data endpoints", "PATCH", LEGACYAPP, DATA],
  ["replications", "PUT", `${LEGACYAPP}/replications/westeurope`, { location: "westeurope", properties: {} }],
] as const)("a Basic registry has no %s", async ([, method, path, body]) => {
  const { send } = await openRegistries();

  expect(code(await send(method, path, { body }))).toEqual([400, "SkuNotSupported"]);
});

test.for([
  ["regionalEndpoints", true],
  ["dataEndpointEnabled", "Enabled"],
] as const)("%s does not take %j", async ([name, value]) => {
  const { send } = await openRegistries();

  const answer = await send("PATCH", SHOPREGISTRY, { body: { properties: { [name]: value } } });

  expect(code(answer)).toEqual([400, "InvalidParameter"]);
});

test("a registry refuses changes while one of its replicas is being changed", async () => {
  const { send, sandbox } = await openRegistries();
  await send("PATCH", `${SHOPREGISTRY}/replications/westeurope`, { body: routing(false) });

  const busy = await send("PATCH", SHOPREGISTRY, { body: DATA });
  const other = await send("PATCH", PLATFORMIMAGES, { body: DATA });
  await sandbox.sleep(10_000);
  const later = await send("PATCH", SHOPREGISTRY, { body: DATA });

  expect(code(busy)).toEqual([409, "RegistryStatusConflict"]);
  expect([other.status, later.status]).toEqual([200, 200]);
});

test("usages tell the storage, webhooks and replications, and what has no limit", async () => {
  const { send } = await openRegistries();

  const premium = await send("GET", `${SHOPREGISTRY}/listUsages`);
  const basic = await send("GET", `${LEGACYAPP}/listUsages`);

  expect(premium.body.value).toEqual([
    { name: "Size", limit: 536_870_912_000, currentValue: 187_904_819_200, unit: "Bytes" },
    { name: "Webhooks", limit: 500, currentValue: 2, unit: "Count" },
    { name: "Geo-replications", limit: -1, currentValue: 2, unit: "Count" },
  ]);
  expect(basic.body.value[0].limit).toBe(10_737_418_240);
});

test("a webhook never tells the address that it calls", async () => {
  const { send, world } = await openRegistries();

  const { body, text } = await send("GET", `${SHOPREGISTRY}/webhooks`);

  expect(body.value).toMatchObject([
    { name: "deployshop", properties: { status: "enabled", actions: ["push"], scope: "shop/*" } },
    { name: "scanimages", location: "westeurope" },
  ]);
  expect(JSON.stringify(world)).toContain("hooks.contoso.com");
  expect(text).not.toContain("hooks.contoso.com");
});

test("a silent no-op says that the switch is on, and it is not", async () => {
  const { send } = await openRegistries({ edit: (world) => world.faults.push(fault("silent-no-op")) });

  const answer = await send("PATCH", PLATFORMIMAGES, {
    body: { properties: { regionalEndpoints: "Disabled" } },
  });
  const { body } = await send("GET", PLATFORMIMAGES);

  expect([answer.status, answer.body.properties.regionalEndpoints]).toEqual([200, "Disabled"]);
  expect(body.properties.regionalEndpoints).toBe("Enabled");
});

test("Resource Graph knows registries with their hosts, and no secrets", async () => {
  const { send } = await openRegistries();
  const query =
    "resources | where type startswith 'microsoft.containerregistry/' | project id, name, properties";

  const { body, text } = await send("POST", "/providers/Microsoft.ResourceGraph/resources", {
    version: "2021-03-01",
    body: { subscriptions: [MAIN], query },
  });

  expect(names({ body: { value: body.data } } as never)).toEqual([
    "legacyapp",
    "shopregistry",
    "northeurope",
    "westeurope",
    "deployshop",
    "scanimages",
  ]);
  expect(body.data[1].properties.dataEndpointHostNames).toHaveLength(3);
  expect(text).not.toMatch(/usedBytes|serviceUri/);
});

test("a change is saved in the world", async () => {
  const { send, world } = await openRegistries({ edit: (world) => leaveFree(world, 3) });

  await send("PATCH", SHOPREGISTRY, { body: REGIONAL });

  expect(find(world, REGISTRY, SHOPREGISTRY)?.properties.regionalEndpoints).toBe("Enabled");
});
