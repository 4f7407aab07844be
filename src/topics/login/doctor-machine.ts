import type { AuthKind } from "../../azure/auth-kind.ts";
import type { AzProfile } from "../../azure/az-profile.ts";
import type { PinMismatch } from "../../azure/pin.ts";
import type { Wanted } from "../../azure/target.ts";
import type { Env } from "../../context.ts";
import type { Choice } from "./login-choice.ts";

/** Something that was looked at, or in words why it could not be. */
export type Seen<T> = { value: T } | { reason: string };

export interface FileSeen {
  path: string;
  /** Permission bits; undefined on Windows, which has none. */
  mode: number | undefined;
  isOurs: boolean;
  modified: Date;
}

/** A folder that holds tokens, and the files in it that do. */
export interface TokenFolder {
  folder: FileSeen;
  files: FileSeen[];
}

export type AzSeen =
  { state: "missing" } | { state: "unknown"; reason: string } | { state: "installed"; version: string };

export interface ConfigSeen {
  file: FileSeen | undefined;
  /** The active context's name, when there is no such context. */
  dangling: string | undefined;
}

/** Where a sign-in would go, and as what. */
export interface LoginSeen {
  wanted: Wanted;
  auth: Seen<AuthKind>;
  choice: Seen<Choice>;
  pin: Seen<PinMismatch[]>;
  /** How far this machine's clock is ahead of the service's, in milliseconds. */
  aheadMs: Seen<number>;
}

/** All that the checks look at; nothing in it is a secret but the values of `env`. */
export interface Machine {
  env: Env;
  now: Date;
  az: AzSeen;
  profile: AzProfile;
  /** AZURE_CONFIG_DIR names a folder that is not there. */
  azFolderMissing: boolean;
  /** Undefined when az keeps no tokens here. */
  azTokens: Seen<TokenFolder | undefined>;
  ownTokens: Seen<TokenFolder | undefined>;
  config: Seen<ConfigSeen>;
  /** What is wrong with the file that NODE_EXTRA_CA_CERTS names. */
  extraCaProblem: string | undefined;
  login: Seen<LoginSeen>;
}

export function valueOf<T>(seen: Seen<T>): T | undefined {
  return "value" in seen ? seen.value : undefined;
}

/** A path as people write it: below the home folder it begins with "~". */
export function shortPath(path: string, { HOME: home }: Env): string {
  return home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
