import { expect, test } from "vitest";
import {
  attach,
  CRG_PLATFORM,
  CRG_SHOP,
  GROUPS,
  machine,
  MAIN,
  openCloud,
  SHARED,
  type Answer,
} from "./azure.ts";

const LIST = `/subscriptions/${MAIN}/providers/Microsoft.Compute/capacityReservationGroups`;
const NEW = `${GROUPS}/crg-new`;
const shout = (id: string): string => id.replace("rg-capacity", "RG-CAPACITY");

function code(answer: Answer): [number, string] {
  return [answer.status, answer.body.error.code];
}

test("a new group answers 201 with its resource group in upper case, a read does not", async () => {
  const { send } = await openCloud();

  const answer = await send("PUT", NEW, {
    body: { location: "East US 2", zones: ["1"], tags: { env: "prod" } },
  });
  const read = await send("GET", NEW);

  expect(answer.status).toBe(201);
  expect(answer.headers["azure-asyncoperation"]).toContain("/locations/EastUS2/operations/");
  expect(answer.body).toEqual({
    name: "crg-new",
    id: shout(NEW),
    type: "Microsoft.Compute/capacityReservationGroups",
    location: "eastus2",
    tags: { env: "prod" },
    zones: ["1"],
    properties: { reservationType: "Targeted", provisioningState: "Creating" },
  });
  expect(read.body.id).toBe(NEW);
});

test("a child can be created while its group is still being created", async () => {
  const { send } = await openCloud();
  await send("PUT", NEW, { body: { location: "eastus2", zones: ["1"] } });

  const answer = await send("PUT", `${NEW}/capacityReservations/web`, {
    body: { location: "eastus2", zones: ["1"], sku: { name: "Standard_D4s_v5", capacity: 0 } },
  });

  expect(answer.status).toBe(201);
});

test.for([
  ["no location", NEW, {}, 400, "LocationRequired"],
  ["an unknown location", NEW, { location: "atlantis" }, 400, "LocationNotAvailableForResourceType"],
  [
    "a zone that is not there",
    NEW,
    { location: "northcentralus", zones: ["1"] },
    400,
    "AvailabilityZoneNotSupported",
  ],
  [
    "other zones than before",
    CRG_SHOP,
    { location: "eastus2", zones: ["1"] },
    409,
    "PropertyChangeNotAllowed",
  ],
  ["another location than before", CRG_SHOP, { location: "northcentralus" }, 409, "InvalidResourceLocation"],
  [
    "a resource group that is not there",
    NEW.replace("rg-capacity", "rg-none"),
    { location: "eastus2" },
    404,
    "ResourceGroupNotFound",
  ],
] as const)("a PUT with %s is refused", async ([, path, body, status, error]) => {
  const { send } = await openCloud();

  expect(code(await send("PUT", path, { body }))).toEqual([status, error]);
});

test("a body that is not JSON is refused", async () => {
  const { send } = await openCloud();

  expect(code(await send("PUT", NEW))).toEqual([400, "InvalidRequestContent"]);
});

test("a repeated PUT answers 200", async () => {
  const { send } = await openCloud();

  const answer = await send("PUT", CRG_SHOP, { body: { location: "eastus2", zones: ["2", "1"] } });

  expect(answer.status).toBe(200);
});

test("a PATCH replaces the tags as a whole and cannot change zones", async () => {
  const { send } = await openCloud();

  const tags = await send("PATCH", CRG_SHOP, { body: { tags: { owner: "shop" } } });
  const zones = await send("PATCH", CRG_SHOP, { body: { zones: ["1"] } });

  expect([tags.status, tags.body.tags]).toEqual([200, { owner: "shop" }]);
  expect(code(zones)).toEqual([409, "PropertyChangeNotAllowed"]);
});

test("the instance view names reservations, who is allocated and who it is shared with", async () => {
  const { send } = await openCloud();

  const own = await send("GET", `${CRG_SHOP}?$expand=instanceView`);
  const shared = await send("GET", `${CRG_PLATFORM}?$expand=instanceView`);

  const machines = [{ id: machine("shop-search-01") }, { id: machine("shop-search-02") }];
  expect(own.body.properties).toMatchObject({
    capacityReservations: [{ id: `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5` }],
    virtualMachinesAssociated: machines,
    instanceView: {
      capacityReservations: [
        {
          name: "Zone1_E8s_v5",
          utilizationInfo: { currentCapacity: 4, virtualMachinesAllocated: machines },
          statuses: [{ code: "ProvisioningState/succeeded" }],
        },
      ],
    },
  });
  expect(shared.body.properties.instanceView.sharedSubscriptionIds).toEqual([
    { id: `/subscriptions/${MAIN}` },
  ]);
});

