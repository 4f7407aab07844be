import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readConfig, readSettings } from "../../src/azure/settings.ts";

const TENANT = "a0000000-0000-4000-8000-00000000000a";

interface Files {
  pin?: unknown;
  config?: unknown;
}

async function settingsOf({ pin, config }: Files): ReturnType<typeof readSettings> {
  const folder = await mkdtemp(join(tmpdir(), "azwise-settings-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const deep = join(folder, "repository", "service");
  await mkdir(deep, { recursive: true });
  const write = async (file: string, content: unknown): Promise<void> => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    if (content !== undefined) await writeFile(join(folder, file), text);
  };
  await write(join("repository", ".azwise.json"), pin);
  await write("config.json", config);
  return readSettings(deep, folder);
}

test("without files there are no settings", async () => {
  expect(await settingsOf({})).toEqual({ pin: {}, context: {}, clouds: {} });
});

test("the pin is found upward from the working directory", async () => {
  expect((await settingsOf({ pin: { tenant: TENANT } })).pin).toEqual({ tenant: TENANT });
});

test("the active context is taken, and only that", async () => {
  const contexts = { work: { tenant: TENANT, auth: "cli" }, play: { tenant: "contoso.com" } };

  expect((await settingsOf({ config: { active: "work", contexts } })).context).toEqual({
    tenant: TENANT,
    auth: "cli",
  });
  expect((await settingsOf({ config: { contexts } })).context).toEqual({});
});

test.each(["gone", "constructor"])("the active context %s, which is not there, is none", async (active) => {
  const contexts = { work: { tenant: TENANT } };

  expect(await settingsOf({ config: { active, contexts } })).toEqual({ pin: {}, context: {}, clouds: {} });
});

test("a byte order mark, as editors on Windows write it, is no mistake", async () => {
  const pin = `\uFEFF${JSON.stringify({ tenant: TENANT })}`;

  expect((await settingsOf({ pin })).pin).toEqual({ tenant: TENANT });
});

test("custom clouds lose their trailing slashes", async () => {
  const clouds = { rig: { resourceManager: "https://arm.test/", authority: "https://login.test//" } };

  expect((await settingsOf({ config: { clouds } })).clouds).toEqual({
    rig: { resourceManager: "https://arm.test", authority: "https://login.test" },
  });
});

test.each([
  ["a pin that is no JSON", { pin: "{tenant" }, ".azwise.json is not valid: it is not JSON"],
  ["a pin of the wrong shape", { pin: { tenant: 1 } }, ".azwise.json is not valid: tenant: Invalid input: "],
  [
    "a pin with a key that nobody knows",
    { pin: { tennant: TENANT } },
    '.azwise.json is not valid: Unrecognized key: "tennant"',
  ],
  ["a configuration that is no JSON", { config: "" }, "config.json is not valid: it is not JSON"],
  [
    "a cloud without TLS",
    { config: { clouds: { rig: { resourceManager: "http://arm.test", authority: "https://login.test" } } } },
    "config.json is not valid: clouds.rig.resourceManager: Invalid URL",
  ],
])("%s is an error, not ignored", async (_, files: Files, message) => {
  await expect(settingsOf(files)).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining(message) as string,
  });
});

test("a file that another process puts in place meanwhile is there or not there, and never broken", async () => {
  const folder = await mkdtemp(join(tmpdir(), "azwise-settings-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [file, fresh] = [join(folder, "config.json"), join(folder, "fresh")];
  const over = new AbortController();
  const replacing = (async () => {
    while (!over.signal.aborted) {
      await writeFile(fresh, '{"active":"prod"}');
      await rename(fresh, file);
      await rm(file);
    }
  })();

  const seen = new Set<string>();
  for (let reads = 0; reads < 3000; reads += 1) seen.add(JSON.stringify(await readConfig(folder)));
  over.abort();
  await replacing;

  expect([...seen].sort()).toEqual(["{}", '{"active":"prod"}'].sort());
});
