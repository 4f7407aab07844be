import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keeperOf, readDockerConfig, type DockerConfig } from "../../../src/topics/acr/docker-config.ts";

const SHOP = "shopregistry.azurecr.io";
const AUTH = Buffer.from("ada:not-a-real-secret").toString("base64");

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), "azwise-docker-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, ".docker"));
  return folder;
}

async function read(content: unknown): Promise<DockerConfig> {
  const HOME = home();
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(HOME, ".docker", "config.json"), text);
  return readDockerConfig({ env: { HOME }, cwd: "/" });
}

test.each([
  ["its own helper", { credHelpers: { [SHOP]: "azwise" }, credsStore: "pass" }, ["helper", "azwise"]],
  ["the helper of all", { credHelpers: { "other.azurecr.io": "x" }, credsStore: "pass" }, ["helper", "pass"]],
  [
    "a helper, whatever is in the file",
    { auths: { [SHOP]: { auth: AUTH } }, credsStore: "pass" },
    ["helper", "pass"],
  ],
  [
    "an empty helper, which is none",
    { auths: { [SHOP]: { auth: AUTH } }, credHelpers: { [SHOP]: "" } },
    ["file"],
  ],
  [
    "the file, as its own helper has no name, whatever all others have",
    { auths: { [SHOP]: { auth: AUTH } }, credHelpers: { [SHOP]: "" }, credsStore: "pass" },
    ["file"],
  ],
  ["nothing, as its own helper has no name", { credHelpers: { [SHOP]: "" }, credsStore: "pass" }, ["none"]],
  ["the file", { auths: { [SHOP]: { auth: AUTH } } }, ["file"]],
  ["the file, by an identity token", { auths: { [SHOP]: { identitytoken: "x" } } }, ["file"]],
  ["the file, by an old address", { auths: { [`https://${SHOP}/v1/`]: { auth: AUTH } } }, ["file"]],
  ["nothing but an empty entry", { auths: { [SHOP]: {} } }, ["none"]],
  ["nothing of this host", { auths: { [`x.${SHOP}`]: { auth: AUTH } } }, ["none"]],
  ["nothing at all", {}, ["none"]],
  ["nulls", { auths: null, credsStore: null, credHelpers: null }, ["none"]],
])("a host is kept by %s", async (_, content, [kind, name]) => {
  expect(keeperOf(await read(content), SHOP)).toEqual(name === undefined ? { kind } : { kind, name });
});

test("a host that is called like a property of every object has no helper", async () => {
  expect(keeperOf(await read({ credHelpers: {} }), "constructor")).toEqual({ kind: "none" });
});

test("what is told holds no secret", async () => {
  const config = await read({ auths: { [SHOP]: { auth: AUTH, password: "not-a-real-secret" } } });

  expect(config.inFile).toEqual([SHOP]);
  expect(JSON.stringify(config)).not.toMatch(new RegExp(`${AUTH}|not-a-real-secret`));
});

test("without a file nothing is kept", async () => {
  const HOME = home();

  const config = await readDockerConfig({ env: { HOME }, cwd: "/" });

  expect(config).toEqual({
    path: join(HOME, ".docker", "config.json"),
    inFile: [],
    credsStore: undefined,
    credHelpers: {},
  });
});

test("DOCKER_CONFIG names another folder, relative to the working directory", async () => {
  const folder = home();
  writeFileSync(join(folder, "config.json"), JSON.stringify({ credsStore: "pass" }));

  for (const DOCKER_CONFIG of [folder, "."]) {
    const config = await readDockerConfig({ env: { HOME: "/nowhere", DOCKER_CONFIG }, cwd: folder });
    expect(config).toMatchObject({ path: join(folder, "config.json"), credsStore: "pass" });
  }
});

test("a symbolic link is followed", async () => {
  const HOME = home();
  writeFileSync(join(HOME, "real.json"), JSON.stringify({ credsStore: "pass" }));
  symlinkSync("../real.json", join(HOME, ".docker", "config.json"));

  expect(await readDockerConfig({ env: { HOME }, cwd: "/" })).toMatchObject({ credsStore: "pass" });
});

test.each([
  ["{", "is not JSON"],
  ["[]", "is not as Docker writes it"],
  ['{"auths":[]}', String.raw`is not as Docker writes it \(auths\)`],
  ['{"auths":{"a":"b"}}', String.raw`is not as Docker writes it \(auths\)`],
  ['{"credsStore":7}', String.raw`is not as Docker writes it \(credsStore\)`],
  ['{"credsStore":"../../bin/sh"}', String.raw`is not as Docker writes it \(credsStore\)`],
  ['{"auths":{},"a":1,"auths":{}}', "has auths twice or in other letters, which Docker takes for one"],
  ['{"credsstore":"x"}', "has credsStore twice or in other letters, which Docker takes for one"],
  ['{"credHelpers":{"a":"b c"}}', String.raw`is not as Docker writes it \(credHelpers\)`],
])("a file with %s is refused in one line that does not quote it", async (text, message) => {
  await expect(read(text)).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringMatching(new RegExp(`config.json ${message}; nothing was changed$`)),
  });
});

test.each([
  ["a folder", (path: string) => mkdirSync(path), "is no file"],
  [
    "a text in Latin-1",
    (path: string) => writeFileSync(path, Buffer.from([0x7b, 0xe4, 0x7d])),
    "is not UTF-8 text",
  ],
  ["a pipe that nobody writes to", (path: string) => void execFileSync("mkfifo", [path]), "is no file"],
  ["a link to itself", (path: string) => symlinkSync(path, path), String.raw`cannot be read \(ELOOP\)`],
])("%s in its place is refused in one line", async (_, make, message) => {
  const HOME = home();
  make(join(HOME, ".docker", "config.json"));

  await expect(readDockerConfig({ env: { HOME }, cwd: "/" })).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringMatching(new RegExp(`config.json ${message}; nothing was changed$`)),
  });
});