test("a list shouts resource groups and names machines only when asked to", async () => {
  const { send } = await openCloud();

  const plain = await send("GET", LIST);
  const expanded = await send("GET", `${LIST}?$expand=virtualMachines/$ref`);

  expect(plain.body.value.map((each: { id: string }) => each.id)).toEqual([shout(CRG_SHOP)]);
  expect(plain.body.value[0].properties).not.toHaveProperty("virtualMachinesAssociated");
  expect(expanded.body.value[0].properties.virtualMachinesAssociated).toHaveLength(2);
});

test.for([
  ["All", [`crg-shop`, "crg-platform"]],
  ["CreatedInSubscription", ["crg-shop"]],
  ["SharedWithSubscription", ["crg-platform"]],
] as const)("resourceIdsOnly=%s lists only ids, shared groups included", async ([only, names]) => {
  const { send } = await openCloud();

  const { body } = await send("GET", `${LIST}?resourceIdsOnly=${only}`);

  expect(body.value.map((each: { id: string }) => each.id.split("/").at(-1))).toEqual(names);
  expect(Object.keys(body.value[0])).toEqual(["id", "type", "location"]);
});

test("a list of a resource group holds its own groups", async () => {
  const { send } = await openCloud();

  const { body } = await send("GET", GROUPS);

  expect(body.value).toHaveLength(1);
});

test("an $expand that a request does not know is refused", async () => {
  const { send } = await openCloud();

  expect(code(await send("GET", `${LIST}?$expand=instanceView`))).toEqual([400, "InvalidParameter"]);
});

test("an empty group is deleted with 202 and then gone", async () => {
  const { send, sandbox, change } = await openCloud();
  await change("PUT", NEW, { location: "eastus2" });

  const answer = await send("DELETE", NEW);
  const during = await send("GET", NEW);
  await sandbox.sleep(10_000);
  const after = await send("GET", NEW);
  const again = await send("DELETE", NEW);

  expect([answer.status, answer.text, during.status, after.status, again.status]).toEqual([
    202,
    "",
    200,
    404,
    204,
  ]);
});

test("a group that is being deleted takes no more reservations", async () => {
  const { send, change } = await openCloud();
  await change("PUT", NEW, { location: "eastus2" });
  await send("DELETE", NEW);

  const answer = await send("PUT", `${NEW}/capacityReservations/late`, {
    body: { location: "eastus2", sku: { name: "Standard_D4s_v5", capacity: 0 } },
  });

  expect(code(answer)).toEqual([409, "Conflict"]);
});

test("a group with a reservation cannot be deleted, nor for a while after the reservation went", async () => {
  const { send, sandbox, change } = await openCloud();
  const empty = `/subscriptions/${SHARED}/resourceGroups/rg-platform-capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-platform`;

  const early = await send("DELETE", empty);
  await change("DELETE", `${empty}/capacityReservations/Zone1_D4s_v5`);
  const lagging = await send("DELETE", empty);
  await sandbox.sleep(60_000);
  const later = await send("DELETE", empty);

  expect(code(early)).toEqual([409, "CannotDeleteResource"]);
  expect(early.body.error.message).toContain("nested resources");
  expect(code(lagging)).toEqual([409, "CannotDeleteResource"]);
  expect(later.status).toBe(202);
});

test("the documented tear-down ends with no group", async () => {
  const { send, sandbox, change } = await openCloud();
  const reservation = `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`;

  await change("PATCH", reservation, { sku: { capacity: 0 } });
  await change("PATCH", machine("shop-search-01"), attach(null));
  await change("PATCH", machine("shop-search-02"), attach(null));
  const early = await send("DELETE", reservation);
  await sandbox.sleep(3000);
  await change("DELETE", reservation);
  await sandbox.sleep(60_000);
  await change("DELETE", CRG_SHOP);

  expect(code(early)).toEqual([409, "OperationNotAllowed"]);
  expect((await send("GET", CRG_SHOP)).status).toBe(404);
});
