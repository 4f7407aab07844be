import { expect, test } from "vitest";
import type { Registry, Replica } from "../../../src/azure/registry-ports.ts";
import { REGISTRY_API } from "../../../src/azure/registries.ts";
import { cite } from "../../../src/docs/cite.ts";
import { differences } from "../../../src/plan/observe.ts";
import type { ConnectedEndpoint } from "../../../src/topics/acr/address-plan.ts";
import type { Grant } from "../../../src/topics/acr/plan-checks.ts";
import { planAdd, planRemove, type AddWish, type ReplicaPlan } from "../../../src/topics/acr/replica-plan.ts";
import { ROUTED, STATE } from "../../../src/topics/acr/registry-steps.ts";
import { refusal } from "../refusal.ts";
import { connected, grant, hosts, registry, replica, UNSHOWN_HOME } from "./builders.ts";

interface Asked {
  registry?: Partial<Registry>;
  replicas?: Replica[];
  grants?: Grant[];
  endpoints?: ConnectedEndpoint[];
}

const PAIR = [UNSHOWN_HOME, replica("westeurope")];

function add(wish: Partial<AddWish> = {}, asked: Asked = {}): ReplicaPlan {
  const { replicas = PAIR, grants = [], endpoints = [] } = asked;
  return planAdd(
    { registry: registry(asked.registry), replicas, grants, privateEndpoints: endpoints },
    { region: "centralus", zoneRedundant: false, outOfRouting: false, acceptRisk: false, ...wish },
  );
}

function remove(region: string, asked: Asked & { keepRegional?: boolean } = {}): ReplicaPlan {
  const { replicas = PAIR, grants = [grant("delete")], keepRegional = false } = asked;
  const state = { registry: registry(asked.registry), replicas, grants, privateEndpoints: [] };
  return planRemove(state, { region, keepRegional });
}

function texts({ warnings }: ReplicaPlan): string[] {
  return warnings.map(({ text }) => text);
}

const ID = registry().id;
const NEW = `${ID}/replications/centralus`;
const WEST = `${ID}/replications/westeurope`;

test.each<[Partial<AddWish>, object]>([
  [{}, {}],
  [{ zoneRedundant: true }, { zoneRedundancy: "Enabled" }],
  [{ outOfRouting: true }, { regionEndpointEnabled: false }],
])("adding with %j is one PUT that finds nothing there", (wish, properties) => {
  const { steps } = add(wish);

  expect(steps).toHaveLength(1);
  expect(steps[0]?.request).toEqual({
    method: "PUT",
    path: NEW,
    apiVersion: REGISTRY_API,
    body: { location: "centralus", properties },
  });
  expect(steps[0]).toMatchObject({
    saw: [{ path: NEW, exists: false }, { path: ID }],
    lags: { codes: ["RegistryStatusConflict"] },
  });
});

test("added is only what is Succeeded, and in routing, out of it or spread over zones as asked for", () => {
  const isDone = ({ steps: [step] }: ReplicaPlan, properties: Record<string, string | boolean>): boolean =>
    step !== undefined && differences(step.expect, { properties }).length === 0;
  const ready = { provisioningState: "Succeeded", regionEndpointEnabled: true, zoneRedundancy: "Disabled" };

  expect(isDone(add(), ready)).toBe(true);
  expect(isDone(add(), { ...ready, provisioningState: "Creating" })).toBe(false);
  expect(isDone(add({ outOfRouting: true }), ready)).toBe(false);
  expect(isDone(add({ outOfRouting: true }), { ...ready, regionEndpointEnabled: false })).toBe(true);
  expect(isDone(add({ zoneRedundant: true }), ready)).toBe(false);
  expect(isDone(add({ zoneRedundant: true }), { ...ready, zoneRedundancy: "Enabled" })).toBe(true);
});

