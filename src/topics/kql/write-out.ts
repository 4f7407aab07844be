import { constants } from "node:fs";
import { copyFile, link, lstat, open, realpath, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { AppError } from "../../errors.ts";

/** Standard output. */
export const STDOUT = "-";

export interface Out {
  /** As typed, relative to `cwd`. */
  file: string;
  cwd: string;
  /** A file that is there is replaced. */
  force: boolean;
}

/**
 * Writes a file as a whole, or not at all; of a link the file that it leads to. Throws AppError "usage" when there is one
 * already and `force` was not said, or what is there is no file, and "failed" when it cannot be written.
 */
export async function writeOut(text: string, { file, cwd, force }: Out): Promise<void> {
  const typed = resolve(cwd, file);
  const path = force ? await replaced(typed, file) : typed;
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, "wx", 0o666);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await (force ? rename(temporary, path) : putNew(temporary, path));
  } catch (cause) {
    throw refusal(file, cause);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** Renaming takes away whatever has the name: a link, a device, a pipe that somebody reads. */
async function replaced(path: string, file: string): Promise<string> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return path;
  const target = found.isSymbolicLink() ? await realpath(path).catch(() => undefined) : path;
  if (target !== undefined && (await lstat(target)).isFile()) return target;
  const what = target === undefined ? "a link that leads to nothing" : "no file that could be replaced";
  throw new AppError("usage", `${file} is ${what}, and was not changed`, {
    hint: `give the path of a file, or ${STDOUT} for standard output`,
  });
}

/** Fails where there is a file, also one that somebody made a moment ago. */
async function putNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    // A disk without links.
    await copyFile(temporary, path, constants.COPYFILE_EXCL);
  }
}

function refusal(file: string, cause: unknown): AppError {
  const { code = "" } = cause as NodeJS.ErrnoException;
  if (code === "EEXIST" || code === "EISDIR") {
    return new AppError("usage", `${file} is there already, and was not changed`, {
      hint: code === "EISDIR" ? "give the path of a file" : "give another file, or --force to replace it",
    });
  }
  return new AppError("failed", `cannot write ${file}`, {
    hint: "check its folder and its permissions",
    code,
    cause,
  });
}
