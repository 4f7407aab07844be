import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/json.ts";
import { list, MACHINE } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { audit } from "../../../src/topics/odcr/audit.ts";
import { classify } from "../../../src/topics/odcr/audit-classify.ts";
import { report } from "../../../src/topics/odcr/report.ts";
import { openDriver, OTHER_SUBSCRIPTION, SUBSCRIPTION, type OpenWorld } from "../../harness.ts";
import * as build from "./builders.ts";

const PLATFORM = `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/Rg-Platform-Capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-platform`;
const MEMBERS = ["shop-web-01", "shop-web-03", "analytics-01"];

/** Two VMs of the consumer and one of the owner in the owner's group of two units. */
function share(world: World): void {
  for (const machine of list(world, MACHINE).filter(({ name }) => MEMBERS.includes(name))) {
    machine.properties.capacityReservation = { capacityReservationGroup: { id: PLATFORM } };
  }
}

interface Audited {
  states: Record<string, string>;
  reasons: string[];
  open: OpenWorld;
}

async function states(subscriptions: [string, ...string[]], change = share): Promise<Audited> {
  const { open, ctx } = await openDriver(change);
  open.azure.target.subscriptionIds = subscriptions;
  const { data } = audit.view(await audit.run(audit.input.parse({}), ctx));
  const rows = (data["machines"] as JsonObject[]).filter(({ name }) => MEMBERS.includes(String(name)));
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  return {
    states: Object.fromEntries(rows.map(({ name, state }) => [name, state])),
    reasons: [...new Set(rows.map(({ reason }) => String(reason)))],
    open,
  };
}

test("VMs in a group of a subscription that was not given are judged by the group", async () => {
  const found = await states([SUBSCRIPTION]);

  expect(found.states).toEqual({ "shop-web-01": "overallocated", "shop-web-03": "overallocated" });
  expect(found.reasons).toEqual(["3 VMs share 2 units of Zone1_D4s_v5; which ones is not known"]);
});

test("with both subscriptions both sides appear, in one slot that is read once", async () => {
  const found = await states([OTHER_SUBSCRIPTION, SUBSCRIPTION]);

  expect(found.states).toEqual(Object.fromEntries(MEMBERS.map((name) => [name, "overallocated"])));
  expect(found.reasons).toEqual(["3 VMs share 2 units of Zone1_D4s_v5; which ones is not known"]);
  const reads = found.open.requests.filter(({ path }) => /\/capacityReservations\/Zone1_D4s_v5$/i.test(path));
  expect(reads).toHaveLength(1);
});

test("the report has one raise for a slot that two subscriptions share", async () => {
  const { open, ctx } = await openDriver(share);
  open.azure.target.subscriptionIds = [OTHER_SUBSCRIPTION, SUBSCRIPTION];

  const { data } = report.view(await report.run(report.input.parse({}), ctx));

  const fixes = JSON.stringify(data["fixes"]).match(/odcr resize \S+/g);
  expect(fixes).toHaveLength(1);
});

test.each([
  ["is not readable", 403, "AuthorizationFailed"],
  ["is in a subscription out of sight", 404, "SubscriptionNotFound"],
])("the state is unknown when the group %s, and the rest is audited", async (_, status, code) => {
  const { open, ctx } = await openDriver(share);
  open.intercept(async (request, pass) => {
    const answer = await pass(request);
    const body = JSON.stringify({ error: { code, message: "no" } });
    return request.url.includes("/crg-platform") ? { ...answer, status, bodyAsText: body } : answer;
  });

  const { data } = audit.view(await audit.run(audit.input.parse({}), ctx));

  const rows = data["machines"] as JsonObject[];
  expect(rows.filter(({ state }) => state === "unknown").map(({ name }) => name)).toEqual([
    "shop-web-01",
    "shop-web-03",
  ]);
  expect(rows).toHaveLength(15);
});

const GROUP_ID = build.groupId("crg").replace(build.SUBSCRIPTION, OTHER_SUBSCRIPTION);

test.each([
  ["is listed under another zone number", { zone: "2" }, [build.vmId("A")], "covered"],
  ["is listed nowhere", {}, [], "unknown"],
  ["has no zone and is listed nowhere", { zone: undefined }, [], "covered"],
])("a VM in a group of another subscription that %s", (_, change, associated, state) => {
  const zone = "zone" in change && change.zone === undefined ? undefined : "1";
  const held = build.reservation("r", { quantity: 2, associated, zone });
  const group = build.group("crg", {
    id: GROUP_ID,
    subscriptionId: OTHER_SUBSCRIPTION,
    reservations: [held],
  });
  const machine = { ...build.machine("a", { groupId: GROUP_ID, ...change }), obstacle: undefined };

  const facts = {
    groups: new Map([[GROUP_ID.toLowerCase(), group]]),
    unsupported: new Set<string>(),
    openGroups: [],
    reservationTypes: new Map<string, string | undefined>(),
  };
  expect(classify(machine, facts).state).toBe(state);
});
