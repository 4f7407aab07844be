import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { readTextFiles, replaceTextFiles } from "../../../src/topics/acr/text-files.ts";
import { DEPLOY, FILES, GLOBAL, TO_WEST, WEST, WRITE, hostOf, pin, textOf } from "./pin-host.ts";

test("keeps the mode, makes another file, and leaves nothing beside it", async () => {
  const host = hostOf({ "a.yaml": `image: ${GLOBAL}/app` });
  const path = join(host.folder, "a.yaml");
  chmodSync(path, 0o664);
  const before = statSync(path).ino;

  await pin(host, "a.yaml", ...TO_WEST, ...WRITE);

  expect([statSync(path).mode & 0o777, textOf(host, "a.yaml")]).toEqual([0o664, `image: ${WEST}/app`]);
  expect(statSync(path).ino).not.toBe(before);
  expect(readdirSync(host.folder).filter((name) => name.includes("yaml"))).toEqual(["a.yaml"]);
});

test("a file with another name is refused, as that would keep the old text", async () => {
  const host = hostOf({ "a.yaml": `image: ${GLOBAL}/app` });
  linkSync(join(host.folder, "a.yaml"), join(host.folder, "hard.yaml"));

  const { exit, stderr } = await pin(host, "a.yaml", ...TO_WEST, ...WRITE);

  expect([exit, textOf(host, "a.yaml")]).toEqual([EXIT.failed, `image: ${GLOBAL}/app`]);
  expect(stderr).toContain("cannot write a.yaml, as it has several names (hard links); no file was changed");
});

test("what somebody edits while files are written is theirs", async () => {
  const { folder } = hostOf({ "a.yaml": "old a", "b.yaml": "old b", "c.yaml": "old c" });
  const path = (name: string): string => join(folder, name);
  const files = await readTextFiles(["a.yaml", "b.yaml", "c.yaml"], folder);
  const replacements = files.map((file) => ({ file, text: `new ${file.name}` }));
  const edit = async (): Promise<void> => writeFileSync(path("b.yaml"), "edited");

  await expect(replaceTextFiles(replacements, edit)).rejects.toThrow("b.yaml changed after it was read");

  const texts = ["a.yaml", "b.yaml", "c.yaml"].map((name) => readFileSync(path(name), "utf8"));
  expect(texts).toEqual(["old a", "edited", "old c"]);
});

test("keeps no other text of a file than the hosts", async () => {
  const host = hostOf({ "a.yaml": `password: hunter2\nimage: ${GLOBAL}/app` });

  await pin(host, "a.yaml", ...TO_WEST, ...WRITE);

  const [name = ""] = readdirSync(join(host.state, "pins"));
  const record = join(host.state, "pins", name);
  expect(readFileSync(record, "utf8")).not.toContain("hunter2");
  expect(statSync(record).mode & 0o777).toBe(0o600);
});

test("a file that changes while the question stands is left alone, and so are the others", async () => {
  const host = hostOf(FILES, { tty: true });
  const stdin = {
    isTTY: true,
    text: async () => "",
    line: async () => {
      writeFileSync(join(host.folder, "values-prod-eu.yaml"), "new: 1\n");
      return "y";
    },
  };

  const argv = ["deploy.yaml", "values-prod-eu.yaml", ...TO_WEST, "--apply"];
  const { exit, stderr } = await pin({ ...host, stdin }, ...argv);

  expect([exit, textOf(host), textOf(host, "values-prod-eu.yaml")]).toEqual([EXIT.usage, DEPLOY, "new: 1\n"]);
  expect(stderr).toContain("values-prod-eu.yaml changed after it was read; no file was changed");
  expect(existsSync(join(host.state, "pins"))).toBe(false);
  expect(readdirSync(host.folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("the same file by two names is written once", async () => {
  const host = hostOf({ "a.yaml": `image: ${GLOBAL}/app` });

  const { stdout } = await pin(host, "a.yaml", "./a.yaml", ...TO_WEST, ...WRITE);

  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  expect(textOf(host, "a.yaml")).toBe(`image: ${WEST}/app`);
});

test("files before one that cannot be replaced are taken back", async () => {
  const host = hostOf({ "a.yaml": "old a", "b.yaml": "old b" });
  const files = await readTextFiles(["a.yaml", "b.yaml"], host.folder);
  const replacements = files.map((each) => ({ file: each, text: "new" }));

  const replacing = replaceTextFiles(replacements, async () => {
    unlinkSync(join(host.folder, "b.yaml"));
    mkdirSync(join(host.folder, "b.yaml"));
  });

  await expect(replacing).rejects.toThrow("b.yaml changed after it was read; no file was changed");
  expect(textOf(host, "a.yaml")).toBe("old a");
  expect(readdirSync(host.folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
