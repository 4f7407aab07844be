import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { World } from "../../src/sandbox/world-schema.ts";
import { loadBundledWorld, loadWorld, saveWorld } from "../../src/sandbox/world-file.ts";
import { ADA, ADA_AS_GUEST } from "./azure.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "azwise-world-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("without a file there is the world contoso", async () => {
  expect((await loadWorld(join(folder, "none.json"))).name).toBe("contoso");
});

test("a saved world is read back as it was, from a folder that is made on the way", async () => {
  const path = join(folder, "state", "sandbox", "world.json");
  const world = await loadWorld(path);
  world.clockOffsetMs = 42;

  await saveWorld(path, world);

  expect(await loadWorld(path)).toEqual(world);
  expect(await readdir(join(folder, "state", "sandbox"))).toEqual(["world.json"]);
});

test.skipIf(process.platform === "win32")("only its owner may read the file", async () => {
  const path = join(folder, "world.json");

  await saveWorld(path, await loadWorld(path));

  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test.for([
  ["not JSON", "{", "it is not JSON"],
  ["of an older format", JSON.stringify({ formatVersion: 0 }), "formatVersion"],
  ["empty", "", "it is not JSON"],
])("a file that is %s is refused with what to type", async ([, text, why]) => {
  const path = join(folder, "world.json");
  await writeFile(path, text ?? "");

  await expect(loadWorld(path)).rejects.toMatchObject({
    kind: "failed",
    hint: "azwise sandbox reset",
    message: expect.stringContaining(why ?? ""),
  });
});

test("a resource that lacks what its type needs is refused with its place", async () => {
  const world = (await loadBundledWorld("contoso"))!;
  const key = Object.keys(world.resources).find((id) => id.endsWith("shop-web-01"))!;
  world.resources[key]!.properties = {};

  const parsed = World.safeParse(world);

  expect(parsed.error?.issues[0]?.path).toEqual(["resources", key, "properties", "hardwareProfile"]);
});

test.for([
  ["a tenant where nobody can sign in", "applications", ["tenants", 0]],
  ["a user who is unknown at home", "home", ["users", 0, "homeTenantId"]],
] as const)("%s is refused with its place", async ([, what, path]) => {
  const world = (await loadBundledWorld("contoso"))!;
  if (what === "applications") world.tenants[0]!.applications = [];
  else {
    const [home, other] = world.tenants.map((tenant) => tenant.tenantId);
    const memberships = [{ tenantId: other!, objectId: ADA_AS_GUEST }];
    world.users = [{ signInName: ADA, displayName: "Ada", homeTenantId: home!, memberships }];
  }

  const parsed = World.safeParse(world);

  expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path]);
});

test("a world that an earlier azwise sealed gets what is new", async () => {
  const path = join(folder, "world.json");
  const { users: _, ...old } = await loadWorld(path);
  const text = JSON.stringify(old, null, 1);
  const seal = createHash("sha256").update(text).digest("hex");
  await writeFile(path, text.replace(/\n\}$/, `,\n "seal": "${seal}"\n}\n`));

  expect((await loadWorld(path)).users).toEqual([]);
});

test("a world that was loaded twice is two worlds", async () => {
  const first = await loadBundledWorld("contoso");
  const second = await loadBundledWorld("contoso");

  first!.resources = {};

  expect(Object.keys(second!.resources)).not.toEqual([]);
});

test("a saved world that was edited since is checked again", async () => {
  const path = join(folder, "world.json");
  await saveWorld(path, await loadWorld(path));
  const text = await readFile(path, "utf8");

  await writeFile(path, text.replace('"name": "contoso"', '"name": "edited"'));
  expect((await loadWorld(path)).name).toBe("edited");

  await writeFile(path, text.replace('"formatVersion": 1', '"formatVersion": 0'));
  await expect(loadWorld(path)).rejects.toMatchObject({ kind: "failed", hint: "azwise sandbox reset" });
});
