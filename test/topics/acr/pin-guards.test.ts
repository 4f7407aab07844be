import { mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { withLock } from "../../../src/azure/private-file.ts";
import { EXIT } from "../../../src/errors.ts";
import { readTextFiles, replaceTextFiles, type TextFile } from "../../../src/topics/acr/text-files.ts";
import { DEPLOY, GLOBAL, hostOf, pin, PLATFORM, textOf, TO_WEST, WEST, WRITE } from "./pin-host.ts";
import * as shop from "./pin-text.ts";

describe("while another azwise writes files", () => {
  test.each([
    ["pinning", TO_WEST],
    ["--undo", ["--undo"]],
  ])("%s waits for it", async (_, flags) => {
    const host = hostOf();
    if (flags.includes("--undo")) await pin(host, "deploy.yaml", ...TO_WEST, ...WRITE);
    const before = textOf(host);

    const [held, running] = await withLock(join(host.state, "pins"), async () => {
      const started = pin(host, "deploy.yaml", ...flags, ...WRITE);
      const first = await Promise.race([started.then(() => "ended"), sleep(800, "waits")]);
      return [{ first, text: textOf(host) }, { started }] as const;
    });

    expect(held).toEqual({ first: "waits", text: before });
    expect((await running.started).exit).toBe(EXIT.ok);
    expect(textOf(host)).not.toBe(before);
  });
});

test("a file that would be no YAML any more with the longer host is refused, with and without --apply", async () => {
  const rest = "x".repeat(1000 - GLOBAL.length);
  const text = `{image: ${GLOBAL}/app, x: ${rest}}: 1\n`;
  const host = hostOf({ "a.yaml": text });

  const shown = await pin(host, "a.yaml", ...TO_WEST);
  const applied = await pin(host, "a.yaml", ...TO_WEST, ...WRITE);

  expect([shown.exit, applied.exit, textOf(host, "a.yaml")]).toEqual([EXIT.failed, EXIT.failed, text]);
  expect(applied.stderr).toContain(
    "a.yaml would read differently in another place, too; no file was changed",
  );
});

/** The file, of which the text is asked for by `act` each time that it is compared. */
function watched({ name, path }: TextFile, act: (time: number) => string): TextFile {
  let time = 0;
  return {
    name,
    path,
    get text() {
      time += 1;
      return act(time);
    },
  };
}

describe("a.yaml is replaced, and then b.yaml cannot be", () => {
  test("what somebody edits before it is put back stays, and that is said", async () => {
    const { folder } = hostOf({ "a.yaml": "old a", "b.yaml": "old b" });
    const [a, b] = (await readTextFiles(["a.yaml", "b.yaml"], folder)) as [TextFile, TextFile];
    const second = watched(b, (time) => {
      if (time === 1) return "old b";
      // Its turn came: a.yaml is the new one by now.
      writeFileSync(a.path, `edited ${readFileSync(a.path, "utf8")}`);
      return "not what is there";
    });

    const replacing = replaceTextFiles(
      [a, second].map((file) => ({ file, text: "new" })),
      async () => {},
    );

    await expect(replacing).rejects.toMatchObject({
      kind: "partial",
      message: "a.yaml (edited meanwhile) changed, another file could not be, and cannot be put back",
      cause: { message: expect.stringContaining("b.yaml changed after it was read") },
    });
    expect([readFileSync(a.path, "utf8"), readFileSync(b.path, "utf8")]).toEqual(["edited new", "old b"]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("where that cannot be put back, the reason is said and nothing is left beside it", async () => {
    const { folder } = hostOf({ "a.yaml": "old a", "b.yaml": "old b" });
    const [a, b] = (await readTextFiles(["a.yaml", "b.yaml"], folder)) as [TextFile, TextFile];
    const second = watched(b, (time) => {
      if (time === 1) return "old b";
      atTemporaryOf(a, () => {
        unlinkSync(a.path);
        mkdirSync(a.path);
      });
      return "not what is there";
    });

    const replacing = replaceTextFiles(
      [a, second].map((file) => ({ file, text: "new" })),
      async () => {},
    );

    await expect(replacing).rejects.toThrow(/^a\.yaml \((?:EISDIR|EPERM|ENOTEMPTY)\) changed, another file/);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

/** Acts as soon as there is a new text beside the file, which takes several more turns until it is renamed. */
function atTemporaryOf({ path }: TextFile, act: () => void): void {
  const folder = join(path, "..");
  const isThere = (): boolean =>
    readdirSync(folder).some((name) => join(folder, name).startsWith(`${path}.`) && name.endsWith(".tmp"));
  const look = (): void => void (isThere() ? act() : setImmediate(look));
  setImmediate(look);
}

test("a file put back by hand to an earlier pin, and pinned again, has its way back to the beginning", async () => {
  const host = hostOf();
  await pin(host, "deploy.yaml", ...PLATFORM, "--region", "eastus2", ...WRITE);
  const east = textOf(host);
  await pin(host, "deploy.yaml", ...TO_WEST, ...WRITE);
  writeFileSync(join(host.folder, "deploy.yaml"), east);
  await pin(host, "deploy.yaml", ...TO_WEST, ...WRITE);

  const { exit } = await pin(host, "deploy.yaml", "--undo", ...WRITE);

  expect([exit, textOf(host)]).toEqual([EXIT.ok, DEPLOY]);
  expect(east).not.toContain(WEST);
});

test("of two nodes with one anchor an alias stands for the last before it", async () => {
  const [theirs, ours] = ["other.example/app:1", `${shop.GLOBAL}/app:1`];
  const text = (first: string, second: string): string =>
    `a: &app ${first}\nb: {image: *app}\nc: &app ${second}\nd: {image: *app}\n`;

  const last = await shop.pinText(text(theirs, ours));
  const first = await shop.pinText(`a: &app ${ours}\nc: &app ${theirs}\nd: {image: *app}\n`);

  expect([last.text, last.left]).toEqual([text(theirs, `${shop.WEST}/app:1`), []]);
  expect([first.changes, first.left]).toMatchObject([[], [{ key: "a", why: "not known to be an image" }]]);
});

test.each(["metadata", "data", "stringData", "binaryData", "status", "annotations", "labels", "env"])(
  "%s of an object holds no image, whatever its keys are",
  async (key) => {
    const text = `{apiVersion: v1, kind: X, ${key}: {image: ${shop.GLOBAL}/a, deep: {image: ${shop.GLOBAL}/b}}}`;

    const { changes, left } = await shop.pinText(text);

    expect([changes, left.map(({ why }) => why)]).toEqual([[], Array(2).fill("not known to be an image")]);
  },
);
