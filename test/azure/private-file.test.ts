import { execFileSync } from "node:child_process";
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readPrivate, withLock, writePrivate } from "../../src/azure/private-file.ts";

const IS_WINDOWS = platform() === "win32";
const IS_ROOT = process.getuid?.() === 0;

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "azwise-private-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

/** As if nobody had touched it since. */
async function age(path: string, seconds: number): Promise<void> {
  const then = new Date(Date.now() - seconds * 1000);
  await utimes(path, then, then);
}

test("what was written can be read; nothing else is left", async () => {
  const folder = await makeFolder();
  const path = join(folder, "file");

  await writePrivate(path, "one");
  await writePrivate(path, "two");

  expect(await readPrivate(path)).toEqual({ text: "two" });
  expect(await readdir(folder)).toEqual(["file"]);
});

test.skipIf(IS_WINDOWS)("files are 0600 and new folders 0700, whatever the umask", async () => {
  const folder = join(await makeFolder(), "a", "b");
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));

  await writePrivate(join(folder, "file"), "text");

  expect(await modeOf(join(folder, "file"))).toBe("600");
  expect([await modeOf(folder), await modeOf(join(folder, ".."))]).toEqual(["700", "700"]);
});

test.skipIf(IS_WINDOWS)("a file with more rights than needed gets 0600 when it is replaced", async () => {
  const path = join(await makeFolder(), "file");
  await writeFile(path, "old");
  await chmod(path, 0o666);

  await writePrivate(path, "new");

  expect(await modeOf(path)).toBe("600");
});

test("a file that is not there is undefined, and so is one below a file", async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, "file"), "");

  expect(await readPrivate(join(folder, "none"))).toBeUndefined();
  expect(await readPrivate(join(folder, "file", "none"))).toBeUndefined();
});

test.skipIf(IS_WINDOWS).each(["640", "604", "620", "602", "644"])("mode %s is refused", async (mode) => {
  const path = join(await makeFolder(), "file");
  await writeFile(path, "text");
  await chmod(path, Number.parseInt(mode, 8));

  expect(await readPrivate(path)).toEqual({ refused: `others may use it (mode ${mode})` });
});

test.skipIf(IS_WINDOWS).each(["600", "400", "700"])("mode %s is accepted", async (mode) => {
  const path = join(await makeFolder(), "file");
  await writeFile(path, "text");
  await chmod(path, Number.parseInt(mode, 8));

  expect(await readPrivate(path)).toEqual({ text: "text" });
});

test.runIf(IS_ROOT)("a file of another user is refused, and replaced by an own one", async () => {
  const path = join(await makeFolder(), "file");
  await writePrivate(path, "theirs");
  await chown(path, 65_534, 65_534);

  const read = await readPrivate(path);
  await writePrivate(path, "ours");

  expect(read).toEqual({ refused: "it belongs to another user" });
  expect((await stat(path)).uid).toBe(0);
});

test.skipIf(IS_WINDOWS || IS_ROOT)("a file that may not be read is refused with the reason", async () => {
  const path = join(await makeFolder(), "file");
  await writePrivate(path, "text");
  await chmod(path, 0o000);

  expect(await readPrivate(path)).toEqual({ refused: "it cannot be read (EACCES)" });
});

test.skipIf(IS_WINDOWS)(
  "a symbolic link is refused, and replaced without touching where it leads",
  async () => {
    const folder = await makeFolder();
    const [target, path] = [join(folder, "target"), join(folder, "link")];
    await writePrivate(target, "elsewhere");
    await symlink(target, path);

    const read = await readPrivate(path);
    await writePrivate(path, "here");

    expect(read).toEqual({ refused: "it is a symbolic link" });
    expect(await readPrivate(path)).toEqual({ text: "here" });
    expect(await readPrivate(target)).toEqual({ text: "elsewhere" });
  },
);

test.skipIf(IS_WINDOWS)("a pipe is not a file, and nobody waits for its writer", async () => {
  const path = join(await makeFolder(), "pipe");
  execFileSync("mkfifo", ["-m", "600", path]);

  expect(await readPrivate(path)).toEqual({ refused: "it is not a file" });
});

test.skipIf(IS_WINDOWS)("a folder is not a file", async () => {
  expect(await readPrivate(await makeFolder())).toEqual({ refused: "it is not a file" });
});

