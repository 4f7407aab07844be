import { expect, test } from "vitest";
import { answerOf, recorded } from "./recorded.ts";
import { ARM, openPorts, refusalOf, reply } from "./wire.ts";

const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const REGISTRIES = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.ContainerRegistry/registries`;
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-images/providers`;
const ID = `${GROUP}/Microsoft.ContainerRegistry/registries/images`;
const SUMMARY = {
  id: ID,
  name: "images",
  subscriptionId: SUBSCRIPTION,
  resourceGroup: "rg-images",
  location: "westeurope",
  loginServer: "images-g3a9dfh2c5e7b6hk.azurecr.io",
};
const MISSING = reply(404, { error: { code: "ResourceNotFound", message: "was not found" } });
const TIME = "2026-03-05T07:40:11.7654321Z";

const replication = (location: string, properties: object = {}): object => ({
  ...recorded("replication"),
  id: `${ID}/replications/${location.replaceAll(" ", "").toLowerCase()}`,
  location,
  properties: { ...(recorded("replication")["properties"] as object), ...properties },
});

const READY = {
  provisioningState: "Succeeded",
  status: "Ready",
  inRouting: true,
  zoneRedundant: false,
  since: TIME,
};

test("a registry is read as the service tells it, hashed hosts and both vocabularies of switches included", async () => {
  const { registries, wire } = openPorts({ [`GET ${ARM}${ID}`]: answerOf("registry") });

  expect(await registries.get(ID)).toEqual({
    ...SUMMARY,
    sku: "Premium",
    provisioningState: "Succeeded",
    regionalEndpoints: true,
    dataEndpoints: true,
    regionalHosts: [
      { region: "westeurope", host: "images-g3a9dfh2c5e7b6hk.westeurope.geo.azurecr.io" },
      { region: "eastus2", host: "images-g3a9dfh2c5e7b6hk.eastus2.geo.azurecr.io" },
    ],
    dataHosts: [
      { region: "westeurope", host: "images-g3a9dfh2c5e7b6hk.westeurope.data.azurecr.io" },
      { region: "eastus2", host: "images-g3a9dfh2c5e7b6hk.eastus2.data.azurecr.io" },
    ],
    publicAccess: false,
    networkDefault: "Deny",
    contentTrust: false,
    ownKey: "https://kv-images.vault.azure.net/keys/images",
    anonymousPull: false,
    privateEndpoints: [
      { endpointId: `${GROUP}/Microsoft.Network/privateEndpoints/images-pe`, status: "Approved" },
    ],
  });
  expect(wire.seen).toEqual([`GET ${ARM}${ID}?api-version=2026-03-01-preview`]);
});

test("what a registry does not tell is not made up", async () => {
  const { id, location } = recorded("registry");
  const properties = { loginServer: "Images.azurecr.io", policies: { trustPolicy: { status: "enabled" } } };
  const { registries } = openPorts({ [`GET ${ARM}${ID}`]: reply(200, { id, location, properties }) });

  expect(await registries.get(ID)).toEqual({
    ...SUMMARY,
    loginServer: "images.azurecr.io",
    sku: "",
    provisioningState: "",
    regionalEndpoints: undefined,
    dataEndpoints: false,
    regionalHosts: [],
    dataHosts: [],
    publicAccess: true,
    networkDefault: "Allow",
    contentTrust: true,
    ownKey: undefined,
    anonymousPull: false,
    privateEndpoints: [],
  });
});

test("a registry that does not exist is undefined, one that may not be read is an error", async () => {
  const forbidden = reply(403, { error: { code: "AuthorizationFailed", message: "may not" } });
  const { registries } = openPorts({ [`GET ${ARM}${ID}`]: [MISSING, forbidden] });

  expect(await registries.get(ID)).toBeUndefined();
  expect(await refusalOf(registries.get(ID))).toMatchObject({ code: "AuthorizationFailed", status: 403 });
});

