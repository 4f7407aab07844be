import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Env, Folders } from "./context.ts";
import { AppError } from "./errors.ts";

/** Throws AppError "usage" without a home folder. */
export function findFolders(env: Env): Folders {
  // Never relative to the working directory: a configuration found there could name another authority.
  const home = [env["HOME"], env["USERPROFILE"], homedir()].find(
    (each) => each !== undefined && isAbsolute(each),
  );
  if (home === undefined) {
    throw new AppError("usage", "there is no home folder", { hint: "set HOME, or the XDG_* variables" });
  }
  const folder = (variable: string, fallback: string): string => {
    const base = env[variable];
    // The XDG rules say to ignore relative paths.
    return join(base !== undefined && isAbsolute(base) ? base : join(home, fallback), "azwise");
  };
  return {
    config: folder("XDG_CONFIG_HOME", ".config"),
    cache: folder("XDG_CACHE_HOME", ".cache"),
    state: folder("XDG_STATE_HOME", join(".local", "state")),
  };
}
