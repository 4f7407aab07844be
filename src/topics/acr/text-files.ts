import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, chmod, lstat, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { AppError } from "../../errors.ts";

/** A file as it was read. */
export interface TextFile {
  /** As typed. */
  name: string;
  /** Absolute, without links. */
  path: string;
  text: string;
}

/** Reads files, each once. Throws AppError "usage" for what is not a regular file of UTF-8 text. */
export async function readTextFiles(names: readonly string[], cwd: string): Promise<TextFile[]> {
  const files = new Map<string, TextFile>();
  for (const name of names) {
    const file = await readTextFile(name, cwd);
    if (!files.has(file.path)) files.set(file.path, file);
  }
  return [...files.values()];
}

async function readTextFile(name: string, cwd: string): Promise<TextFile> {
  const path = resolve(cwd, name);
  const found = await lstat(path).catch((cause: unknown) => {
    throw unreadable(name, cause);
  });
  // A link may lead out of the repository that is being changed.
  if (found.isSymbolicLink()) throw refused(name, "is a symbolic link", "give the file that it leads to");
  if (found.isDirectory()) throw refused(name, "is a folder", `give its files, such as ${name}/*.yaml`);
  if (!found.isFile()) throw refused(name, "is not a regular file", "give the path of a file");
  try {
    return { name, path: await realpath(path), text: decode(await readFile(path), name) };
  } catch (cause) {
    throw cause instanceof AppError ? cause : unreadable(name, cause);
  }
}

/** Keeps a byte order mark, so that writing gives the same bytes. */
function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused(name, "is not UTF-8 text", "save it as UTF-8");
  }
}

function unreadable(name: string, cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException;
  const detail = { hint: "give the path of a file that you may read", cause };
  return new AppError("usage", `cannot read ${name}`, code === undefined ? detail : { ...detail, code });
}

function refused(name: string, what: string, hint: string): AppError {
  return new AppError("usage", `${name} ${what}; no file was changed`, { hint });
}

interface Replacement {
  file: TextFile;
  /** What the file will hold. */
  text: string;
}

/**
 * Replaces files as wholes, all of them or none: their modes stay. `prepare` runs when only the renames are left to
 * do. Throws AppError "usage" when one has changed since it was read, and "failed" when one cannot be written.
 */
export async function replaceTextFiles(
  replacements: readonly Replacement[],
  prepare: () => Promise<void>,
): Promise<void> {
  const written: (Replacement & { temporary: string })[] = [];
  const replaced: Replacement[] = [];
  try {
    for (const each of replacements) {
      await requireUnchanged(each.file);
      written.push({ ...each, temporary: await writeBeside(each.file, each.text) });
    }
    await prepare();
    for (const each of written) {
      // Somebody may have edited it while the others were written.
      await requireUnchanged(each.file);
      await renameOver(each.temporary, each.file);
      replaced.push(each);
    }
  } catch (error) {
    await Promise.all(written.map(({ temporary }) => rm(temporary, { force: true }).catch(() => {})));
    await takeBack(replaced, error);
    throw error;
  }
}

async function requireUnchanged({ name, path, text }: TextFile): Promise<void> {
  const now = await readTextFile(path, path).catch(() => undefined);
  if (now?.text === text) return;
  throw new AppError("usage", `${name} changed after it was read; no file was changed`, {
    hint: "run the command again",
  });
}

async function writeBeside({ name, path }: TextFile, text: string): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    // A rename would replace even a file that may not be written.
    await access(path, constants.W_OK);
    const { mode, uid, gid, nlink } = await lstat(path);
    // A rename would leave its other names with the old text.
    if (nlink > 1) throw new Error("it has several names (hard links)");
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(text);
      // Only root can, and only there it matters.
      await handle.chown(uid, gid).catch(() => {});
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(temporary, mode & 0o7777);
    return temporary;
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw unwritable(name, cause);
  }
}

async function renameOver(temporary: string, { name, path }: TextFile): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw unwritable(name, cause);
  }
}

/** What was edited after it was replaced is its editor's, and stays. */
async function takeBack(replaced: readonly Replacement[], cause: unknown): Promise<void> {
  const stuck: string[] = [];
  for (const { file, text } of replaced) {
    try {
      await requireUnchanged({ ...file, text });
      await renameOver(await writeBeside(file, file.text), file);
    } catch (reason) {
      stuck.push(`${file.name} (${whyStuck(reason)})`);
    }
  }
  if (stuck.length === 0) return;
  const text = `${stuck.join(", ")} changed, another file could not be, and cannot be put back`;
  throw new AppError("partial", text, { hint: "look at git diff, or add --undo", cause });
}

function whyStuck(reason: unknown): string {
  const { code, cause } = reason as AppError;
  return code ?? (cause instanceof Error ? cause.message : "edited meanwhile");
}

function unwritable(name: string, cause: unknown): AppError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const detail = {
    hint: "check the permissions of the file and of its folder, and the room on its disk",
    cause,
  };
  const text = `cannot write ${name}${code === undefined ? `, as ${message}` : ""}; no file was changed`;
  return new AppError("failed", text, code === undefined ? detail : { ...detail, code });
}
