import { expect, test } from "vitest";
import type { Registry, Replica } from "../../../src/azure/registry-ports.ts";
import { REGISTRY_API } from "../../../src/azure/registries.ts";
import { cite } from "../../../src/docs/cite.ts";
import { differences } from "../../../src/plan/observe.ts";
import type { ConnectedEndpoint } from "../../../src/topics/acr/address-plan.ts";
import type { Grant } from "../../../src/topics/acr/plan-checks.ts";
import { planSwitch, type Feature, type SwitchPlan } from "../../../src/topics/acr/switch-plan.ts";
import { refusal } from "../refusal.ts";
import { connected, ENDPOINT, grant, hosts, registry, replica, UNSHOWN_HOME } from "./builders.ts";

interface Asked {
  registry?: Partial<Registry>;
  replicas?: Replica[];
  grants?: Grant[];
  endpoints?: ConnectedEndpoint[];
  acceptRisk?: boolean;
  cloud?: string;
}

function plan(feature: Feature, on: boolean, asked: Asked = {}): SwitchPlan {
  const {
    replicas = [UNSHOWN_HOME, replica("westeurope")],
    grants = [grant("write")],
    endpoints = [],
  } = asked;
  const state = { registry: registry(asked.registry), replicas, grants, privateEndpoints: endpoints };
  const { acceptRisk = false, cloud = "public" } = asked;
  return planSwitch(state, { feature, on, acceptRisk, cloud });
}

function texts({ warnings }: SwitchPlan): string[] {
  return warnings.map(({ text }) => text);
}

const ID = registry().id;
const ON: Partial<Registry> = {
  regionalEndpoints: true,
  regionalHosts: hosts("geo", "eastus2", "westeurope"),
};

test.each<[Feature, boolean, Partial<Registry>, object]>([
  ["regional", true, {}, { regionalEndpoints: "Enabled" }],
  ["regional", false, ON, { regionalEndpoints: "Disabled" }],
  ["data-endpoints", true, {}, { dataEndpointEnabled: true }],
  ["data-endpoints", false, { dataEndpoints: true }, { dataEndpointEnabled: false }],
])("%s %s is one PATCH with exactly that property", (feature, on, now, properties) => {
  const { steps } = plan(feature, on, { registry: now });

  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatchObject({
    resource: ID,
    lags: { codes: ["RegistryStatusConflict"] },
    dependsOn: [],
  });
  expect(steps[0]?.request).toEqual({
    method: "PATCH",
    path: ID,
    apiVersion: REGISTRY_API,
    body: { properties },
  });
});

/** Whether a registry that reads so is what the step of a plan is to bring about. */
function isDone(
  { steps: [step] }: SwitchPlan,
  properties: Record<string, string | boolean | string[]>,
): boolean {
  return step !== undefined && differences(step.expect, { properties }).length === 0;
}

test("enabled is only what reads so and lists a host for every region with a ready replica", () => {
  const replicas = [UNSHOWN_HOME, replica("westeurope"), replica("westus", { provisioningState: "Failed" })];
  const enabled = plan("regional", true, { replicas });
  const both = ["x-h4sh.eastus2.geo.azurecr.io", "x-h4sh.westeurope.geo.azurecr.io"];

  const reads = (regionalEndpoints: string, regionalEndpointHostNames: string[]): boolean =>
    isDone(enabled, { regionalEndpoints, regionalEndpointHostNames });

  expect(reads("Enabled", both)).toBe(true);
  expect(reads("Enabled", [...both, "x-h4sh.westus.geo.azurecr.io"])).toBe(true);
  expect(reads("Disabled", both)).toBe(false);
  expect(reads("Enabled", both.slice(1))).toBe(false);
  expect(reads("Enabled", [])).toBe(false);
  expect(isDone(enabled, { regionalEndpoints: "Enabled" })).toBe(false);
});

test("a host of eastus is none of eastus2", () => {
  const regionalEndpointHostNames = ["x.eastus.geo.azurecr.io", "x.westeurope.geo.azurecr.io"];

  expect(isDone(plan("regional", true), { regionalEndpoints: "Enabled", regionalEndpointHostNames })).toBe(
    false,
  );
});

test("disabled is only what lists no regional host any more", () => {
  const disabled = plan("regional", false, { registry: ON });

  expect(isDone(disabled, { regionalEndpoints: "Disabled", regionalEndpointHostNames: [] })).toBe(true);
  expect(isDone(disabled, { regionalEndpoints: "Disabled", regionalEndpointHostNames: ["x.y.geo.z"] })).toBe(
    false,
  );
});

test("data endpoints are enabled once each region has a data host", () => {
  const enabled = plan("data-endpoints", true);
  const dataEndpointHostNames = ["x.eastus2.data.azurecr.io", "x.westeurope.data.azurecr.io"];

  expect(isDone(enabled, { dataEndpointEnabled: true, dataEndpointHostNames })).toBe(true);
  expect(isDone(enabled, { dataEndpointEnabled: true, dataEndpointHostNames: [] })).toBe(false);
  expect(isDone(enabled, { dataEndpointEnabled: false, dataEndpointHostNames })).toBe(false);
});

test.each<[Feature, boolean, Partial<Registry>]>([
  ["regional", true, { ...ON, contentTrust: true }],
  ["regional", false, {}],
  ["data-endpoints", true, { dataEndpoints: true }],
  ["data-endpoints", false, { privateEndpoints: [ENDPOINT] }],
])("%s %s: what is so already is no step and no refusal", (feature, on, now) => {
  const { steps, warnings } = plan(feature, on, { registry: now, grants: [grant("write", [])] });

  expect([steps, warnings]).toEqual([[], []]);
});

