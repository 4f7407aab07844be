import { expect, test } from "vitest";
import { CRG_SHOP, GROUPS, machine, openCloud, type Answer } from "./azure.ts";

const RESERVATION = `${CRG_SHOP}/capacityReservations/Zone1_E8s_v5`;
const RAISE = { body: { sku: { capacity: 5 } } };

function pollOf(answer: Answer): string {
  return answer.headers["azure-asyncoperation"] ?? "";
}

test("a poll tells the status, and at the end when it ended", async () => {
  const { send, sandbox } = await openCloud();
  const url = pollOf(await send("PATCH", RESERVATION, RAISE));

  const during = await send("GET", url);
  await sandbox.sleep(4000);
  const after = await send("GET", url);

  const name = /operations\/([^?]+)/.exec(url)?.[1];
  expect([during.status, during.body]).toEqual([
    200,
    { startTime: "2026-11-21T08:00:00.000Z", status: "InProgress", name },
  ]);
  expect(after.body).toEqual({
    startTime: "2026-11-21T08:00:00.000Z",
    endTime: "2026-11-21T08:00:04.000Z",
    status: "Succeeded",
    name,
  });
});

test("a poll URL has a long signed query, a display-cased location and the host that was asked", async () => {
  const { send } = await openCloud();

  const answer = await send("PATCH", `https://localhost:8443${RESERVATION}?api-version=2026-04-01`, RAISE);

  const url = new URL(pollOf(answer));
  expect(url.host).toBe("localhost:8443");
  expect(url.pathname).toContain("/locations/EastUS2/operations/");
  expect([...url.searchParams.keys()]).toEqual(["p", "api-version", "t", "c", "s", "h"]);
  expect(url.searchParams.get("api-version")).toBe("2026-04-01");
  expect(url.href.length).toBeGreaterThan(3000);
});

test("each poll gives a new URL; the old one still works in a lenient world", async () => {
  const { send } = await openCloud();
  const first = pollOf(await send("PATCH", RESERVATION, RAISE));

  const second = pollOf(await send("GET", first));

  expect(second).not.toBe(first);
  expect((await send("GET", second)).status).toBe(200);
  expect((await send("GET", first)).status).toBe(200);
});

test("a strict world accepts only the newest URL", async () => {
  const { send } = await openCloud({ edit: (world) => (world.settings.strictPolls = true) });
  const first = pollOf(await send("PATCH", RESERVATION, RAISE));

  const second = pollOf(await send("GET", first));

  expect((await send("GET", first)).status).toBe(400);
  expect((await send("GET", second)).status).toBe(200);
});

test("a URL that was cut or changed is refused", async () => {
  const { send } = await openCloud();
  const url = pollOf(await send("PATCH", RESERVATION, RAISE));

  expect((await send("GET", url.replace(/&h=.*/, ""))).status).toBe(400);
  expect((await send("GET", url.replace("&t=6", "&t=7"))).status).toBe(400);
});

test("a Location answers 202 with a new Location until the end, then 200 without body", async () => {
  const { send, sandbox } = await openCloud({ edit: (world) => (world.settings.strictPolls = true) });
  const start = await send("POST", `${machine("shop-db-01")}/deallocate`);

  const during = await send("GET", start.headers["location"] ?? "");
  await sandbox.sleep(45_000);
  const after = await send("GET", during.headers["location"] ?? "");

  expect([during.status, during.text]).toEqual([202, ""]);
  expect(during.headers["location"]).toMatch(/&monitor=true$/);
  expect([after.status, after.text, after.headers["location"]]).toEqual([200, "", undefined]);
});

test("polls have a small bucket of their own", async () => {
  const { send } = await openCloud();

  const poll = await send("GET", pollOf(await send("PATCH", RESERVATION, RAISE)));

  expect(poll.headers["x-ms-ratelimit-remaining-resource"]).toBe(
    "Microsoft.Compute/GetOperationResource;44,Microsoft.Compute/GetOperationSubscriptionMaximum;14999",
  );
});

test("an operation that never was is not found", async () => {
  const { send } = await openCloud();
  const url = pollOf(await send("PATCH", RESERVATION, RAISE));

  const answer = await send("GET", url.replace(/operations\/[^?]+/, "operations/0"));

  expect(answer.status).toBe(404);
});

test("the same history gives the same ids", async () => {
  const ids = async (): Promise<string[]> => {
    const { change, world } = await openCloud();
    await change("PUT", `${GROUPS}/crg-a`, { location: "eastus2" });
    await change("PATCH", RESERVATION, { sku: { capacity: 5 } });
    return Object.keys(world.operations);
  };

  expect(await ids()).toEqual(await ids());
});
