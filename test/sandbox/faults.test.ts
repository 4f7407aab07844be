import { expect, test } from "vitest";
import { SandboxConnectionLost } from "../../src/sandbox/handler.ts";
import { readToken } from "../../src/sandbox/token.ts";
import { FAULT_NAMES } from "../../src/sandbox/world.ts";
import {
  attach,
  CRG_SHOP,
  fault,
  GROUPS,
  LOGIN,
  machine,
  openCloud,
  OTHER_TENANT,
  postToken,
  rehearse,
  request,
  signIn,
  TENANT,
  type Cloud,
} from "./azure.ts";

const WEB = machine("shop-web-01");
const DB = machine("shop-db-01");
const RESERVATION = `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`;
const RAISE = { body: { sku: { capacity: 5 } } };

function withFaults(...faults: Cloud["world"]["faults"]): Promise<Cloud> {
  return openCloud({ edit: (world) => (world.faults = faults) });
}

async function lost(answer: Promise<unknown>): Promise<unknown> {
  return answer.then(
    () => "answered",
    (error: unknown) => (error instanceof SandboxConnectionLost ? { after: error.after } : error),
  );
}

test("a throttled request names when to come back, in Compute's bare shape", async () => {
  const { send } = await withFaults(fault("throttle"));

  const answer = await send("GET", WEB);

  expect([answer.status, answer.headers["retry-after"]]).toEqual([429, "5"]);
  expect(answer.body).toMatchObject({ code: "OperationNotAllowed", details: [{ code: "TooManyRequests" }] });
  expect(JSON.parse(answer.body.details[0].message)).toMatchObject({ allowedRequestCount: 800 });
});

test("a throttled request may come without Retry-After, in the envelope", async () => {
  const { send } = await withFaults(fault("throttle-no-retry-after"));

  const answer = await send("GET", WEB);

  expect([answer.status, answer.headers["retry-after"]]).toEqual([429, undefined]);
  expect(answer.body.error.code).toBe("TooManyRequests");
});

test("a connection lost before leaves the world alone, one lost after does not", async () => {
  const before = await withFaults(fault("lost-before", { match: { method: "PATCH" } }));
  const after = await withFaults(fault("lost-after", { match: { method: "PATCH" } }));

  expect(await lost(before.send("PATCH", RESERVATION, RAISE))).toEqual({ after: false });
  expect(await lost(after.send("PATCH", RESERVATION, RAISE))).toEqual({ after: true });

  expect((await before.send("GET", RESERVATION)).body.sku.capacity).toBe(4);
  expect((await after.send("GET", RESERVATION)).body.sku.capacity).toBe(5);
});

