import { expect, test } from "vitest";
import { answerOf, recorded } from "./recorded.ts";
import { ARM, openPorts, refusalOf, reply } from "./wire.ts";

const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const COMPUTE = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute`;
const SHOP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.Compute`;
const UPPER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-SHOP-PROD/providers/Microsoft.Compute`;
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-CAPACITY/providers/Microsoft.Compute/capacityReservationGroups/crg-shop`;
const MACHINES = `GET ${ARM}${COMPUTE}/virtualMachines`;

const MISSING = reply(404, { error: { code: "ResourceNotFound", message: "was not found" } });

const PLAIN = {
  subscriptionId: SUBSCRIPTION,
  location: "eastus2",
  tags: { tier: "web" },
  provisioningState: "Succeeded",
  groupId: undefined,
  spot: false,
  availabilitySetId: undefined,
  proximityPlacementGroupId: undefined,
  hostId: undefined,
  ultraDisk: false,
  scaleSetId: undefined,
  optedOut: false,
};

function named(name: string): { id: string; name: string; properties: object; location: string } {
  return { id: `${UPPER}/virtualMachines/${name}`, name, location: "eastus2", properties: {} };
}

test("a list keeps the service's casing, and knows nothing of power", async () => {
  const { compute } = openPorts({ [MACHINES]: answerOf("virtual-machines") });
  const common = { ...PLAIN, power: "unknown", resourceGroup: "RG-SHOP-PROD" };

  expect(await compute.listVirtualMachines({ subscriptionId: SUBSCRIPTION })).toEqual([
    {
      ...common,
      id: `${UPPER}/virtualMachines/shop-web-01`,
      name: "shop-web-01",
      zone: "1",
      size: "Standard_D4s_v5",
    },
    {
      ...common,
      id: `${UPPER}/virtualMachines/shop-search-01`,
      name: "shop-search-01",
      zone: "1",
      size: "Standard_E8s_v5",
      groupId: GROUP,
    },
    {
      ...common,
      id: `${UPPER}/virtualMachines/shop-legacy-01`,
      name: "shop-legacy-01",
      zone: undefined,
      size: "Standard_D4s_v5",
    },
  ]);
});

test("pages of 50 are followed to the end, each link byte for byte, empty pages included", async () => {
  const names = Array.from({ length: 120 }, (_, index) => `vm-${index}`);
  const page = (from: number, to: number, token?: string): unknown => ({
    value: names.slice(from, to).map(named),
    ...(token === undefined
      ? {}
      : { nextLink: `${ARM}${COMPUTE}/virtualMachines?api-version=2026-04-01&$skipToken=${token}` }),
  });
  const { compute, wire } = openPorts({
    [MACHINES]: [page(0, 50, "a%2Fb+c"), page(50, 50, "d=="), page(50, 100, "e"), page(100, 120)].map(
      (body) => reply(200, body),
    ),
  });

  const machines = await compute.listVirtualMachines({ subscriptionId: SUBSCRIPTION });

  expect(machines.map(({ name }) => name)).toEqual(names);
  expect(wire.seen.slice(1)).toEqual(
    ["a%2Fb+c", "d==", "e"].map((token) => `${MACHINES}?api-version=2026-04-01&$skipToken=${token}`),
  );
});

test.each([null, ""])("a next link that is %o ends the list", async (nextLink) => {
  const { compute } = openPorts({ [MACHINES]: reply(200, { value: [named("vm")], nextLink }) });

  expect(await compute.listVirtualMachines({ subscriptionId: SUBSCRIPTION })).toHaveLength(1);
});

test("the list of a resource group that does not exist is empty", async () => {
  const { compute } = openPorts({ [`GET ${ARM}${SHOP}/virtualMachines`]: MISSING });

  expect(
    await compute.listVirtualMachines({ subscriptionId: SUBSCRIPTION, resourceGroup: "rg-shop-prod" }),
  ).toEqual([]);
});

test("the list of a subscription that does not exist is an error", async () => {
  const { compute } = openPorts({
    [MACHINES]: reply(404, { error: { code: "SubscriptionNotFound", message: "could not be found" } }),
  });

  expect(await refusalOf(compute.listVirtualMachines({ subscriptionId: SUBSCRIPTION }))).toMatchObject({
    kind: "auth",
  });
});

