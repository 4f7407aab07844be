import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { createTestHost, openDriver, runCli, SUBSCRIPTION, type CliResult } from "../../harness.ts";
import { golden } from "../golden.ts";
import { applyRoute, onlyIn, regionsIn } from "./route-world.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const WEST = ["route", "out", "shopregistry", "--region", "westeurope"];

function terminal(): ReturnType<typeof createTestHost> {
  return createTestHost({ tty: true, columns: 140, env: { NO_COLOR: "1" } });
}

async function withFile(text: string, ...flags: string[]): Promise<CliResult> {
  const host = createTestHost();
  writeFileSync(join(host.folder, "routing.yaml"), text);
  return runCli(host, "acr", "route", "plan", "shopregistry", "--file", "routing.yaml", ...flags);
}

test("the plan looks right on a terminal", async () => {
  const host = terminal();

  const text = golden(await runCli(host, "acr", ...WEST));

  await expect(text).toMatchFileSnapshot(`${GOLDEN}/route-out.tty.txt`);
});

test.each(["pipe", "json", "md"])("the plan looks right as %s", async (format) => {
  const flags = format === "pipe" ? [] : ["-o", format];

  const text = golden(await runCli(createTestHost(), "acr", ...WEST, ...flags));

  await expect(text).toMatchFileSnapshot(`${GOLDEN}/route-out.${format}.txt`);
});

test("an applied plan looks right, and putting the replica back ends where it began", async () => {
  const host = terminal();

  const out = golden(await runCli(host, "acr", ...WEST, "--apply", "--yes"));
  const back = await runCli(
    host,
    "acr",
    "route",
    "in",
    "shopregistry",
    "--region",
    "westeurope",
    "--apply",
    "--yes",
  );
  const again = await runCli(host, "acr", "route", "in", "shopregistry", "--region", "westeurope");

  await expect(out.replaceAll(/\d{8}T\d{6}-[0-9a-f]+/g, "RUN")).toMatchFileSnapshot(
    `${GOLDEN}/route-applied.tty.txt`,
  );
  expect([back.exit, again.exit, again.stderr]).toEqual([0, 0, expect.stringContaining("nothing to change")]);
});

test("a file that is not so is drift, and what it does not name is left alone", async () => {
  const { exit, stdout, stderr } = await withFile("regions:\n  westeurope: in\n  northeurope: out\n");

  expect(exit).toBe(EXIT.changes);
  expect(stdout.split("\n").map((line) => line.split("\t").slice(0, 3))).toEqual([
    ["eastus2", "home", "in"],
    ["northeurope", "", "in -> out"],
    ["westeurope", "", "in"],
    [""],
  ]);
  expect(stderr).toContain("note: not in routing.yaml, and left alone: eastus2\n");
});

test("a file that is so already is no drift", async () => {
  expect((await withFile("regions: {westeurope: in}")).exit).toBe(EXIT.ok);
});

describe("a file is refused in one line", () => {
  test.each([
    ["empty", "", "is empty"],
    ["a comment", "# nothing yet\n", "is empty"],
    ["no region", "regions: {}", "names no region"],
    ["another key", "regions: {westeurope: in}\nregion: x", 'has an unknown key "region"'],
    [
      "a key twice",
      "regions: {westeurope: in, westeurope: out}",
      "cannot be read as YAML: Map keys must be unique",
    ],
    ["no YAML", "regions: [westeurope", "cannot be read as YAML: Flow sequence"],
    ["an alias of nothing", "regions: *all", "cannot be read as YAML: Unresolved alias"],
    ["two documents", "a: 1\n---\nb: 2", "holds several documents"],
    ["a list", "- westeurope", "is no mapping with the key regions"],
    ["regions that are a word", "regions: in", "has no regions, each in or out"],
    ["another word", "regions: {westeurope: true}", "says neither in nor out of westeurope"],
    [
      "a mapping as a key",
      "regions: {? {a: b} : in}",
      'names "{ a: b }", which is not how a region is written',
    ],
    ["blanks", "regions: {West Europe: in}", 'names "West Europe", which is not how a region is written'],
    ["upper case", "regions: {WESTEUROPE: in}", 'names "WESTEUROPE", which is not how a region is written'],
  ])("%s", async (_, text, said) => {
    const { exit, stdout, stderr } = await withFile(text);

    const [error, hint, ...more] = stderr.trimEnd().split("\n");
    expect([exit, stdout, more]).toEqual([EXIT.usage, "", []]);
    expect(error).toContain(`error: routing.yaml ${said}`);
    expect(hint).toMatch(
      /^ {2}next: write (westeurope|it like this: regions: \{westeurope: in, northeurope: out\})$/,
    );
  });

  test("one that is not there", async () => {
    const { exit, stderr } = await runCli(
      createTestHost(),
      "acr",
      "route",
      "plan",
      "shopregistry",
      "--file",
      "nope.yaml",
    );

    expect([exit, stderr]).toEqual([
      EXIT.usage,
      "error: cannot read nope.yaml\n  next: give --file the path of a file\n",
    ]);
  });
});