test("a foreign poll header names a host that is not Azure's", async () => {
  const { send } = await withFaults(fault("foreign-poll"));

  const answer = await send("POST", `${WEB}/deallocate`);

  expect(answer.headers["azure-asyncoperation"]).toMatch(/^https:\/\/attacker\.example\/subscriptions\//);
  expect(answer.headers["location"]).toMatch(/^https:\/\/attacker\.example\/subscriptions\//);
});

test.for([
  ["allocation-failed", "AllocationFailed"],
  ["zonal-allocation-failed", "ZonalAllocationFailed"],
  ["overconstrained", "OverconstrainedAllocationRequest"],
] as const)("%s lets an accepted raise fail in its poll", async ([name, code]) => {
  const cloud = await withFaults(fault(name));

  const answer = await cloud.send("PATCH", RESERVATION, RAISE);
  const end = await cloud.finish(answer);

  expect(answer.status).toBe(200);
  expect(end).toMatchObject({ status: "Failed", error: { code } });
  expect((await cloud.send("GET", RESERVATION)).body.sku.capacity).toBe(4);
  expect(cloud.world.capacity["eastus2|1|Standard_E8s_v5"]).toBe(1);
});

test("a doomed start leaves the machine deallocated, a doomed attach leaves it alone", async () => {
  const cloud = await withFaults(
    fault("allocation-failed", { match: { path: "/start" } }),
    fault("allocation-failed", { match: { path: "shop-db-01" } }),
  );

  const start = await cloud.finish(await cloud.send("POST", `${machine("shop-web-04")}/start`));
  const attaching = await cloud.finish(await cloud.send("PATCH", DB, { body: attach(CRG_SHOP) }));

  const { body } = await cloud.send("GET", `${machine("shop-web-04")}/instanceView`);
  expect([start.status, attaching.status]).toEqual(["Failed", "Failed"]);
  expect(body.statuses[1].code).toBe("PowerState/deallocated");
  expect((await cloud.send("GET", DB)).body.properties).not.toHaveProperty("capacityReservation");
});

test("a fault of capacity passes over requests that need no hardware", async () => {
  const cloud = await withFaults(fault("allocation-failed"));

  await cloud.change("PUT", `${GROUPS}/crg-new`, { location: "eastus2" });
  await cloud.change("PATCH", DB, attach(CRG_SHOP));
  const end = await cloud.finish(await cloud.send("PATCH", RESERVATION, RAISE));

  expect(end.status).toBe("Failed");
});

test.for([
  ["sku-not-available", 409, "SkuNotAvailable"],
  ["quota", 409, "OperationNotAllowed"],
  ["server-error", 500, "InternalServerError"],
] as const)("%s answers %d at once", async ([name, status, code]) => {
  const { send } = await withFaults(fault(name));

  const answer = await send("PATCH", RESERVATION, RAISE);

  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});

test("a gateway may answer with something that is not JSON", async () => {
  const { send } = await withFaults(fault("not-json"));

  const answer = await send("GET", WEB);

  expect([answer.status, answer.headers["content-type"]]).toEqual([502, "text/html"]);
  expect(answer.text).toContain("<html>");
});

test("a silent no-op reports success and changes nothing", async () => {
  const cloud = await withFaults(fault("silent-no-op"));

  const end = await cloud.finish(await cloud.send("PATCH", RESERVATION, RAISE));

  const { body } = await cloud.send("GET", RESERVATION);
  expect(end.status).toBe("Succeeded");
  expect([body.sku.capacity, body.etag]).toEqual([4, '"1"']);
});

test("a claims challenge carries what the token lacks", async () => {
  const { send } = await withFaults(fault("claims-challenge"));

  const answer = await send("GET", WEB);

  const header = answer.headers["www-authenticate"] ?? "";
  const claims = /error="insufficient_claims", claims="([^"]+)"/.exec(header)?.[1] ?? "";
  expect(answer.status).toBe(401);
  expect(JSON.parse(Buffer.from(claims, "base64").toString())).toEqual({
    access_token: { acrs: { essential: true, values: ["p1"] } },
  });
});

test("a lasting claims challenge is met until the token carries what it asks for", async () => {
  const cloud = await withFaults(fault("claims-challenge", { times: 9 }));
  const claims = JSON.stringify({ access_token: { acrs: { essential: true, values: ["p1"] } } });
  const strong = await signIn(cloud.sandbox, { form: { claims } });

  const statuses = [
    (await cloud.send("GET", WEB)).status,
    (await cloud.send("GET", WEB, { token: strong })).status,
    (await cloud.send("GET", WEB)).status,
  ];

  expect(statuses).toEqual([401, 200, 401]);
  expect(cloud.world.faults[0]?.times).toBe(7);
});

test("a token may be refused as expired while it lasts", async () => {
  const { send } = await withFaults(fault("expired-token"));

  const refused = await send("GET", WEB);
  const served = await send("GET", WEB);

  expect([refused.status, refused.body.error]).toEqual([
    401,
    {
      code: "ExpiredAuthenticationToken",
      message:
        "The access token expiry UTC time '2026-11-21T07:59:59.000Z' is earlier than current UTC time '2026-11-21T08:00:00.000Z'.",
    },
  ]);
  expect(refused.headers["www-authenticate"]).toContain(`https://login.windows.net/${TENANT}`);
  expect(served.status).toBe(200);
});

