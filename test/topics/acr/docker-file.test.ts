import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { emptyInFile, removeFromFile, storeInFile } from "../../../src/topics/acr/docker-file.ts";

const SHOP = "shopregistry.azurecr.io";
const WEST = "shopregistry.westeurope.geo.azurecr.io";

interface Place {
  folder: string;
  file: string;
}

function place(text?: string): Place {
  const folder = mkdtempSync(join(tmpdir(), "azwise-docker-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "config.json");
  if (text !== undefined) writeFileSync(file, text);
  return { folder, file };
}

const textOf = ({ file }: Place): string => readFileSync(file, "utf8");
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test("a new file is private, in a private folder, and nothing is left beside it", async () => {
  const { folder } = place();
  const file = join(folder, ".docker", "config.json");

  await storeInFile(file, SHOP, "c2VjcmV0");

  expect(readFileSync(file, "utf8")).toBe(
    `{\n\t"auths": {\n\t\t"${SHOP}": {\n\t\t\t"auth": "c2VjcmV0"\n\t\t}\n\t}\n}\n`,
  );
  expect([modeOf(file), modeOf(join(folder, ".docker"))]).toEqual(["600", "700"]);
  expect(readdirSync(join(folder, ".docker"))).toEqual(["config.json"]);
});

test.each([
  [
    "tabs",
    '{\n\t"psFormat": "x",\n\t"auths": {\n\t\t"a": {}\n\t},\n\t"proxies": {\n\t\t"b": [\n\t\t\t1.5\n\t\t]\n\t}\n}',
  ],
  [
    "two blanks and a last line end",
    '{\n  "auths": {\n    "a": {}\n  },\n  "credHelpers": {\n    "b": "c"\n  }\n}\n',
  ],
  ["line ends of Windows", '{\r\n    "auths": {\r\n        "a": {}\r\n    }\r\n}\r\n'],
  ["one line", '{"auths":{"a":{"auth":"x","email":"ada"}},"HttpHeaders":{"é":"<&>"}}\n'],
])("with %s, removing what was stored gives the same bytes, and all else stays", async (_, text) => {
  const at = place(text);

  await storeInFile(at.file, SHOP, "c2VjcmV0");

  const entry = JSON.parse(textOf(at)).auths;
  expect(entry[SHOP]).toEqual({ auth: "c2VjcmV0" });
  expect(textOf(at)).not.toBe(text);
  expect(await removeFromFile(at.file, SHOP)).toBe(true);
  expect(textOf(at)).toBe(text);
});

test("the mode of the file stays", async () => {
  const at = place("{}");
  chmodSync(at.file, 0o640);

  await storeInFile(at.file, SHOP, "c2VjcmV0");

  expect([modeOf(at.file), textOf(at)]).toEqual([
    "640",
    `{\n\t"auths": {\n\t\t"${SHOP}": {\n\t\t\t"auth": "c2VjcmV0"\n\t\t}\n\t}\n}`,
  ]);
});

test("what was there for the host is replaced", async () => {
  const at = place(JSON.stringify({ auths: { [SHOP]: { auth: "b2xk", identitytoken: "old" } } }));

  await storeInFile(at.file, SHOP, "c2VjcmV0");

  expect(JSON.parse(textOf(at))).toEqual({ auths: { [SHOP]: { auth: "c2VjcmV0" } } });
});

test("a link is written at its target and stays a link", async () => {
  const at = place();
  mkdirSync(join(at.folder, "dotfiles"));
  const target = join(at.folder, "dotfiles", "docker.json");
  writeFileSync(target, "{}");
  symlinkSync("dotfiles/docker.json", at.file);

  await storeInFile(at.file, SHOP, "c2VjcmV0");

  expect(lstatSync(at.file).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, "utf8")).toContain("c2VjcmV0");
  expect(readdirSync(join(at.folder, "dotfiles"))).toEqual(["docker.json"]);
});

test("a link that leads nowhere is refused, and stays", async () => {
  const at = place();
  symlinkSync("gone.json", at.file);

  await expect(storeInFile(at.file, SHOP, "c2VjcmV0")).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining("is a link that leads nowhere"),
  });
  expect(readdirSync(at.folder)).toEqual(["config.json"]);
});

