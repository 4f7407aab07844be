import { lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  checkContextName,
  forgetContext,
  saveContext,
  toContextName,
  useContext,
} from "../../src/azure/contexts.ts";
import { readConfig, type Config, type SavedContext } from "../../src/azure/settings.ts";

const CLOUDS = { rig: { resourceManager: "https://arm.test", authority: "https://login.test" } };

async function makeFolder(config?: Config): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "azwise-contexts-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  if (config) await writeFile(join(folder, "config.json"), JSON.stringify(config));
  return folder;
}

function contextOf(letter: string): SavedContext {
  return { cloud: "public", tenant: `${letter.repeat(8)}-0000-4000-8000-000000000000` };
}

const TWO: Config = {
  active: "a",
  previous: "b",
  contexts: { a: contextOf("a"), b: contextOf("b") },
  clouds: CLOUDS,
};

test("the first saved context is the active one, and there is none before it", async () => {
  const folder = await makeFolder();

  await saveContext(folder, "prod", contextOf("a"));

  expect(await readConfig(folder)).toEqual({ active: "prod", contexts: { prod: contextOf("a") } });
});

test("saving makes a context active, remembers the former one, and keeps everything else", async () => {
  const folder = await makeFolder(TWO);

  await saveContext(folder, "c", contextOf("c"));

  expect(await readConfig(folder)).toEqual({
    active: "c",
    previous: "a",
    contexts: { ...TWO.contexts, c: contextOf("c") },
    clouds: CLOUDS,
  });
});

test("saving the active context again replaces it and keeps what was before", async () => {
  const folder = await makeFolder(TWO);

  await saveContext(folder, "a", contextOf("f"));

  expect(await readConfig(folder)).toEqual({ ...TWO, contexts: { a: contextOf("f"), b: contextOf("b") } });
});

test("using a context switches, and - switches back and forth", async () => {
  const folder = await makeFolder({ active: "a", contexts: { a: contextOf("a"), b: contextOf("b") } });

  expect(await useContext(folder, "b")).toEqual({ name: "b", context: contextOf("b") });
  expect(await useContext(folder, "-")).toEqual({ name: "a", context: contextOf("a") });
  expect(await useContext(folder, "-")).toEqual({ name: "b", context: contextOf("b") });
  expect(await readConfig(folder)).toMatchObject({ active: "b", previous: "a" });
});

test.each([
  ["a name that no context has", "prod", TWO],
  ["a word that every object has", "constructor", TWO],
  ["going back where nothing was active before", "-", { active: "a", contexts: { a: contextOf("a") } }],
  ["going back to a context that is gone", "-", { ...TWO, contexts: { a: contextOf("a") } }],
  ["any name where there is no context", "prod", {}],
])("%s changes nothing", async (_, name, config: Config) => {
  const folder = await makeFolder(config);
  const before = await readFile(join(folder, "config.json"), "utf8");

  expect(await useContext(folder, name)).toBeUndefined();

  expect(await readFile(join(folder, "config.json"), "utf8")).toBe(before);
});

test("forgetting the active context leaves none active", async () => {
  const folder = await makeFolder(TWO);

  await forgetContext(folder, "a");

  expect(await readConfig(folder)).toEqual({
    previous: "b",
    contexts: { b: contextOf("b") },
    clouds: CLOUDS,
  });
});

test("forgetting another context leaves the active one, and nothing to go back to", async () => {
  const folder = await makeFolder(TWO);

  await forgetContext(folder, "b");

  expect(await readConfig(folder)).toEqual({ active: "a", contexts: { a: contextOf("a") }, clouds: CLOUDS });
});

test("a broken configuration is an error and is left as it is", async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, "config.json"), "{half");

  await expect(saveContext(folder, "prod", contextOf("a"))).rejects.toMatchObject({
    kind: "usage",
    message: `${join(folder, "config.json")} is not valid: it is not JSON`,
  });

  expect(await readFile(join(folder, "config.json"), "utf8")).toBe("{half");
});

test.skipIf(platform() === "win32")("the file is for its owner only", async () => {
  const folder = await makeFolder();

  await saveContext(folder, "prod", contextOf("a"));

  expect((await stat(join(folder, "config.json"))).mode & 0o777).toBe(0o600);
});

test.skipIf(platform() === "win32")("a configuration that is a link to another file stays one", async () => {
  const folder = await makeFolder();
  const dotfiles = await makeFolder({ clouds: CLOUDS });
  await symlink(join(dotfiles, "config.json"), join(folder, "config.json"));

  await saveContext(folder, "prod", contextOf("a"));

  expect((await lstat(join(folder, "config.json"))).isSymbolicLink()).toBe(true);
  expect(await readConfig(dotfiles)).toMatchObject({ active: "prod", clouds: CLOUDS });
});

test("of twenty sign-ins at once no context is lost", async () => {
  const folder = await makeFolder({ clouds: CLOUDS });
  const names = Array.from({ length: 20 }, (_, index) => `context-${index}`);

  await Promise.all(names.map((name) => saveContext(folder, name, contextOf("a"))));

  const { active, contexts, clouds } = await readConfig(folder);
  expect(Object.keys(contexts ?? {}).sort()).toEqual(names.sort());
  expect(names).toContain(active);
  expect(clouds).toEqual(CLOUDS);
});

test.each(["prod", "Prod_1", "eu.west-2", "5a"])("%s may be the name of a context", (name) => {
  expect(checkContextName(name)).toBe(name);
});

test.each(["", "-", "--name", ".hidden", "__proto__", "a b", "a/b", "ünlü", "a\n"])(
  "%j may not be the name of a context",
  async (name) => {
    const folder = await makeFolder();

    await expect(saveContext(folder, name, {})).rejects.toMatchObject({
      kind: "usage",
      message: `"${name}" cannot be the name of a context`,
    });
    expect(await readConfig(folder)).toEqual({});
  },
);

test.each([
  ["Contoso Shop Production", "Contoso-Shop-Production"],
  ["contoso.com", "contoso.com"],
  ["-- (Prod) / EU --", "Prod-EU"],
  ["__proto__", "proto__"],
  ["日本", undefined],
])("the text %j becomes the name %j", (text, name) => {
  expect(toContextName(text)).toBe(name);
});
