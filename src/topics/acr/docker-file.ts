import { lstat, realpath } from "node:fs/promises";
import { withLock, writePrivate } from "../../azure/private-file.ts";
import { AppError } from "../../errors.ts";
import { hasSecret, parseDockerFile, readDockerText, type DockerFile } from "./docker-config.ts";
import { hostOfServer } from "./docker-host.ts";
import { replaceTextFiles } from "./text-files.ts";

type Auths = NonNullable<DockerFile["auths"]>;
/** Changes the entries; false when there is nothing to change. */
type Edit = (auths: Auths) => boolean;

/** Keeps user name and secret for a host; what is there for it is replaced. */
export async function storeInFile(path: string, host: string, auth: string): Promise<void> {
  await editFile(path, (auths) => {
    auths[host] = { auth };
    return true;
  });
}

/** Leaves an empty entry where a secret was, as Docker does for a host that a helper keeps. */
export async function emptyInFile(path: string, host: string): Promise<void> {
  await editFile(path, (auths) => {
    const keys = keysOf(auths, host).filter((key) => hasSecret(auths[key]));
    for (const key of keys) auths[key] = {};
    return keys.length > 0;
  });
}

/** Whether there was a secret; an empty entry is removed, too. */
export async function removeFromFile(path: string, host: string): Promise<boolean> {
  let found = false;
  await editFile(path, (auths) => {
    const keys = keysOf(auths, host);
    found = keys.some((key) => hasSecret(auths[key]));
    for (const key of keys) delete auths[key];
    return keys.length > 0;
  });
  return found;
}

function keysOf(auths: Auths, host: string): string[] {
  return Object.keys(auths).filter((key) => hostOfServer(key) === host);
}

const MOST_TRIES = 5;

/**
 * One run of azwise at a time; whoever else writes in between is met by reading again. Throws AppError "usage" for
 * what is no such file, and "failed" when it cannot be written.
 */
async function editFile(path: string, edit: Edit): Promise<void> {
  const target = await targetOf(path);
  // Nothing to look for, so no folder and no lock are made.
  if ((await readDockerText(target)) === undefined && !edit({})) return;
  await withLock(target, async () => {
    for (let tries = 1; ; tries += 1) {
      const text = await readDockerText(target);
      const edited = apply(target, text, edit);
      if (edited === undefined) return;
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

function apply(path: string, text: string | undefined, edit: Edit): string | undefined {
  if (text !== undefined) parseDockerFile(path, text);
  // Not as it was checked: that has its keys in another order.
  const file = JSON.parse(text ?? "{}") as DockerFile;
  file.auths ??= {};
  if (!edit(file.auths)) return undefined;
  const look = text ?? "{\n\t}\n";
  const printed = JSON.stringify(file, undefined, indentOf(look));
  const end = /\s*$/.exec(look)?.[0] ?? "";
  return (look.includes("\r\n") ? printed.replaceAll("\n", "\r\n") : printed) + end;
}

/** Docker's is a tab; a text of one line stays one. */
function indentOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== "{}" && !trimmed.includes("\n")) return "";
  return /^\{\s*?\n([ \t]+)/.exec(trimmed)?.[1] ?? "\t";
}

async function write(path: string, text: string | undefined, edited: string): Promise<void> {
  if (text !== undefined) {
    return replaceTextFiles([{ file: { name: path, path, text }, text: edited }], async () => {});
  }
  if ((await readDockerText(path)) === undefined) return writePrivate(path, edited);
  throw new AppError("failed", `${path} was made by somebody else just now`, { hint: "try again" });
}