test("runs at once lose no entry", async () => {
  const at = place('{"auths":{"a":{}}}');
  const hosts = Array.from({ length: 12 }, (_, index) => `r${index}.azurecr.io`);

  await Promise.all(hosts.map((host) => storeInFile(at.file, host, "c2VjcmV0")));

  expect(Object.keys(JSON.parse(textOf(at)).auths).sort()).toEqual(["a", ...hosts].sort());
});

test("runs at once that both find no file lose no entry", async () => {
  const at = place();

  await Promise.all([SHOP, WEST].map((host) => storeInFile(at.file, host, "c2VjcmV0")));

  expect(Object.keys(JSON.parse(textOf(at)).auths).sort()).toEqual([SHOP, WEST]);
});

test("whoever knows no lock and writes in between loses nothing either", async () => {
  const at = place('{"auths":{}}');
  const lock = `${at.file}.lock`;
  // Docker's turn, while azwise waits for another azwise.
  writeFileSync(lock, "another");
  const storing = storeInFile(at.file, SHOP, "c2VjcmV0");
  await new Promise((resolve) => setTimeout(resolve, 50));
  writeFileSync(at.file, JSON.stringify({ auths: { docker: { auth: "eA==" } }, psFormat: "x" }));
  rmSync(lock);
  await storing;

  expect(JSON.parse(textOf(at))).toEqual({
    auths: { docker: { auth: "eA==" }, [SHOP]: { auth: "c2VjcmV0" } },
    psFormat: "x",
  });
});

test("whoever writes while the new text is on its way is met by reading again", async () => {
  const at = place('{"auths":{}}');
  const texts = [1, 2].map((turn) => JSON.stringify({ auths: {}, turn }));
  const watcher = watch(at.folder, (_, name) => {
    const text = name?.endsWith(".tmp") ? texts.shift() : undefined;
    if (text !== undefined) writeFileSync(at.file, text);
  });
  onTestFinished(() => watcher.close());

  await storeInFile(at.file, SHOP, "c2VjcmV0");

  expect(JSON.parse(textOf(at))).toEqual({ auths: { [SHOP]: { auth: "c2VjcmV0" } }, turn: 2 });
  expect(readdirSync(at.folder)).toEqual(["config.json"]);
});

test("removing takes older spellings away, and nothing of other hosts", async () => {
  const auths = { [SHOP]: {}, [`https://${SHOP}/v1/`]: { auth: "eA==" }, [WEST]: { auth: "eA==" } };
  const at = place(JSON.stringify({ auths }));

  expect(await removeFromFile(at.file, SHOP)).toBe(true);
  expect(JSON.parse(textOf(at))).toEqual({ auths: { [WEST]: { auth: "eA==" } } });
  expect(await removeFromFile(at.file, SHOP)).toBe(false);
});

test("an entry that a helper keeps now is emptied; without a secret nothing is written", async () => {
  const at = place(JSON.stringify({ auths: { [SHOP]: { auth: "eA==" } } }));

  await emptyInFile(at.file, SHOP);
  const { ino } = statSync(at.file);
  await emptyInFile(at.file, SHOP);
  await emptyInFile(at.file, WEST);

  expect(JSON.parse(textOf(at))).toEqual({ auths: { [SHOP]: {} } });
  expect(statSync(at.file).ino).toBe(ino);
});

test("where there is no file, removing makes neither one nor its folder", async () => {
  const { folder } = place();
  const file = join(folder, ".docker", "config.json");

  expect(await removeFromFile(file, SHOP)).toBe(false);
  await emptyInFile(file, SHOP);

  expect(existsSync(join(folder, ".docker"))).toBe(false);
});

test.each([
  ["broken JSON", (file: string) => writeFileSync(file, '{"auths":'), "is not JSON"],
  ["a folder", (file: string) => mkdirSync(file), "is no file"],
  ["a pipe", (file: string) => void execFileSync("mkfifo", [file]), "is no file"],
])("%s is refused, and stays as it is", async (_, make, message) => {
  const at = place();
  make(at.file);
  const before = statSync(at.file).ino;

  await expect(storeInFile(at.file, SHOP, "c2VjcmV0")).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining(message),
  });
  expect([statSync(at.file).ino, readdirSync(at.folder)]).toEqual([before, ["config.json"]]);
});