test("registries are listed page by page, an empty page among them", async () => {
  const page = (number: number): string => `${ARM}${REGISTRIES}?api-version=x&$skipToken=${number}`;
  const other = { ...recorded("registry"), id: `${ID}2`, location: "West Europe" };
  const { registries, wire } = openPorts({
    [`GET ${ARM}${REGISTRIES}`]: [
      reply(200, { value: [recorded("registry")], nextLink: page(2) }),
      reply(200, { value: [], nextLink: page(3) }),
      reply(200, { value: [other] }),
    ],
  });

  expect(await registries.list(SUBSCRIPTION)).toEqual([
    SUMMARY,
    { ...SUMMARY, id: `${ID}2`, name: "images2" },
  ]);
  expect(wire.seen.slice(1)).toEqual([`GET ${page(2)}`, `GET ${page(3)}`]);
});

test("a home region that is listed is not asked for again; regions come in any spelling", async () => {
  const { registries } = openPorts({
    [`GET ${ARM}${ID}/replications`]: reply(200, {
      value: [
        replication("East US 2", { regionEndpointEnabled: false }),
        replication("West Europe", { zoneRedundancy: "Enabled" }),
        replication("CentralUS"),
      ],
    }),
  });

  expect(await registries.listReplicas(SUMMARY)).toEqual([
    {
      ...READY,
      region: "westeurope",
      isHome: true,
      id: `${ID}/replications/westeurope`,
      zoneRedundant: true,
    },
    { ...READY, region: "centralus", isHome: false, id: `${ID}/replications/centralus` },
    { ...READY, region: "eastus2", isHome: false, id: `${ID}/replications/eastus2`, inRouting: false },
  ]);
});

test("a home region that is not listed is asked for by name", async () => {
  const { registries } = openPorts({
    [`GET ${ARM}${ID}/replications`]: reply(200, { value: [replication("eastus2")] }),
    [`GET ${ARM}${ID}/replications/westeurope`]: reply(200, replication("westeurope")),
  });

  const [home] = await registries.listReplicas(SUMMARY);

  expect(home).toEqual({
    ...READY,
    region: "westeurope",
    isHome: true,
    id: `${ID}/replications/westeurope`,
  });
});

test("of a home region that is no replication nothing is told; one being created has no status yet", async () => {
  const creating = { provisioningState: "Creating", status: { timestamp: TIME } };
  const { registries } = openPorts({
    [`GET ${ARM}${ID}/replications`]: reply(200, { value: [replication("eastus2", creating)] }),
    [`GET ${ARM}${ID}/replications/westeurope`]: MISSING,
  });

  expect(await registries.listReplicas(SUMMARY)).toEqual([
    {
      region: "westeurope",
      isHome: true,
      id: undefined,
      provisioningState: "",
      status: undefined,
      inRouting: undefined,
      zoneRedundant: undefined,
      since: undefined,
    },
    {
      ...READY,
      region: "eastus2",
      isHome: false,
      id: `${ID}/replications/eastus2`,
      provisioningState: "Creating",
      status: undefined,
    },
  ]);
});

test("a limit of -1 is no limit", async () => {
  const value = [
    { name: "Size", limit: 536_870_912_000, currentValue: 1024, unit: "Bytes" },
    { name: "Geo-replications", limit: -1, currentValue: 1, unit: "Count" },
  ];
  const { registries } = openPorts({ [`GET ${ARM}${ID}/listUsages`]: reply(200, { value }) });

  expect(await registries.listUsages(ID)).toEqual([
    { name: "Size", current: 1024, limit: 536_870_912_000, unit: "Bytes" },
    { name: "Geo-replications", current: 1, limit: undefined, unit: "Count" },
  ]);
});

test("webhooks tell their region, what they are about and whether they are on", async () => {
  const webhook = (name: string, properties: object): object => ({
    name,
    location: "West Europe",
    properties,
  });
  const { registries } = openPorts({
    [`GET ${ARM}${ID}/webhooks`]: reply(200, {
      value: [
        webhook("deploy", { status: "enabled", actions: ["push", "delete"], scope: "shop/*" }),
        webhook("old", { status: "disabled" }),
      ],
    }),
  });

  expect(await registries.listWebhooks(ID)).toEqual([
    { name: "deploy", location: "westeurope", enabled: true, actions: ["push", "delete"], scope: "shop/*" },
    { name: "old", location: "westeurope", enabled: false, actions: [], scope: "" },
  ]);
});
