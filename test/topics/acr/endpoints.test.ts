import { expect, test } from "vitest";
import { find, REGISTRY } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, SUBSCRIPTION } from "../../harness.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";
import { stuckInWest } from "./change-world.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
const PLATFORM = ["platformimages", "--subscription", OTHER_SUBSCRIPTION];
const SHOP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop-prod/providers/Microsoft.ContainerRegistry/registries/shopregistry`;

test.each([
  ["endpoints-platformimages", PLATFORM],
  ["endpoints-firewall", ["shopregistry", "--firewall"]],
  ["endpoints-after", ["legacyapp", "--firewall", "--after", "regional,data"]],
])("%s looks right on a terminal and in a pipe", async (name, argv) => {
  const terminal = await runCli(createTestHost(TERMINAL), "acr", "endpoints", ...argv);
  const pipe = await runCli(createTestHost(), "acr", "endpoints", ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each(["json", "md"])("the allow-list as %s is one document", async (format) => {
  const argv = ["acr", "endpoints", "shopregistry", "--firewall", "--after", "regional", "-o", format];
  const result = await runCli(createTestHost(), ...argv);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/endpoints.${format}.txt`);
});

async function notesOf(
  change: (world: World) => void,
  ...argv: string[]
): Promise<{ exit: number; notes: string[] }> {
  const { exit, stdout } = await runCli(await hostWith(change), "acr", "endpoints", ...argv, "-o", "json");
  const { notes } = JSON.parse(stdout) as { notes: { text: string }[] };
  return { exit, notes: notes.map(({ text }) => text) };
}

test("what is on already is said instead of expected", async () => {
  expect(await notesOf(() => {}, "shopregistry", "--after", "data")).toEqual({
    exit: 0,
    notes: ["data endpoints are on already"],
  });
});

test("storage is pointed out with the way to narrow it", async () => {
  const { exit, notes } = await notesOf(() => {}, "legacyapp");

  expect(exit).toBe(0);
  expect(notes).toEqual([
    `*.blob.core.windows.net lets clients reach every storage account; narrower on Premium: azwise acr data-endpoints enable legacyapp --subscription ${SUBSCRIPTION}`,
  ]);
});

test("hosts that should be there and are not told make it exit 6", async () => {
  const { exit, notes } = await notesOf((world) => {
    find(world, REGISTRY, SHOP)!.properties.dataEndpointEnabled = false;
  }, "shopregistry");

  expect(exit).toBe(6);
  expect(notes).toContain("cannot tell: the data host of westeurope is not told");
});

test.each(["global", "regional,", "regional data", ""])("--after %j is a usage error", async (after) => {
  const { exit, stderr } = await runCli(
    createTestHost(),
    "acr",
    "endpoints",
    "shopregistry",
    "--after",
    after,
  );

  expect(exit).toBe(2);
  expect(stderr).toContain("--after: use any of regional,data");
});

test("the allow-list warns of the data host that a replica in the making will bring", async () => {
  const change = (world: World): void => {
    stuckInWest(world);
    const { properties } = find(world, REGISTRY, SHOP)!;
    properties.dataEndpointEnabled = true;
  };
  const said = "westeurope is still being created: its data host will join the list of every region";

  expect((await notesOf(change, "shopregistry", "--firewall")).notes).toContain(said);
  expect((await notesOf(change, "shopregistry")).notes).not.toContain(said);
  expect((await notesOf(() => {}, "shopregistry", "--firewall")).notes).not.toContain(said);
});

test.each([80, 120])("on %i columns every host is whole", async (columns) => {
  const host = createTestHost({ ...TERMINAL, columns });
  const { stdout } = await runCli(host, "acr", "endpoints", ...PLATFORM);
  const json = await runCli(createTestHost(), "acr", "endpoints", ...PLATFORM, "-o", "json");

  const { endpoints } = JSON.parse(json.stdout) as { endpoints: { host: string }[] };
  for (const each of endpoints) expect(stdout).toContain(each.host);
});