test.each<[string, Partial<AddWish>, Asked, string[]]>([
  [
    "the SKU",
    {},
    { registry: { sku: "Standard" } },
    ["usage", "registry shopimages is Standard: replicas need Premium"],
  ],
  [
    "a replica in between",
    { region: "westeurope" },
    { replicas: [UNSHOWN_HOME, replica("westeurope", { provisioningState: "Deleting" })] },
    ["changes", "the replica in westeurope is Deleting"],
  ],
  [
    "one that is there",
    { region: "westeurope" },
    {},
    ["usage", "westeurope has a replica of shopimages already"],
  ],
  [
    "the home region",
    { region: "eastus2" },
    {},
    ["usage", "eastus2 has a replica of shopimages already: it is the home region"],
  ],
  [
    "the permission at a private endpoint",
    {},
    {
      grants: [grant("link", ["Microsoft.Network/privateEndpoints/*/read"])],
      endpoints: [connected({ free: 0 })],
    },
    [
      "auth",
      "you may not do Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write at shopimages-pe",
    ],
  ],
  [
    "regional endpoints that are not told, where addresses are counted",
    {},
    { registry: { regionalEndpoints: undefined }, endpoints: [connected()] },
    ["partial", "cannot tell whether regional endpoints of shopimages are enabled"],
  ],
  [
    "a short subnet",
    { acceptRisk: true },
    { endpoints: [connected({ free: 1 })], registry: { regionalEndpoints: true } },
    ["usage", "subnet shop-vnet/private is short by 3: 4 more needed, 1 free"],
  ],
])("adding is refused for %s", (_, wish, asked, said) => {
  expect(refusal(() => add(wish, asked))).toEqual(said);
});

test("the last free address is enough, and with regional endpoints it takes two", () => {
  const endpoints = [connected({ free: 1 })];

  expect(texts(add({}, { endpoints }))[0]).toBe(
    "private endpoints: 1, each of which then needs 4 addresses and not 3",
  );
  expect(
    texts(add({}, { endpoints: [connected({ free: 4 })], registry: { regionalEndpoints: true } }))[0],
  ).toBe("private endpoints: 1, each of which then needs 7 addresses and not 5");
});

test("adding warns of time, routing, money, and a canary in routing", () => {
  expect(texts(add({ region: "centraluseuap" }))).toEqual([
    "copying what is in the registry takes the longer the more there is: days for 2.2 TB, and nothing showed its progress",
    "whether clients of the global endpoint are sent there before it is filled is not told; --out-of-routing keeps them away",
    "its storage is billed like that of every replica",
    "a canary region is in routing: it has been left there degraded until somebody took it out by hand",
  ]);
  expect(texts(add({ region: "centraluseuap", outOfRouting: true }))[1]).toMatch(
    /^it stays out of global routing until: azwise acr route in shopimages .*--region centraluseuap$/,
  );
  expect(texts(add({ region: "centraluseuap", outOfRouting: true }))).toHaveLength(3);
});

test("removing is one DELETE, which the one that stays is needed for", () => {
  const { steps } = remove("westeurope", { replicas: [replica("eastus2"), replica("westeurope")] });

  expect(steps).toMatchObject([
    {
      request: { method: "DELETE", path: WEST, apiVersion: REGISTRY_API },
      saw: [{ path: WEST, fields: { "properties.regionEndpointEnabled": true } }, { path: ID }],
      needs: { path: `${ID}/replications/eastus2`, exists: true },
      expect: { path: WEST, exists: false },
      lags: { codes: ["RegistryStatusConflict"] },
    },
  ]);
  expect(steps[0]?.request).not.toHaveProperty("body");
});

const HOSTS = { regionalEndpoints: true, regionalHosts: hosts("geo", "eastus2", "westeurope") };
const HOME_OUT = replica("eastus2", { inRouting: false });

