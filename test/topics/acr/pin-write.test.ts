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
import { DEPLOY, FILES, GLOBAL, TO_WEST, WEST, WRITE, hostOf, pin, textOf } from "./pin-host.ts";

test("keeps the mode, makes another file, and leaves nothing beside it", async () => {
  const host = hostOf({ "a.yaml": `image: ${GLOBAL}/app` });
  const path = join(host.folder, "a.yaml");
  chmodSync(path, 0o664);
  linkSync(path, join(host.folder, "hard.yaml"));

  await pin(host, "a.yaml", ...TO_WEST, ...WRITE);

  expect(statSync(path).mode & 0o777).toBe(0o664);
  expect(readFileSync(join(host.folder, "hard.yaml"), "utf8")).toBe(`image: ${GLOBAL}/app`);
  expect(readdirSync(host.folder).filter((name) => name.includes("yaml"))).toEqual(["a.yaml", "hard.yaml"]);
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
  const { readTextFiles, replaceTextFiles } = await import("../../../src/topics/acr/text-files.ts");
  const files = await readTextFiles(["a.yaml", "b.yaml"], host.folder);
  const replacements = files.map((each) => ({ file: each, text: "new" }));

  const replacing = replaceTextFiles(replacements, async () => {
    // A folder in its place cannot be replaced by a file.
    unlinkSync(join(host.folder, "b.yaml"));
    mkdirSync(join(host.folder, "b.yaml"));
  });

  await expect(replacing).rejects.toThrow("cannot write b.yaml; no file was changed");
  expect(textOf(host, "a.yaml")).toBe("old a");
  expect(readdirSync(host.folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
