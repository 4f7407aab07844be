import { expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { attach } from "../../../src/topics/odcr/attach.ts";
import { createTestHost, openDriver, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION } from "../../harness.ts";
import { end, stateOf } from "./attach-world.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";
import { makeFlexible, SET_ID, UNIFORM_ID } from "./scale-set-world.ts";

const GOLDEN = "../../../fixtures/golden/odcr";
const WEB = ["shop-web-01", "shop-web-02", "shop-web-04"];

function withWeb(world: World): void {
  makeFlexible(world, WEB);
}

function membersOf(world: World, group: string): string[] {
  const { machines } = stateOf(world) as { machines: { name: string; group: string | null }[] };
  return machines.filter((machine) => machine.group === group).map(({ name }) => name);
}

test("a minimum of a flexible scale set looks right on a terminal and in a pipe", async () => {
  const argv = ["odcr", "attach", "--scale-set", "web", "--minimum", "2"];
  const looks = { tty: true, columns: 140, env: { NO_COLOR: "1" } };

  const terminal = await runCli(await hostWith(withWeb, looks), ...argv);
  const pipe = await runCli(await hostWith(withWeb), ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/attach-scale-set.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/attach-scale-set.pipe.txt`);
});

test.each(["web", "WEB", SET_ID])("the VMs of scale set %s join, and nobody else", async (scaleSet) => {
  const { ctx, open } = await openDriver(withWeb);

  const { exit } = await end(attach, { scaleSet, apply: true }, ctx);

  expect([exit, membersOf(open.world, "crg-eastus2-zonal")]).toEqual([0, WEB]);
});

async function namesOf(...flags: string[]): Promise<string[]> {
  const host = await hostWith(withWeb);
  const argv = ["odcr", "attach", "--scale-set", "web", ...flags];
  const { stdout } = await runCli(host, ...argv, "--query", "slots[].machines[].name", "-o", "json");
  return JSON.parse(stdout) as string[];
}

test("other selectors narrow it", async () => {
  expect(await namesOf("--zone", "2")).toEqual(["shop-web-02"]);
  expect(await namesOf("--vm", "shop-web-01")).toEqual(["shop-web-01"]);
  expect(await namesOf("--tag", "tier=web", "--zone", "1")).toEqual(["shop-web-01", "shop-web-04"]);
});

test("check asks about the VMs of a scale set", async () => {
  const { stdout } = await runCli(await hostWith(withWeb), "odcr", "check", "--scale-set", "web");

  expect(stdout).toContain("shop-web-01");
  expect(stdout).not.toContain("shop-web-03");
});

test("of a group only the members that are in the scale set leave", async () => {
  const host = await hostWith((world) => makeFlexible(world, ["shop-search-02"]));

  const argv = ["odcr", "detach", "--group", "crg-shop", "--scale-set", "web", "--release", "-o", "json"];
  const { stdout } = await runCli(host, ...argv);

  expect(stdout).toContain("shop-search-02");
  expect(stdout).not.toContain("shop-search-01");
});

const ELSEWHERE = SET_ID.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION);

test.each<[string, string[], number, string]>([
  [
    "a selector that none of it matches",
    ["attach", "--scale-set", "web", "--tag", "tier=db"],
    2,
    "error: no VM matches",
  ],
  [
    "a uniform scale set",
    ["attach", "--scale-set", "shop-front"],
    2,
    "error: scale set shop-front is uniform: its instances are no VMs of their own",
  ],
  [
    "a uniform scale set's id",
    ["detach", "--scale-set", UNIFORM_ID],
    2,
    "error: scale set shop-front is uniform",
  ],
  [
    "a uniform scale set beside a group",
    ["detach", "--group", "crg-shop", "--scale-set", "shop-front"],
    2,
    "error: scale set shop-front is uniform",
  ],
  [
    "a scale set that does not exist",
    ["check", "--scale-set", "nope"],
    2,
    'error: there is no scale set "nope" in this subscription\n  next: flexible ones are: web',
  ],
  ["one of another subscription", ["attach", "--scale-set", ELSEWHERE], 4, "error: web is in subscription"],
  [
    "the id of something else",
    ["attach", "--scale-set", SET_ID.replace("virtualMachineScaleSets", "disks")],
    2,
    'error: --scale-set: "/subscriptions/',
  ],
  [
    "one given twice",
    ["attach", "--scale-set", "web", "--scale-set", "front"],
    2,
    "error: --scale-set is given twice",
  ],
  [
    "a VM that is not in it",
    ["attach", "--scale-set", "web", "--vm", "shop-web-03"],
    2,
    "error: the other selectors rule out shop-web-03",
  ],
  [
    "one beside a location",
    ["check", "--scale-set", "web", "--location", "eastus2", "--size", "D4s_v5"],
    2,
    "error: --scale-set: selects existing VMs, so leave out --location",
  ],
  [
    "no name on standard input beside one",
    ["attach", "--scale-set", "web", "--vm", "-"],
    2,
    "error: no VM is named on standard input",
  ],
])("%s is refused", async (_, argv, exit, said) => {
  const result = await runCli(await hostWith(withWeb), "odcr", ...argv);

  expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(said)]);
});

test("a name that two scale sets have is refused", async () => {
  const host = await hostWith((world) => {
    withWeb(world);
    makeFlexible(world, [], SET_ID.replace("rg-shop-prod", "rg-capacity"));
  });

  const { exit, stderr } = await runCli(host, "odcr", "attach", "--scale-set", "web");

  expect([exit, stderr]).toEqual([
    2,
    expect.stringContaining("error: there are several scale sets named web"),
  ]);
});

test("without a flexible scale set there is none to propose", async () => {
  const { stderr } = await runCli(createTestHost(), "odcr", "attach", "--scale-set", "web");

  expect(stderr).toContain("  next: list them with az vmss list -o table\n");
});
