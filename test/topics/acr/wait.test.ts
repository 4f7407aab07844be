import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { manifestsOf } from "../../../src/sandbox/registry/content.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { createTestHost, OTHER_SUBSCRIPTION, runCli, type CliResult } from "../../harness.ts";
import { add, enableRegional, pushed, SHOP_HOST } from "../../sandbox/registry-data.ts";
import { golden } from "../golden.ts";
import { hostWith } from "../host-with.ts";

const GOLDEN = "../../../fixtures/golden/acr";
const TERMINAL = { tty: true, columns: 160, env: { NO_COLOR: "1" } };
const NEW = manifestsOf({ layers: [{ text: "shop web 1.5.0" }] }).top.digest;
const PLATFORM = ["--subscription", OTHER_SUBSCRIPTION];

/** Just pushed in the home region: 40 s away from one replica and 90 s from the other. */
function fresh(world: World): void {
  enableRegional(world);
  add(world, pushed({}));
}

const LATE = ["acr", "wait", "shopregistry/shop/web:1.5.0", "--timeout", "60s"];
const EVERYWHERE = ["acr", "wait", `shopregistry.azurecr.io/shop/web@${NEW}`];
const DIFFERS = ["acr", "wait", "platformimages/base/python:3.13", "--timeout", "10s", ...PLATFORM];
const SCATTERED = ["acr", "wait", "platformimages/base/python:slim", "--timeout", "10s", ...PLATFORM];

test.each([
  ["wait", EVERYWHERE],
  ["wait-late", LATE],
  ["wait-differs", DIFFERS],
  ["wait-scattered", SCATTERED],
])("%s looks right on a terminal and in a pipe", async (name, argv) => {
  const terminal = await runCli(await hostWith(fresh, TERMINAL), ...argv);
  const pipe = await runCli(await hostWith(fresh), ...argv);

  await expect(golden(terminal)).toMatchFileSnapshot(`${GOLDEN}/${name}.tty.txt`);
  await expect(golden(pipe)).toMatchFileSnapshot(`${GOLDEN}/${name}.pipe.txt`);
});

test.each(["json", "md"])("wait as %s is one document", async (format) => {
  const result = await runCli(await hostWith(fresh), ...LATE, "-o", format);

  await expect(golden(result)).toMatchFileSnapshot(`${GOLDEN}/wait.${format}.txt`);
});

async function run(change: (world: World) => void, image: string, ...more: string[]): Promise<CliResult> {
  return runCli(await hostWith(change), "acr", "wait", image, ...more);
}

test("lags are kept as they are found, and those of the first look only when it was said when it was pushed", async () => {
  const host = await hostWith(fresh);
  const lags = async (): Promise<object[]> => {
    const text = await readFile(join(host.state, "lag.ndjson"), "utf8");
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
  };

  await runCli(host, ...EVERYWHERE);
  expect(await lags()).toMatchObject([
    {
      region: "westeurope",
      registry: "shopregistry",
      loginServer: SHOP_HOST,
      cloud: "sandbox",
      lagMs: 40_000,
      withinMs: 5000,
    },
    { region: "northeurope", lagMs: 90_000, withinMs: 5000, digest: NEW },
  ]);

  // The sandbox's clock has moved on: everything is there at the first look now.
  const { exit, stdout } = await runCli(host, ...EVERYWHERE, "--pushed-at", "2026-11-21T08:00:00Z");
  expect([exit, (await lags()).length]).toEqual([0, 5]);
  expect(stdout).toBe(
    "eastus2\tcan be pulled\t90\t90\nnortheurope\tcan be pulled\t90\t90\nwesteurope\tcan be pulled\t90\t90\n",
  );
});

test("what is not pushed yet is waited for, too", async () => {
  const later = (world: World): void => {
    enableRegional(world);
    add(world, pushed({ time: "2026-11-21T08:00:31Z" }));
  };

  const { exit, stdout } = await run(later, "shopregistry/shop/web:1.5.0", "--regions", "eastus2,westeurope");

  // It is there when the regions are asked for the first time: the global endpoint was asked until then.
  expect({ exit, stdout }).toEqual({
    exit: 0,
    stdout: "eastus2\tcan be pulled\t\t\nwesteurope\tcan be pulled\t40\t5\n",
  });
  const never = await run(enableRegional, "shopregistry/shop/web:9", "--timeout", "20s");
  expect([never.exit, never.stdout]).toEqual([
    7,
    "eastus2\tnot asked\t\t\nnortheurope\tnot asked\t\t\nwesteurope\tnot asked\t\t\n",
  ]);
  expect(never.stderr).toContain(
    "the global endpoint did not tell what shop/web:9 is (it is not there), so no replica was asked: name a digest, or use --from\n",
  );
  expect(never.stderr).not.toContain("can be pulled from");
});

test("as JSON a replica that was not asked is so, and none counts as asked", async () => {
  const { stdout } = await run(enableRegional, "shopregistry/shop/web:9", "--timeout", "20s", "-o", "json");

  expect(JSON.parse(stdout)).toMatchObject({
    found: 0,
    asked: 0,
    replicas: Array.from({ length: 3 }, () => ({ state: "not asked" })),
  });
});

