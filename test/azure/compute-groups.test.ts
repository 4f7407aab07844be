import { expect, test } from "vitest";
import { answerOf, recorded } from "./recorded.ts";
import { ARM, openPorts, refusalOf, reply } from "./wire.ts";

const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const COMPUTE = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute`;
const SHOP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.Compute`;
const UPPER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-SHOP-PROD/providers/Microsoft.Compute`;
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-shop`;
const UPPER_GROUP = GROUP.replace("rg-capacity", "RG-CAPACITY");

const MISSING = reply(404, { error: { code: "ResourceNotFound", message: "was not found" } });

test("groups include those shared by others, each once whatever its casing", async () => {
  const { compute, wire } = openPorts({
    [`GET ${ARM}${COMPUTE}/capacityReservationGroups`]: answerOf("groups-ids-only"),
  });

  expect(await compute.listGroups(SUBSCRIPTION)).toEqual([
    { id: GROUP, name: "crg-shop", location: "eastus2", shared: false },
    {
      id: "/subscriptions/5a000000-0000-4000-8000-000000000002/resourceGroups/RG-PLATFORM-CAPACITY/providers/Microsoft.Compute/capacityReservationGroups/crg-platform",
      name: "crg-platform",
      location: "eastus2",
      shared: true,
    },
    {
      id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-x/providers/Microsoft.Compute/capacityReservationGroups/crg-bare`,
      name: "crg-bare",
      location: "",
      shared: false,
    },
  ]);
  expect(wire.seen[0]).toContain("resourceIdsOnly=All");
});

test("a group is read with each reservation's instance view; one deleted meanwhile is left out", async () => {
  const reservations = `${GROUP}/capacityReservations`;
  const { compute } = openPorts({
    [`GET ${ARM}${GROUP}`]: answerOf("group"),
    [`GET ${ARM}${reservations}`]: answerOf("reservations"),
    [`GET ${ARM}${reservations}/Zone1_E8s_v5`]: answerOf("reservation-used"),
    [`GET ${ARM}${reservations}/Zone2_D4s_v5`]: answerOf("reservation-without-view"),
    [`GET ${ARM}${reservations}/gone`]: MISSING,
  });

  expect(await compute.getGroup(GROUP)).toEqual({
    id: UPPER_GROUP,
    name: "crg-shop",
    subscriptionId: SUBSCRIPTION,
    resourceGroup: "RG-CAPACITY",
    location: "eastus2",
    zones: ["1", "2"],
    reservationType: "Targeted",
    sharedWith: [],
    reservations: [
      {
        id: `${UPPER_GROUP}/capacityReservations/Zone1_E8s_v5`,
        name: "Zone1_E8s_v5",
        location: "eastus2",
        zone: "1",
        size: "Standard_E8s_v5",
        quantity: 4,
        provisioningState: "Succeeded",
        schedule: undefined,
        reservationState: undefined,
        associated: [`${UPPER}/virtualMachines/shop-search-01`, `${UPPER}/virtualMachines/SHOP-SEARCH-02`],
        allocated: [`${UPPER}/virtualMachines/shop-search-01`],
      },
      {
        id: `${UPPER_GROUP}/capacityReservations/Zone2_D4s_v5`,
        name: "Zone2_D4s_v5",
        location: "eastus2",
        zone: "2",
        size: "Standard_D4s_v5",
        quantity: 3,
        provisioningState: "Updating",
        associated: [],
        allocated: [],
      },
    ],
  });
});

test("a group that does not exist is undefined", async () => {
  const { compute } = openPorts({ [`GET ${ARM}${GROUP}`]: MISSING });

  expect(await compute.getGroup(GROUP)).toBeUndefined();
});

test("sizes tell zones, restrictions and whether they can be reserved, of this location only", async () => {
  const { compute } = openPorts({ [`GET ${ARM}${COMPUTE}/skus`]: answerOf("skus") });
  const offer = {
    location: "eastus2",
    capacityReservationSupported: true,
    restricted: false,
    family: "standardDSv5Family",
    vCpus: 4,
  };

  expect(await compute.listSizes(SUBSCRIPTION, "eastus2")).toEqual([
    {
      ...offer,
      size: "Standard_D4s_v5",
      zones: ["1", "2", "3"],
      restrictedZones: [],
      restrictionCodes: [],
    },
    {
      ...offer,
      size: "Standard_E8s_v5",
      zones: ["1", "2", "3"],
      restrictedZones: ["2", "3"],
      restrictionCodes: ["NotAvailableForSubscription"],
    },
    {
      ...offer,
      size: "Standard_M8ms",
      zones: [],
      capacityReservationSupported: false,
      restricted: true,
      restrictedZones: [],
      restrictionCodes: ["QuotaId"],
    },
  ]);
});

test.each([
  [answerOf("scale-set"), false],
  [reply(200, { ...recorded("scale-set"), properties: { singlePlacementGroup: true } }), true],
  [reply(200, { ...recorded("scale-set"), properties: {} }), false],
  [MISSING, undefined],
])("a scale set's single placement group (%#)", async (answer, expected) => {
  const { compute } = openPorts({ [`GET ${ARM}${SHOP}/virtualMachineScaleSets/shop-front`]: answer });

  expect(await compute.isSinglePlacementGroup(`${SHOP}/virtualMachineScaleSets/shop-front`)).toBe(expected);
});

test("only a scale set that says so is flexible", async () => {
  const set = recorded("scale-set") as { name: string; id: string; properties: object };
  const uniform = { ...set, properties: { orchestrationMode: "Uniform" } };
  const { compute } = openPorts({
    [`GET ${ARM}${COMPUTE}/virtualMachineScaleSets`]: reply(200, {
      value: [set, uniform, { ...set, properties: {} }],
    }),
  });

  const { id, name } = set;
  expect(await compute.listScaleSets(SUBSCRIPTION)).toEqual([
    { id, name, flexible: true },
    { id, name, flexible: false },
    { id, name, flexible: false },
  ]);
});

test("a reservation without a size is an error, not a crash", async () => {
  const reservations = `${GROUP}/capacityReservations`;
  const { compute } = openPorts({
    [`GET ${ARM}${GROUP}`]: answerOf("group"),
    [`GET ${ARM}${reservations}`]: reply(200, { value: [{ id: `${reservations}/odd`, name: "odd" }] }),
  });

  expect(await refusalOf(compute.getGroup(GROUP))).toMatchObject({
    kind: "failed",
    message: "Compute answered something that azwise cannot read",
  });
});

test("usages tell limit and use by the service's own names", async () => {
  const { compute } = openPorts({
    [`GET ${ARM}${COMPUTE}/locations/eastus2/usages`]: reply(200, {
      value: [
        { unit: "Count", currentValue: 12, limit: 350, name: { value: "cores", localizedValue: "Total" } },
        { unit: "Count", currentValue: 4, limit: 100, name: { value: "standardDSv5Family" } },
      ],
    }),
  });

  expect(await compute.listUsages(SUBSCRIPTION, "eastus2")).toEqual([
    { name: "cores", current: 12, limit: 350 },
    { name: "standardDSv5Family", current: 4, limit: 100 },
  ]);
});
