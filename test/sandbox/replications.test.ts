import { expect, test } from "vitest";
import {
  BODY,
  code,
  names,
  OLDER_VERSION,
  NEW,
  openRegistries,
  REGISTRIES,
  REPLICATIONS,
  routing,
  SHOPREGISTRY,
} from "./registries.ts";

test("a new replica begins in Creating, without a display status", async () => {
  const { send } = await openRegistries();

  const { status, headers, body } = await send("PUT", NEW, { body: BODY });

  expect([status, headers["location"]]).toEqual([201, undefined]);
  expect(headers["azure-asyncoperation"]).toContain(`${NEW}/operationStatuses/replications-`);
  expect(body).toMatchObject({
    id: NEW,
    name: "centralus",
    location: "centralus",
    properties: { provisioningState: "Creating", regionEndpointEnabled: true, zoneRedundancy: "Disabled" },
  });
  expect(body.properties.status).toEqual({ timestamp: "2026-11-21T08:00:00.0000000Z" });
});

test("hosts of a region come with its replica and go with it", async () => {
  const { send, finish, sandbox } = await openRegistries();
  const hosts = async (): Promise<string[]> =>
    (await send("GET", SHOPREGISTRY)).body.properties.dataEndpointHostNames;

  const answer = await send("PUT", NEW, { body: BODY });
  const creating = await hosts();
  await finish(answer);
  const created = await hosts();
  await send("DELETE", NEW);
  await sandbox.sleep(40_000);
  const deleted = await hosts();

  expect([creating.length, deleted.length]).toEqual([3, 3]);
  expect(created).toContain("shopregistry.centralus.data.azurecr.io");
});

test("a replica can begin out of routing and zone redundant, which is decided only then", async () => {
  const { send, finish } = await openRegistries();
  const properties = { regionEndpointEnabled: false, zoneRedundancy: "Enabled" };

  await finish(await send("PUT", NEW, { body: { location: "centralus", properties } }));
  const later = await send("PATCH", NEW, { body: { properties: { zoneRedundancy: "Disabled" } } });

  expect(later.body.properties).toMatchObject(properties);
});

test("a PATCH takes a replica out of routing while its operation says Updating", async () => {
  const { send, sandbox } = await openRegistries();

  const answer = await send("PATCH", `${REPLICATIONS}/westeurope`, { body: routing(false) });
  const url = answer.headers["azure-asyncoperation"] ?? "";
  const during = await send("GET", url);
  await sandbox.sleep(10_000);
  const after = await send("GET", url);
  const { body } = await send("GET", `${REPLICATIONS}/westeurope`);

  expect([answer.status, answer.body.properties.provisioningState]).toEqual([200, "Updating"]);
  expect([during.body, after.body]).toEqual([{ status: "Updating" }, { status: "Succeeded" }]);
  expect(body.properties).toMatchObject({
    provisioningState: "Succeeded",
    regionEndpointEnabled: false,
    status: { displayStatus: "Ready" },
  });
});

test("a repeated PUT updates the replica and answers 200", async () => {
  const { send } = await openRegistries();

  const answer = await send("PUT", `${REPLICATIONS}/westeurope`, {
    body: { location: "westeurope", ...routing(false) },
  });

  expect([answer.status, answer.body.properties.provisioningState]).toEqual([200, "Updating"]);
  expect(answer.body.properties.regionEndpointEnabled).toBe(false);
});

test("newer versions do not list the home region, earlier ones do", async () => {
  const { send } = await openRegistries();

  const newer = await send("GET", REPLICATIONS);
  const older = await send("GET", REPLICATIONS, { version: OLDER_VERSION });

  expect(names(newer)).toEqual(["northeurope", "westeurope"]);
  expect(names(older)).toEqual(["eastus2", "northeurope", "westeurope"]);
  expect(newer.body.value[0].id).toBe(`${REPLICATIONS}/northeurope`.replace("rg-shop-prod", "RG-SHOP-PROD"));
});

test.for([
  ["absent", 404, 2],
  ["by-name", 200, 2],
  ["listed", 200, 3],
] as const)("a world with the home replication %s", async ([homeReplication, status, listed]) => {
  const { send } = await openRegistries({
    edit: (world) => (world.settings.homeReplication = homeReplication),
  });

  const one = await send("GET", `${REPLICATIONS}/eastus2`);
  const all = await send("GET", REPLICATIONS);

  expect([one.status, all.body.value.length]).toEqual([status, listed]);
});

test("the home region's replication can leave routing where there is one, and is never deleted", async () => {
  const { send, finish } = await openRegistries({
    edit: (world) => (world.settings.homeReplication = "listed"),
  });

  await finish(await send("PATCH", `${REPLICATIONS}/eastus2`, { body: routing(false) }));
  const { body } = await send("GET", REPLICATIONS);
  const deletion = await send("DELETE", `${REPLICATIONS}/eastus2`);

  expect(body.value.map((each: { name: string }) => each.name)).toEqual([
    "eastus2",
    "northeurope",
    "westeurope",
  ]);
  expect(body.value[0].properties.regionEndpointEnabled).toBe(false);
  expect(code(deletion)).toEqual([409, "OperationNotAllowed"]);
});

test.for([
  ["no location", NEW, {}, 400, "LocationRequired"],
  ["an unknown location", NEW, { location: "atlantis" }, 400, "LocationNotAvailableForResourceType"],
  ["the home region", `${REPLICATIONS}/eastus2`, { location: "eastus2" }, 400, "InvalidParameter"],
  [
    "the home region by another name",
    `${REPLICATIONS}/second`,
    { location: "eastus2" },
    400,
    "InvalidParameter",
  ],
  ["a name that is too short", `${REPLICATIONS}/weu`, { location: "westus" }, 400, "InvalidParameter"],
  [
    "another location than before",
    `${REPLICATIONS}/westeurope`,
    { location: "westus" },
    409,
    "InvalidResourceLocation",
  ],
  [
    "a registry that is not there",
    `${REGISTRIES}/nobody/replications/westus`,
    { location: "westus" },
    404,
    "ParentResourceNotFound",
  ],
] as const)("a PUT with %s is refused", async ([, path, body, status, error]) => {
  const { send } = await openRegistries();

  expect(code(await send("PUT", path, { body }))).toEqual([status, error]);
});
