import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { replica } from "../../../src/topics/acr/replica.ts";
import { openDriver, type Driver } from "../../harness.ts";
import { leaveFree } from "../../sandbox/registries.ts";
import { open, roomy, stateIn, unseen } from "./change-world.ts";

/** Takes the right to change private endpoints, or the free addresses, just before a change is sent. */
function spoil(driver: Driver, change: (world: World) => void): void {
  driver.open.intercept(async (request, pass) => {
    if (request.method === "PUT") change(driver.open.world);
    return pass(request);
  });
}

function forbidLinks(world: World): void {
  const actions = ["Microsoft.ContainerRegistry/*", "*/read"];
  world.settings.permissions = [{ scope: "/", actions, notActions: [] }];
}

test("a replica that stays in Creating until --timeout comes with the article's remedy", async () => {
  const driver = await openDriver(roomy);
  spoil(driver, forbidLinks);

  const { exit, notes } = await applied(driver);

  expect(exit).toBe(EXIT.timeout);
  expect(stateIn(driver.open.world).replicas).toContain("centralus Creating");
  expect(notes.join("\n")).toMatch(
    /centralus is still Creating after 30 min; Azure goes on with it, so look with: azwise acr show shopregistry --subscription \S+; when it still is after an hour, it may be stuck: remove it \(azwise acr replica remove shopregistry .* --region centralus\), see that whoever creates it may do Microsoft\.Network\/privateEndpoints\/privateLinkServiceProxies\/write/,
  );
  expect(notes.join("\n")).not.toMatch(/runs resume|--timeout/);
});

test("one that --timeout let be for an hour may be stuck already", async () => {
  const driver = await openDriver(roomy, { timeout: "90m" });
  spoil(driver, forbidLinks);

  const { notes } = await applied(driver);

  expect(notes.join("\n")).toContain(
    "centralus is still Creating after 90 min and may be stuck: remove it (",
  );
});

test("one that was rolled back names the subnet that the service does not", async () => {
  const driver = await openDriver(roomy);
  spoil(driver, (world) => leaveFree(world, 0));

  const { exit, notes } = await applied(driver);

  expect(exit).toBe(EXIT.failed);
  expect(stateIn(driver.open.world).replicas).toHaveLength(2);
  expect(notes).toContain(
    "there is no replica in centralus: subnet shop-weu-vnet/private is short by 1: 1 more needed, 0 free; the service does not name it",
  );
});

/** Answers the PUT as a service that refuses it with this code. */
function refuse(driver: Driver, code: string, status = 400): void {
  driver.open.intercept(async (request, pass) => {
    if (request.method !== "PUT") return pass(request);
    const bodyAsText = JSON.stringify({ error: { code, message: "no" } });
    return { request, status, headers: createHttpHeaders(), bodyAsText };
  });
}

test("where the arithmetic cannot tell which subnet was short, that is said", async () => {
  const driver = await openDriver(unseen);
  refuse(driver, "PrivateEndpointUpdateFailed");

  const { exit, notes } = await applied(driver, { acceptRisk: true });

  expect(exit).toBe(EXIT.failed);
  expect(notes).toContain(
    "there is no replica in centralus; cannot tell whether the subnet of lost-pe lacked addresses: not found, though its connection is Approved",
  );
});

test.each([
  ["every subnet has room", roomy],
  ["there is no private endpoint", open],
])("one that is gone although %s: why cannot be told", async (_, start) => {
  const driver = await openDriver(start);
  refuse(driver, "PrivateEndpointUpdateFailed");

  const { exit, notes } = await applied(driver);

  expect(exit).toBe(EXIT.failed);
  expect(notes).toContain(
    "there is no replica in centralus; no private endpoint's subnet is known to lack addresses, so why cannot be told",
  );
});

test("what cannot be read after a failure is said to be unread", async () => {
  const driver = await openDriver(roomy);
  driver.open.intercept(async (request, pass) => {
    if (request.method === "PUT") leaveFree(driver.open.world, 0);
    const isAfter = driver.open.changes().length > 0 && request.url.includes("/replications?");
    if (!isAfter) return pass(request);
    const bodyAsText = '{"error":{"code":"AuthorizationFailed","message":"not any more"}}';
    return { request, status: 403, headers: createHttpHeaders(), bodyAsText };
  });
  const { exit, notes } = await applied(driver);

  expect(exit).toBe(EXIT.failed);
  expect(notes.join("\n")).toMatch(
    /whether there is a replica in centralus now could not be read: .*not any more/,
  );
});

test.each([
  ["every subnet has room", roomy],
  ["two of them cannot be told", unseen],
])(
  "a region that the service refuses is told in its words, and no subnet is blamed: %s",
  async (_, start) => {
    const driver = await openDriver(start);

    const { exit, notes } = await applied(driver, { region: "nowhere", acceptRisk: true });

    expect(exit).toBe(EXIT.failed);
    expect(notes.join("\n")).not.toContain("there is no replica");
  },
);

test.each([
  ["InvalidParameter", 400],
  ["SkuNotSupported", 400],
  ["RequestDisallowedByPolicy", 403],
  ["AuthorizationFailed", 403],
])("%s blames no subnet either", async (code, status) => {
  const driver = await openDriver(unseen);
  refuse(driver, code, status);

  const { notes } = await applied(driver, { acceptRisk: true });

  expect(notes.join("\n")).not.toContain("there is no replica");
});

async function applied(driver: Driver, flags: object = {}): Promise<{ exit: number; notes: string[] }> {
  const input = { way: "add", registry: "shopregistry", region: "centralus", apply: true, ...flags };
  const view = replica.view(await replica.run(replica.input.parse(input), driver.ctx));
  return { exit: view.exit ?? EXIT.ok, notes: view.notes.map(({ text }) => text) };
}
