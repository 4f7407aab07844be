import { expect, test } from "vitest";
import { ARM, openPorts, refusalOf, reply } from "./wire.ts";

const OWN = "5a000000-0000-4000-8000-000000000001";
const PEER = "5a000000-0000-4000-8000-000000000002";
const SCOPE = `/subscriptions/${OWN}/resourceGroups/rg-capacity`;
const PERMISSIONS = `${SCOPE}/providers/Microsoft.Authorization/permissions`;
const PEERS = `/subscriptions/${OWN}/providers/Microsoft.Resources/checkZonePeers/`;

test("permissions are read at the scope, page by page, and what is not text is left out", async () => {
  const next = `${ARM}${PERMISSIONS}?api-version=2022-04-01&$skipToken=a%2Fb`;
  const first = { actions: ["*"], notActions: ["Microsoft.Authorization/*/Write"], dataActions: [] };
  const { access, wire } = openPorts({
    [`GET ${ARM}${PERMISSIONS}`]: [
      reply(200, { value: [first], nextLink: next }),
      reply(200, { value: [{ actions: ["*/read", 7], notActions: null }] }),
    ],
  });

  expect(await access.listPermissions(SCOPE)).toEqual([
    { actions: ["*"], notActions: ["Microsoft.Authorization/*/Write"] },
    { actions: ["*/read"], notActions: [] },
  ]);
  expect(wire.seen).toEqual([`GET ${ARM}${PERMISSIONS}?api-version=2022-04-01`, `GET ${next}`]);
});

test("permissions of what does not exist are an error, not an empty list", async () => {
  const { access } = openPorts({
    [`GET ${ARM}${PERMISSIONS}`]: reply(404, { error: { code: "ResourceGroupNotFound", message: "none" } }),
  });

  expect(await refusalOf(access.listPermissions(SCOPE))).toMatchObject({ status: 404 });
});

const pair = { subscriptionId: OWN, peerId: PEER, location: "eastus2" };
const zone = (own: string, ...peers: [string, string][]): unknown => ({
  availabilityZone: own,
  peers: peers.map(([subscriptionId, availabilityZone]) => ({ subscriptionId, availabilityZone })),
});

test("zones are mapped to those of the peer, whichever others the answer names", async () => {
  const availabilityZonePeers = [
    zone("1", [OWN, "1"], [`subscriptions/${PEER.toUpperCase()}`, "3"]),
    zone("2", [PEER, "1"]),
    zone("3", [OWN, "3"]),
  ];
  const { access, wire } = openPorts({ [`POST ${ARM}${PEERS}`]: reply(200, { availabilityZonePeers }) });

  expect([...(await access.mapZones(pair))]).toEqual([
    ["1", "3"],
    ["2", "1"],
  ]);
  expect(wire.seen).toEqual([`POST ${ARM}${PEERS}?api-version=2022-12-01`]);
  expect(JSON.parse(wire.requests[0]?.body ?? "")).toEqual({
    location: "eastus2",
    subscriptionIds: [`subscriptions/${PEER}`],
  });
});

test("comparing zones changes nothing, so it is repeated when the service is throttled", async () => {
  const busy = reply(429, { error: { code: "TooManyRequests", message: "slow" } }, { "retry-after": "5" });
  const { access, clock } = openPorts({
    [`POST ${ARM}${PEERS}`]: [busy, reply(200, { availabilityZonePeers: [zone("1", [PEER, "1"])] })],
  });

  expect((await access.mapZones(pair)).size).toBe(1);
  expect(clock.slept).toEqual([5000]);
});

test.each([undefined, {}, { availabilityZonePeers: null }, []])("an answer %j maps no zone", async (body) => {
  const { access } = openPorts({ [`POST ${ARM}${PEERS}`]: reply(200, body) });

  expect((await access.mapZones(pair)).size).toBe(0);
});
