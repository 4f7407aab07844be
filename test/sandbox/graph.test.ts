import { expect, test } from "vitest";
import { CRG_SHOP, FOREIGN, machine, MAIN, openCloud, SHARED, type Answer, type Cloud } from "./azure.ts";

const PATH = "/providers/Microsoft.ResourceGraph/resources";
const INVENTORY = `resources
| where type =~ 'microsoft.compute/virtualmachines'
| extend size=tostring(properties.hardwareProfile.vmSize), zone=tostring(zones[0]),
         power=tostring(properties.extended.instanceView.powerState.code),
         crg=tolower(tostring(properties.capacityReservation.capacityReservationGroup.id))
| project id, name, subscriptionId, tenantId, resourceGroup, location, zone, size, power, crg
| order by id asc`;

function ask(cloud: Cloud, query: string, more: object = {}): Promise<Answer> {
  return cloud.send("POST", PATH, { version: "2021-03-01", body: { query, ...more } });
}

test("the inventory query finds every VM with size, zone, power and group", async () => {
  const cloud = await openCloud();

  const { body } = await ask(cloud, INVENTORY, { subscriptions: [MAIN] });

  const search = body.data.find((row: { name: string }) => row.name === "shop-search-01");
  expect([body.totalRecords, body.count, body.resultTruncated]).toEqual([15, 15, "false"]);
  expect(search).toEqual({
    id: machine("shop-search-01"),
    name: "shop-search-01",
    subscriptionId: MAIN,
    tenantId: "a0000000-0000-4000-8000-00000000000a",
    resourceGroup: "rg-shop-prod",
    location: "eastus2",
    zone: "1",
    size: "Standard_E8s_v5",
    power: "PowerState/running",
    crg: CRG_SHOP.toLowerCase(),
  });
});

test("types and resource groups are in lower case, ids are not", async () => {
  const cloud = await openCloud();

  const { body } = await ask(
    cloud,
    "resources | where name == 'shop-db-02' | project id, type, resourceGroup",
  );

  expect(body.data).toEqual([
    {
      id: machine("shop-db-02").replace("rg-shop-prod", "RG-Shop-Prod"),
      type: "microsoft.compute/virtualmachines",
      resourceGroup: "rg-shop-prod",
    },
  ]);
});

test("groups and reservations are rows, too", async () => {
  const cloud = await openCloud();

  const { body } = await ask(
    cloud,
    "resources | where type contains 'capacityreservation' | summarize count() by type",
  );

  expect(body.data).toEqual([
    { type: "microsoft.compute/capacityreservationgroups", count_: 2 },
    { type: "microsoft.compute/capacityreservationgroups/capacityreservations", count_: 2 },
  ]);
});

test("subscriptions that the caller cannot read are left out without a word", async () => {
  const cloud = await openCloud();
  const query = "resources | summarize count() by subscriptionId | order by subscriptionId asc";

  const some = await ask(cloud, query, {
    subscriptions: [SHARED, FOREIGN, "0a000000-0000-4000-8000-00000000000"],
  });
  const all = await ask(cloud, query);

  expect(some.body.data.map(subscriptionOf)).toEqual([SHARED]);
  expect(all.body.data.map(subscriptionOf)).toEqual([MAIN, SHARED]);
});

function subscriptionOf(row: { subscriptionId: string }): string {
  return row.subscriptionId;
}

test("pages continue with a token when the query projects id", async () => {
  const cloud = await openCloud();
  const ids: string[] = [];

  let options: object | undefined = { $top: 7 };
  while (options !== undefined) {
    const { body } = await ask(cloud, INVENTORY, { subscriptions: [MAIN], options });
    ids.push(...body.data.map((row: { id: string }) => row.id));
    options = body.$skipToken === undefined ? undefined : { $top: 7, $skipToken: body.$skipToken };
  }

  expect(new Set(ids).size).toBe(15);
  expect(ids).toHaveLength(15);
});

test("without id in the columns the rest of the rows is lost", async () => {
  const cloud = await openCloud();

  const { body } = await ask(cloud, "resources | project name", { options: { $top: 3 } });

  expect([body.count, body.resultTruncated]).toEqual([3, "true"]);
  expect(body).not.toHaveProperty("$skipToken");
});

test("a token belongs to its query", async () => {
  const cloud = await openCloud();
  const { body } = await ask(cloud, "resources | project id", { options: { $top: 3 } });

  const answer = await ask(cloud, "resources | project id, name", {
    options: { $skipToken: body.$skipToken },
  });

  expect([answer.status, answer.body.error.code]).toEqual([400, "BadRequest"]);
});

test("a table has columns and rows", async () => {
  const cloud = await openCloud();

  const { body } = await ask(cloud, "resources | where name == 'crg-shop' | project name, zones", {
    options: { resultFormat: "table" },
  });

  expect(body.data).toEqual({
    columns: [
      { name: "name", type: "string" },
      { name: "zones", type: "object" },
    ],
    rows: [["crg-shop", ["1", "2"]]],
  });
});

test("a query outside the language is a bad request with its place", async () => {
  const cloud = await openCloud();

  const answer = await ask(cloud, "resources | wher name == 'x'");

  expect(answer.status).toBe(400);
  expect(answer.body.error).toEqual({
    code: "BadRequest",
    message: expect.any(String),
    details: [
      { code: "InvalidQuery", message: expect.any(String) },
      {
        code: "ParserFailure",
        message: "ParserFailure",
        line: 1,
        characterPositionInLine: 13,
        token: "wher",
      },
    ],
  });
});

test.for([0, 1001, "5"])("$top %j is refused", async (top) => {
  const cloud = await openCloud();

  expect((await ask(cloud, "resources", { options: { $top: top } })).status).toBe(400);
});

test("requests are counted per user, refused when too many, and allowed again later", async () => {
  const cloud = await openCloud();
  const remaining: string[] = [];
  for (let count = 0; count < 15; count += 1) {
    const { headers } = await ask(cloud, "resources | take 1");
    remaining.push(headers["x-ms-user-quota-remaining"] ?? "");
  }

  const refused = await ask(cloud, "resources | take 1");
  await cloud.sandbox.sleep(5000);
  const later = await ask(cloud, "resources | take 1");

  expect([remaining[0], remaining.at(-1)]).toEqual(["14", "0"]);
  expect([refused.status, refused.headers["x-ms-user-quota-resets-after"]]).toEqual([429, "00:00:05"]);
  expect(later.status).toBe(200);
});
