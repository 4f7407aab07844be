import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestHost, runCli, type CliResult, type TestHost } from "../../harness.ts";
import { golden } from "../golden.ts";

const GOLDEN = "../../../fixtures/golden/odcr";
const PLACE = ["odcr", "acquire", "--size", "D4s_v5", "--location", "eastus2"];
const PLAN = [
  ...PLACE,
  "--zone",
  "2",
  "--quantity",
  "4",
  "--group",
  "crg-shop",
  "--or",
  "zone=3",
  "--off-hours",
];
const REFUSED = [
  "odcr",
  "acquire",
  "--size",
  "A2_v2",
  "--location",
  "eastus2",
  "--quantity",
  "2",
  "--resource-group",
  "rg",
];

function withoutRun(result: CliResult): string {
  return golden(result).replaceAll(/\d{8}T\d{6}-[0-9a-f]{8}/g, "<run>");
}

function terminal(): TestHost {
  return createTestHost({ tty: true, columns: 140, env: { NO_COLOR: "1" } });
}

test("the plan looks right on a terminal and in a pipe", async () => {
  await expect(golden(await runCli(terminal(), ...PLAN))).toMatchFileSnapshot(
    `${GOLDEN}/acquire-plan.tty.txt`,
  );
  const pipe = await runCli(createTestHost(), ...PLAN);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/acquire-plan.pipe.txt`);
});

test("what was acquired looks right on a terminal and in a pipe", async () => {
  const apply = [...PLAN, "--apply", "--yes"];

  const tty = await runCli(terminal(), ...apply);
  const pipe = await runCli(createTestHost(), ...apply);

  await expect(withoutRun(tty)).toMatchFileSnapshot(`${GOLDEN}/acquire-applied.tty.txt`);
  await expect(withoutRun(pipe)).toMatchFileSnapshot(`${GOLDEN}/acquire-applied.pipe.txt`);
});

test.each(["json", "md"])("what was acquired as %s is one document", async (format) => {
  const result = await runCli(createTestHost(), ...PLAN, "--apply", "--yes", "-o", format);

  await expect(withoutRun(result)).toMatchFileSnapshot(`${GOLDEN}/acquire-applied.${format}.txt`);
});

test("when every choice is refused beforehand it says why, and nothing is changed", async () => {
  const result = await runCli(terminal(), ...REFUSED, "--or", "size=D2s_v5,zone=3", "--apply", "--yes");

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/acquire-refused.tty.txt`);
});

test("what is there already is nothing to change", async () => {
  const host = createTestHost();
  await runCli(host, ...PLAN, "--apply", "--yes");

  const again = await runCli(host, ...PLAN, "--apply", "--yes");

  const results = again.stdout.split("\n").map((line) => line.split("\t")[4]);
  expect([again.exit, results.slice(0, 2)]).toEqual([0, ["not needed", "already there"]]);
  expect(again.stderr).toContain("note: nothing to change");
});

test("a saved plan is pursued by apply, and its run is finished in the list", async () => {
  const host = createTestHost();
  await runCli(host, ...PLAN, "--out", "plan.json");
  const saved = await readFile(join(host.cwd, "plan.json"), "utf8");

  const applied = await runCli(host, "apply", "plan.json", "--yes");
  const listed = await runCli(host, "runs", "list");
  const shown = await runCli(host, "runs", "show", listed.stdout.split("\t")[0] ?? "");

  expect([JSON.parse(saved).formatVersion, applied.exit]).toEqual([2, 0]);
  expect(applied.stdout.split("\n").map((line) => line.split("\t").slice(0, 4))).toEqual([
    ["4 x Standard_D4s_v5 in eastus2 zone 2", "refused", "1", "no free hardware"],
    ["4 x Standard_D4s_v5 in eastus2 zone 3", "acquired", "1", ""],
    [""],
  ]);
  expect(listed.stdout).toContain("\tfinished\t4/5\t");
  expect(shown.stderr).toContain("note: 2 tries so far; none begins after 2026-11-22T08:00:0");
});

test("a person is asked how long it may go on", async () => {
  const host = terminal();
  host.type("n\n");

  const { exit, stderr } = await runCli(host, ...PLAN, "--for", "7d", "--apply");

  expect(exit).toBe(5);
  expect(stderr).toContain("Keep trying these 2 choices for up to 7 days? [y/N]");
});

test.each([
  ["no size", ["--location", "eastus2", "--quantity", "1"], "--size: say which size"],
  ["no location", ["--size", "D4s_v5", "--quantity", "1"], "--location: say where"],
  ["no quantity", PLACE.slice(2), "--quantity: say how many units"],
  ["a quantity of 0", [...PLACE.slice(2), "--quantity", "0"], "a quantity is a whole number from 1 to 9999"],
  [
    "too short a pause",
    [...PLACE.slice(2), "--quantity", "1", "--every", "30s"],
    "use minutes, hours or days",
  ],
  ["too long a pause", [...PLACE.slice(2), "--quantity", "1", "--every", "2d"], "--every: 24h at most"],
  ["wrong hours", [...PLACE.slice(2), "--quantity", "1", "--off-hours", "18-25"], "--off-hours: hours are"],
  [
    "a time zone alone",
    [...PLACE.slice(2), "--quantity", "1", "--time-zone", "UTC"],
    "goes with --off-hours",
  ],
  [
    "no such time zone",
    [...PLACE.slice(2), "--quantity", "1", "--time-zone", "X/Y"],
    "a time zone is such as",
  ],
  [
    "an alternative of nothing",
    [...PLACE.slice(2), "--quantity", "1", "--or", "color=red"],
    '"color=red" is not',
  ],
  ["an alternative twice", [...PLACE.slice(2), "--quantity", "1", "--or", "zone=regional"], "is there twice"],
  [
    "a region whose time zone is not known",
    ["--size", "D4s_v5", "--location", "atlantis", "--quantity", "1", "--off-hours"],
    "the time zone of atlantis is not known",
  ],
  ["nowhere to make a group", [...PLACE.slice(2), "--quantity", "1"], "no resource group was named"],
  ["a group that does not fit", [...PLACE.slice(2), "--quantity", "1", "--group", "crg-shop"], "zones 1, 2"],
])("%s is a usage error, and nothing is changed", async (_, args, said) => {
  const { exit, stderr, stdout } = await runCli(createTestHost(), "odcr", "acquire", ...args);

  expect([exit, stdout, stderr]).toEqual([2, "", expect.stringContaining(said)]);
});

test("a run whose time is up is not to be resumed, and says what tries once more", async () => {
  const host = createTestHost();
  const inVain = [...PLACE, "--zone", "2", "--quantity", "4", "--group", "crg-shop", "--for", "10m"];
  await runCli(host, ...inVain, "--apply", "--yes");
  const listed = await runCli(host, "runs", "list");

  const shown = await runCli(host, "runs", "show", listed.stdout.split("\t")[0] ?? "");

  expect(shown.stderr).toMatch(
    /note: the time is up; for more time, with a longer --for: azwise odcr acquire .* --apply/,
  );
  expect(shown.stderr).not.toContain("runs resume");
});
