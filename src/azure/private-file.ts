import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { dirname } from "node:path";
// As a whole, for on Windows it has no getuid to import.
import * as thisProcess from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../errors.ts";

/** A file's text, or why it must not be trusted, as in "others can read it"; undefined when there is none. */
export type PrivateRead = { text: string } | { refused: string } | undefined;

/** Windows has neither owners nor modes in this sense, and no flag against links. */
const IS_WINDOWS = platform() === "win32";

// Without waiting for a writer, should somebody have put a pipe there.
const READ_FLAGS = IS_WINDOWS
  ? constants.O_RDONLY
  : constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
const APPEND_FLAGS = IS_WINDOWS ? APPEND : APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a file that only this user may have written or seen. A symbolic link is refused wherever it leads: what
 * azwise keeps to itself it also wrote itself, and links in the folders above are the user's own affair.
 */
export async function readPrivate(path: string): Promise<PrivateRead> {
  try {
    const handle = await open(path, READ_FLAGS);
    try {
      // Of the open file, not of the path: that may be another file by now.
      const refused = refusalOf(await handle.stat());
      return refused === undefined ? { text: await handle.readFile("utf8") } : { refused };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (isMissing(code)) return undefined;
    return { refused: code === "ELOOP" ? "it is a symbolic link" : `it cannot be read (${code})` };
  }
}

function refusalOf(file: Stats): string | undefined {
  if (!file.isFile()) return "it is not a file";
  if (IS_WINDOWS) return undefined;
  if (file.uid !== thisProcess.getuid?.()) return "it belongs to another user";
  const mode = file.mode & 0o777;
  return (mode & 0o077) === 0 ? undefined : `others may use it (mode ${mode.toString(8)})`;
}

/**
 * Replaces a file as a whole, so that a reader sees the old or the new one: mode 0600, and 0700 for folders
 * that have to be made. A symbolic link is replaced, not followed. Throws AppError "failed".
 */
export async function writePrivate(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    // Where nothing could be written there is nothing to remove either.
    await rm(temporary, { force: true }).catch(() => {});
    throw notWritten(path, error);
  }
}

/**
 * Adds to the end of a file in one write, so that what several runs add does not mix: mode 0600, and 0700 for
 * folders that have to be made. Throws AppError "failed", also for a file that others may use.
 */
export async function appendPrivate(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const handle = await open(path, APPEND_FLAGS, 0o600);
    try {
      const refused = refusalOf(await handle.stat());
      if (refused !== undefined) throw new AppError("failed", `cannot write ${path}: ${refused}`);
      await handle.write(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof AppError ? error : notWritten(path, error);
  }
}

const RETRY_AFTER_MS = 10;
/** Holders read, change and write one file, which takes milliseconds; one that takes this long was killed. */
const STALE_AFTER_MS = 5000;
const WAIT_MS = 10_000;
/** Looking and removing takes milliseconds, too. */
const REMOVING_STALE_AFTER_MS = 60_000;

/**
 * Does work that reads a file and then writes it, while nobody else does: `<path>.lock` is the sign. The lock of
 * a process that was killed is taken over. Throws AppError "failed" when the lock cannot be had within `waitMs`.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, waitMs = WAIT_MS): Promise<T> {
  const lock = `${path}.lock`;
  const owner = randomUUID();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw notWritten(path, error);
  });
  for (let waitedMs = 0; !(await tryCreate(lock, owner)); waitedMs += RETRY_AFTER_MS) {
    await removeStale(lock);
    if (waitedMs >= waitMs) throw notLocked(path);
    await sleep(RETRY_AFTER_MS);
  }
  try {
    return await work();
  } finally {
    // After a long pause, as of a laptop that slept, it may be somebody else's by now.
    if ((await readFile(lock, "utf8").catch(() => undefined)) === owner) await rm(lock, { force: true });
  }
}

async function tryCreate(lock: string, owner: string): Promise<boolean> {
  try {
    await writeFile(lock, owner, { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw notWritten(lock, error);
  }
}

/** One process at a time looks and removes; a second one would remove the new lock of the first. */
async function removeStale(lock: string): Promise<void> {
  if (!(await isStale(lock))) return;
  const removing = `${lock}.stale`;
  if (!(await tryCreate(removing, ""))) {
    if (await isStale(removing, REMOVING_STALE_AFTER_MS)) await rm(removing, { force: true });
    return;
  }
  try {
    if (await isStale(lock)) await rm(lock, { force: true });
  } finally {
    await rm(removing, { force: true });
  }
}

async function isStale(lock: string, afterMs = STALE_AFTER_MS): Promise<boolean> {
  // Gone again: then it is free.
  const found = await stat(lock).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > afterMs;
}

function notLocked(path: string): AppError {
  return new AppError("failed", `another azwise is writing ${path}`, {
    hint: `try again; if none is running, delete ${path}.lock and ${path}.lock.stale`,
    code: "Locked",
  });
}

function notWritten(path: string, error: unknown): AppError {
  const { code } = error as NodeJS.ErrnoException;
  return new AppError("failed", `cannot write ${path}`, {
    hint: "check the permissions of its folder, and the room on its disk",
    ...(code === undefined ? {} : { code }),
    cause: error,
  });
}

function isMissing(code: string): boolean {
  return code === "ENOENT" || code === "ENOTDIR";
}