test("in a pipe there is a line whenever one more has it, and the last waits for nobody", async () => {
  const { stderr } = await run(fresh, `shopregistry/shop/web@${NEW}`);

  expect(stderr.split("\n").filter((line) => / of 3/.test(line) && !line.includes(": "))).toEqual([
    "1 of 3; waiting for northeurope, westeurope",
    "2 of 3; waiting for northeurope",
    "3 of 3",
  ]);
});

test("--from says whose tag is meant", async () => {
  const raced = (world: World): void => {
    enableRegional(world);
    add(world, pushed({ tag: "1.4.1", region: "westeurope", lostTo: ["eastus2", "northeurope"] }));
  };

  const argv = ["shopregistry/shop/web:1.4.1", "--timeout", "10s", "-o", "json"];
  const ours = JSON.parse((await run(raced, ...(argv as [string]))).stdout) as { digest: string };
  const theirs = await run(raced, ...(argv as [string]), "--from", "westeurope");

  expect(ours.digest).not.toBe(NEW);
  expect(JSON.parse(theirs.stdout)).toMatchObject({
    digest: NEW,
    digestFrom: "westeurope",
    replicas: [{ state: "differs" }, { state: "differs" }, { state: "pullable" }],
  });
  expect(theirs.exit).toBe(1);
});

test("a tag with a digest has to lead to it", async () => {
  const { exit, stdout } = await run(fresh, `shopregistry/shop/web:1.4.1@${NEW}`, "--timeout", "10s");

  expect(exit).toBe(1);
  expect(stdout.split("\n")[0]).toMatch(/^eastus2\tleads to sha256:\w{12}\t/);
});

test("a replica that is being created is left out, and refused when it is named", async () => {
  const image = "platformimages/base/python:3.12";
  const all = await run(() => {}, image, ...PLATFORM);
  const named = await run(() => {}, image, "--regions", "northeurope", ...PLATFORM);

  expect([all.exit, all.stdout]).toEqual([0, "westeurope\tcan be pulled\t\t\neastus2\tcan be pulled\t\t\n"]);
  expect(all.stderr).toContain("left out, as it is still being created: northeurope");
  expect([named.exit, named.stdout]).toEqual([2, ""]);
  expect(named.stderr).toContain("the replica in northeurope is still being created");
  expect(named.stderr).toContain("use --regions with any of westeurope,eastus2, or all");
});

test.each([
  ["shopregistry/shop/web:1.4.2", [], "next: enable them with: azwise acr regional enable shopregistry"],
  ["legacyapp/app:7", [], "registry legacyapp has no regional hosts: its SKU is Basic"],
  ["shop/web", [], "image: name a tag or a digest"],
  ["web:1", [], "the image does not begin with a registry"],
  ["nowhere/web:1", [], 'there is no container registry "nowhere"'],
  ["shopregistry:5000/web:1", [], "the image does not begin with a registry"],
  ["Shop/Web:1", [], '"Shop/Web:1" is no image reference'],
  [`shopregistry/web@${NEW}`, ["--from", "eastus2"], "--from: goes with a tag without a digest"],
  ["shopregistry/web:1", ["--every", "0s"], "--every: use seconds, minutes or hours"],
  ["shopregistry/web:1", ["--regions", "West Europe"], "--regions: a region is written like westeurope"],
  ["shopregistry/web:1", ["--pushed-at", "yesterday"], "--pushed-at: a time is such as"],
  ["web:1", ["--replica", "a=https://x"], "--replica: write NAME=HOST or NAME=HOST:PORT"],
  ["web:1", ["--replica", "a=1127.0.0.1"], "--replica: write NAME=HOST or NAME=HOST:PORT"],
  ["web:1", ["--replica", "a=x.y:99999"], "--replica: write NAME=HOST or NAME=HOST:PORT"],
  ["web:1", ["--replica", "a=u:p@x"], "--replica: write NAME=HOST or NAME=HOST:PORT"],
  ["web:1", ["--replica", "a=x.y", "--replica", "A=x.z"], "--replica: each has a name of its own"],
  ["x.y/web:1", ["--replica", "a=x.y"], "image: has no host where --replica names the hosts"],
])("%s with %j is refused", async (image, argv, message) => {
  const { exit, stdout, stderr } = await runCli(
    createTestHost(),
    "acr",
    "wait",
    image,
    ...argv,
    "--timeout",
    "1s",
  );

  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

test.each([
  ["--regions", "centralus", "registry shopregistry has no replica in centralus"],
  ["--from", "centralus", "--from centralus is none of the replicas that are asked"],
  ["--pushed-at", "2026-11-22T08:00:00Z", "--pushed-at 2026-11-22T08:00:00Z is in the future"],
])("%s %s is refused", async (flag, value, message) => {
  const { exit, stderr } = await run(fresh, "shopregistry/shop/web:1.5.0", flag, value);

  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});