test.each<[string, string, Asked, string[]]>([
  [
    "the SKU",
    "westeurope",
    { registry: { sku: "Basic" } },
    ["usage", "registry shopimages is Basic: replicas need Premium"],
  ],
  [
    "another replica in between",
    "westeurope",
    { replicas: [...PAIR, replica("westus", { provisioningState: "Creating" })] },
    ["changes", "the replica in westus is Creating"],
  ],
  ["none there", "westus", {}, ["usage", "registry shopimages has no replica in westus"]],
  [
    "the home region",
    "eastus2",
    {},
    ["usage", "eastus2 is the home region of shopimages, which is never removed"],
  ],
  [
    "the home region that is a replication",
    "eastus2",
    { replicas: [replica("eastus2"), replica("westeurope")] },
    ["usage", "eastus2 is the home region of shopimages, which is never removed"],
  ],
  [
    "a regional host",
    "westeurope",
    { registry: HOSTS, replicas: [HOME_OUT, replica("westeurope")] },
    [
      "usage",
      "regional endpoints of shopimages are on, and shopimages.westeurope.geo.azurecr.io would go away",
    ],
  ],
  [
    "the last one in routing",
    "westeurope",
    { replicas: [HOME_OUT, replica("westeurope")], grants: [grant("delete", [])] },
    ["usage", "no replica of shopimages beside westeurope is known to be ready and in global routing"],
  ],
  [
    "the last one in routing, though it is Failed",
    "westeurope",
    { replicas: [HOME_OUT, replica("westeurope", { provisioningState: "Failed" })] },
    ["usage", "no replica of shopimages beside westeurope is known to be ready and in global routing"],
  ],
  [
    "the last one of which it may be in routing",
    "westeurope",
    { replicas: [HOME_OUT, replica("westeurope", { inRouting: undefined })] },
    ["usage", "no replica of shopimages beside westeurope is known to be ready and in global routing"],
  ],
  [
    "the permission",
    "westeurope",
    { grants: [grant("delete", ["*/read"])] },
    ["auth", "you may not do Microsoft.ContainerRegistry/registries/replications/delete at shopimages"],
  ],
])("removing is refused for %s", (_, region, asked, said) => {
  expect(refusal(() => remove(region, asked))).toEqual(said);
});

test("with --keep-regional the regional host goes away, which is said", () => {
  const { steps } = remove("westeurope", { registry: HOSTS, keepRegional: true });

  expect([steps[0]?.impact, remove("westeurope").steps[0]?.impact]).toEqual(["disconnect", "none"]);
  expect(texts(remove("westeurope", { registry: HOSTS, keepRegional: true }))).toContain(
    "clients pinned to shopimages.westeurope.geo.azurecr.io lose that host",
  );
});

test("one that is out of routing, or stuck in Creating, can be removed though nobody else is in routing", () => {
  const out = replica("westeurope", { inRouting: false });
  const stuck = replica("westeurope", { provisioningState: "Creating", status: undefined });

  for (const each of [out, stuck]) {
    const { steps } = remove("westeurope", { replicas: [HOME_OUT, each] });
    expect(steps).toHaveLength(1);
    // And only as long as it is so.
    expect(steps[0]?.needs?.fields).toMatchObject({
      [ROUTED]: each.inRouting,
      [STATE]: each.provisioningState,
    });
  }
  expect(texts(remove("westeurope", { replicas: [HOME_OUT, stuck] }))[0]).toBe(
    "it is still Creating: it may just take long",
  );
});

test("removing warns of the load, of others to be put back before, and of what is lost", () => {
  const replicas = [...PAIR, replica("westus", { inRouting: false })];

  expect(texts(remove("westeurope", { replicas }))).toEqual([
    "only eastus2 is left in routing and ready: all load falls on the throttling limits of one replica",
    "if eastus2 fails there is no other replica that the global endpoint could move to",
    "out of global routing, and to be put back before one is removed: westus",
    "whether all that was pushed there has been copied to the others cannot be told",
    "adding it again begins with an empty replica, and needs eastus2 to be up",
  ]);
});

test("every warning and step cites facts that exist", () => {
  const stuck = replica("westeurope", { provisioningState: "Creating" });
  const all = [
    add({ region: "centraluseuap", zoneRedundant: true }),
    add({ outOfRouting: true }),
    remove("westeurope", {
      registry: HOSTS,
      keepRegional: true,
      replicas: [...PAIR, { ...HOME_OUT, region: "westus" }],
    }),
    remove("westeurope", { replicas: [UNSHOWN_HOME, stuck] }),
  ].flatMap(({ warnings, steps }) => [...warnings, ...steps]);

  expect(all.filter(({ because }) => because.length === 0)).toEqual([]);
  for (const { because } of all) expect(because.map((id) => cite(id).id)).toEqual(because);
});
