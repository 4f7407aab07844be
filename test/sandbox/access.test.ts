import { expect, test } from "vitest";
import { CAPACITY, CRG_SHOP, FOREIGN, MAIN, openCloud, SHARED } from "./azure.ts";

const RESOURCE_GROUP = `/subscriptions/${MAIN}/resourceGroups/rg-capacity`;
const PERMISSIONS = "providers/Microsoft.Authorization/permissions";
const version = "2022-04-01";

test("a role holds at its scope and below, not above or beside", async () => {
  const { send } = await openCloud({
    edit: ({ settings }) => {
      settings.permissions = [
        { scope: RESOURCE_GROUP.toUpperCase(), actions: ["*"], notActions: ["a/write"] },
        { scope: "/", actions: ["*/read"], notActions: [] },
      ];
    },
  });
  const at = async (scope: string): Promise<unknown> => {
    const { status, body } = await send("GET", `${scope}/${PERMISSIONS}`, { version });
    expect(status).toBe(200);
    return body.value.map(({ actions, notActions }: Record<string, string[]>) => [actions, notActions]);
  };
  const both = [
    [["*"], ["a/write"]],
    [["*/read"], []],
  ];

  expect(await at(RESOURCE_GROUP)).toEqual(both);
  expect(await at(CRG_SHOP)).toEqual(both);
  expect(await at(`/subscriptions/${MAIN}`)).toEqual([[["*/read"], []]]);
  expect(await at(`/subscriptions/${MAIN}/resourceGroups/rg-shop-prod`)).toEqual([[["*/read"], []]]);
});

test("without a setting everything is allowed", async () => {
  const { send } = await openCloud();

  const { body } = await send("GET", `${CRG_SHOP}/${PERMISSIONS}`, { version });

  expect(body.value).toEqual([{ actions: ["*"], notActions: [], dataActions: [], notDataActions: [] }]);
});

test.each([
  [`/subscriptions/${MAIN}/resourceGroups/rg-none`, "ResourceGroupNotFound"],
  [`${CAPACITY}/capacityReservationGroups/crg-none`, "ResourceNotFound"],
])("permissions at %s are not found", async (scope, code) => {
  const { send } = await openCloud();

  const { status, body } = await send("GET", `${scope}/${PERMISSIONS}`, { version });

  expect([status, body.error.code]).toEqual([404, code]);
});

const PEERS = `/subscriptions/${MAIN}/providers/Microsoft.Resources/checkZonePeers/`;

test.each([
  [{}, ["1", "2", "3"]],
  [{ [`${SHARED}|eastus2`]: { 1: "2", 2: "3", 3: "1" } }, ["3", "1", "2"]],
  [{ [`${MAIN}|EastUS2`]: { 1: "2", 2: "3", 3: "1" } }, ["2", "3", "1"]],
  [{ [`${SHARED}|westus`]: { 1: "2", 2: "1" } }, ["1", "2", "3"]],
])("zones of two subscriptions are the same where the physical ones are (%#)", async (zoneMaps, expected) => {
  const { send } = await openCloud({
    edit: ({ settings }) => {
      settings.zoneMaps = zoneMaps as Record<string, Record<string, string>>;
    },
  });
  const body = { location: "eastus2", subscriptionIds: [`subscriptions/${SHARED}`] };

  const answer = await send("POST", PEERS, { body, version: "2022-12-01" });

  expect(answer.body).toEqual({
    subscriptionId: MAIN,
    location: "eastus2",
    availabilityZonePeers: expected.map((availabilityZone, index) => ({
      availabilityZone: String(index + 1),
      peers: [{ subscriptionId: SHARED, availabilityZone }],
    })),
  });
});

test.each([
  [{ location: "eastus2", subscriptionIds: [`subscriptions/${FOREIGN}`] }, 404],
  [{ location: "eastus2" }, 400],
])("zones are not compared with %j", async (body, status) => {
  const { send } = await openCloud();

  expect((await send("POST", PEERS, { body, version: "2022-12-01" })).status).toBe(status);
});
