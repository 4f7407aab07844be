import { expect, test } from "vitest";
import { CRG_SHOP, FOREIGN, GROUPS, openCloud, SHARED } from "./azure.ts";

const SHARE = "Microsoft.Compute/capacityReservationGroups/share/action";

function sharing(...ids: string[]): object {
  return {
    properties: { sharingProfile: { subscriptionIds: ids.map((id) => ({ id: `/subscriptions/${id}` })) } },
  };
}

test.each([
  ["at the group", CRG_SHOP, "AuthorizationFailed"],
  ["in the subscription that is added", `/subscriptions/${SHARED}`, "LinkedAuthorizationFailed"],
])("sharing needs its own action %s", async (_, scope, code) => {
  const { send } = await openCloud({
    edit: ({ settings }) => {
      const elsewhere = scope === CRG_SHOP ? `/subscriptions/${SHARED}` : CRG_SHOP;
      settings.permissions = [
        { scope: "/", actions: ["*"], notActions: ["*/SHARE/action"] },
        { scope: elsewhere, actions: [SHARE], notActions: [] },
      ];
    },
  });

  const { status, body } = await send("PATCH", CRG_SHOP, { body: sharing(SHARED) });

  expect([status, body.error.code]).toEqual([403, code]);
});

test("a list that was there needs no right in its subscriptions, and is replaced as a whole", async () => {
  const { send, world } = await openCloud();
  await send("PATCH", CRG_SHOP, { body: sharing(SHARED) });
  world.settings.permissions = [{ scope: CRG_SHOP, actions: ["*"], notActions: [] }];

  const kept = await send("PATCH", CRG_SHOP, { body: sharing(SHARED) });
  const emptied = await send("PATCH", CRG_SHOP, { body: sharing() });

  expect([kept.status, emptied.status]).toEqual([200, 200]);
  expect(emptied.body.properties.sharingProfile).toEqual({ subscriptionIds: [] });
});

test.each([
  ["more than 100 subscriptions", {}, 101, "InvalidParameter"],
  ["a block group", { reservationType: "Block" }, 1, "OperationNotAllowed"],
])("%s cannot be", async (_, properties, count, code) => {
  const { send } = await openCloud();
  const ids = Array.from(
    { length: count },
    (__, index) => `5c000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  );
  const { sharingProfile } = (sharing(...ids) as { properties: { sharingProfile: object } }).properties;

  const answer = await send("PUT", `${GROUPS}/crg-new`, {
    body: { location: "eastus2", properties: { ...properties, sharingProfile } },
  });

  expect(answer.body.error.code).toBe(code);
});

test("a subscription of another tenant cannot be added", async () => {
  const { send, world } = await openCloud();

  const { status, body } = await send("PATCH", CRG_SHOP, { body: sharing(FOREIGN) });

  expect([status, body.error.code]).toEqual([403, "LinkedAuthorizationFailed"]);
  expect(body.error.message).toContain(`not authorized to access linked subscription '${FOREIGN}'`);
  const [, group] = Object.entries(world.resources).find(([id]) => id === CRG_SHOP.toLowerCase())!;
  expect(group).not.toHaveProperty("properties.sharingProfile");
});
