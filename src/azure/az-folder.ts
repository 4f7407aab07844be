import { readlinkSync, writeFileSync } from "node:fs";
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { getuid, pid } from "node:process";
import { AppError } from "../errors.ts";
import { isAlive } from "./process-alive.ts";

/** A configuration folder for az alone: nothing in it is shared with another run, or with the user's own. */
export interface PrivateAzFolder {
  path: string;
  /** Keeps it, should azwise be killed, for as long as that process runs. */
  keepFor(user: number): void;
  /** Throws AppError "failed" when it cannot be removed; it holds a sign-in. */
  remove(): Promise<void>;
}

/** So that az writes nowhere but into its folder, and nothing of it outlives the run; they win over az's config. */
export const QUIET_AZ = {
  // A process that outlives az would send it, and bring the folder back.
  AZURE_CORE_COLLECT_TELEMETRY: "no",
  AZURE_LOGGING_ENABLE_LOG_FILE: "no",
};

// The numbers of processes are those of one host and, where there are such, of one namespace; containers may share
// the folder for temporary files.
const PREFIX = `azwise-az-${hostname().replaceAll(/[^\w.]/g, "_")}-${processNamespace()}-`;

/** Its number; empty where there are none. */
function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
  } catch {
    return "";
  }
}

/** Makes one with mode 0700, after removing those that killed processes left behind. */
export async function openAzFolder(): Promise<PrivateAzFolder> {
  // TMPDIR may be relative, and az runs elsewhere.
  const parent = resolve(tmpdir());
  await removeStale(parent);
  const path = await mkdtemp(join(parent, `${PREFIX}${pid}-`)).catch((cause: NodeJS.ErrnoException) => {
    const hint = "check TMPDIR, and that there is room";
    throw new AppError("failed", `cannot make a folder in ${parent} (${cause.code})`, { hint, cause });
  });
  return { path, keepFor: (user) => noteUser(path, user), remove: () => remove(path) };
}

/** The number of the process that uses the folder; hidden, as it is not az's. */
const USER_FILE = ".azwise-user";

function noteUser(path: string, user: number): void {
  try {
    writeFileSync(join(path, USER_FILE), String(user), { mode: 0o600 });
  } catch {
    // The user runs already, and misses it only once azwise is killed.
  }
}

/** What az keeps on disk for a user or service principal that signed in. */
export const SIGN_IN_FILES = ["msal_token_cache", "service_principal_entries"].flatMap((name) => [
  `${name}.json`,
  // Where the system encrypts for its user.
  `${name}.bin`,
]);

/** How az behaves, and the clouds that it was told of. */
const SETTINGS_FILES = ["config", "clouds.config"];

/** Copies az's settings, and with `signIn` also who is signed in, readable by this user alone. */
export async function copyAzFiles(from: string, to: string, { signIn }: { signIn: boolean }): Promise<void> {
  for (const name of [...SETTINGS_FILES, ...(signIn ? SIGN_IN_FILES : [])]) {
    try {
      await writeFile(join(to, name), await readFile(join(from, name)), { mode: 0o600 });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") continue;
      const hint = `check the permissions of ${from}`;
      throw new AppError("failed", `cannot copy az's ${name} (${code})`, { hint, cause: error });
    }
  }
}

async function remove(path: string): Promise<void> {
  try {
    // az's own background processes may still be writing.
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new AppError("failed", `cannot remove ${path} (${code})`, {
      hint: `delete it: az is signed in there`,
      cause,
    });
  }
}

async function removeStale(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(PREFIX))) {
    const owner = Number(/^\d+(?=-\w+$)/.exec(name.slice(PREFIX.length))?.[0]);
    const path = join(parent, name);
    // Another run may be removing it too, and the next one tries again.
    if (!(owner > 0) || (await isAlive(owner)) || !(await isOurs(path)) || (await isUsed(path))) continue;
    await remove(path).catch(() => {});
  }
}

async function isUsed(path: string): Promise<boolean> {
  const user = Number(await readFile(join(path, USER_FILE), "utf8").catch(() => ""));
  return user > 0 && (await isAlive(user));
}

/** Everybody may put something of that name there. Its mode tells nothing: az makes a folder that it misses anew. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() === true && (getuid === undefined || found.uid === getuid());
}
