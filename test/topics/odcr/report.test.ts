import { expect, test } from "vitest";
import { find, list, MACHINE, RESERVATION } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, runCli, SUBSCRIPTION, type TestHost } from "../../harness.ts";
import { hostWith } from "../host-with.ts";

const GOLDEN = "../../../fixtures/golden/odcr";
const REPORT = ["odcr", "report", "--must-run", "tier=db", "--by-tag", "tier"];

test.each(["md", "table", "tsv", "json"])("the report as %s is as agreed", async (format) => {
  const host = createTestHost(format === "table" ? { tty: true, columns: 140, env: { NO_COLOR: "1" } } : {});

  const { exit, stdout } = await runCli(host, ...REPORT, "-o", format);

  expect(exit).toBe(3);
  await expect(stdout).toMatchFileSnapshot(`${GOLDEN}/report.${format}.txt`);
});

test.each<[string, string[], number, string]>([
  ["nothing is marked", [], 3, "no VM is taken for must-run: --must-run key=value says which are"],
  [
    "nothing has the mark",
    ["--must-run", "tier=nope"],
    3,
    "no VM has a tag of --must-run; check its spelling",
  ],
  ["nothing has the tag", ["--tag", "tier=nope"], 2, "none of the 15 VMs has these tags"],
])("where %s that is said", async (_, flags, exit, said) => {
  const result = await runCli(createTestHost(), "odcr", "report", ...flags);

  expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(said)]);
});

const CRG = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-capacity/providers/Microsoft.Compute/capacityReservationGroups/crg-shop`;
const HELD = `${CRG}/capacityReservations/Zone1_E8s_v5`;

function fail(world: World): void {
  find(world, RESERVATION, HELD)!.properties.provisioningState = "Failed";
}

function lose(world: World): void {
  delete world.resources[HELD.toLowerCase()];
}

function postpone(world: World): void {
  const { properties } = find(world, RESERVATION, HELD)!;
  properties["scheduleProfile"] = { start: "2027-02-01" };
  properties.instanceView["reservationStateInfo"] = { reservationState: "Committed" };
}

function short(world: World): void {
  find(world, RESERVATION, HELD)!.sku.capacity = 1;
}

function dash(world: World): void {
  for (const { tags = {} } of list(world, MACHINE)) tags["-tier"] = "-x=y";
}

interface Told {
  command: string | null;
  text: string | null;
}

async function fixesOf(host: TestHost, ...flags: string[]): Promise<Told[]> {
  const { stdout } = await runCli(host, "odcr", "report", ...flags, "-o", "json");
  return (JSON.parse(stdout) as { fixes: Told[] }).fixes;
}

test.each<[string, (world: World) => void, string[]]>([
  ["contoso", () => {}, []],
  ["a failed reservation", fail, []],
  ["a group without a reservation", lose, []],
  ["a future reservation", postpone, []],
  ["an overallocated reservation", short, []],
  ["a tag that begins with a dash", dash, ["--tag=-tier=-x=y"]],
])("the commands of a report on %s are plans that can be made", async (_, change, flags) => {
  const fixes = await fixesOf(await hostWith(change), ...flags);
  const commands = fixes.flatMap(({ command }) => command ?? []);

  expect(commands).not.toEqual([]);
  for (const command of commands) {
    const { exit } = await runCli(await hostWith(change), ...command.split(" ").slice(1));
    expect([command, exit]).toEqual([command, 3]);
  }
});

test.each([
  ["a failed reservation", fail],
  ["a group without a reservation", lose],
])("the command for %s mends it", async (_, change) => {
  const host = await hostWith(change);
  const command =
    (await fixesOf(host)).map((fix) => fix.command ?? "").find((each) => each.includes(CRG)) ?? "";

  const { exit } = await runCli(host, ...command.split(" ").slice(1), "--apply", "--yes");

  expect(exit).toBe(0);
  expect(JSON.stringify(await fixesOf(host))).not.toContain("crg-shop");
});

test("for a future reservation there are words, and no attach of its members", async () => {
  const fixes = await fixesOf(await hostWith(postpone), "--tag", "tier=search");

  expect(fixes.map(({ command, text }) => [command, text])).toEqual([
    [
      null,
      `Zone1_E8s_v5 of group ${CRG} holds nothing until it is Live: reservation Zone1_E8s_v5 is a future one, which is never changed here`,
    ],
  ]);
});

async function commandsOf(host: TestHost, ...flags: string[]): Promise<string[]> {
  return (await fixesOf(host, ...flags)).map(({ command }) => command ?? "");
}

test("the command for an overallocated reservation raises it, and mends it", async () => {
  const host = createTestHost();
  const lower = ["odcr", "resize", "crg-shop", "--quantity", "1", "--release"];
  await runCli(host, ...lower, "--apply", "--yes");

  const made = (await commandsOf(host)).filter((command) => command.startsWith("azwise odcr resize"));
  const [command = ""] = made;
  const { exit } = await runCli(host, ...command.split(" ").slice(1), "--apply", "--yes");

  expect(made).toHaveLength(1);
  expect(exit).toBe(0);
  expect((await commandsOf(host)).join()).not.toContain("resize");
});

test("the commands of a report of one tag reach VMs with that tag only", async () => {
  const [command = ""] = await commandsOf(createTestHost(), "--tag", "tier=db");
  const { stdout } = await runCli(createTestHost(), ...command.split(" ").slice(1), "-o", "json");

  expect(command).toContain(" --tag tier=db");
  expect(stdout).toContain("shop-db");
  expect(stdout).not.toContain("shop-web");
});
