import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { find, GROUP, list } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { share } from "../../../src/topics/odcr/share.ts";
import { createTestHost, openDriver, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION } from "../../harness.ts";
import { changeWorld } from "../../plan/saved-plan.ts";
import { end, stepsOf } from "./attach-world.ts";
import { golden } from "../golden.ts";

const GOLDEN = "../../../fixtures/golden/odcr";
const THIRD = "5b000000-0000-4000-8000-000000000003";
/** The sandbox does not know it. */
const UNKNOWN = "5c000000-0000-4000-8000-000000000004";
const OWNER = ["--subscription", OTHER_SUBSCRIPTION];

function sharedWith(world: World, name: string): string[] {
  const found = list(world, GROUP).find((each) => each.name === name);
  return (found?.properties.sharingProfile?.subscriptionIds ?? []).map(({ id }) => id);
}

test.each([
  ["share", ["odcr", "share", "crg-platform", ...OWNER]],
  ["share-from-consumer", ["odcr", "share", "crg-platform"]],
  ["share-plan", ["odcr", "share", "crg-shop", "--with", OTHER_SUBSCRIPTION, "--with", THIRD]],
])("%s looks right on a terminal and in a pipe", async (name, argv) => {
  const terminal = await runCli(createTestHost({ tty: true, columns: 140, env: { NO_COLOR: "1" } }), ...argv);
  const pipe = await runCli(createTestHost(), ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each(["json", "md"])("as %s it is one document", async (format) => {
  const result = await runCli(createTestHost(), "odcr", "share", "crg-platform", ...OWNER, "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/share.${format}.txt`);
});

test("a group is shared, and shared no longer; again there is nothing to do", async () => {
  const { open, ctx } = await openDriver();
  const input = { group: "crg-shop", apply: true };

  const added = await end(share, { ...input, with: [OTHER_SUBSCRIPTION.toUpperCase()] }, ctx);
  const afterwards = sharedWith(open.world, "crg-shop");
  const again = await end(share, { ...input, with: [OTHER_SUBSCRIPTION] }, ctx);
  const removed = await end(share, { ...input, without: [OTHER_SUBSCRIPTION] }, ctx);

  expect([added.exit, again.exit, removed.exit]).toEqual([EXIT.ok, EXIT.ok, EXIT.ok]);
  expect(again.report).toBeUndefined();
  expect(afterwards).toEqual([`/subscriptions/${OTHER_SUBSCRIPTION}`]);
  expect(sharedWith(open.world, "crg-shop")).toEqual([]);
  expect(open.changes().map(({ method, body }) => [method, body])).toEqual([
    [
      "PATCH",
      {
        properties: { sharingProfile: { subscriptionIds: [{ id: `/subscriptions/${OTHER_SUBSCRIPTION}` }] } },
      },
    ],
    ["PATCH", { properties: { sharingProfile: { subscriptionIds: [] } } }],
  ]);
});

test("what somebody else added meanwhile is not lost", async () => {
  const { open, ctx } = await openDriver();
  const group = list(open.world, GROUP).find(({ name }) => name === "crg-shop");
  const busy = {
    ...ctx,
    confirmOrStop: async () => {
      group!.properties.sharingProfile = { subscriptionIds: [{ id: `/subscriptions/${THIRD}` }] };
      return false;
    },
  };

  const { exit, report } = await end(
    share,
    { group: "crg-shop", with: [OTHER_SUBSCRIPTION], apply: true },
    busy,
  );

  expect([exit, stepsOf(report).map(({ status }) => status)]).toEqual([EXIT.changes, ["failed"]]);
  expect(sharedWith(open.world, "crg-shop")).toEqual([`/subscriptions/${THIRD}`]);
});

test("order and casing of the list that is read back do not count", async () => {
  const { open, ctx } = await openDriver();
  open.intercept(async (request, pass) => {
    const answer = await pass(request);
    if (request.method !== "GET" || !/\/crg-shop\?/i.test(request.url)) return answer;
    const body = JSON.parse(answer.bodyAsText ?? "{}");
    const ids: { id: string }[] = body.properties.sharingProfile?.subscriptionIds ?? [];
    ids.reverse();
    for (const each of ids) each.id = each.id.toUpperCase();
    return { ...answer, bodyAsText: JSON.stringify(body) };
  });

  const { exit } = await end(
    share,
    { group: "crg-shop", with: [UNKNOWN, OTHER_SUBSCRIPTION], apply: true },
    ctx,
  );

  expect(exit).toBe(EXIT.ok);
});

/** A VM of ours is in the group that the other subscription shares with it. */
function joinPlatform(world: World): void {
  const platform = list(world, GROUP).find(({ name }) => name === "crg-platform")!;
  const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.Compute/virtualMachines/shop-web-01`;
  const machine = find(world, "Microsoft.Compute/virtualMachines", id)!;
  machine.properties.capacityReservation = { capacityReservationGroup: { id: platform.id } };
}

test("a subscription with VMs in the group is named with them, and goes with --release", async () => {
  const host = createTestHost();
  const { open, ctx } = await openDriver(joinPlatform, { host });
  open.azure.target.subscriptionIds = [OTHER_SUBSCRIPTION];
  const input = { group: "crg-platform", without: [SUBSCRIPTION], apply: true };

  const refused = await end(share, input, ctx);
  const released = await end(share, { ...input, release: true }, ctx);

  expect(refused.error?.message).toBe(`1 VM of subscription ${SUBSCRIPTION} is in the group: shop-web-01`);
  expect([refused.exit, released.exit]).toEqual([EXIT.usage, EXIT.ok]);
  expect(sharedWith(open.world, "crg-platform")).toEqual([]);
});

test("zones with other numbers are told, from either side; what cannot be asked is told, too", async () => {
  const zonesFrom = async (ours: string, change: (world: World) => void = () => {}): Promise<unknown[]> => {
    const { open, ctx } = await openDriver((world) => {
      world.settings.zoneMaps = { [`${SUBSCRIPTION}|eastus2`]: { 1: "2", 2: "3", 3: "1" } };
      change(world);
    });
    open.azure.target.subscriptionIds = [ours];
    const result = share.view(await share.run(share.input.parse({ group: PLATFORM }), ctx));
    // In the other subscription this identity may have no rights.
    const asked = open.requests.filter(({ path }) => path.includes("/checkZonePeers"));
    expect(asked.every(({ path }) => path.startsWith(`/subscriptions/${ours}/`))).toBe(true);
    return (result.data["subscriptions"] as { zones: { text: string } }[]).map(({ zones }) => zones.text);
  };
  const withStranger = (world: World): void => {
    const found = list(world, GROUP).find(({ name }) => name === "crg-platform");
    found?.properties.sharingProfile?.subscriptionIds?.push({ id: `/subscriptions/${THIRD}` });
  };

  expect(await zonesFrom(OTHER_SUBSCRIPTION)).toEqual([
    "1, 2, 3",
    "1 is 3 there, 2 is 1 there, 3 is 2 there",
  ]);
  expect(await zonesFrom(SUBSCRIPTION)).toEqual(await zonesFrom(OTHER_SUBSCRIPTION));
  expect((await zonesFrom(OTHER_SUBSCRIPTION, withStranger))[2]).toBe(
    "cannot tell: the zones of both subscriptions: the service answered SubscriptionNotFound",
  );
});

const PLATFORM = `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/Rg-Platform-Capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-platform`;

test.each([
  [
    "an id that is none",
    ["crg-shop", "--with", "platform"],
    2,
    "--with: a subscription is given by its id, a GUID",
  ],
  ["applying nothing", ["crg-shop", "--apply"], 2, "--apply: goes with --with or --without"],
  ["saving nothing", ["crg-shop", "--out", "plan.json"], 2, "--out: goes with --with or --without"],
  ["releasing nobody", ["crg-shop", "--release"], 2, "--release: goes with --without"],
  ["releasing while adding", ["crg-shop", "--with", THIRD, "--release"], 2, "--release: goes with --without"],
  ["the owner", ["crg-shop", "--with", SUBSCRIPTION], 2, `subscription ${SUBSCRIPTION} owns crg-shop`],
  [
    "a group of others",
    ["crg-platform", "--with", THIRD],
    4,
    `error: crg-platform is in subscription ${OTHER_SUBSCRIPTION}, this run is pinned to ${SUBSCRIPTION}`,
  ],
  ["a group that is not there", ["crg-nope"], 2, 'there is no capacity reservation group "crg-nope" here'],
  [
    "two subscriptions",
    ["crg-shop", "--with", THIRD, "--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION],
    2,
    "error: this command works in one subscription",
  ],
])("%s is refused, and nothing is changed", async (_, args, exit, said) => {
  const result = await runCli(createTestHost(), "odcr", "share", ...args);

  expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(said)]);
});

test("without the right to share the advice names it", async () => {
  const { ctx } = await openDriver(({ settings }) => {
    settings.permissions = [
      { scope: "/", actions: ["*"], notActions: ["*/share/action"] },
      { scope: `/subscriptions/${SUBSCRIPTION}`, actions: ["*"], notActions: [] },
    ];
  });

  const input = share.input.parse({ group: "crg-shop", with: [OTHER_SUBSCRIPTION], apply: true });
  const { exit, notes } = share.view(await share.run(input, ctx));

  expect(exit).toBe(EXIT.auth);
  expect(notes.map(({ text }) => text)).toContainEqual(
    expect.stringContaining("sharing a group share/action"),
  );
});

const UNSHARE = ["odcr", "share", "crg-platform", ...OWNER, "--without", SUBSCRIPTION];

test.each([
  ["is refused", [], EXIT.changes, 1],
  ["goes with --release", ["--release"], EXIT.ok, 0],
] as const)("a subscription whose VM joined after the plan was saved %s", async (_, release, exit, left) => {
  const host = createTestHost();
  const file = join(host.folder, "plan.json");
  await runCli(host, ...UNSHARE, ...release, "--out", file);
  await changeWorld(host, joinPlatform);

  const ended = await runCli(host, "apply", file, "--yes", ...OWNER);

  const world = await changeWorld(host, () => {});
  expect([ended.exit, sharedWith(world, "crg-platform").length]).toEqual([exit, left]);
});

test.each([
  ["right before the step is sent", false],
  ["when all that was seen is read again", true],
])("a VM that joined while somebody was asked is found %s", async (_, again) => {
  const { open, ctx } = await openDriver();
  open.azure.target.subscriptionIds = [OTHER_SUBSCRIPTION];
  const busy = {
    ...ctx,
    confirmOrStop: async () => {
      joinPlatform(open.world);
      return again;
    },
  };

  const input = { group: "crg-platform", without: [SUBSCRIPTION], apply: true };
  const { exit } = await end(share, input, busy);

  expect([exit, open.changes()]).toEqual([EXIT.changes, []]);
});