const BUSY = replica("westeurope", { provisioningState: "Creating" });
const NO_GRANT = [grant("write", [])];
const SHORT = [connected({ free: 1 })];
const STATIC = [connected({ isStatic: true })];
const UNKNOWN: ConnectedEndpoint[] = [
  { ...connected(), seen: { kind: "unknown", reason: "its subscription was not given" } },
];

test.each<[string, Asked, string[]]>([
  [
    "the SKU",
    { registry: { sku: "Basic", provisioningState: "Updating" } },
    ["usage", "registry shopimages is Basic: regional endpoints need Premium"],
  ],
  [
    "the registry's state",
    { registry: { provisioningState: "Updating", contentTrust: true }, replicas: [UNSHOWN_HOME, BUSY] },
    ["changes", "registry shopimages is Updating"],
  ],
  [
    "a replica's state",
    { registry: { contentTrust: true }, replicas: [UNSHOWN_HOME, BUSY] },
    ["changes", "the replica in westeurope is Creating"],
  ],
  [
    "whether they are on",
    { registry: { regionalEndpoints: undefined, contentTrust: true } },
    ["partial", "cannot tell whether regional endpoints of shopimages are enabled"],
  ],
  [
    "content trust",
    { registry: { contentTrust: true }, grants: NO_GRANT, endpoints: SHORT },
    ["usage", "content trust is on, and az refuses to enable regional endpoints with it"],
  ],
  [
    "the permission",
    { grants: NO_GRANT, endpoints: SHORT },
    ["auth", "you may not do Microsoft.ContainerRegistry/registries/write at shopimages"],
  ],
  [
    "the permission at a private endpoint",
    { grants: [grant("write"), grant("link", [])], endpoints: SHORT },
    [
      "auth",
      "you may not do Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write at shopimages-pe",
    ],
  ],
  [
    "a short subnet, by its name",
    { endpoints: [...SHORT, ...STATIC, ...UNKNOWN], acceptRisk: true },
    ["usage", "subnet shop-vnet/private is short by 3: 4 more needed, 1 free"],
  ],
  [
    "a static address",
    { endpoints: [...STATIC, ...UNKNOWN], acceptRisk: true },
    [
      "usage",
      "private endpoint shopimages-pe: static addresses stand in the way of new replicas; whether of regional endpoints, too, is not known",
    ],
  ],
  [
    "what cannot be told",
    { endpoints: UNKNOWN },
    [
      "partial",
      "shopimages-pe: cannot tell whether its subnet has the addresses: its subscription was not given",
    ],
  ],
])("in this order, enabling regional endpoints is refused for %s", (_, asked, said) => {
  expect(refusal(() => plan("regional", true, asked))).toEqual(said);
});

test("what cannot be told is a warning for permissions, and for addresses where that is accepted", () => {
  const grants = [{ ...grant("write"), permissions: { unknown: "not allowed to read the permissions" } }];

  expect(texts(plan("regional", true, { grants, endpoints: UNKNOWN, acceptRisk: true })).slice(0, 3)).toEqual(
    [
      "cannot tell whether you may do Microsoft.ContainerRegistry/registries/write: not allowed to read the permissions",
      "cannot tell whether its subnet has the addresses: its subscription was not given",
      "private endpoints: 1, each of which then needs 5 addresses and not 3",
    ],
  );
});

test("enabling regional endpoints warns of firewalls, layers and another cloud", () => {
  expect(texts(plan("regional", true, { cloud: "china" }))).toEqual([
    "regional endpoints are only known of in the public cloud, and this is china",
    expect.stringMatching(/^firewalls have to let the new hosts through: azwise acr endpoints shopimages /),
    expect.stringMatching(
      /^dedicated data endpoints are off, .*: azwise acr data-endpoints enable shopimages /,
    ),
  ]);
  expect(texts(plan("regional", true, { registry: { dataEndpoints: true } }))).toHaveLength(1);
});

test("disabling regional endpoints names the hosts that pinned clients lose", () => {
  expect(plan("regional", false, { registry: ON }).steps[0]?.impact).toBe("disconnect");
  expect(texts(plan("regional", false, { registry: ON }))).toEqual([
    "clients pinned to shopimages.eastus2.geo.azurecr.io, shopimages.westeurope.geo.azurecr.io lose that host; the global endpoint stays",
  ]);
});

test("data endpoints stay on with a private endpoint, and are warned of without", () => {
  const now = { dataEndpoints: true, dataHosts: hosts("data", "eastus2") };

  expect(
    refusal(() => plan("data-endpoints", false, { registry: { ...now, privateEndpoints: [ENDPOINT] } })),
  ).toEqual([
    "usage",
    "shopimages has private endpoints, which turn dedicated data endpoints on by themselves",
  ]);
  expect(texts(plan("data-endpoints", false, { registry: now }))).toEqual([
    expect.stringContaining(
      "*.blob.core.windows.net: a firewall that lets only shopimages.eastus2.data.azurecr.io",
    ),
  ]);
});

test("every warning and step cites facts that exist", () => {
  const all = [
    plan("regional", true, { endpoints: UNKNOWN, acceptRisk: true, cloud: "china" }),
    plan("regional", false, { registry: ON }),
    plan("data-endpoints", true),
    plan("data-endpoints", false, { registry: { dataEndpoints: true } }),
  ].flatMap(({ warnings, steps }) => [...warnings, ...steps]);

  expect(all.filter(({ because }) => because.length === 0)).toEqual([]);
  for (const { because } of all) expect(because.map((id) => cite(id).id)).toEqual(because);
});
