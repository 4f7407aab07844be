import { lstat, realpath } from "node:fs/promises";
import { withLock, writePrivate } from "../../azure/private-file.ts";
import { AppError } from "../../errors.ts";
import { emptyAuth, hasAuth, putAuth, removeAuth, type Edit } from "./docker-auths.ts";
import { parseDockerFile, readDockerText } from "./docker-config.ts";
import { replaceTextFiles } from "./text-files.ts";

/** Keeps user name and secret for a host; what is there for it is replaced. */
export async function storeInFile(path: string, host: string, auth: string): Promise<void> {
  await editFile(path, putAuth(host, auth));
}

/** Leaves an empty entry where a secret was, as Docker does for a host that a helper keeps. */
export async function emptyInFile(path: string, host: string): Promise<void> {
  await editFile(path, emptyAuth(host));
}

/** Whether there was a secret; an empty entry is removed, too. */
export async function removeFromFile(path: string, host: string): Promise<boolean> {
  let found = false;
  await editFile(path, (text) => {
    found = hasAuth(text, host);
    return removeAuth(host)(text);
  });
  return found;
}

/** What is not there yet. */
const NO_FILE = "{}\n";
const MOST_TRIES = 5;

/**
 * One run of azwise at a time; whoever else writes in between is met by reading again. Throws AppError "usage" for
 * what is no such file, and "failed" when it cannot be written.
 */
async function editFile(path: string, edit: Edit): Promise<void> {
  const target = await targetOf(path);
  // Nothing to look for, so no folder and no lock are made.
  if ((await readDockerText(target)) === undefined && edit(NO_FILE) === NO_FILE) return;
  await withLock(target, async () => {
    for (let tries = 1; ; tries += 1) {
      const text = await readDockerText(target);
      if (text !== undefined) parseDockerFile(target, text);
      const edited = edit(text ?? NO_FILE);
      if (edited === (text ?? NO_FILE)) return;
      try {
        return await write(target, text, edited);
      } catch (error) {
        if (tries === MOST_TRIES || (await readDockerText(target)) === text) throw error;
      }
    }
  });
}

/** Where a link leads: what is kept there is often shared, and must not be torn from its place. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    const isLink = await lstat(path).then(
      (found) => found.isSymbolicLink(),
      () => false,
    );
    if (!isLink) return path;
    throw new AppError("usage", `Docker's configuration ${path} is a link that leads nowhere`, {
      hint: "make what it leads to, or remove it",
      cause,
    });
  }
}

async function write(path: string, text: string | undefined, edited: string): Promise<void> {
  if (text !== undefined) {
    return replaceTextFiles([{ file: { name: path, path, text }, text: edited }], async () => {});
  }
  if ((await readDockerText(path)) === undefined) return writePrivate(path, edited);
  throw new AppError("failed", `${path} was made by somebody else just now`, { hint: "try again" });
}
