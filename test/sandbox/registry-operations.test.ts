import { expect, test } from "vitest";
import { fault, MAIN } from "./azure.ts";
import {
  BODY,
  code,
  forbidLinks,
  leaveFree,
  NEW,
  openRegistries,
  PLATFORMIMAGES,
  REPLICATIONS,
  routing,
} from "./registries.ts";

test("its operation says Creating at one URL, then Succeeded, and the replica is ready", async () => {
  const { send, sandbox } = await openRegistries({ edit: (world) => (world.settings.strictPolls = true) });
  const url = (await send("PUT", NEW, { body: BODY })).headers["azure-asyncoperation"] ?? "";

  const during = await send("GET", url);
  await sandbox.sleep(60_000);
  const after = await send("GET", url);
  const { body } = await send("GET", NEW);

  expect([during.body, during.headers["azure-asyncoperation"]]).toEqual([{ status: "Creating" }, undefined]);
  expect(after.body).toEqual({ status: "Succeeded" });
  expect(body.properties).toMatchObject({
    provisioningState: "Succeeded",
    status: { displayStatus: "Ready", timestamp: "2026-11-21T08:01:00.0000000Z" },
  });
});

test("a DELETE gives a new Location at each poll, then 200 without body, and 204 when repeated", async () => {
  const { send, sandbox } = await openRegistries({ edit: (world) => (world.settings.strictPolls = true) });

  const answer = await send("DELETE", `${REPLICATIONS}/westeurope`);
  const first = answer.headers["location"] ?? "";
  const shown = await send("GET", `${REPLICATIONS}/westeurope`);
  const during = await send("GET", first);
  const stale = await send("GET", first);
  await sandbox.sleep(40_000);
  const after = await send("GET", during.headers["location"] ?? "");
  const again = await send("DELETE", `${REPLICATIONS}/westeurope`);

  expect([answer.status, answer.text, answer.headers["azure-asyncoperation"]]).toEqual([202, "", undefined]);
  expect(first).toContain("/locations/westeurope/operationResults/replications-");
  expect(shown.body.properties.provisioningState).toBe("Deleting");
  expect([during.status, during.text, stale.status]).toEqual([202, "", 400]);
  expect(during.headers["location"]).not.toBe(first);
  expect([after.status, after.text, after.headers["location"], again.status]).toEqual([
    200,
    "",
    undefined,
    204,
  ]);
});

test("a second change of a registry is refused while the first goes on, whichever replica it is of", async () => {
  const { send, sandbox } = await openRegistries();
  await send("PUT", NEW, { body: BODY });
  const other = `${REPLICATIONS}/westeurope`;

  const patch = await send("PATCH", other, { body: routing(false) });
  const put = await send("PUT", `${REPLICATIONS}/westus3`, { body: { location: "westus3" } });
  const deletion = await send("DELETE", NEW);
  await sandbox.sleep(60_000);
  const later = await send("PATCH", other, { body: routing(false) });

  const conflict = [409, "RegistryStatusConflict"];
  expect([patch, put, deletion].map(code)).toEqual([conflict, conflict, conflict]);
  expect(later.status).toBe(200);
});

test("a replica that gets no addresses appears in Creating and is gone, and no subnet is named", async () => {
  const { send, finish } = await openRegistries({ edit: (world) => leaveFree(world, 0) });

  const answer = await send("PUT", NEW, { body: BODY });
  const during = await send("GET", NEW);
  const end = await finish(answer);
  const after = await send("GET", NEW);

  expect(during.body.properties.provisioningState).toBe("Creating");
  expect(end).toEqual({
    status: "Failed",
    error: {
      code: "PrivateEndpointUpdateFailed",
      message: "The private endpoint connections of registry 'shopregistry' could not be updated.",
    },
  });
  expect(after.status).toBe(404);
});