test.each([
  ["another way", ["sideways", "shopregistry"], 2, '"sideways" is neither out, in nor plan'],
  ["no region", ["out", "shopregistry"], 2, "--region: say which replica: --region <region>"],
  [
    "a region with blanks",
    ["out", "shopregistry", "--region", "West Europe"],
    2,
    "--region: a region is written like",
  ],
  [
    "a file for one region",
    ["in", "shopregistry", "--region", "x1", "--file", "f"],
    2,
    "--file: acr route in is about one",
  ],
  [
    "a region for a file",
    ["plan", "shopregistry", "--region", "x1", "--file", "f"],
    2,
    "--region: acr route plan takes",
  ],
  ["no file", ["plan", "shopregistry"], 2, "--file: say which file: --file <routing.yaml>"],
  [
    "an unknown registry",
    ["out", "nosuch", "--region", "westeurope"],
    2,
    'there is no container registry "nosuch"',
  ],
  [
    "a region without a replica",
    ["out", "shopregistry", "--region", "westus"],
    2,
    "shopregistry has no replica in westus",
  ],
  [
    "the home region",
    ["out", "shopregistry", "--region", "eastus2"],
    2,
    "eastus2 is the home region of shopregistry",
  ],
  ["a Basic registry", ["in", "legacyapp", "--region", "eastus2"], 2, "registry legacyapp is Basic"],
  [
    "two subscriptions",
    [
      "out",
      "shopregistry",
      "--region",
      "westeurope",
      "--subscription",
      SUBSCRIPTION,
      "--subscription",
      "5a000000-0000-4000-8000-000000000002",
    ],
    2,
    "this command works in one subscription",
  ],
])("%s is refused, and nothing is changed", async (_, args, exit, said) => {
  const result = await runCli(createTestHost(), "acr", "route", ...args);

  expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(said)]);
});

test("the last replica in routing stays, and nothing is sent", async () => {
  const driver = await openDriver(onlyIn("westeurope"));

  const { exit, error } = await applyRoute(driver, { way: "out", region: "westeurope" });

  expect([exit, error?.message]).toEqual([
    EXIT.usage,
    "no replica of shopregistry beside westeurope is known to be ready and in global routing",
  ]);
  expect(error?.hint).toBe(
    `put another one in first: azwise acr route in shopregistry --subscription ${SUBSCRIPTION} --region eastus2`,
  );
  expect([driver.open.changes(), regionsIn(driver.open.world)]).toEqual([[], ["westeurope"]]);
});

test("what is sent is one PATCH that names the flag alone", async () => {
  const driver = await openDriver();

  await applyRoute(driver, { way: "out", region: "westeurope" });

  expect(driver.open.changes()).toEqual([
    {
      method: "PATCH",
      path: expect.stringMatching(/\/registries\/shopregistry\/replications\/westeurope$/),
      body: { properties: { regionEndpointEnabled: false } },
    },
  ]);
});

test("a list of one replica a page hides none, and a home region that is found by name alone can go out", async () => {
  const driver = await openDriver((world) => {
    onlyIn("eastus2", "northeurope")(world);
    world.settings.homeReplication = "by-name";
    world.settings.pageSize = 1;
  });

  const { exit } = await applyRoute(driver, { way: "out", region: "eastus2" });

  expect([exit, regionsIn(driver.open.world)]).toEqual([EXIT.ok, ["northeurope"]]);
});

test("a saved plan is refused when the replica was put out meanwhile", async () => {
  const host = createTestHost();
  await runCli(host, "acr", ...WEST, "--out", "plan.json");
  await runCli(host, "acr", ...WEST, "--apply", "--yes");

  const { exit, stderr } = await runCli(host, "apply", "plan.json", "--yes");

  expect([exit, stderr]).toEqual([
    EXIT.changes,
    expect.stringContaining("properties.regionEndpointEnabled was true, is false"),
  ]);
});

test("a saved plan is refused when a replica that it counted as left was taken out meanwhile", async () => {
  const host = createTestHost();
  await runCli(host, "acr", ...WEST, "--out", "plan.json");
  await runCli(host, "acr", "route", "out", "shopregistry", "--region", "northeurope", "--apply", "--yes");

  const { exit, stderr } = await runCli(host, "apply", "plan.json", "--yes");

  expect([exit, stderr]).toEqual([
    EXIT.changes,
    expect.stringMatching(/northeurope properties\.regionEndpointEnabled was true, is false/),
  ]);
});

test("the warnings stand before the question, without what to type for applying", async () => {
  const host = createTestHost({ tty: true, columns: 140, stdin: "n\n", env: { NO_COLOR: "1" } });

  const { exit, stderr } = await runCli(host, "acr", ...WEST, "--apply");

  expect(exit).toBe(EXIT.declined);
  expect(stderr).toMatch(/\nwarning: westeurope: out of routing it still syncs[^]*\? \[y\/N\] /);
  expect(stderr).not.toContain("add --apply");
});

test("a saved plan shows its warnings before the question and after it was run", async () => {
  const host = createTestHost({ tty: true, columns: 140, stdin: "n\n", env: { NO_COLOR: "1" } });
  await runCli(host, "acr", ...WEST, "--out", "plan.json");
  const warning = "warning: westeurope: out of routing it still syncs";

  const asked = await runCli(host, "apply", "plan.json");
  const done = await runCli(host, "apply", "plan.json", "--yes", "-o", "json");

  expect(asked.stderr).toMatch(new RegExp(`\n${warning}[^]*\\? \\[y/N\\] `));
  const { notes, warnings } = JSON.parse(done.stdout);
  expect(notes).toContainEqual(expect.objectContaining({ text: expect.stringContaining("still syncs") }));
  expect(warnings).toContainEqual(expect.objectContaining({ subject: "westeurope" }));
});
