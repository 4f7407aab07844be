import { expect, test } from "vitest";
import { CRG_PLATFORM, CRG_SHOP, GROUPS, openCloud, SHOP } from "./azure.ts";

const COMPUTE = "Microsoft.Compute";
const GROUP = `${COMPUTE}/capacityReservationGroups`;
const RESERVATION = `${CRG_SHOP}/capacityReservations/Zone1_D4s_v5`;
const VM = `${SHOP}/virtualMachines/shop-web-01`;
const into = (id: string | null): object => ({
  properties: { capacityReservation: { capacityReservationGroup: { id } } },
});

test.each([
  ["PUT", `${GROUPS}/crg-new`, `${GROUP}/write`, `${GROUPS}/crg-new`],
  ["PATCH", CRG_SHOP, `${GROUP}/write`, CRG_SHOP],
  ["DELETE", CRG_SHOP, `${GROUP}/delete`, CRG_SHOP],
  ["PUT", RESERVATION, `${GROUP}/capacityReservations/write`, RESERVATION],
  ["PATCH", RESERVATION, `${GROUP}/capacityReservations/write`, RESERVATION],
  ["DELETE", RESERVATION, `${GROUP}/capacityReservations/delete`, RESERVATION],
  ["PATCH", VM, `${COMPUTE}/virtualMachines/write`, VM],
  ["POST", `${VM}/start`, `${COMPUTE}/virtualMachines/start/action`, VM],
  ["POST", `${VM}/deallocate`, `${COMPUTE}/virtualMachines/deallocate/action`, VM],
])("%s %s needs %s, and that alone refuses it", async (method, path, action, scope) => {
  const { send, world } = await openCloud();
  const before = JSON.stringify(world.resources);
  const options = method === "POST" || method === "DELETE" ? {} : { body: { location: "eastus2" } };
  world.settings.permissions = [{ scope: "/", actions: ["*"], notActions: [action] }];

  const denied = await send(method, path, options);
  const unchanged = JSON.stringify(world.resources) === before;
  world.settings.permissions = [
    { scope: "/", actions: ["*/read"], notActions: [] },
    { scope, actions: [action], notActions: [] },
  ];
  const allowed = await send(method, path, options);

  expect([denied.status, denied.body.error.code, unchanged]).toEqual([403, "AuthorizationFailed", true]);
  expect(denied.body.error.message).toContain(`action '${action}' over scope '${scope}'`);
  expect(allowed.status).not.toBe(403);
});

test.each([
  ["a group of the subscription", CRG_SHOP],
  ["a shared group", CRG_PLATFORM],
])("a VM joins %s only with deploy/action there, and leaves without it", async (_, group) => {
  const { send, world } = await openCloud();
  const join = (): ReturnType<typeof send> => send("PATCH", VM, { body: into(group) });
  const write = { scope: VM, actions: ["*"], notActions: [] };
  world.settings.permissions = [write];

  const denied = await join();
  const left = await send("PATCH", VM, { body: into(null) });
  world.settings.permissions = [write, { scope: group, actions: [`${GROUP}/deploy/action`], notActions: [] }];
  const allowed = await join();

  expect([denied.status, denied.body.error.code]).toEqual([403, "LinkedAuthorizationFailed"]);
  expect(denied.body.error.message).toContain(`'${GROUP}/deploy/action' on the linked scope(s) '${group}'`);
  expect(left.status).not.toBe(403);
  expect(allowed.status).not.toBe(403);
});