test("without the right to change private endpoints a replica stays in Creating until it is deleted", async () => {
  const { send, sandbox } = await openRegistries({ edit: forbidLinks });
  const url = (await send("PUT", NEW, { body: BODY })).headers["azure-asyncoperation"] ?? "";

  await sandbox.sleep(3_000_000);
  const poll = await send("GET", url);
  const stuck = await send("GET", NEW);
  const patch = await send("PATCH", NEW, { body: routing(false) });
  const deletion = await send("DELETE", NEW);
  await sandbox.sleep(40_000);
  const after = await send("GET", NEW);
  const ended = await send("GET", url);

  expect(poll.body).toEqual({ status: "Creating" });
  expect(stuck.body.properties.provisioningState).toBe("Creating");
  expect(code(patch)).toEqual([409, "RegistryStatusConflict"]);
  expect([deletion.status, after.status, ended.body.status]).toEqual([202, 404, "Failed"]);
});

test("a registry without private endpoints needs no right to change them", async () => {
  const { send, finish, world } = await openRegistries({ edit: forbidLinks });
  const shop = Object.values(world.resources).find(({ name }) => name === "shopregistry")!;
  shop.properties["privateEndpointConnections"] = [];

  expect(await finish(await send("PUT", NEW, { body: BODY }))).toEqual({ status: "Succeeded" });
});

test("the platform's registry has a replica that is stuck, and its others can still be changed", async () => {
  const { send, finish } = await openRegistries();

  const stuck = await send("GET", `${PLATFORMIMAGES}/replications/northeurope`);
  const out = await send("GET", `${PLATFORMIMAGES}/replications/eastus2`);
  const end = await finish(
    await send("PATCH", `${PLATFORMIMAGES}/replications/eastus2`, { body: routing(true) }),
  );

  expect(stuck.body.properties).toMatchObject({ provisioningState: "Creating" });
  expect(stuck.body.properties.status).not.toHaveProperty("displayStatus");
  expect(out.body.properties.regionEndpointEnabled).toBe(false);
  expect(end).toEqual({ status: "Succeeded" });
});

test("a silent no-op of a PATCH succeeds and changes nothing", async () => {
  const { send, finish } = await openRegistries({
    edit: (world) => world.faults.push(fault("silent-no-op")),
  });

  const end = await finish(await send("PATCH", `${REPLICATIONS}/westeurope`, { body: routing(false) }));
  const { body } = await send("GET", `${REPLICATIONS}/westeurope`);

  expect(end).toEqual({ status: "Succeeded" });
  expect(body.properties).toMatchObject({ provisioningState: "Succeeded", regionEndpointEnabled: true });
});

test("an operation that fails leaves the routing as it was", async () => {
  const path = `${REPLICATIONS}/westeurope`;
  const { send, finish } = await openRegistries({
    edit: (world) => world.faults.push(fault("allocation-failed", { match: { path } })),
  });

  const end = await finish(await send("PATCH", path, { body: routing(false) }));
  const { body } = await send("GET", path);

  expect(end.status).toBe("Failed");
  expect(body.properties).toMatchObject({ provisioningState: "Succeeded", regionEndpointEnabled: true });
});

test("polls of a registry can be sent elsewhere and throttled", async () => {
  const { send, world } = await openRegistries({
    edit: (world) => world.faults.push(fault("throttle", { match: { path: "/replications" } })),
  });

  const throttled = await send("GET", REPLICATIONS);
  world.faults.push(fault("foreign-poll"), fault("foreign-poll"));
  const answer = await send("DELETE", `${REPLICATIONS}/westeurope`);
  const poll = await send(
    "GET",
    (answer.headers["location"] ?? "").replace("attacker.example", "management.azure.com"),
  );

  expect(throttled.status).toBe(429);
  expect(answer.headers["location"]).toMatch(/^https:\/\/attacker\.example\//);
  expect(poll.headers["location"]).toMatch(/^https:\/\/attacker\.example\//);
});

test("an operation belongs to its subscription", async () => {
  const { send } = await openRegistries();
  const url = (await send("DELETE", `${REPLICATIONS}/westeurope`)).headers["location"] ?? "";

  const answer = await send("GET", url.replace(MAIN, "5a000000-0000-4000-8000-000000000002"));

  expect(code(answer)).toEqual([404, "NotFound"]);
});