test("one VM is read with its instance view", async () => {
  const { compute, wire } = openPorts({
    [`GET ${ARM}${SHOP}/virtualMachines/shop-web-01`]: answerOf("virtual-machine-running"),
  });

  expect(await compute.getVirtualMachine(`${SHOP}/virtualMachines/shop-web-01`)).toEqual({
    ...PLAIN,
    id: `${SHOP}/virtualMachines/shop-web-01`,
    name: "shop-web-01",
    resourceGroup: "rg-shop-prod",
    zone: "1",
    size: "Standard_D4s_v5",
    power: "running",
  });
  expect(wire.seen[0]).toContain("%24expand=instanceView");
});

test("everything that keeps a VM out of a reservation is read, the flag that the client drops included", async () => {
  const { compute } = openPorts({
    [`GET ${ARM}${SHOP}/virtualMachines/shop-odd-01`]: answerOf("virtual-machine-special"),
  });

  expect(await compute.getVirtualMachine(`${SHOP}/virtualMachines/shop-odd-01`)).toMatchObject({
    power: "unknown",
    zone: undefined,
    spot: true,
    availabilitySetId: `${UPPER}/availabilitySets/SHOP-AS`,
    proximityPlacementGroupId: `${UPPER}/proximityPlacementGroups/shop-ppg`,
    hostId: `${UPPER}/hostGroups/shop-hosts`,
    scaleSetId: `${UPPER}/virtualMachineScaleSets/shop-front`,
    ultraDisk: true,
    optedOut: true,
    groupId: undefined,
  });
});

test("a VM about which hardly anything is said is read all the same", async () => {
  const { compute } = openPorts({
    [`GET ${ARM}${SHOP}/virtualMachines/bare-01`]: answerOf("virtual-machine-minimal"),
  });

  expect(await compute.getVirtualMachine(`${SHOP}/virtualMachines/bare-01`)).toEqual({
    ...PLAIN,
    id: `${SHOP}/virtualMachines/bare-01`,
    name: "bare-01",
    resourceGroup: "rg-shop-prod",
    location: "",
    zone: undefined,
    size: "",
    tags: {},
    power: "unknown",
  });
});

test.each([
  [["PowerState/deallocated"], "deallocated"],
  [["ProvisioningState/updating", "powerstate/Starting"], "starting"],
  [["PowerState/hibernated"], "unknown"],
  [["ProvisioningState/succeeded"], "unknown"],
  [[], "unknown"],
])("the codes %o mean %s", async (codes, power) => {
  const body = recorded("virtual-machine-running");
  const instanceView = { statuses: codes.map((code) => ({ code, level: "Info" })) };
  const { compute } = openPorts({
    [`GET ${ARM}${SHOP}/virtualMachines/shop-web-01`]: reply(200, {
      ...body,
      properties: { ...(body["properties"] as object), instanceView },
    }),
  });

  expect(await compute.getVirtualMachine(`${SHOP}/virtualMachines/shop-web-01`)).toMatchObject({ power });
});

test("a VM that does not exist is undefined", async () => {
  const { compute } = openPorts({ [`GET ${ARM}${SHOP}/virtualMachines/none`]: MISSING });

  expect(await compute.getVirtualMachine(`${SHOP}/virtualMachines/none`)).toBeUndefined();
});

const UNREADABLE = {
  kind: "failed",
  message: "Compute answered something that azwise cannot read",
  uncertain: false,
  hint: "the answer was incomplete or not of Compute; try again, with --verbose to see the requests",
};

test.each([
  ["is cut short", { ...reply(200, '{"value":[{"id"'), headers: { "content-type": "application/json" } }],
  ["has no value", reply(200, { items: [] })],
])("a list that %s is an error, not a crash", async (_, answer) => {
  const { compute } = openPorts({ [MACHINES]: answer });

  expect(await refusalOf(compute.listVirtualMachines({ subscriptionId: SUBSCRIPTION }))).toMatchObject(
    UNREADABLE,
  );
});

test("a resource without an id is an error that says so", async () => {
  const { compute } = openPorts({ [MACHINES]: reply(200, { value: [{ name: "vm" }] }) });

  expect(await refusalOf(compute.listVirtualMachines({ subscriptionId: SUBSCRIPTION }))).toEqual({
    kind: "failed",
    message: 'the service named a resource that azwise cannot read: ""',
    uncertain: false,
  });
});
