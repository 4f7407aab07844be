import { expect, test } from "vitest";
import { ARM, openPorts, refusalOf, reply } from "./wire.ts";

const PATH = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
const READ = { path: PATH, apiVersion: "2024-11-01" };
const GET = `GET ${ARM}${PATH}`;
const settling = reply(200, { properties: { provisioningState: "Updating" } });
const settled = reply(200, { properties: { provisioningState: "Succeeded" } });

test("a resource that does not exist reads as undefined", async () => {
  const { arm } = openPorts({
    [GET]: reply(404, { error: { code: "ResourceNotFound", message: "was not found" } }),
  });

  expect(await arm.read(READ)).toBeUndefined();
});

test("a subscription that does not exist is an error of the sign-in kind", async () => {
  const { arm } = openPorts({
    [GET]: reply(404, { error: { code: "SubscriptionNotFound", message: "could not be found" } }),
  });

  expect(await refusalOf(arm.read(READ))).toEqual({
    kind: "auth",
    message: "could not be found",
    code: "SubscriptionNotFound",
    status: 404,
    uncertain: false,
    hint: "check --subscription, and that this identity may see it in this tenant",
  });
});

test("a body with line breaks reads like a compact one", async () => {
  const { arm } = openPorts({ [GET]: reply(200, '{\r\n  "name": "vm"\r\n}') });

  expect(await arm.read(READ)).toEqual({ name: "vm" });
});

test("a body cut short is an error, not a crash", async () => {
  const { arm } = openPorts({ [GET]: reply(200, '{"name":') });

  expect(await refusalOf(arm.read(READ))).toEqual({
    kind: "failed",
    message: "the service answered something that is not JSON",
    uncertain: false,
  });
});

test("query and body are sent as given, with the API version", async () => {
  const { arm, wire } = openPorts({ [GET]: reply(200, {}), [`PUT ${ARM}${PATH}`]: reply(200) });

  await arm.read({ ...READ, query: { $expand: "instanceView" } });
  await arm.change({ method: "PUT", ...READ, body: { sku: { capacity: 2 } } });

  expect(wire.seen).toEqual([
    `GET ${ARM}${PATH}?api-version=2024-11-01&%24expand=instanceView`,
    `PUT ${ARM}${PATH}?api-version=2024-11-01`,
  ]);
  expect(wire.requests[1]?.body).toBe('{"sku":{"capacity":2}}');
});

test.each([
  ["200 without a body", reply(200)],
  ["201 without a state", reply(201, { name: "vm" })],
  ["202 without any header", reply(202)],
  ["204", reply(204)],
  ["201 whose Location is the resource itself", reply(201, {}, { location: `${ARM}${PATH}` })],
])("a change answered with %s is taken as done", async (_, answer) => {
  const { arm, wire } = openPorts({ [`PUT ${ARM}${PATH}`]: answer });

  await arm.change({ method: "PUT", ...READ, body: {} });

  expect(wire.seen).toHaveLength(1);
});

test("a change without an operation is followed at the resource while it is provisioning", async () => {
  const { arm, clock } = openPorts({
    [`PUT ${ARM}${PATH}`]: reply(201, { properties: { provisioningState: "Creating" } }),
    [GET]: [settling, settled],
  });

  await arm.change({ method: "PUT", ...READ, body: {} });

  expect(clock.slept).toEqual([3000]);
});

test("an action is followed at its resource, not at itself", async () => {
  const { arm, wire } = openPorts({
    [`POST ${ARM}${PATH}/start`]: reply(202, undefined, { location: `${ARM}/results/1` }),
    [`GET ${ARM}/results/1`]: reply(404),
    [GET]: settled,
  });

  await arm.change({ method: "POST", path: `${PATH}/start`, apiVersion: "2024-11-01" });

  expect(wire.seen.at(-1)).toBe(`${GET}?api-version=2024-11-01`);
});

test("gives up on a resource that never settles", async () => {
  const { arm } = openPorts(
    {
      [`PUT ${ARM}${PATH}`]: reply(201, { properties: { provisioningState: "Creating" } }),
      [GET]: Array.from({ length: 4 }, () => settling),
    },
    { timeoutMs: 8000 },
  );

  expect(await refusalOf(arm.change({ method: "PUT", ...READ, body: {} }))).toEqual({
    kind: "timeout",
    message: "the resource is still being changed",
    uncertain: true,
  });
});

test("an accepted change whose answer is cut short is followed at the resource", async () => {
  const { arm, clock } = openPorts({
    [`PUT ${ARM}${PATH}`]: reply(201, '{"name":'),
    [GET]: [settling, settled],
  });

  await arm.change({ method: "PUT", ...READ, body: {} });

  expect(clock.slept).toEqual([3000]);
});

test("an accepted change whose resource may not be read is uncertain", async () => {
  const { arm } = openPorts({
    [`PUT ${ARM}${PATH}`]: reply(201, { properties: { provisioningState: "Creating" } }),
    [GET]: reply(403, { error: { code: "AuthorizationFailed", message: "no" } }),
  });

  const refusal = await refusalOf(arm.change({ method: "PUT", ...READ, body: {} }));
  expect(refusal).toMatchObject({ kind: "auth", code: "AuthorizationFailed", uncertain: true });
});