test("what cannot be written is an error that names the file, and leaves no temporary one", async () => {
  const folder = await makeFolder();
  const path = join(folder, "file");
  await mkdir(join(path, "full"), { recursive: true });

  const written = writePrivate(path, "text");

  await expect(written).rejects.toMatchObject({ kind: "failed", message: `cannot write ${path}` });
  expect(await readdir(folder)).toEqual(["file"]);
});

test("a file in the place of the folder is an error with its code", async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, "file"), "");
  const path = join(folder, "file", "inner");

  await expect(writePrivate(path, "")).rejects.toMatchObject({ kind: "failed", code: "EEXIST" });
  await expect(withLock(path, async () => {})).rejects.toMatchObject({ kind: "failed", code: "EEXIST" });
});

test("work under a lock is done by one after the other, and the lock goes away", async () => {
  const folder = await makeFolder();
  const path = join(folder, "count");
  await writePrivate(path, "0");
  const increment = async (): Promise<void> => {
    const count = Number(await readFile(path, "utf8"));
    await new Promise(setImmediate);
    await writePrivate(path, String(count + 1));
  };

  await Promise.all(Array.from({ length: 20 }, () => withLock(path, increment)));

  expect(await readPrivate(path)).toEqual({ text: "20" });
  expect(await readdir(folder)).toEqual(["count"]);
});

test("the lock goes away when the work fails, and the failure is passed on", async () => {
  const folder = await makeFolder();
  const work = withLock(join(folder, "file"), async () => {
    throw new Error("broke");
  });

  await expect(work).rejects.toThrow("broke");
  expect(await readdir(folder)).toEqual([]);
});

test("a lock that is held is an error that says which file to delete", async () => {
  const path = join(await makeFolder(), "file");
  await writeFile(`${path}.lock`, "somebody");

  const locked = withLock(path, async () => "done", 0);

  await expect(locked).rejects.toMatchObject({
    kind: "failed",
    message: `another azwise is writing ${path}`,
    hint: `try again; if none is running, delete ${path}.lock and ${path}.lock.stale`,
    code: "Locked",
  });
  expect(await readFile(`${path}.lock`, "utf8")).toBe("somebody");
});

test("the lock of a killed process is taken over by one at a time", async () => {
  const folder = await makeFolder();
  const path = join(folder, "file");
  await writeFile(`${path}.lock`, "killed");
  await age(`${path}.lock`, 6);
  let [inside, most] = [0, 0];
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise(setImmediate);
    inside -= 1;
  };

  await Promise.all(Array.from({ length: 10 }, () => withLock(path, work)));

  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test("a process that was killed while it removed such a lock does not lock for ever", async () => {
  const folder = await makeFolder();
  const path = join(folder, "file");
  for (const name of [`${path}.lock`, `${path}.lock.stale`]) {
    await writeFile(name, "");
    await age(name, 61);
  }

  expect(await withLock(path, async () => "done")).toBe("done");
  expect(await readdir(folder)).toEqual([]);
});

test("a lock that another process is removing is left to it", async () => {
  const path = join(await makeFolder(), "file");
  await writeFile(`${path}.lock`, "");
  await age(`${path}.lock`, 61);
  await writeFile(`${path}.lock.stale`, "");
  await age(`${path}.lock.stale`, 50);

  await expect(withLock(path, async () => {}, 0)).rejects.toMatchObject({ code: "Locked" });
  expect(await readFile(`${path}.lock.stale`, "utf8")).toBe("");
});

test.skipIf(IS_WINDOWS)("a lock that is renewed before it can be removed stays", async () => {
  const folder = await makeFolder();
  const path = join(folder, "file");
  // As old as its folder, which the removal makes new by the very file that guards it.
  await symlink(folder, `${path}.lock`);
  await age(folder, 6);

  await expect(withLock(path, async () => {}, 0)).rejects.toMatchObject({ code: "Locked" });
  expect(await readdir(folder)).toEqual(["file.lock"]);
});

test("a lock that was taken over meanwhile is left to its new holder", async () => {
  const path = join(await makeFolder(), "file");

  await withLock(path, () => writeFile(`${path}.lock`, "somebody else"));

  expect(await readFile(`${path}.lock`, "utf8")).toBe("somebody else");
});
