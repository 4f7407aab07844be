import { expect, test } from "vitest";
import { ARM, openPorts, refusalOf, reply } from "./wire.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";
const OTHER = "b0000000-0000-4000-8000-00000000000b";
const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";

async function pagesOf<T>(pages: AsyncIterable<T[]>): Promise<T[][]> {
  const all: T[][] = [];
  for await (const page of pages) all.push(page);
  return all;
}

test("tenants come page by page; those that may not be read have no name", async () => {
  const named = { tenantCategory: "Home", displayName: "Contoso", defaultDomain: "contoso.example" };
  const next = `${ARM}/tenants?api-version=2022-12-01&$skiptoken=abc%3D`;
  const first = { value: [{ tenantId: TENANT.toUpperCase(), ...named }], nextLink: next };
  const second = { value: [{ tenantId: OTHER, tenantCategory: "ManagedBy", displayName: "" }] };
  const { directory, wire } = openPorts({ [`GET ${ARM}/tenants`]: [reply(200, first), reply(200, second)] });

  const pages = await pagesOf(directory.listTenants());

  expect(pages).toEqual([
    [{ tenantId: TENANT, category: "Home", name: "Contoso", domain: "contoso.example" }],
    [{ tenantId: OTHER, category: "ManagedBy", name: undefined, domain: undefined }],
  ]);
  expect(wire.seen).toEqual([`GET ${ARM}/tenants?api-version=2022-12-01`, `GET ${next}`]);
});

test("a subscription names its home tenant and the tenants that manage it", async () => {
  const body = {
    subscriptionId: SUBSCRIPTION.toUpperCase(),
    displayName: "Contoso Production",
    state: "Enabled",
    tenantId: TENANT,
    managedByTenants: [{ tenantId: OTHER }, {}, "nonsense"],
  };
  const { directory } = openPorts({ [`GET ${ARM}/subscriptions`]: reply(200, { value: [body] }) });

  const pages = await pagesOf(directory.listSubscriptions());

  expect(pages).toEqual([
    [
      {
        id: SUBSCRIPTION,
        name: "Contoso Production",
        state: "Enabled",
        tenantId: TENANT,
        managedBy: [OTHER],
      },
    ],
  ]);
});

test("an empty page with a link is a page, and the list goes on", async () => {
  const next = `${ARM}/subscriptions?api-version=2022-12-01&$skiptoken=2`;
  const pages = [reply(200, { value: [], nextLink: next }), reply(200, { value: [] })];
  const { directory } = openPorts({ [`GET ${ARM}/subscriptions`]: pages });

  expect(await pagesOf(directory.listSubscriptions())).toEqual([[], []]);
});

test("a link to another host is not followed", async () => {
  const nextLink = "https://attacker.example/subscriptions?api-version=2022-12-01";
  const { directory, wire } = openPorts({
    [`GET ${ARM}/subscriptions`]: reply(200, { value: [], nextLink }),
  });

  expect((await refusalOf(pagesOf(directory.listSubscriptions())))["code"]).toBe("ForeignHost");
  expect(wire.seen).toHaveLength(1);
});