test("a token request without a person may be refused for want of a second factor", async () => {
  const { sandbox, send } = await withFaults(fault("mfa-required", { times: 2 }));

  const alone = await rehearse(sandbox);
  const attended = await rehearse(sandbox, { form: { interactive: "true" } });
  const again = await rehearse(sandbox);
  const afterwards = await send("GET", WEB);

  expect([alone.status, attended.status, again.status, afterwards.status]).toEqual([400, 200, 400, 200]);
  expect([alone.body.error_codes, alone.body.suberror]).toEqual([[50076], "basic_action"]);
});

test("the token may be of another tenant than was asked for", async () => {
  const { sandbox, send } = await withFaults(fault("wrong-tenant"));

  const token = await signIn(sandbox);
  const answer = await send("GET", WEB, { token });

  expect(readToken(token)).toMatchObject({
    tid: OTHER_TENANT,
    iss: `https://sts.windows.net/${OTHER_TENANT}/`,
  });
  expect([answer.status, answer.body.error.code]).toEqual([401, "InvalidAuthenticationTokenTenant"]);
});

test.for(["mfa-required", "wrong-tenant"] as const)("%s waits for a token request", async (name) => {
  const { sandbox, world, send } = await withFaults(fault(name));
  const url = `${LOGIN}/${TENANT}/v2.0/.well-known/openid-configuration`;

  await request(sandbox, { method: "GET", url, headers: {}, body: "" });
  const { status } = await send("GET", WEB, { token: null });

  expect(status).toBe(401);
  expect(world.faults).toHaveLength(1);
});

test.for(["expired-token", "claims-challenge"] as const)(
  "%s is of no use to a token request",
  async (name) => {
    const { sandbox } = await withFaults(fault(name, { match: { path: "oauth2" } }));

    expect((await postToken(sandbox)).status).toBe(200);
  },
);

test("a fault counts down and is then gone", async () => {
  const { send, world } = await withFaults(fault("server-error", { times: 2 }));

  const statuses = [await send("GET", WEB), await send("GET", WEB), await send("GET", WEB)].map(
    (answer) => answer.status,
  );

  expect(statuses).toEqual([500, 500, 200]);
  expect(world.faults).toEqual([]);
});

test("a fault lets some matching requests pass and ignores others", async () => {
  const { send } = await withFaults(
    fault("server-error", { skip: 1, match: { method: "get", path: "/VIRTUALMACHINES/" } }),
  );

  const statuses = [await send("GET", CRG_SHOP), await send("GET", WEB), await send("GET", WEB)].map(
    (answer) => answer.status,
  );

  expect(statuses).toEqual([200, 200, 500]);
});

test("sign-in meets a fault only when the path says so", async () => {
  const any = await withFaults(fault("server-error"));
  const named = await withFaults(fault("server-error", { match: { path: "oauth2" } }));

  expect((await postToken(any.sandbox)).status).toBe(200);
  expect((await postToken(named.sandbox)).status).toBe(500);
});

/** Met by questions about logs and by sending events alone; see logs.test.ts and ingestion.test.ts. */
const OF_LOGS: readonly string[] = [
  "no-content",
  "empty-answer",
  "gateway-timeout",
  "partial-answer",
  "too-large",
];

test("every fault that is not of logs has an effect on a raise", async () => {
  for (const name of FAULT_NAMES.filter((each) => !OF_LOGS.includes(each))) {
    const cloud = await withFaults(fault(name));
    const raise = cloud.send("PATCH", RESERVATION, RAISE).then((answer) => cloud.finish(answer));
    const outcome = await raise.then(
      (end) => end.status,
      () => "refused",
    );
    const { body } = await cloud.send("GET", RESERVATION);

    expect([name, outcome === "Succeeded" && body.sku.capacity === 5]).toEqual([name, false]);
  }
});
