import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { GROUP, list, MACHINE, RESERVATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { attach } from "../../../src/topics/odcr/attach.ts";
import {
  createTestHost,
  openDriver,
  OTHER_SUBSCRIPTION,
  runCli,
  SUBSCRIPTION,
  type OpenWorld,
} from "../../harness.ts";
import { end, type Ended } from "./attach-world.ts";
import { golden } from "../golden.ts";

const GOLDEN = "../../../fixtures/golden/odcr";
const PLATFORM = `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/Rg-Platform-Capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-platform`;
const BOTH = ["--subscription", SUBSCRIPTION, "--subscription", OTHER_SUBSCRIPTION];
const ATTACH = ["odcr", "attach", "--vm", "shop-web-01", "--vm", "shop-web-02", "--group", "crg-platform"];

interface Wish {
  vm: string[];
  group?: string;
  /** The owner's subscription is given, too. */
  both?: boolean;
  change?: (world: World) => void;
}

/** Applied by name unless the group is given. */
async function apply({
  vm,
  both,
  change,
  group = "crg-platform",
}: Wish): Promise<Ended & { open: OpenWorld }> {
  const { open, ctx } = await openDriver(change);
  if (both) open.azure.target.subscriptionIds = [SUBSCRIPTION, OTHER_SUBSCRIPTION];
  return { ...(await end(attach, { vm, group, apply: true }, ctx)), open };
}

function quantities({ world }: OpenWorld): Record<string, number> {
  const theirs = list(world, RESERVATION).filter(({ id }) => id.includes("/crg-platform/"));
  return Object.fromEntries(theirs.map(({ name, sku }) => [name, sku.capacity]));
}

test.each([
  ["attach-foreign", ATTACH],
  ["attach-foreign-owner", [...ATTACH, ...BOTH]],
])("%s looks right on a terminal and in a pipe", async (name, argv) => {
  const terminal = await runCli(createTestHost({ tty: true, columns: 140, env: { NO_COLOR: "1" } }), ...argv);
  const pipe = await runCli(createTestHost(), ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each([
  ["name", "crg-platform"],
  ["id", PLATFORM],
])("a VM joins what a group elsewhere holds, given by its %s; only the VM is changed", async (_, group) => {
  const { exit, open } = await apply({ vm: ["shop-web-01"], group });

  expect(exit).toBe(EXIT.ok);
  expect(open.changes().map(({ method, path }) => `${method} ${path.split("/").at(-1)}`)).toEqual([
    "PATCH shop-web-01",
  ]);
});

test("more VMs than units change nothing without the owner, and are raised for with it", async () => {
  const wish: Wish = {
    vm: ["shop-web-01", "shop-web-03"],
    change: (world) => {
      const theirs = list(world, RESERVATION).find(({ id }) => id.includes("/crg-platform/"))!;
      Object.assign(theirs, { sku: { ...theirs.sku, capacity: 1 } });
      theirs.properties.instanceView.utilizationInfo.currentCapacity = 1;
    },
  };

  const alone = await apply(wish);
  const both = await apply({ ...wish, both: true });

  expect([alone.exit, alone.open.changes()]).toEqual([EXIT.ok, []]);
  expect([both.exit, quantities(both.open)]).toEqual([EXIT.ok, { Zone1_D4s_v5: 2 }]);
});

test("units that others took meanwhile are left to them", async () => {
  const { open, ctx } = await openDriver();
  const busy = {
    ...ctx,
    confirmOrStop: async () => {
      for (const name of ["shop-web-03", "shop-jobs-01"]) {
        const machine = list(open.world, MACHINE).find((each) => each.name === name)!;
        machine.zones = ["1"];
        machine.properties.capacityReservation = { capacityReservationGroup: { id: PLATFORM } };
      }
      return false;
    },
  };

  const { exit, statuses } = await end(attach, { vm: ["shop-web-01"], group: PLATFORM, apply: true }, busy);

  expect([exit, statuses, open.changes()]).toEqual([EXIT.changes, ["failed"], []]);
});

test("with the owner's subscription a reservation is made in its group", async () => {
  const { exit, open } = await apply({ vm: ["shop-web-02"], both: true });

  expect([exit, quantities(open)]).toEqual([EXIT.ok, { Zone1_D4s_v5: 2, Zone2_D4s_v5: 1 }]);
});

test("zones are compared before anything is changed", async () => {
  const { exit, open } = await apply({
    vm: ["shop-web-01"],
    both: true,
    change: ({ settings }) => {
      settings.zoneMaps = { [`${OTHER_SUBSCRIPTION}|eastus2`]: { 1: "2", 2: "1" } };
    },
  });

  expect([exit, open.changes()]).toEqual([EXIT.ok, []]);
});

test("a comparison that is not allowed is a refusal with its reason", async () => {
  const { open, ctx } = await openDriver();
  open.intercept(async (request, pass) => {
    if (!request.url.includes("checkZonePeers")) return pass(request);
    const body = JSON.stringify({ error: { code: "AuthorizationFailed", message: "no" } });
    return { ...(await pass(request)), status: 403, bodyAsText: body };
  });

  const input = attach.input.parse({ vm: ["shop-web-01"], group: "crg-platform" });
  const { data } = attach.view(await attach.run(input, ctx));

  expect(data["refusals"]).toMatchObject([
    {
      text: "cannot tell whether zone 1 is the same place for group crg-platform: not allowed to read the zones of both subscriptions",
    },
  ]);
});

test("a group of the same name in this subscription goes first", async () => {
  const { exit, open } = await apply({
    vm: ["shop-web-01"],
    group: "crg-shop",
    change: (world) => {
      const theirs = list(world, GROUP).find(({ name }) => name === "crg-platform")!;
      const id = theirs.id.replace("crg-platform", "crg-shop");
      world.resources[id.toLowerCase()] = { ...structuredClone(theirs), id, name: "crg-shop" };
    },
  });

  expect(exit).toBe(EXIT.ok);
  expect(open.changes().every(({ path }) => path.includes(SUBSCRIPTION))).toBe(true);
});

test("a name that several shared groups have must be an id", async () => {
  const { error } = await apply({
    vm: ["shop-web-01"],
    change: (world) => {
      const theirs = list(world, GROUP).find(({ name }) => name === "crg-platform")!;
      const id = theirs.id.replace("Rg-Platform-Capacity", "rg-analytics");
      world.resources[id.toLowerCase()] = { ...structuredClone(theirs), id };
    },
  });

  expect([error?.kind, error?.message]).toEqual([
    "usage",
    "there are several groups named crg-platform shared with this subscription",
  ]);
});

test("a VM in a group that may not be read does not stop the others", async () => {
  const { open, ctx } = await openDriver((world) => {
    const machine = list(world, MACHINE).find(({ name }) => name === "shop-web-01")!;
    machine.properties.capacityReservation = { capacityReservationGroup: { id: PLATFORM } };
  });
  open.intercept(async (request, pass) => {
    const answer = await pass(request);
    const body = JSON.stringify({ error: { code: "AuthorizationFailed", message: "no" } });
    return request.url.includes("/crg-platform") ? { ...answer, status: 403, bodyAsText: body } : answer;
  });

  const input = attach.input.parse({ vm: ["shop-web-01", "shop-web-02"] });
  const { data } = attach.view(await attach.run(input, ctx));

  expect(data["refusals"]).toMatchObject([
    { text: "it is in group crg-platform; use --move to change that" },
  ]);
  expect(JSON.stringify(data["steps"])).toContain("Associate shop-web-02");
});

test("a group that is not shared is refused before anything is sent", async () => {
  const { exit, open } = await apply({
    vm: ["shop-web-01"],
    group: PLATFORM,
    change: (world) => {
      list(world, GROUP).find(({ name }) => name === "crg-platform")!.properties.sharingProfile = {};
    },
  });

  expect([exit, open.changes()]).toEqual([EXIT.ok, []]);
});

test("a further subscription that does not own the group is a mistake", async () => {
  const args = ["odcr", "attach", "--vm", "shop-web-01", "--group", "crg-shop", ...BOTH];

  const { exit, stderr } = await runCli(createTestHost(), ...args);

  expect([exit, stderr]).toEqual([
    EXIT.usage,
    expect.stringContaining("this command works in one subscription"),
  ]);
});

test("a saved plan for two subscriptions is run with both", async () => {
  const host = createTestHost();
  const file = join(host.folder, "plan.json");
  await runCli(host, ...ATTACH, ...BOTH, "--out", file);

  const alone = await runCli(host, "apply", file, "--yes");
  const both = await runCli(host, "apply", file, "--yes", ...BOTH);

  expect([alone.exit, alone.stderr]).toEqual([
    EXIT.auth,
    expect.stringContaining(`next: use --subscription ${SUBSCRIPTION} --subscription ${OTHER_SUBSCRIPTION}`),
  ]);
  expect(both.exit).toBe(EXIT.ok);
});

test.each([
  ["the list of shared groups", true, false],
  ["the group itself", false, true],
])("that a group is shared is known from %s alone", async (_, isListed, isNamed) => {
  const { open, ctx } = await openDriver();
  open.intercept(async (request, pass) => {
    const answer = await pass(request);
    if (request.method !== "GET") return answer;
    const body = JSON.parse(answer.bodyAsText ?? "{}");
    if (/resourceIdsOnly/i.test(request.url) && !isListed) body.value = [];
    if (/\/crg-platform\?/i.test(request.url) && !isNamed) delete body.properties.sharingProfile;
    return { ...answer, bodyAsText: JSON.stringify(body) };
  });

  const { exit, statuses } = await end(attach, { vm: ["shop-web-01"], group: PLATFORM, apply: true }, ctx);

  expect([exit, statuses]).toEqual([EXIT.ok, ["done"]]);
});
